"""Inputs that lie in a cell: the cell says what decides, and everything else varies.

Beside what the cell is about, a document may name further classes, places and tenants. They are
permitted wherever they stand, so that they never decide: a cell that denies does so for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from policylib.generate.choices import Choices, once_in
from policylib.generate.first import First
from policylib.generate.residency import flaws, names, storage, terraform, transfers, workloads
from policylib.generate.residency.regions import AWS, PAIRS, covers, meaning, spellings
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Doc, Settings
from policylib.generate.workloads import ALL
from policylib.matrix.residency import oracle

_TURN = 18
"""Types of Terraform that a cell has by turns: a few less than it has inputs."""

_REQUEST = "TransferRequest"
_RUNNER = "pipeline or custom resource"
_STRANGE_CLASSES = ("unclassified", "secrets")
_STRANGE_TENANTS = ("nobody", "umbrella")
_STRANGE_PIPELINES = ("nightly", "copy")
_UNKNOWN = (
    "us-moon-1",
    "us-east",
    "use1-az1",
    "Europe (Rome)",
    "*",
    "eu-west-l",
    "us-\N{CYRILLIC SMALL LETTER IE}ast-1",
)
_ELSEWHERE = (
    *("sa-east-1", "ap-southeast-2", "asia-south1", "southafricanorth", "europe-west2", "US"),
    *("ASIA", "nam4", "aws-global", "s3.amazonaws.com", "us-west-2-lax-1a", "Global", "eur5"),
)


@dataclass(frozen=True)
class Case:
    """A cell as inputs are drawn for it.

    Without a class, a region or a tenant it is about one that the settings do not have: a region
    that `is_known`, or a name of none. What it does not say is left out of its documents.
    """

    settings: Settings
    data_class: str | None
    region: str | None
    tenant: str | None
    says_class: bool
    says_region: bool
    says_tenant: bool
    is_known: bool


def named(settings: Settings) -> tuple[str, ...]:
    """Every place that the settings name; a name that nobody knows stands for itself."""
    lists = [
        oracle.listed(settings, key, name)
        for key in ("allowed_regions", "tenants")
        for name in oracle.names(settings, key)
    ]
    ends = [entry.get(key) for entry in oracle.pipelines(settings) for key in ("from", "to")]
    texts = [*(text for entries in lists for text in entries), *ends]
    return tuple(dict.fromkeys(meaning(x) or x for x in texts if isinstance(x, str)))


def running(choices: Choices, case: Case) -> Doc:
    """Data with what runs, of each kind in turn, or with what asks about a place."""
    kind = choices.one_of((*ALL, _RUNNER, *(_REQUEST,) * 4))
    said = _said(choices, case)
    if kind == _RUNNER:
        return workloads.runner(choices, case.settings, said)
    if kind == _REQUEST:
        return transfers.request(choices, replace(said, places=said.places[:1]))
    return workloads.workload(choices, case.settings, said, (kind,))


def keeping(choices: Choices, case: Case) -> Doc:
    """Data with what keeps it, of each kind in turn."""
    write = choices.one_of(storage.KINDS if case.says_region else storage.KEEPERS)
    return write(choices, case.settings, _said(choices, case))


def planned(choices: Choices, case: Case, number: int) -> Doc:
    """Data with what Terraform makes.

    The cells of one promise have a `number` each: where one ends in the list of types, the next
    goes on, so that each type meets one of them. Now and then it is any other type.
    """
    types = _types(case)
    turn = [types[(number * _TURN + i) % len(types)] for i in range(_TURN)]
    kind = choices.one_of((*turn, "", "")) or choices.one_of(types)
    said = _said(choices, case, kind)
    write = terraform.plan if said.places else terraform.placeless
    return write(choices, case.settings, said, kind)


def _types(case: Case) -> Sequence[str]:
    if not case.says_region:
        return terraform.HOMELESS
    return terraform.types(case.region or _UNKNOWN[0], classed=case.says_class)


def sent(choices: Choices, case: Case, *, is_target: bool) -> Doc:
    """A transfer whose one end the cell is about; the other is a place that is permitted."""
    kind = choices.one_of(transfers.KINDS)
    said = _said(choices, case)
    place = said.places[0] if said.places else ""
    homes = _homes(case.settings, said) or [place]
    other = spelt(choices, choices.one_of(homes))
    source, target = (other, place) if is_target else (place, other)
    document = transfers.transfer(choices, Way(said.classes, source, target, said.tenants), (kind,))
    body = transfers.body(document)
    if not case.says_class:
        del body["data_class"]
    if not case.says_region:
        body["to" if is_target else "from"] = {}
    return document


def piped(choices: Choices, case: Case, pipeline: str, source: str) -> Doc:
    """A transfer by a pipeline from where one of its entries starts, to the place of the cell."""
    kind = choices.one_of(transfers.KINDS)
    way = Way(
        (_class(choices, case),),
        spelt(choices, source),
        _place(choices, case),
        (_tenant(choices, case),) if case.says_tenant else (),
        pipeline,
    )
    return transfers.transfer(choices, way, (kind,))


def unlisted(choices: Choices, case: Case) -> Doc:
    """A transfer that leaves its region by a pipeline that no entry has."""
    known = [str(entry.get("name")) for entry in oracle.pipelines(case.settings)]
    return from_aside(choices, case, _strange(choices, known, _STRANGE_PIPELINES))


def from_aside(choices: Choices, case: Case, pipeline: str) -> Doc:
    """A transfer that leaves its region by a pipeline, none of whose entries starts there.

    It starts where the class may be, if there is such a place.
    """
    kind = choices.one_of(transfers.KINDS)
    name, place = _class(choices, case), _place(choices, case)
    starts = [
        str(entry.get("from"))
        for entry in oracle.pipelines(case.settings)
        if entry.get("name") == pipeline
    ]
    homes = _homes(case.settings, Said((name,), (place,)))
    near, far = (
        [at for at in places if meaning(at) != case.region and not covers(starts, at)]
        for places in (homes, (*named(case.settings), *_ELSEWHERE))
    )
    source = choices.one_of(near or far or _UNKNOWN)
    way = Way((name,), spelt(choices, source), place, (), pipeline)
    return transfers.transfer(choices, way, (kind,))


def _said(choices: Choices, case: Case, kind: str = "") -> Said:
    """What a document of the cell says; its place is one where a `kind` of Terraform may be."""
    said = Said(
        (_class(choices, case),) if case.says_class else (),
        (_place(choices, case, kind),) if case.says_region else (),
        (_tenant(choices, case),) if case.says_tenant else (),
    )
    if not (said.classes and said.places):
        return said
    if once_in(choices, 2):
        said = replace(said, classes=_beside(choices, case, "allowed_regions", said.classes, said))
    if case.says_tenant and once_in(choices, 2):
        said = replace(said, tenants=_beside(choices, case, "tenants", said.tenants, said))
    if once_in(choices, 4) and _is_plain(said.places[0]):
        homes = _homes(case.settings, said)
        if homes:
            more = spelt(choices, choices.one_of(homes))
            said = replace(said, places=tuple(dict.fromkeys((*said.places, more))))
    return said


def _beside(
    choices: Choices, case: Case, key: str, own: tuple[str, ...], said: Said
) -> tuple[str, ...]:
    """A class, or a tenant, and another that may be in that place, in either order."""
    fitting = [
        name
        for name in oracle.names(case.settings, key)
        if name not in own and covers(_listed(case, key, name), said.places[0])
    ]
    if not fitting or not _is_plain(own[0]):
        return own
    other = choices.one_of(fitting)
    return choices.one_of(((*own, other), (other, *own)))


def _listed(case: Case, key: str, name: str) -> Sequence[str]:
    return oracle.listed(case.settings, key, name)


def _is_plain(text: str) -> bool:
    """Whether a comma may stand beside a text: blanks around a comma say nothing."""
    return bool(text) and text == text.strip() and "," not in text


def _homes(settings: Settings, said: Said) -> list[str]:
    """Where all may be that the settings know of what is said."""
    lists = [
        oracle.listed(settings, key, name)
        for key, names in (("allowed_regions", said.classes), ("tenants", said.tenants))
        for name in names
        if oracle.is_listed(settings, key, name)
    ]
    if not lists:
        return list(named(settings))
    places = dict.fromkeys(meaning(entry) for entry in lists[0])
    return [
        place
        for place in places
        if place is not None and all(covers(entries, place) for entries in lists[1:])
    ]


def _class(choices: Choices, case: Case) -> str:
    if case.data_class is not None:
        return case.data_class
    return _strange(choices, oracle.names(case.settings, "allowed_regions"), _STRANGE_CLASSES)


def stranger(settings: Settings) -> str:
    """A tenant that the settings do not have."""
    return flaws.stranger(First(), _STRANGE_TENANTS, oracle.names(settings, "tenants"))


def _tenant(choices: Choices, case: Case) -> str:
    if case.tenant is not None:
        return case.tenant
    return _strange(choices, oracle.names(case.settings, "tenants"), _STRANGE_TENANTS)


def _strange(choices: Choices, known: Sequence[str], strange: Sequence[str]) -> str:
    """A name that is not known: another, or one of the known ones in another spelling."""
    if known and once_in(choices, 2):
        return flaws.misspelt(choices, choices.one_of(known), known)
    return flaws.stranger(choices, strange, known)


def _place(choices: Choices, case: Case, kind: str = "") -> str:
    """The place of the cell, by one of its names."""
    if case.region is not None:
        return spelt(choices, case.region)
    known = named(case.settings)
    if not case.is_known:
        return choices.one_of(_unknown(known))
    near, all_ = _elsewhere(known, _lists(case.settings))
    if kind:
        near, all_ = (
            [text for text in texts if kind in terraform.types(text)] for texts in (near, all_)
        )
    place = choices.one_of(choices.one_of((near or all_, all_)) or _UNKNOWN)
    return place if once_in(choices, 2) else spelt(choices, place)


@lru_cache(maxsize=64)
def _unknown(known: tuple[str, ...]) -> Sequence[str]:
    """Names of no place; some are nearly those of places that are named."""
    forms = ("{} ", "{}0", "{}-1a1", "x{}")
    slips = [form.format(name) for name in known for form in forms]
    slips += [slip for name in known for slip in (name[:-1], name.replace("-", "_"))]
    return [text for text in (*_UNKNOWN, *slips) if text.strip() and meaning(text) is None]


def _lists(settings: Settings) -> tuple[tuple[str, ...], ...]:
    """Every list of places that the settings have."""
    return tuple(
        tuple(oracle.listed(settings, key, name))
        for key in ("allowed_regions", "tenants")
        for name in oracle.names(settings, key)
    )


@lru_cache(maxsize=64)
def _elsewhere(
    known: tuple[str, ...], lists: tuple[tuple[str, ...], ...]
) -> tuple[Sequence[str], Sequence[str]]:
    """Places that no list permits: those that look like one that is named or lie beside it; all."""
    stems = {names.stem(name) for name in known}
    pairs = {PAIRS.get(name) for name in known}
    outposts = [f"{name}-bos-1a" for name in known if name in AWS]
    beside = [one for one in names.REGIONS if names.stem(one) in stems or one in pairs]
    near, all_ = (
        [
            text
            for text in texts
            if meaning(text) not in known and not any(covers(one, text) for one in lists)
        ]
        for texts in ((*_ELSEWHERE, *outposts, *beside), (*names.KNOWN, *outposts))
    )
    return near, all_


def spelt(choices: Choices, place: str) -> str:
    """A name of a place, the plain one as often as all others."""
    return choices.one_of(spellings(place) or (place,)) if once_in(choices, 2) else place
