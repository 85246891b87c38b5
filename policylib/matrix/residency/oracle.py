"""What the section `residency` of the settings promises, read anew and without the rules' code.

What the settings do not say, or say in a way that nobody understands, permits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, TypeGuard

from policylib.generate.label_keys import of as keys_of
from policylib.generate.residency.regions import AWS, AZURE, GOOGLE, covers, meaning, parts
from policylib.matrix.interface import Word

Settings = Mapping[str, Any]

ELSEWHERE = "(elsewhere)"
"""Stands for every place that the settings do not name."""

UNKNOWN = "(unknown region)"
"""Stands for every name that is no place's."""

NO_REGION = "(no region)"
"""Stands for what does not say where its data is."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_UNRENDERED = re.compile(r"[$][{(]|[{]{2}|[}]{2}|<%|%>|^(?:<[^@]*>|%.*%|__.*__|@.*@)$")
_HEADED = re.compile(r"[^a-z0-9]*(?:changeme|fixme|placeholder|tba|tbc|tbd|todo|xxx)(?![a-z0-9-])")
_JOINERS = re.compile("[\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\ufe00-\ufe0f]")
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0]")
"""What prints, and shows nothing."""
_NOBODY = frozenset(
    {
        *("changeme", "empty", "example", "false", "fillmein", "fixme", "na", "nil", "no"),
        *("nobody", "none", "noone", "notapplicable", "notyet", "null", "off", "on", "placeholder"),
        *("somebody", "someone", "tba", "tbc", "tbd", "tobedecided", "tobedefined", "tobedone"),
        *("todo", "true", "unassigned", "undefined", "unknown", "unowned", "unset", "wip", "xx"),
        *("xxx", "yes"),
    }
)


@dataclass(frozen=True)
class Move:
    """A transfer by a pipeline: what it is called, and where it starts and leads."""

    pipeline: str
    source: str
    target: str


def names(settings: Settings, key: str) -> tuple[str, ...]:
    """The classes (`allowed_regions`) or tenants (`tenants`) that the settings have."""
    return tuple(_mapping(settings, key))


def listed(settings: Settings, key: str, name: str) -> Sequence[str]:
    """The texts that the settings list for a class (`allowed_regions`) or a tenant (`tenants`)."""
    entries = _mapping(settings, key).get(name)
    return [entry for entry in entries if isinstance(entry, str)] if _is_list(entries) else []


def is_listed(settings: Settings, key: str, name: str) -> bool:
    """Whether the settings have such a class or tenant at all."""
    return _is_list(_mapping(settings, key).get(name))


def pipelines(settings: Settings) -> list[Mapping[str, Any]]:
    """The entries of pipelines, as far as they are entries."""
    found = _section(settings).get("pipelines")
    return [one for one in found if isinstance(one, Mapping)] if _is_list(found) else []


def stays(settings: Settings, data_class: str, tenant: str | None, place: str) -> Word:
    """Whether data of a class, and perhaps of a tenant, may be in a place."""
    refused = _refused(settings, data_class, tenant, place)
    return refused or Word("allow", f"{_whose(data_class, tenant)} may be in {place}")


def goes(settings: Settings, data_class: str, tenant: str | None, move: Move) -> Word:
    """Whether a pipeline may carry data from a place to another."""
    at_home = _refused(settings, data_class, tenant, move.source)
    if at_home is not None:
        return Word("deny", f"it starts where it may not be: {at_home.because}")
    if meaning(move.source) == meaning(move.target):
        return Word("allow", f"it stays in {move.source}, where {data_class} may be")
    carried = _carried(settings, data_class, move)
    if carried.promise == "deny" or tenant is None:
        return carried
    refused = _refused_to(settings, "tenants", tenant, move.target)
    return Word("deny", refused) if refused else carried


def services(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    """What the catalog says of each service, where it says where its data is or of which class."""
    found = settings.get("catalog")
    entries = found.get("services") if isinstance(found, Mapping) else None
    return {
        name: entry
        for name, entry in (entries.items() if isinstance(entries, Mapping) else ())
        if isinstance(entry, Mapping) and (entry.keys() & {"data_classes", "regions"})
    }


def said(entry: Mapping[str, Any], key: str) -> Sequence[Any]:
    """What the catalog, or a label, says: one, several with commas between them, or a list."""
    value = entry.get(key)
    if isinstance(value, str):
        return re.split(" *, *", value)
    return value if _is_list(value) and value else [value] if value is not None else []


def runs(settings: Settings, labels: Mapping[str, str]) -> Word:
    """Whether a workload may run, by its labels: what they do not say, the catalog says.

    A label says which part of its service a workload is, and nothing beyond that.
    """
    keys = keys_of(settings)
    own = {name: said(labels, key) for name, key in keys.items()}
    entry = services(settings).get(labels.get(keys["service"], ""), {})
    known, within = said(entry, "data_classes"), said(entry, "regions")
    of, at = own["data_class"] or known, own["region"] or within
    if not of:
        return Word("deny", "it does not say of which class its data is")
    if not at:
        return Word("deny", "it does not say where its data is")
    beyond = _beyond(known, within, of, at)
    if beyond:
        return Word("deny", beyond)
    tenants = own["tenant"] or [None]
    whole = product(of, tenants, at)
    words = [_whole(settings, one, tenant, place) for one, tenant, place in whole]
    return next((word for word in words if word.promise == "deny"), words[0])


def _beyond(
    known: Sequence[Any], within: Sequence[Any], of: Sequence[Any], at: Sequence[Any]
) -> str:
    """What is said that the service is not: "" for nothing."""
    for one in of:
        if known and one not in known:
            return f"in the catalog the service has no class {one}"
    inside = {part for one in within for part in _parts(one)}
    for one in at if within else ():
        if not _parts(one) or not _parts(one) <= inside:
            return f"in the catalog the service has no region {one}"
    return ""


def _parts(name: object) -> frozenset[str]:
    place = meaning(name) if isinstance(name, str) else None
    return parts(place) if place else frozenset()


def _whole(settings: Settings, one: object, tenant: str | None, place: object) -> Word:
    if isinstance(one, str) and isinstance(place, str):
        return stays(settings, one, tenant, place)
    return Word("deny", f"{one} or {place} is no name")


def datasets(settings: Settings) -> tuple[str, ...]:
    """Every dataset that the settings list for previews, of whichever region."""
    lists = _mapping(settings, "preview_datasets").values()
    texts = [one for found in lists if _is_list(found) for one in found if isinstance(one, str)]
    return tuple(dict.fromkeys(texts))


def preview_regions(settings: Settings) -> tuple[str, ...]:
    """The regions that the settings list datasets for, as they name them."""
    return tuple(_mapping(settings, "preview_datasets"))


def previews(settings: Settings, place: str, dataset: str) -> Word:
    """Whether a preview in a place may use a dataset."""
    if place not in AWS and place not in GOOGLE and place not in AZURE:
        return Word("deny", f"a preview has one known region, and {place} is none")
    known = _masked(settings, place)
    shown = ", ".join(known) or "none"
    if dataset in known:
        return Word("allow", f"the masked datasets of {place} are {shown}")
    return Word("deny", f"the masked datasets of {place} are {shown}, and not {dataset}")


def _masked(settings: Settings, place: str) -> list[str]:
    """The datasets that are listed for a region, or else those that are called after it."""
    entries = _mapping(settings, "preview_datasets")
    mine = [found for name, found in entries.items() if meaning(name) == place]
    if not mine:
        named = f"masked-{place}"
        return list(dict.fromkeys((named, re.sub("-[0-9]+$", "", named))))
    lists = [found for found in mine if _is_list(found)]
    return sorted({one for found in lists for one in found if isinstance(one, str)})


def _carried(settings: Settings, data_class: str, move: Move) -> Word:
    entries = [
        one
        for one in pipelines(settings)
        if [one.get("name"), one.get("data_class")] == [move.pipeline, data_class]
        and _is_at(one.get("from"), move.source)
        and _is_at(one.get("to"), move.target)
    ]
    way = f"{data_class} from {move.source} to {move.target}"
    if not entries:
        return Word("deny", f"no entry has {move.pipeline} for {way}")
    for entry in entries:
        if is_live(entry):
            until = entry["expires"]
            return Word("allow", f"{move.pipeline} is allow-listed for {way} until {until}")
    if any(map(_is_answered, entries)):
        ends = ", ".join(str(entry.get("expires")) for entry in entries)
        return Word("deny", f"the entry of {move.pipeline} for {way} ended: {ends}")
    return Word("deny", f"nobody answers for the entry of {move.pipeline} for {way}")


def is_live(entry: Mapping[str, Any]) -> bool:
    """Whether an entry has an assessment and an owner, and an end that is still to come."""
    return _is_answered(entry) and _is_ahead(entry.get("expires"))


def _is_at(entry: object, place: str) -> bool:
    return isinstance(entry, str) and covers([entry], place)


def _is_answered(entry: Mapping[str, Any]) -> bool:
    return all(_is_stated(entry.get(key)) for key in ("dpia", "owner"))


def _is_stated(value: object) -> bool:
    """Whether a text is plainly a name: all of it shows, and it is neither to do nor to render."""
    if not isinstance(value, str):
        return False
    text = _JOINERS.sub("", value).strip().lower()
    said = "".join(filter(str.isalnum, text))
    return (
        bool(said)
        and text.isprintable()
        and not _BLANK.search(text)
        and said not in _NOBODY
        and not _HEADED.match(text)
        and not _UNRENDERED.search(text)
    )


def _is_ahead(value: object) -> bool:
    """Whether a date, whose whole day counts in UTC, or a timestamp is still to come."""
    if not isinstance(value, str):
        return False
    try:
        if _DATE.fullmatch(value):
            end = datetime.fromisoformat(value).replace(tzinfo=UTC) + timedelta(days=1)
        elif _TIMESTAMP.fullmatch(value):
            end = datetime.fromisoformat(value)
        else:
            return False
    except ValueError:
        return False
    return end > datetime.now(UTC)


def _refused(settings: Settings, data_class: str, tenant: str | None, place: str) -> Word | None:
    reasons = [_refused_to(settings, "allowed_regions", data_class, place)]
    if tenant is not None:
        reasons.append(_refused_to(settings, "tenants", tenant, place))
    found = [reason for reason in reasons if reason]
    return Word("deny", "; ".join(found)) if found else None


def _refused_to(settings: Settings, key: str, name: str, place: str) -> str:
    """Why a class or a tenant may not be in a place; "" where it may."""
    if not is_listed(settings, key, name):
        what = "data class" if key == "allowed_regions" else "tenant"
        return f"the settings have no such {what}"
    entries = listed(settings, key, name)
    if covers(entries, place):
        return ""
    unknown = [entry for entry in entries if meaning(entry) is None]
    aside = f"; of {', '.join(unknown)} nothing is known" if unknown else ""
    if meaning(place) is None and place != ELSEWHERE:
        return f"nobody knows such a region{aside}"
    return f"{name} may only be in {', '.join(entries) or 'no place'}{aside}"


def _whose(data_class: str, tenant: str | None) -> str:
    return data_class if tenant is None else f"{data_class} of {tenant}"


def _section(settings: Settings) -> Mapping[str, Any]:
    found = settings.get("residency")
    return found if isinstance(found, Mapping) else {}


def _mapping(settings: Settings, key: str) -> Mapping[str, Any]:
    found = _section(settings).get(key)
    return found if isinstance(found, Mapping) else {}


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)
