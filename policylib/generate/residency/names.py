"""Where data may be, and the names that people write for it.

A place is what a name stands for, in lower case: a region, a multi-region or `global`. The tables
are by hand and hold what generated settings use; of other names the pattern tells the provider.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

AWS: Mapping[str, str] = {
    "us-east-1": "US East (N. Virginia)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "EU (Ireland)",
    "eu-central-1": "EU (Frankfurt)",
    "us-east-2": "US East (Ohio)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "sa-east-1": "South America (Sao Paulo)",
}
GOOGLE = ("europe-north1", "us-east1", "europe-west4", "europe-west3", "asia-south1")
AZURE: Mapping[str, str] = {
    "westeurope": "West Europe",
    "northeurope": "North Europe",
    "eastus2": "East US 2",
    "uksouth": "UK South",
}
MULTI = ("eur4", "eu", "nam4")
WORLD = "global"

KNOWN = (*AWS, *GOOGLE, *AZURE, *MULTI, WORLD)
"""Every place that generated settings may permit."""

UNKNOWN = ("us-moon-1", "us-east", "use1-az1", "Europe (Rome)", "*", "us-east-9", "eu-west-l")
"""What looks like a place and is none."""

_DIRECTIONS = "(?:central|north|south|east|west)+"
_AWS = re.compile(rf"[a-z]{{2}}(?:-gov|-iso[a-z]?)?-{_DIRECTIONS}-[0-9]")
_GOOGLE = re.compile(rf"[a-z]+-{_DIRECTIONS}[0-9]+")
_ZONE = re.compile(r"(.*[0-9])(?:[a-z]|-[a-z])|([a-z]+[0-9]?)-[1-9]")
_LABEL = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")

_DISPLAYED = {
    **{shown.lower(): name for name, shown in {**AWS, **AZURE}.items()},
    **{shown.lower().replace("eu (", "europe ("): name for name, shown in AWS.items()},
    **{f"s3.{name}.amazonaws.com": name for name in AWS},
    **{f"{name}-docker.pkg.dev": name for name in GOOGLE},
}


def provider(place: str) -> str:
    """`aws`, `google` or `azure` for a region; the empty text for what is no single region."""
    if _AWS.fullmatch(place):
        return "aws"
    if _GOOGLE.fullmatch(place):
        return "google"
    return "azure" if place in AZURE else ""


@functools.cache
def place(name: str) -> str:
    """What a name stands for; an unknown name stands for itself."""
    text = name.lower()
    if text in _DISPLAYED:
        return _DISPLAYED[text]
    zone = _ZONE.fullmatch(text)
    if zone and provider(region := zone[1] or zone[2]):
        return region
    return text


def is_known(name: str) -> bool:
    """Whether these tables tell what a name stands for."""
    return place(name) in KNOWN


def zone(place: str) -> str:
    """A zone of a region; what is no single region has none, and stands for itself."""
    ends = {"aws": "a", "google": "-b", "azure": "-1"}
    return place + ends.get(provider(place), "")


@functools.cache
def spellings(place: str) -> tuple[str, ...]:
    """Every way in which a place is written, the simplest first."""
    found = [place, place.upper()]
    if provider(place):
        found.append(zone(place))
    if place in AWS:
        shown = AWS[place]
        found += [shown, shown.replace("EU (", "Europe ("), f"s3.{place}.amazonaws.com"]
    if place in AZURE:
        found += [AZURE[place], AZURE[place].lower()]
    if place in GOOGLE:
        found.append(f"{place}-docker.pkg.dev")
    return tuple(dict.fromkeys(found))


def is_label(text: str) -> bool:
    """Whether Kubernetes takes a text as the value of a label."""
    return bool(_LABEL.fullmatch(text))
