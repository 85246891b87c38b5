"""The digest family: images in every place and state, what carries them, and what is neither."""

from __future__ import annotations

from policylib.generate.digest.anything import anything
from policylib.generate.digest.options import settings
from policylib.generate.digest.rules import RULES
from policylib.generate.family import Family

FAMILY = Family("digest", settings, RULES, anything)
