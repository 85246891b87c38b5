"""Inputs that lie in a cell: the cell says what decides, and everything else varies.

Beside what the cell is about, a document may name further classes, places and tenants. They are
permitted wherever they stand, so that they never decide: a cell that denies does so for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import flaws, storage, terraform, transfers, workloads
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Doc, Settings
from policylib.matrix.residency import oracle
from policylib.matrix.residency.names import AWS, meaning, spellings

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


def staying(choices: Choices, case: Case, how: int) -> Doc:
    """Data that stays: with what runs or asks (0), with what keeps it (1), or by Terraform (2)."""
    said = _said(choices, case)
    if how == 2:
        write = terraform.plan if said.places else terraform.placeless
        return write(choices, case.settings, said)
    if how == 1:
        kinds = storage.KINDS if said.places else storage.KEEPERS
        return choices.one_of(kinds)(choices, case.settings, said)
    if len(said.places) < 2 and once_in(choices, 3):
        return transfers.request(choices, said)
    return workloads.workload(choices, case.settings, said)


def sent(choices: Choices, case: Case, *, is_target: bool) -> Doc:
    """A transfer whose one end the cell is about; the other is a place that is permitted."""
    said = _said(choices, case)
    place = said.places[0] if said.places else ""
    homes = _homes(case.settings, said) or [place]
    other = _spelt(choices, choices.one_of(homes))
    source, target = (other, place) if is_target else (place, other)
    document = transfers.transfer(choices, Way(said.classes, source, target, said.tenants))
    body = transfers.body(document)
    if not case.says_class:
        del body["data_class"]
    if not case.says_region:
        body["to" if is_target else "from"] = {}
    return document


def piped(choices: Choices, case: Case, pipeline: str, source: str) -> Doc:
    """A transfer by a pipeline from where one of its entries starts, to the place of the cell."""
    way = Way(
        (_class(choices, case),),
        _spelt(choices, source),
        _place(choices, case),
        (_tenant(choices, case),) if case.says_tenant else (),
        pipeline,
    )
    return transfers.transfer(choices, way)


def unlisted(choices: Choices, case: Case) -> Doc:
    """A transfer that leaves its region by a pipeline that no entry has."""
    known = [str(entry.get("name")) for entry in oracle.pipelines(case.settings)]
    return from_aside(choices, case, _strange(choices, known, _STRANGE_PIPELINES))


def from_aside(choices: Choices, case: Case, pipeline: str) -> Doc:
    """A transfer that leaves its region by a pipeline, none of whose entries starts there.

    It starts where the class may be, if there is such a place.
    """
    name, place = _class(choices, case), _place(choices, case)
    starts = [
        str(entry.get("from"))
        for entry in oracle.pipelines(case.settings)
        if entry.get("name") == pipeline
    ]
    homes = _homes(case.settings, Said((name,), (place,)))
    near, far = (
        [at for at in places if meaning(at) != case.region and not oracle.covers(starts, at)]
        for places in (homes, (*named(case.settings), *_ELSEWHERE))
    )
    source = choices.one_of(near or far)
    return transfers.transfer(choices, Way((name,), _spelt(choices, source), place, (), pipeline))


def _said(choices: Choices, case: Case) -> Said:
    said = Said(
        (_class(choices, case),) if case.says_class else (),
        (_place(choices, case),) if case.says_region else (),
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
            more = _spelt(choices, choices.one_of(homes))
            said = replace(said, places=tuple(dict.fromkeys((*said.places, more))))
    return said


def _beside(
    choices: Choices, case: Case, key: str, own: tuple[str, ...], said: Said
) -> tuple[str, ...]:
    """A class, or a tenant, and another that may be in that place, in either order."""
    fitting = [
        name
        for name in oracle.names(case.settings, key)
        if name not in own and oracle.covers(_listed(case, key, name), said.places[0])
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
        if place is not None and all(oracle.covers(entries, place) for entries in lists[1:])
    ]


def _class(choices: Choices, case: Case) -> str:
    if case.data_class is not None:
        return case.data_class
    return _strange(choices, oracle.names(case.settings, "allowed_regions"), _STRANGE_CLASSES)


def _tenant(choices: Choices, case: Case) -> str:
    if case.tenant is not None:
        return case.tenant
    return _strange(choices, oracle.names(case.settings, "tenants"), _STRANGE_TENANTS)


def _strange(choices: Choices, known: Sequence[str], strange: Sequence[str]) -> str:
    """A name that is not known: another, or one of the known ones in another spelling."""
    others = [name for name in strange if name not in known]
    if known and (not others or once_in(choices, 2)):
        return flaws.misspelt(choices, choices.one_of(known), known)
    return choices.one_of(others)


def _place(choices: Choices, case: Case) -> str:
    """The place of the cell, by one of its names."""
    if case.region is not None:
        return _spelt(choices, case.region)
    known = named(case.settings)
    if case.is_known:
        return choices.one_of(_elsewhere(case.settings, known))
    slips = [slip for name in known for slip in (f"{name} ", name[:-1], name.replace("-", "_"))]
    options = [text for text in (*_UNKNOWN, *slips) if text.strip() and meaning(text) is None]
    return choices.one_of(options)


def _elsewhere(settings: Settings, known: Sequence[str]) -> list[str]:
    """Places that no list permits; some look like one that is permitted, and lie elsewhere."""
    outposts = [f"{name}-bos-1a" for name in known if name in AWS]
    lists = [
        oracle.listed(settings, key, name)
        for key in ("allowed_regions", "tenants")
        for name in oracle.names(settings, key)
    ]
    return [
        text
        for text in (*_ELSEWHERE, *outposts)
        if meaning(text) not in known and not any(oracle.covers(one, text) for one in lists)
    ]


def _spelt(choices: Choices, place: str) -> str:
    """A name of a place, the plain one as often as all others."""
    return choices.one_of(spellings(place) or (place,)) if once_in(choices, 2) else place
