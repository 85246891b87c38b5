"""The panels of what runs by its labels: as a part of its service, and by the labels' keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policylib.generate import label_keys
from policylib.generate.choices import Choices
from policylib.generate.residency import workloads
from policylib.generate.residency.regions import meaning
from policylib.generate.sample import Doc, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.residency import inputs, oracle

KEYS = "workload by the keys of its labels"
_SERVICE = "workload of a service"
_AS = f"{_SERVICE} as "
_ROW = "service "
_CALLED = {"data_class": "data class", "region": "region", "tenant": "unknown tenant"}

Labels = Mapping[str, str]


def is_asked(what: str) -> bool:
    """Whether a panel is one of these."""
    return what in {KEYS, _SERVICE} or what.startswith(_AS)


def cells(settings: Settings) -> Iterator[At]:
    """What is asked about, panel by panel.

    A service is asked about where the catalog has it, and where all of its classes may be; as one
    class of its, or of a class that is not, in the first place where that may be. So there are a
    few cells for each service, and they come and go with what the catalog says of it.
    """
    for name, entry in oracle.services(settings).items():
        for region in (*_places(settings, entry), oracle.NO_REGION):
            yield _at(_SERVICE, f"{_ROW}{name}", region)
    for data_class in oracle.names(settings, "allowed_regions"):
        for name, entry in oracle.services(settings).items():
            known = oracle.said(entry, "data_classes")
            if data_class in known or data_class == _other(settings, entry):
                places = _homes(settings, entry, [data_class])
                region = next(iter(places), oracle.NO_REGION)
                yield _at(f"{_AS}{data_class}", f"{_ROW}{name}", region)
    for row, (region, _) in _keys(settings).items():
        yield _at(KEYS, row, region)


def promised(settings: Settings, at: At) -> Word:
    """Whether what has the labels of a cell may run."""
    return oracle.runs(settings, _labels(settings, at))


def sample(choices: Choices, settings: Settings, at: At) -> Doc:
    """A workload with the labels of a cell, which calls the place by any of its names."""
    labels = {
        key: inputs.spelt(choices, text) if text == at["region"] else text
        for key, text in _labels(settings, at).items()
    }
    return workloads.labelled(choices, settings, labels)


def _at(what: str, row: str, region: str) -> At:
    return {"data_class": row, "region": region, "what": what}


def _labels(settings: Settings, at: At) -> Labels:
    if at["what"] == KEYS:
        return _keys(settings)[at["data_class"]][1]
    keys = label_keys.of(settings)
    found = {keys["service"]: at["data_class"].removeprefix(_ROW)}
    if at["region"] != oracle.NO_REGION:
        found[keys["region"]] = at["region"]
    if at["what"] != _SERVICE:
        found[keys["data_class"]] = at["what"].removeprefix(_AS)
    return found


def _keys(settings: Settings) -> Mapping[str, tuple[str, Labels]]:
    """What is said under a key that is usual or that the settings name, and where, by its row.

    An unknown tenant may be nowhere: where nobody reads its label, it may.
    """
    keys, home = label_keys.of(settings), _home(settings)
    found = {}
    if home:
        texts = dict(zip(("data_class", "region"), home, strict=True))
        for name, called in _CALLED.items():
            said = {**texts, name: texts.get(name, inputs.stranger(settings))}
            for key in label_keys.either(settings, name):
                labels = {key if one == name else keys[one]: text for one, text in said.items()}
                found[f"{called} by {key}"] = (home[1], labels)
    for service in oracle.services(settings):
        if oracle.runs(settings, {keys["service"]: service}).promise == "allow":
            for key in label_keys.either(settings, "service"):
                found[f"service by {key}"] = (oracle.NO_REGION, {key: service})
            break
    return found


def _home(settings: Settings) -> tuple[str, str] | None:
    """A class, and a place where it may be."""
    for name in oracle.names(settings, "allowed_regions"):
        for place in _homes(settings, {}, [name]):
            return name, place
    return None


def _places(settings: Settings, entry: oracle.Settings) -> list[str]:
    """Where the catalog has a service, and where all of its classes may be."""
    within = _within(entry)
    homes = _homes(settings, {}, oracle.said(entry, "data_classes"))
    return [place for place in inputs.named(settings) if place in within or place in homes]


def _homes(settings: Settings, entry: oracle.Settings, classes: Sequence[object]) -> list[str]:
    """Where all of some classes may be, among the places that the catalog has a service in."""
    within = _within(entry)
    return [
        place
        for place in inputs.named(settings)
        if (place in within or not within) and _are_at(settings, classes, place)
    ]


def _are_at(settings: Settings, classes: Sequence[object], place: str) -> bool:
    words = [oracle.stays(settings, str(one), None, place).promise for one in classes]
    return bool(words) and set(words) == {"allow"}


def _within(entry: oracle.Settings) -> set[str | None]:
    return {meaning(one) for one in oracle.said(entry, "regions") if isinstance(one, str)}


def _other(settings: Settings, entry: oracle.Settings) -> str | None:
    """A class that a service is not, one that may be where the service is if possible."""
    known = oracle.said(entry, "data_classes")
    others = [one for one in oracle.names(settings, "allowed_regions") if one not in known]
    near = [one for one in others if _homes(settings, entry, [one])]
    return next(iter(near or others), None)
