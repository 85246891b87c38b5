"""Settings files: sound ones, and ones with a mistake that reading them finds."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from policylib.generate import FAMILIES, family
from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Defect, Doc, Sample, Settings

READING: Final = "settings"
"""Stands for the rule in the defects of files: whoever reads them refuses them."""

_LEVELS = ("deny", "warn", "log", "off")
_LABELS = {"service": "example.com/service", "region": "example.com/region"}


def sample(choices: Choices, _: Settings) -> Sample:
    """The content of a `policylib.yaml`; once in two it is wrong in one place."""
    document: Doc = {"version": 1}
    for name in FAMILIES:
        section = family(name).settings(choices).get(name) if once_in(choices, 2) else None
        if section is not None:
            document[name] = copy.deepcopy(section)
    if once_in(choices, 3):
        document["exclude"] = ["vendor/**"]
    if once_in(choices, 3):
        document["labels"] = dict(_LABELS)
    if once_in(choices, 2):
        level = {choices.one_of(("digest", "tier.assigned")): choices.one_of(_LEVELS)}
        document["enforcement"] = {"dev": level, "prod": {}}
    if not choices.integer(0, 1):
        return Sample(document)
    name = choices.one_of(tuple(DEFECTS))
    what, spoil = DEFECTS[name]
    spoil(document)
    return Sample(document, Defect(name, READING, what))


def _set(**values: Any) -> Callable[[Doc], object]:  # noqa: ANN401 - whatever JSON holds
    return lambda document: document.update(copy.deepcopy(values))


DEFECTS: Final[Mapping[str, tuple[str, Callable[[Doc], object]]]] = {
    "unknown family": ("a section is of no family", _set(digests={})),
    "unknown key": ("a family has no such key", _set(digest={"registry": ["ghcr.io/org/"]})),
    "section as a list": ("a section is a list", _set(residency=["pii"])),
    "empty section": ("a section is there and says nothing", _set(tier=None)),
    "registry as text": ("the registries are one text", _set(digest={"registries": "ghcr.io/"})),
    "no registry": ("no registry is allowed at all", _set(digest={"registries": []})),
    "newer version": ("a later policylib wrote it", _set(version=2)),
    "version as text": ("the version is text", _set(version="1")),
    "unknown level": ("no level is called that", _set(enforcement={"dev": {"digest": "ask"}})),
    "level as a boolean": ("off without quotes", _set(enforcement={"dev": {"digest": False}})),
    "unknown rule": ("no rule is called that", _set(enforcement={"dev": {"digest.pin": "warn"}})),
    "nameless environment": ("an environment has no name", _set(enforcement={" ": {}})),
    "environment as a boolean": ("on without quotes", _set(enforcement={"true": {}})),
    "unknown label": ("no label is called that", _set(labels={"owner": "example.com/owner"})),
    "blank label": ("the key of a label is white space", _set(labels={"region": " "})),
    "exclude as text": ("what is excluded is one text", _set(exclude="vendor/**")),
}
"""What can be wrong with a settings file: what it means, and what makes it so."""
