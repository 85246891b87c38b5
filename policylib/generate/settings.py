"""Settings files: sound ones, and ones that are wrong in one place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from policylib.generate.choices import Choices, once_in, some
from policylib.generate.sample import Defect, Sample

Raw = dict[str, Any]

_ENVIRONMENTS: Final = ("prod", "stage", "dev")
_LEVELS: Final = ("deny", "warn", "log", "off")
_LABELS: Final = ("service", "region", "data_class", "tenant")


def sound(choices: Choices, sections: Mapping[str, Any], rules: Sequence[str]) -> Raw:
    """A settings file that says nothing wrong.

    Parameters
    ----------
    sections
        The section of each family that is to be in it, sound as its family's generator makes it.
    rules
        The ids of the rules that it may speak of.
    """
    raw: Raw = {"version": 1} if once_in(choices, 2) else {}
    if once_in(choices, 2):
        raw["exclude"] = some(choices, ["vendor/**", "*.tmpl.yaml", "**/testdata/*"])
    if once_in(choices, 2):
        named = sorted({*rules, *(rule.partition(".")[0] for rule in rules)})
        raw["enforcement"] = {
            environment: {choices.one_of(named): choices.one_of(_LEVELS)}
            for environment in some(choices, _ENVIRONMENTS)
        }
    if once_in(choices, 3):
        raw["labels"] = {name: f"example.com/{name}" for name in some(choices, _LABELS, 1)}
    return {**raw, **copy.deepcopy(dict(sections))}


def sample(choices: Choices, sections: Mapping[str, Any], rules: Sequence[str]) -> Sample:
    """A settings file; once in two it is wrong in one place. See `sound`."""
    raw = sound(choices, sections, rules)
    if not once_in(choices, 2):
        return Sample(raw)
    name = choices.one_of(sorted(DEFECTS))
    what, spoil = DEFECTS[name]
    spoil(raw)
    return Sample(raw, Defect(name, "settings", what))


Spoil = Callable[[Raw], object]


def _frame(**values: Any) -> Spoil:  # noqa: ANN401 - whatever YAML holds
    return lambda raw: raw.update(copy.deepcopy(values))


def _in(family: str, **values: Any) -> Spoil:  # noqa: ANN401 - whatever YAML holds
    def spoil(raw: Raw) -> None:
        raw[family] = {**raw.get(family, {}), **copy.deepcopy(values)}

    return spoil


def _regions(value: object) -> Spoil:
    return _in("residency", allowed_regions=value)


_PIPELINE: Final = {
    "name": "daily",
    "data_class": "logs",
    "from": "us-west-2",
    "to": "eu-west-1",
    "dpia": "DPIA-1",
    "owner": "data",
    "expires": "2098-12-31",
}


def _pipeline(without: str = "", **values: Any) -> Spoil:  # noqa: ANN401 - whatever YAML holds
    entry = {key: value for key, value in {**_PIPELINE, **values}.items() if key != without}
    return _in("residency", pipelines=[entry])


DEFECTS: Final[Mapping[str, tuple[str, Spoil]]] = {
    "unknown section": ("no family is called that", _frame(residancy={})),
    "section as a list": ("a section is a list", _frame(residency=["eu-west-1"])),
    "section as text": ("a section is text", _frame(digest="on")),
    "section as null": ("a section is empty", _frame(tier=None)),
    "newer version": ("a later policylib wrote it", _frame(version=2)),
    "version as text": ("the version is text", _frame(version="1")),
    "exclude as text": ("the globs are text", _frame(exclude="vendor/**")),
    "blank glob": ("a glob is white space", _frame(exclude=[" "])),
    "enforcement as a list": ("the environments are a list", _frame(enforcement=["prod"])),
    "levels as text": ("the levels of an environment are text", _frame(enforcement={"a": "off"})),
    "unknown level": ("no level is called that", _frame(enforcement={"a": {"digest": "block"}})),
    "level as a boolean": ("off is false", _frame(enforcement={"a": {"digest": False}})),
    "unknown rule": ("no rule is called that", _frame(enforcement={"a": {"digest.x": "off"}})),
    "environment without a name": (
        "an environment is called nothing",
        _frame(enforcement={"": {}}),
    ),
    "environment as a boolean": ("an environment is called true", _frame(enforcement={"true": {}})),
    "unknown label": ("no label is called that", _frame(labels={"team": "example.com/team"})),
    "blank label": ("the key of a label is white space", _frame(labels={"region": " "})),
    "catalog in place": ("the catalog is no name of a file", _frame(catalog={"services": {}})),
    "no such catalog": ("the catalog is not there", _frame(catalog="no-such-file.yaml")),
    "no such exceptions": ("the exceptions are not there", _frame(exceptions="no-such-file.yaml")),
    "unknown key of digest": ("digest has no such key", _in("digest", algorithm=["sha256"])),
    "unknown algorithm": ("no algorithm is called that", _in("digest", algorithms=["md5"])),
    "algorithms as text": ("the algorithms are text", _in("digest", algorithms="sha256")),
    "switch as text": ("a switch is text", _in("digest", env_images="true")),
    "registries as a mapping": ("the registries are a mapping", _in("digest", registries={"a": 1})),
    "registry as a number": ("a registry is a number", _in("digest", registries=[5000])),
    "regions as text": ("the regions of a class are text", _regions({"pii": "eu-west-1"})),
    "regions as a list": ("the matrix is a list", _regions(["eu-west-1"])),
    "region as a number": ("a region is a number", _regions({"pii": [1]})),
    "region as null": ("a region is null", _regions({"pii": [None]})),
    "blank region": ("a region is empty", _regions({"pii": [""]})),
    "pipelines as a mapping": (
        "the pipelines are a mapping",
        _in("residency", pipelines=_PIPELINE),
    ),
    "no assessment": ("a pipeline has no assessment", _pipeline("dpia")),
    "no owner": ("a pipeline has no owner", _pipeline("owner")),
    "no end": ("a pipeline never ends", _pipeline("expires")),
    "end is no date": ("a pipeline ends soon", _pipeline(expires="soon")),
    "unknown key of a pipeline": ("a pipeline has no such key", _pipeline(via="us-east-1")),
    "signers as text": ("the signers are text", _in("provenance", signers="anyone")),
    "signer without an issuer": (
        "a signer has no issuer",
        _in("provenance", signers=[{"identity": "a"}]),
    ),
    "level as text": (
        "a builder's level is text",
        _in("provenance", builders=[{"id": "https://b.example.com", "level": "3"}]),
    ),
    "unknown tier": ("no tier is called that", _in("tier", platinum={})),
    "tier as a list": ("what a tier demands is a list", _in("tier", gold=["runbook"])),
    "span as a number": ("a span has no unit", _in("tier", gold={"rto": 60})),
    "span without a unit": ("a span has no unit", _in("tier", gold={"rto": "60"})),
}
"""What can be wrong with a settings file: what it means, and what makes it so."""
