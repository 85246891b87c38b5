"""The panel of previews: which dataset a preview in a region may be routed to."""

from __future__ import annotations

from collections.abc import Sequence

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import previews
from policylib.generate.sample import Doc, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.residency import oracle
from policylib.matrix.residency.names import AWS, AZURE, GOOGLE, meaning, spellings

WHAT = "preview by its dataset"
OWN = "masked-REGION"
OTHERS = "masked-REGION, of another region"
UNMASKED = "a dataset that is not masked"

_PREFIX = "dataset "
_STRANGE = ("users", "production", "masked", "customers-copy")
_FAR = ("sa-east-1", "ap-southeast-2", "asia-south1", "southafricanorth", "europe-west2")
_UNKNOWN = ("us-moon-1", "us-east", "use1-az1", "eu-west-l", "EU", "global")


def rows(settings: Settings) -> tuple[str, ...]:
    """Each listed dataset, one called after its region, one after another, and one of no region."""
    kinds = (*oracle.datasets(settings), OWN, OTHERS, UNMASKED)
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
    if kind == OWN:
        if place == oracle.ELSEWHERE:
            return Word("allow", "no datasets are listed for it, and this is called after it")
        return oracle.previews(settings, place, f"masked-{place}")
    return Word("deny", "it is masked for another region" if kind == OTHERS else "it is not masked")


def sample(choices: Choices, settings: Settings, at: At) -> Doc:
    """Values of a preview that lie in a cell."""
    kind, place = at["data_class"].removeprefix(_PREFIX), _place(choices, settings, at["region"])
    shown = [text for text in spellings(place) if "." not in text or " " in text]
    written = choices.one_of(shown or [place]) if once_in(choices, 2) else place
    datasets = [_dataset(choices, settings, kind, place)]
    if at["region"] not in (oracle.UNKNOWN, oracle.ELSEWHERE) and once_in(choices, 3):
        datasets += _beside(settings, place)
    return previews.values(choices, written, datasets)


def _place(choices: Choices, settings: Settings, region: str) -> str:
    if region == oracle.UNKNOWN:
        return choices.one_of(_UNKNOWN)
    if region != oracle.ELSEWHERE:
        return region
    named = set(regions(settings, ()))
    taken = set(oracle.datasets(settings))
    return choices.one_of(
        [one for one in _FAR if one not in named and not taken & set(_called(one))]
    )


def _dataset(choices: Choices, settings: Settings, kind: str, place: str) -> str:
    if kind == OWN:
        return f"masked-{place}"
    known = {*oracle.datasets(settings), *_called(place)}
    if kind == OTHERS:
        others = [f"masked-{one}" for one in (*_FAR, "us-east-1", "eu-west-1", "westeurope")]
        return choices.one_of([name for name in others if name not in known])
    if kind == UNMASKED:
        return choices.one_of([name for name in _STRANGE if name not in known])
    return kind


def _beside(settings: Settings, place: str) -> list[str]:
    """A dataset that the preview may use as well."""
    options = (*oracle.datasets(settings), *_called(place))
    fitting = (one for one in options if oracle.previews(settings, place, one).promise == "allow")
    return list(fitting)[:1]


def _called(place: str) -> tuple[str, str]:
    return (f"masked-{place}", f"masked-{place.rstrip('0123456789').rstrip('-')}")


def _is_region(place: str) -> bool:
    return place in AWS or place in GOOGLE or place in AZURE
