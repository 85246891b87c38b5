"""Where data may be, and the names that people write for it, as generators use them.

A place is what a name stands for, in lower case: a region, a multi-region or `global`.
"""

from __future__ import annotations

import functools
import re

from policylib.generate.residency import regions
from policylib.generate.residency.regions import AWS, AZURE, GOOGLE, MULTI, meaning

WORLD = "global"
REGIONS = (*AWS, *GOOGLE, *AZURE)
KNOWN = (*REGIONS, *MULTI, WORLD)
"""Every place that generated settings may permit."""

SEVERAL = {name: parts for name, parts in MULTI.items() if name[-1].isdigit()}
"""Multi-regions whose name is no word that means something else as well, with their regions."""

USUAL = (
    *("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "us-east-2", "ap-southeast-2"),
    *("sa-east-1", "europe-north1", "us-east1", "europe-west4", "europe-west3", "asia-south1"),
    *("westeurope", "northeurope", "eastus2", "uksouth", "eur4", "eu", "nam4", WORLD),
)
"""Places that come up often: neighbours, pairs, and the parts of multi-regions."""

UNKNOWN = (
    *("us-moon-1", "us-east", "use1-az1", "Europe (Rome)", "*", "us-east-9", "eu-west-l"),
    *("europe-west99", "westeurope9", "us-\N{CYRILLIC SMALL LETTER IE}ast-1"),
)
"""What looks like a place and is none."""

spellings = regions.spellings

_LABEL = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_ZONES = {"aws": "a", "google": "-b", "azure": "-1"}


def provider(place: str) -> str:
    """`aws`, `google` or `azure` for a region; the empty text for what is no single region."""
    known = {"aws": AWS, "google": GOOGLE, "azure": AZURE}
    return next((name for name, regions in known.items() if place in regions), "")


@functools.cache
def place(name: str) -> str:
    """What a name stands for; an unknown name stands for itself."""
    return meaning(name) or name.lower()


def is_known(name: str) -> bool:
    """Whether anybody knows what a name stands for."""
    return meaning(name) is not None


def zone(place: str) -> str:
    """A zone of a region; what is no single region has none, and stands for itself."""
    return place + _ZONES.get(provider(place), "")


@functools.cache
def stem(place: str) -> str:
    """What the name of a region begins with, as those of its neighbours do."""
    return place.rstrip("0123456789").rstrip("-")


def is_label(text: str) -> bool:
    """Whether Kubernetes takes a text as the value of a label."""
    return bool(_LABEL.fullmatch(text))
