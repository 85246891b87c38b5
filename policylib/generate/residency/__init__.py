"""Inputs for the residency family: where data may be, and where it may be sent."""

from __future__ import annotations

from policylib.generate.family import Family
from policylib.generate.residency.anything import anything
from policylib.generate.residency.moves import EGRESS, PIPELINE
from policylib.generate.residency.previews import PREVIEW
from policylib.generate.residency.settings import settings
from policylib.generate.residency.stays import REGION, STORAGE, TENANT

RULES = (EGRESS, PIPELINE, PREVIEW, REGION, STORAGE, TENANT)

FAMILY = Family(
    name="residency",
    settings=settings,
    rules={rule.name: rule for rule in RULES},
    defects={rule.name: rule.defects for rule in RULES},
    anything=anything,
)
"""The family's generators."""
