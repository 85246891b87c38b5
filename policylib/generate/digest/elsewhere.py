"""What runs images without being of a kind that runs pods: pipelines and custom resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policylib.generate.choices import Choices
from policylib.generate.digest import customs, runs
from policylib.generate.digest.place import RUNS, Place
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

_PLACES: Mapping[str, Place] = {
    f"{place.group}, {place.name}": place
    for place in (*runs.places(), *customs.places())
    if place.rule == RUNS and place.group not in runs.GROUPS
}

CUSTOM: Sequence[str] = tuple(n for n, place in _PLACES.items() if place.group == customs.GROUP)
PIPELINES: Sequence[str] = tuple(name for name in _PLACES if name not in CUSTOM)
ALL: Sequence[str] = tuple(_PLACES)
"""Every place of these, by what it is part of."""


def resource(
    choices: Choices,
    name: str,
    image: Image,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
) -> Doc:
    """What has an image in one of the places, which is the first that is made, and maybe others."""
    place = _PLACES[name]
    found = place.write(choices, choices.one_of(place.kinds), image(choices), image)
    found["metadata"] |= {"labels": dict(labels), "annotations": dict(annotations)}
    return found
