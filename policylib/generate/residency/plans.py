"""Terraform plans in which one store names another, copies elsewhere, or leaves its place open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import flaws, kinds, names, permits, sound, terraform
from policylib.generate.residency.kinds import Link, Values
from policylib.generate.residency.making import Broken, Maker
from policylib.generate.residency.regions import PAIRS
from policylib.generate.residency.said import Said
from policylib.generate.residency.terraform import Resource
from policylib.generate.sample import Doc, Settings

T = TypeVar("T")
_Asked = tuple[str, str, Sequence[object]]
_GEO: Sequence[_Asked] = (
    *kinds.GEO_OPTIONS,
    *((kind, attribute, ()) for kind, attribute in kinds.GEO_DEFAULTS.items()),
)
"""What asks for copies in the paired region: a type, an attribute, and its values or absence."""

_PLACES = {**kinds.AWS, **kinds.GOOGLE, **kinds.AZURE}
_NAME = "example-other"


def _mute(choices: Choices, settings: Settings) -> Said | None:
    """What may be said in a place, without a tenant."""
    said = sound.said(choices, settings)
    return said and replace(said, places=said.places[:1], tenants=())


def _named(link: Link, choices: Choices, settings: Settings) -> Doc | None:
    """Two stores in one place, one of which names the other and may say no class itself."""
    said = _mute(choices, settings)
    if said is None:
        return None
    place = names.place(said.places[0])
    tags = terraform.tags(choices, settings, said)
    own = tags if link.type == "aws_s3_object" or once_in(choices, 2) else {}
    return _pair(choices, link, (place, own), (place, tags))


def geo_redundant(choices: Choices, settings: Settings) -> Doc | None:
    """Geo-redundancy where the paired region is permitted as well."""
    said = _mute(choices, settings)
    if said is None:
        return None
    homes = permits.places(settings, said.classes)
    both = [place for place in homes if PAIRS.get(place) in homes]
    asked = choices.one_of(_GEO)
    return _geo(choices, settings, said, choices.one_of(both), asked) if both else None


def worldwide(choices: Choices, settings: Settings) -> Doc | None:
    """What serves the world, for a class that may be anywhere."""
    said = _mute(choices, settings)
    if said is None or names.WORLD not in permits.places(settings, said.classes):
        return None
    return _world(choices, settings, said, choices.one_of(tuple(kinds.WORLDWIDE)))


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


def _linked_elsewhere(link: Link, choices: Choices, settings: Settings) -> Doc | None:
    """Two stores, each where its own class may be, one of which may not be where the other is."""
    said = _mute(choices, settings)
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
    if link.leads:  # the data of the first goes to where the second is
        return _pair(choices, link, (here, tags), (there, others))
    return _pair(choices, link, (there, others), (here, tags))


def _leads_out(link: Link, choices: Choices, settings: Settings) -> Doc | None:
    """A store that sends data to what is not in the plan, and does not say where that is."""
    said = _mute(choices, settings)
    if said is None:
        return None
    kind, tags = link.type, terraform.tags(choices, settings, said)
    says = {**_at(kind, names.place(said.places[0])), **_tagged(kind, tags)}
    value = choices.one_of((f"arn:aws:s3:::{_NAME}", _NAME))
    says.update(kinds.nested(link.path, value))
    return terraform.document(choices, [Resource(kind, "own", says)])


def _world(choices: Choices, settings: Settings, said: Said, kind: str) -> Doc:
    tags = _tagged(kind, terraform.tags(choices, settings, said))
    place = names.place(said.places[0])  # what it says of one place counts for nothing
    where = {"location": place} if kind.startswith("azurerm") and once_in(choices, 2) else {}
    values = {"name": "w", **kinds.WORLDWIDE[kind], **where, **tags}
    return terraform.document(choices, [Resource(kind, "world", values)])


def _worldwide(kind: str, choices: Choices, settings: Settings) -> Doc | None:
    said = _mute(choices, settings)
    if said is None or names.WORLD not in flaws.other_places(settings, said.classes[0]):
        return None
    return _world(choices, settings, said, kind)


def _geo(choices: Choices, settings: Settings, said: Said, place: str, asked: _Asked) -> Doc:
    """A resource in a place that asks for copies in the paired region, or has them by default."""
    tags = terraform.tags(choices, settings, said)
    kind, path, values = asked
    says = kinds.AZURE[kind](place)
    if values:
        says = {**says, **kinds.nested(path, choices.one_of(values))}
    else:
        del says[path]
    return terraform.document(choices, [Resource(kind, "geo", {**says, "tags": tags})])


def unpaired(choices: Choices, settings: Settings) -> Said | None:
    """What may be said in a place whose pair is not permitted, or that has none."""
    said = _mute(choices, settings)
    if said is None:
        return None
    homes = permits.places(settings, said.classes)
    fitting = [one for one in homes if names.provider(one) and PAIRS.get(one) not in homes]
    return replace(said, places=(choices.one_of(fitting),)) if fitting else None


def _geo_elsewhere(asked: _Asked, choices: Choices, settings: Settings) -> Doc | None:
    said = unpaired(choices, settings)
    return None if said is None else _geo(choices, settings, said, said.places[0], asked)


def _open(kind: str, choices: Choices, settings: Settings) -> Doc | None:
    """What has to say where it is, and leaves that to its provider."""
    said = _mute(choices, settings)
    if said is None:
        return None
    region = choices.one_of(("", names.place(said.places[0])))
    tags = terraform.tags(choices, settings, said)
    found = Resource(kind, "open", {"name": "x", "labels": tags}, region=region)
    return terraform.document(choices, [found])


SOUND: Sequence[Maker] = (
    *(partial(_named, link) for link in kinds.LINKS),
    geo_redundant,
    worldwide,
)


def _each(
    name: str,
    what: str,
    make: Callable[[T, Choices, Settings], Doc | None],
    options: Iterable[T],
) -> list[Broken]:
    """A defect in each of the kinds that it has."""
    return [Broken(name, what, partial(make, option)) for option in options]


_OUT = [link for link in kinds.LINKS if link.leads]

BROKEN = (
    *_each(
        "linked-elsewhere",
        "a store linked to where its data may not be",
        _linked_elsewhere,
        kinds.LINKS,
    ),
    *_each("leads-out", "data sent to what is not in the plan", _leads_out, _OUT),
    *_each(
        "worldwide",
        "a content delivery network for what may not go far",
        _worldwide,
        kinds.WORLDWIDE,
    ),
    *_each("geo-redundant", "an option, or a default, that copies to a pair", _geo_elsewhere, _GEO),
    *_each("place-left-open", "a store that has to say its place", _open, kinds.OPEN),
)
"""The defects, each in every kind that it has."""
