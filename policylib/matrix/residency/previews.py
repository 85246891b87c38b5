"""The panel of previews: which dataset a preview in a region may be routed to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import previews
from policylib.generate.residency.flaws import stranger
from policylib.generate.residency.names import REGIONS, stem
from policylib.generate.residency.regions import meaning, spellings
from policylib.generate.sample import Doc, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.residency import oracle

WHAT = "preview by its dataset"
OWN = "masked-REGION"
SHORT = "masked-REGION, without its number"
NEAR = "masked-REGION, cut short or long"
OTHERS = "masked-REGION, of another region"
UNMASKED = "a dataset that is not masked"

_WRONG = {
    NEAR: "it is not quite called after the region",
    OTHERS: "it is masked for another region",
    UNMASKED: "it is not masked",
}
_PREFIX = "dataset "
_STRANGE = ("users", "production", "masked", "customers-copy")
_UNKNOWN = ("us-moon-1", "us-east", "use1-az1", "eu-west-l", "EU", "global")


def rows(settings: Settings) -> tuple[str, ...]:
    """Each listed dataset, those called after the region or nearly so, and others."""
    kinds = (*oracle.datasets(settings), OWN, SHORT, NEAR, OTHERS, UNMASKED)
    return tuple(dict.fromkeys(f"{_PREFIX}{name}" for name in kinds))


def regions(settings: Settings, known: Sequence[str]) -> tuple[str, ...]:
    """The regions among places that are known, and those that datasets are listed for."""
    listed = [meaning(name) or name for name in oracle.preview_regions(settings)]
    places = dict.fromkeys((*known, *listed))
    return tuple(place for place in places if _is_region(place) or place in listed)


def promised(settings: Settings, at: At) -> Word:
    """Whether a preview in the region of a cell may use its dataset."""
    kind, place = at["data_class"].removeprefix(_PREFIX), at["region"]
    if place == oracle.UNKNOWN:
        return Word("deny", "a preview has one known region")
    if kind in oracle.datasets(settings):
        if place == oracle.ELSEWHERE:
            return Word("deny", f"{kind} is listed for other regions")
        return oracle.previews(settings, place, kind)
    if kind in {OWN, SHORT}:
        if place == oracle.ELSEWHERE:
            return Word("allow", "no datasets are listed for it, and this is called after it")
        return oracle.previews(settings, place, _called(place)[kind == SHORT])
    return Word("deny", _WRONG[kind])


def sample(choices: Choices, settings: Settings, at: At) -> Doc:
    """Values of a preview that lie in a cell."""
    kind, place = at["data_class"].removeprefix(_PREFIX), _place(choices, settings, at["region"])
    datasets = [_dataset(choices, settings, kind, place)]
    shown = [text for text in spellings(place) if "." not in text or " " in text]
    written = choices.one_of(shown or [place]) if once_in(choices, 2) else place
    if at["region"] not in (oracle.UNKNOWN, oracle.ELSEWHERE) and once_in(choices, 3):
        datasets += _beside(choices, settings, place)
    return previews.values(choices, written, datasets)


def elsewhere(settings: Settings) -> list[str]:
    """Regions without a list, whose masked datasets no list has."""
    named, taken = set(regions(settings, ())), set(oracle.datasets(settings))
    return [one for one in REGIONS if one not in named and not taken & set(_called(one))]


def _place(choices: Choices, settings: Settings, region: str) -> str:
    if region == oracle.UNKNOWN:
        return choices.one_of(_UNKNOWN)
    return choices.one_of(elsewhere(settings)) if region == oracle.ELSEWHERE else region


def _dataset(choices: Choices, settings: Settings, kind: str, place: str) -> str:
    if kind in {OWN, SHORT}:
        return _called(place)[kind == SHORT]
    known = {*oracle.datasets(settings), *_called(place)}
    if kind == NEAR:
        return choices.one_of([name for name in _nearly(place) if name not in known])
    if kind == OTHERS:
        near = [one for one in REGIONS if stem(one) == stem(place)]
        others = [name for one in choices.one_of((near, REGIONS)) for name in _called(one)]
        fitting = [name for name in others if name not in known]
        return choices.one_of(fitting) if fitting else stranger(choices, ("masked-moon-1",), known)
    return stranger(choices, _STRANGE, known) if kind == UNMASKED else kind


def _nearly(place: str) -> list[str]:
    """Names that a part, or a character, makes another one."""
    full, short = _called(place)
    bare = full.rstrip("0123456789-")
    cut = (full[:-1], short[:-1], bare, short.rpartition("-")[0], bare.rpartition("-")[0])
    more = ("{}-1", "{}-copy", "{}1", "{}-", "{}*", "un{}", "prod-{}", "{} ")
    longer = [form.format(name) for name in (full, short) for form in more]
    return [*cut, *longer, full.upper(), full.replace("-", "_"), full.removeprefix("masked-")]


def _beside(choices: Choices, settings: Settings, place: str) -> list[str]:
    """A dataset that the preview may use as well."""
    options = (*oracle.datasets(settings), *_called(place))
    fitting = [one for one in options if oracle.previews(settings, place, one).promise == "allow"]
    return [choices.one_of(fitting)] if fitting else []


def _called(place: str) -> tuple[str, str]:
    """What the masked datasets of a region are called by convention."""
    full = f"masked-{place}"
    return full, re.sub("-[0-9]+$", "", full)


def _is_region(place: str) -> bool:
    return place in REGIONS
