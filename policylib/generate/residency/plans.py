"""Terraform plans in which one store names another, keeps copies elsewhere, or leaves it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import flaws, kinds, names, permits, sound, terraform
from policylib.generate.residency.kinds import Link, Values
from policylib.generate.residency.making import Broken
from policylib.generate.residency.said import Said
from policylib.generate.residency.terraform import Resource
from policylib.generate.sample import Doc, Settings

PAIRS = {
    "westeurope": "northeurope",
    "northeurope": "westeurope",
    "uksouth": "ukwest",
    "eastus2": "centralus",
}
"""Regions of Azure, and where their geo-redundant copies lie."""

_LEADING = tuple(dict.fromkeys(link.type for link in kinds.LINKS if link.leads))
_PLACES = {**kinds.AWS, **kinds.GOOGLE, **kinds.AZURE}
_NAME = "example-other"


def mute(choices: Choices, settings: Settings) -> Said | None:
    """What may be said in a place, without a tenant."""
    said = sound.said(choices, settings)
    return said and replace(said, places=said.places[:1], tenants=())


def named(choices: Choices, settings: Settings) -> Doc | None:
    """Two stores in one place, one of which names the other and may say no class itself."""
    said = mute(choices, settings)
    if said is None:
        return None
    place = names.place(said.places[0])
    link = _fitting(choices, place)
    if link is None:
        return None
    tags = terraform.tags(choices, settings, said)
    own = tags if link.type == "aws_s3_object" or once_in(choices, 2) else {}
    return _pair(choices, link, (place, own), (place, tags))


def geo_redundant(choices: Choices, settings: Settings) -> Doc | None:
    """Geo-redundancy where the paired region is permitted as well."""
    said = mute(choices, settings)
    if said is None:
        return None
    homes = permits.places(settings, said.classes)
    both = [place for place in homes if PAIRS.get(place) in homes]
    return _geo(choices, settings, said, choices.one_of(both)) if both else None


def worldwide(choices: Choices, settings: Settings) -> Doc | None:
    """What serves the world, for a class that may be anywhere."""
    said = mute(choices, settings)
    if said is None or names.WORLD not in permits.places(settings, said.classes):
        return None
    return _world(choices, settings, said)


def _pair(choices: Choices, link: Link, near: tuple[str, Values], far: tuple[str, Values]) -> Doc:
    """A store that names another: the place and the tags of each."""
    target = {
        "name": _NAME,
        "id": _NAME,
        **_at(link.target, far[0]),
        **_tagged(link.target, far[1]),
    }
    if link.type == link.target == "aws_s3_bucket":
        target["bucket"] = _NAME
    says = {"name": "own", **_at(link.type, near[0]), **_tagged(link.type, near[1])}
    value = choices.one_of((_NAME, f"arn:aws:x:::{_NAME}"))
    says.update(kinds.nested(link.path, value))
    return terraform.document(
        choices, [Resource(link.type, "own", says), Resource(link.target, "other", target)]
    )


def _at(kind: str, place: str) -> Values:
    """Attributes that say where a type is."""
    if kind == "aws_s3control_multi_region_access_point":
        return {}
    return _PLACES.get(kind, kinds.AWS["aws_s3_bucket"])(place)


def _tagged(kind: str, tags: Values) -> Values:
    return {terraform.tags_key(kind): tags} if tags else {}


def _fitting(choices: Choices, place: str) -> Link | None:
    """A link between stores of the provider of a place; any of them, where it is of none."""
    kind = choices.one_of([*dict.fromkeys(link.type for link in _of(place))])
    return choices.one_of([link for link in _of(place) if link.type == kind])


def _of(place: str) -> Sequence[Link]:
    provider = names.provider(place)
    found = [link for link in kinds.LINKS if link.type.startswith(provider or "aws")]
    return found or kinds.LINKS


def _linked_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """Two stores, each where its own class may be, one of which may not be where the other is."""
    said = mute(choices, settings)
    if said is None:
        return None
    name, here = said.classes[0], names.place(said.places[0])
    strange = flaws.other_places(settings, name)
    options = [
        (other, place)
        for other in permits.classes(settings)
        for place in permits.places(settings, [other])
        if other != name and place in strange and names.provider(place)
    ]
    if not options or not names.provider(here):
        return None
    other, there = choices.one_of(options)
    tags = terraform.tags(choices, settings, replace(said, classes=(name,)))
    others = terraform.tags(choices, settings, replace(said, classes=(other,)))
    link = _fitting(choices, here)
    if link is None:
        return None
    if link.leads:  # the data of the first goes to where the second is
        return _pair(choices, link, (here, tags), (there, others))
    return _pair(choices, link, (there, others), (here, tags))


def _leads_out(choices: Choices, settings: Settings) -> Doc | None:
    """A store that sends data to what is not in the plan, and does not say where that is."""
    said = mute(choices, settings)
    if said is None:
        return None
    kind = choices.one_of(_LEADING)
    link = choices.one_of([one for one in kinds.LINKS if one.type == kind and one.leads])
    tags = terraform.tags(choices, settings, said)
    says = {**_at(kind, names.place(said.places[0])), **_tagged(kind, tags)}
    value = choices.one_of((f"arn:aws:s3:::{_NAME}", _NAME))
    says.update(kinds.nested(link.path, value))
    return terraform.document(choices, [Resource(kind, "own", says)])


def _world(choices: Choices, settings: Settings, said: Said) -> Doc:
    kind = choices.one_of(tuple(kinds.WORLDWIDE))
    tags = _tagged(kind, terraform.tags(choices, settings, said))
    values = {"name": "w", **kinds.WORLDWIDE[kind], **tags}
    return terraform.document(choices, [Resource(kind, "world", values)])


def _worldwide(choices: Choices, settings: Settings) -> Doc | None:
    said = mute(choices, settings)
    if said is None or names.WORLD not in flaws.strange_places(settings, said.classes[0]):
        return None
    return _world(choices, settings, said)


def _geo(choices: Choices, settings: Settings, said: Said, place: str) -> Doc:
    """A resource in a place that asks for copies in the paired region, or has them by default."""
    tags = terraform.tags(choices, settings, said)
    if once_in(choices, 2):
        kind = choices.one_of(tuple(kinds.GEO_DEFAULTS))
        says = kinds.AZURE[kind](place)
        del says[kinds.GEO_DEFAULTS[kind]]
    else:
        kind, path, values = choices.one_of(kinds.GEO_OPTIONS)
        says = {**kinds.AZURE[kind](place), **kinds.nested(path, choices.one_of(values))}
    return terraform.document(choices, [Resource(kind, "geo", {**says, "tags": tags})])


def unpaired(choices: Choices, settings: Settings) -> Said | None:
    """What may be said in a place whose pair is not permitted, or that has none."""
    said = mute(choices, settings)
    if said is None or not flaws.other_places(settings, said.classes[0]):
        return None
    homes = permits.places(settings, said.classes)
    fitting = [
        place
        for place in homes
        if names.provider(place) and (place not in names.AZURE or PAIRS[place] not in homes)
    ]
    return replace(said, places=(choices.one_of(fitting),)) if fitting else None


def _geo_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    said = unpaired(choices, settings)
    return None if said is None else _geo(choices, settings, said, said.places[0])


def _open(choices: Choices, settings: Settings) -> Doc | None:
    """What has to say where it is, and leaves that to its provider."""
    said = mute(choices, settings)
    if said is None:
        return None
    kind = choices.one_of(kinds.OPEN)
    region = choices.one_of(("", names.place(said.places[0])))
    tags = terraform.tags(choices, settings, said)
    found = Resource(kind, "open", {"name": "x", "labels": tags}, region=region)
    return terraform.document(choices, [found])


SOUND = (named, geo_redundant, worldwide)

_LINKED = Broken(
    "linked-elsewhere", "a store linked to where its data may not be", _linked_elsewhere
)
_OUT = Broken("leads-out", "data sent to what is not in the plan", _leads_out)
_WORLDWIDE = Broken("worldwide", "a content delivery network for what may not go far", _worldwide)
_GEO = Broken("geo-redundant", "an option, or a default, that copies to a pair", _geo_elsewhere)
_OPEN = Broken("place-left-open", "a store that has to say its place", _open)

BROKEN = (*(_LINKED,) * 2, *(_OUT,) * 3, *(_WORLDWIDE,) * 4, *(_GEO,) * 3, *(_OPEN,) * 4)
"""The defects; those of which there are many kinds come up more often."""
