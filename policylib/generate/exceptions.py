"""Exceptions: ones that cover what was found, ones that miss it by little, and malformed ones."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.sample import Defect, Sample

Entry = dict[str, Any]
Target = dict[str, str]

ACTIVE: Final = ("2098-12-31", "2098-12-31T23:59:59Z", "2099-01-01T00:00:00.5+02:00")
EXPIRED: Final = ("2020-01-01", "2020-01-01T00:00:00Z", "2020-02-29T12:00:00-08:00")

_DIGEST: Final = "sha256:" + "0a" * 32
_AT = re.compile(r"@(sha256:[0-9a-f]{64})\Z")
_TARGETS: Final[Sequence[Target]] = (
    {"kind": "Deployment", "namespace": "shop", "name": "web"},
    {"kind": "Namespace", "name": "shop"},
    {"kind": "Pod", "namespace": "shop", "name": "web", "path": "/spec/containers/0/image"},
    {"kind": "Pod", "namespace": "shop", "name": "web", "message": "it says nothing"},
    {"namespace": "shop", "image": "ghcr.io/org/app:1"},
    {"image": _DIGEST},
)


def entry(choices: Choices, rule: str, target: Target, expires: Sequence[str] = ACTIVE) -> Entry:
    """A whole entry of a file of exceptions."""
    return {
        "rule": rule,
        "target": dict(target),
        "reason": choices.one_of(["moves away in spring", "r"]),
        "ticket": choices.one_of(["OPS-1", "https://tickets.example.com/1"]),
        "approver": choices.one_of(["security", "a@example.com"]),
        "expires": choices.one_of(expires),
    }


def about(choices: Choices, violation: Mapping[str, Any]) -> Entry | None:
    """An entry for a violation as the decision gives it: most cover it, and some miss it.

    Those that miss it have expired, or name something that is nearly the same. None where a
    violation has nothing that an exception could be for.
    """
    targets = _targets(violation)
    if not targets:
        return None
    target = dict(choices.one_of(targets))
    if once_in(choices, 4):
        key = choices.one_of(sorted(target))
        target[key] = choices.one_of([f"{target[key]}x", target[key].upper(), f" {target[key]}"])
    expires = weighted(choices, (3, ACTIVE), (1, EXPIRED))
    return entry(choices, str(violation["rule"]), target, expires)


def _targets(violation: Mapping[str, Any]) -> list[Target]:
    resource, image = violation["resource"], violation["details"].get("image")
    names = {key: resource[key] for key in ("kind", "namespace", "name") if resource[key]}
    narrow = {"path": violation["path"], "message": violation["msg"]}
    found: list[Target] = []
    if {"kind", "name"} <= names.keys():
        found += [names, {**names, **narrow}, *({**names, key: narrow[key]} for key in narrow)]
    if isinstance(image, str) and image:
        found += [{**target, "image": image} for target in found[:2]]
        if "namespace" in names:
            found.append({"namespace": names["namespace"], "image": image})
        if digest := _AT.search(image):
            found.append({"image": digest[1]})
    return found


def sample(choices: Choices, rules: Sequence[str]) -> Sample:
    """A file of exceptions to some of the rules; once in two it is wrong in one place.

    An entry that has expired is no mistake in a file: it lets nothing through.
    """
    count = choices.integer(1, 3)
    entries = [
        entry(choices, choices.one_of(rules), choices.one_of(_TARGETS)) for _ in range(count)
    ]
    document: dict[str, Any] = {"version": 1, "exceptions": entries}
    if not once_in(choices, 2):
        return Sample(document)
    name = choices.one_of(sorted(DEFECTS))
    what, spoil = DEFECTS[name]
    spoil(document, choices.one_of(entries))
    return Sample(copy.deepcopy(document), Defect(name, "exceptions", what))


Spoil = Callable[[dict[str, Any], Entry], object]


def _set(**values: Any) -> Spoil:  # noqa: ANN401 - whatever JSON holds
    return lambda _, one: one.update(copy.deepcopy(values))


def _without(key: str) -> Spoil:
    return lambda _, one: one.pop(key)


def _aim(**target: Any) -> Spoil:  # noqa: ANN401 - whatever JSON holds
    return _set(target=target)


DEFECTS: Final[Mapping[str, tuple[str, Spoil]]] = {
    **{f"no {key}": (f"the key {key} is missing", _without(key)) for key in ("rule", "target")},
    "no reason": ("nobody says why", _without("reason")),
    "no ticket": ("nothing follows it up", _without("ticket")),
    "no approver": ("nobody answers for it", _without("approver")),
    "no end": ("it never ends", _without("expires")),
    "blank reason": ("the reason is white space", _set(reason=" \t")),
    "blank approver": ("the approver is empty", _set(approver="")),
    "expired": ("it has ended", _set(expires=EXPIRED[0])),
    "no date": ("the end is no date", _set(expires="soon")),
    "no such day": ("the end is no day of the calendar", _set(expires="2098-02-30")),
    "no time zone": ("the end is a time of nowhere", _set(expires="2098-12-31T12:00:00")),
    "date as a number": ("the end is a number", _set(expires=20981231)),
    "unknown key": ("an entry has a key that nobody knows", _set(owner="me")),
    "unknown rule": ("no rule is called that", _set(rule="digest.no_such_rule")),
    "whole family": ("it names a family, and no rule", _set(rule="digest")),
    "rule as a list": ("the rule is a list", _set(rule=["digest.image_pinned"])),
    "reason as a number": ("the reason is a number", _set(reason=1)),
    "target as text": ("the target is text", _set(target="web")),
    "everything": ("the target is everything", _aim()),
    "a kind alone": ("the target is every object of a kind", _aim(kind="Deployment")),
    "a namespace alone": ("the target is a whole namespace", _aim(namespace="shop")),
    "an image alone": ("the target is a tag, wherever it runs", _aim(image="nginx:1")),
    "a short digest": ("the digest lacks a digit", _aim(image=_DIGEST[:-1])),
    "unknown key of a target": (
        "a target has a key that nobody knows",
        _aim(kind="Deployment", name="web", labels={}),
    ),
    "name as null": ("the name is null", _aim(kind="Deployment", name=None)),
    "entry as text": ("an entry is text", lambda document, _: document["exceptions"].append("all")),
    "entries as a mapping": ("the list is a mapping", lambda d, one: d.update(exceptions=one)),
    "newer version": ("a later policylib wrote it", lambda d, _: d.update(version=2)),
    "version as text": ("the version is text", lambda d, _: d.update(version="1")),
}
"""What can be wrong with a file of exceptions: what it means, and what makes it so."""
