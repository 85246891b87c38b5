"""Inputs of `egress_allowed` and `pipeline_allowlisted`: data that goes somewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import flaws, names, permits, sound, transfers
from policylib.generate.residency.making import Broken, Maker, Rule
from policylib.generate.residency.regions import covers
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Doc, Settings

_ODD: tuple[Any, ...] = (None, 7, True, [], ["us-east-1"], {"name": "us-east-1"}, "")

_TRIES = 12
"""Ways that are drawn until one leads where it has to."""


def _sent(choices: Choices, way: Way | None) -> Doc | None:
    return None if way is None else transfers.transfer(choices, way)


def _plain(choices: Choices, settings: Settings) -> Doc | None:
    return _sent(choices, sound.way(choices, settings))


def _piped(choices: Choices, settings: Settings) -> Doc | None:
    return _sent(choices, sound.piped(choices, settings))


def _within(choices: Choices, settings: Settings) -> Doc | None:
    """A pipeline that does not leave its region needs no entry."""
    way = sound.way(choices, settings)
    if way is None:
        return None
    target = sound.spelt(choices, names.place(way.source))
    return transfers.transfer(choices, replace(way, target=target, pipeline="local-copy"))


def _ended(flaw: flaws.Flaw, end: str) -> Broken:
    """A flaw of what may be said, at one end of a transfer; what it does to classes, as it is."""

    def make(choices: Choices, settings: Settings) -> Doc | None:
        way = sound.way(choices, settings)
        if way is None:
            return None
        place = way.source if end == "source" else way.target
        bad = flaw.spoil(choices, settings, Said(way.classes, (place,)))
        if bad is None:
            return None
        spoilt = replace(way, classes=bad.classes, tenants=())
        if end == "source":
            return transfers.transfer(choices, replace(spoilt, source=bad.places[0]))
        return transfers.transfer(choices, replace(spoilt, target=bad.places[0]))

    where = "from" if end == "source" else "to"
    return Broken(f"{flaw.name}-{where}", f"{flaw.what}, as `{where}`", make)


def _spoiling(spoil: Callable[[Choices, Doc], None]) -> Maker:
    """A sound transfer, of which something is spoilt."""

    def make(choices: Choices, settings: Settings) -> Doc | None:
        way = sound.way(choices, settings)
        if way is None:
            return None
        document = transfers.transfer(choices, way)
        spoil(choices, document)
        return document

    return make


def _lacks(choices: Choices, document: Doc) -> None:
    body = transfers.body(document)
    del body[choices.one_of(("to", "from", "data_class"))]


def _odd(choices: Choices, document: Doc) -> None:
    body = transfers.body(document)
    key = choices.one_of(("to", "from"))
    body[key] = {"region": choices.one_of(_ODD)}


def _stray(choices: Choices, document: Doc) -> None:
    transfers.body(document)[choices.one_of(transfers.STRAYS)] = _hidden(choices)


def _stray_aside(choices: Choices, document: Doc) -> None:
    body = transfers.body(document)
    parts = [body["to"], body["from"]]
    if body is document:  # what stands beside a request is no transfer's
        parts += [document, document["metadata"]]
    part = choices.one_of(parts)
    part[choices.one_of(transfers.STRAYS)] = _hidden(choices)


def _hidden(choices: Choices) -> object:
    return choices.one_of(("eu-west-1", ["eu-west-1"], None))


def _says_nothing(choices: Choices, settings: Settings) -> Doc | None:
    """A transfer of which nothing is said, but for what it is called."""
    way = sound.way(choices, settings)
    if way is None:
        return None
    document = transfers.transfer(choices, way)
    return {key: document[key] for key in ("apiVersion", "kind", "metadata")}


def _misspelt_kind(choices: Choices, settings: Settings) -> Doc | None:
    """A transfer to where the data may not be, by a kind that is nearly one."""
    way = sound.way(choices, settings)
    options = way and flaws.other_places(settings, way.classes[0])
    if way is None or not options:
        return None
    target = sound.spelt(choices, flaws.mistaken(choices, options))
    document = transfers.transfer(choices, replace(way, target=target, tenants=()))
    document["kind"] = choices.one_of(("Transfer", "TransferRequests", "EgressEvnt", "Egress"))
    return document


def _goes_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """A destination whose host tells another region than `to`."""
    way = sound.way(choices, settings)
    if way is None or not names.provider(names.place(way.target)):
        return None
    document = transfers.transfer(choices, way)
    others = [one for one in names.REGIONS if one != names.place(way.target)]
    near = [one for one in others if names.stem(one) == names.stem(names.place(way.target))]
    other = choices.one_of(choices.one_of((near or others, others)))
    transfers.body(document)["destination"] = choices.one_of(transfers.addresses(other))
    return document


def _goes_aside(choices: Choices, settings: Settings) -> Doc | None:
    """A destination in another region than `to`, where the class may be as well."""
    ways = [sound.way(choices, settings) for _ in range(_TRIES)]
    options = [
        (way, place)
        for way in ways
        if way is not None and names.provider(names.place(way.target))
        for place in permits.places(settings, way.classes)
        if names.provider(place) and place != names.place(way.target)
    ]
    if not options:
        return None
    way, place = choices.one_of(options)
    document = transfers.transfer(choices, way)
    transfers.body(document)["destination"] = choices.one_of(transfers.addresses(place))
    return document


def _goes_everywhere(choices: Choices, settings: Settings) -> Doc | None:
    """A destination that serves the world, where `to` is a region."""
    way = sound.way(choices, settings)
    if way is None or not names.provider(names.place(way.target)):
        return None
    lists = [permits.section(settings, "allowed_regions")[name] for name in way.classes]
    hosts = [one for one in transfers.WORLDWIDE if not all(covers(own, one) for own in lists)]
    if not hosts:
        return None
    document = transfers.transfer(choices, way)
    transfers.body(document)["destination"] = f"https://{choices.one_of(hosts)}/exports/1"
    return document


def _goes_wider(choices: Choices, settings: Settings) -> Doc | None:
    """A destination in a multi-region, of which `to` is a part."""
    ways = [sound.way(choices, settings) for _ in range(_TRIES)]
    wide = [way for way in ways if way is not None and _around(way.target)]
    if not wide:
        return None
    way = choices.one_of(wide)
    document = transfers.transfer(choices, way)
    place = choices.one_of(_around(way.target))
    transfers.body(document)["destination"] = f"projects/exports/locations/{place}/repositories/x"
    return document


def _around(region: str) -> list[str]:
    return [name for name, parts in names.SEVERAL.items() if names.place(region) in parts]


def _event_without(choices: Choices, settings: Settings) -> Doc | None:
    way = sound.way(choices, settings)
    if way is None:
        return None
    document = transfers.transfer(choices, way, ("EgressEvent",))
    del document[choices.one_of(("bytes", "destination", "time", "workload"))]
    return document


def _lapsed(choices: Choices, settings: Settings, *, out: bool) -> Way | None:
    """The way of an entry that excuses nothing; `out` of the regions of its class."""
    entries = [
        entry
        for entry in permits.pipelines(settings)
        if not permits.is_live(entry) and not _is_renewed(settings, entry)
    ]
    if out:
        entries = [entry for entry in entries if _leaves(settings, entry)]
    return sound.by(choices, choices.one_of(entries)) if entries else None


def _is_renewed(settings: Settings, entry: dict[str, Any]) -> bool:
    """Whether another entry of that pipeline holds."""
    return any(
        permits.is_live(other) and other["name"] == entry["name"]
        for other in permits.pipelines(settings)
    )


def _leaves(settings: Settings, entry: dict[str, Any]) -> bool:
    return names.place(entry["to"]) in flaws.other_places(settings, entry["data_class"])


def _lapsed_out(choices: Choices, settings: Settings) -> Doc | None:
    return _sent(choices, _lapsed(choices, settings, out=True))


def _lapsed_at_all(choices: Choices, settings: Settings) -> Doc | None:
    return _sent(choices, _lapsed(choices, settings, out=False))


def _misplaced(choices: Choices, settings: Settings) -> Doc | None:
    """A pipeline whose entry holds, and starts where its class may not be."""
    entries = [
        entry
        for entry in permits.pipelines(settings)
        if permits.is_live(entry)
        and names.place(entry["from"]) in flaws.other_places(settings, entry["data_class"])
    ]
    return _sent(choices, sound.by(choices, choices.one_of(entries)) if entries else None)


def _unlisted_out(choices: Choices, settings: Settings) -> Doc | None:
    way = sound.piped(choices, settings)
    if way is None or names.place(way.target) not in flaws.other_places(settings, way.classes[0]):
        return None
    return transfers.transfer(choices, replace(way, pipeline="nightly"))


EGRESS = Rule(
    "residency.egress_allowed",
    [_plain, _plain, _piped],
    [
        *(_ended(flaw, "source") for flaw in flaws.ABOUT_PLACES),
        *(_ended(flaw, "target") for flaw in flaws.ABOUT_PLACES),
        Broken("lacks", "a transfer without an end or a class", _spoiling(_lacks)),
        Broken("says-nothing", "a transfer that says nothing", _says_nothing),
        Broken("misspelt-kind", "a transfer by a misspelt kind", _misspelt_kind),
        Broken("odd-end", "an end whose region is no text", _spoiling(_odd)),
        *(Broken("extra-key", "a key that may hide a location", _spoiling(_stray)),) * 2,
        Broken("extra-key-aside", "such a key of an end, or beside", _spoiling(_stray_aside)),
        Broken("destination-elsewhere", "a destination in another region", _goes_elsewhere),
        Broken("destination-aside", "a destination in another permitted region", _goes_aside),
        Broken("destination-worldwide", "a destination of the whole world", _goes_everywhere),
        Broken("destination-wider", "a destination that spans more regions", _goes_wider),
        Broken("event-without", "an event that lacks a key", _event_without),
        Broken("pipeline-lapsed", "a pipeline that has expired, or is not assessed", _lapsed_out),
        Broken("pipeline-misplaced", "a pipeline from where the data may not be", _misplaced),
        Broken("pipeline-unlisted", "a pipeline that is not on the list", _unlisted_out),
    ],
)


def _crossing(choices: Choices, settings: Settings) -> Way | None:
    """A sound way between two places."""
    way = sound.way(choices, settings)
    return None if way is None or names.place(way.source) == names.place(way.target) else way


def _unlisted(choices: Choices, settings: Settings) -> Doc | None:
    way = _crossing(choices, settings) or sound.piped(choices, settings)
    if way is None:
        return None
    return transfers.transfer(choices, replace(way, pipeline="nightly"))


def _backwards(choices: Choices, settings: Settings) -> Doc | None:
    way = sound.piped(choices, settings)
    if way is None or _holds(settings, way, way.target, way.source):
        return None
    return transfers.transfer(choices, replace(way, source=way.target, target=way.source))


def _holds(settings: Settings, way: Way, source: str, target: str) -> bool:
    """Whether some entry of the pipeline is for that way."""
    ends = [names.place(source), names.place(target)]
    return any(
        entry["name"] == way.pipeline
        and [names.place(entry["from"]), names.place(entry["to"])] == ends
        for entry in permits.pipelines(settings)
    )


def _another_class(choices: Choices, settings: Settings) -> Doc | None:
    """A class that the pipeline does not carry, alone or beside the one that it does."""
    way = sound.piped(choices, settings)
    if way is None:
        return None
    carried = {
        entry["data_class"]
        for entry in permits.pipelines(settings)
        if entry["name"] == way.pipeline
    }
    others = [name for name in permits.classes(settings) if name not in carried]
    if not others:
        return None
    other = choices.one_of(others)
    classes = choices.one_of(((other,), (*way.classes, other)))
    return transfers.transfer(choices, replace(way, classes=classes))


def _further(choices: Choices, settings: Settings) -> Doc | None:
    """Where no entry of the pipeline leads."""
    way = sound.piped(choices, settings)
    if way is None:
        return None
    places = {names.place(way.source)}
    for entry in permits.pipelines(settings):
        places |= {names.place(entry["to"])} if entry["name"] == way.pipeline else set()
    target = choices.one_of([place for place in names.KNOWN if not covers(places, place)])
    return transfers.transfer(choices, replace(way, target=sound.spelt(choices, target)))


def _misnamed(choices: Choices, settings: Settings) -> Doc | None:
    way = sound.piped(choices, settings)
    if way is None or way.pipeline is None:
        return None
    known = [entry["name"] for entry in permits.pipelines(settings)]
    wrong: Any = flaws.misspelt(choices, way.pipeline, known)
    if once_in(choices, 3):
        wrong = choices.one_of((7, [way.pipeline], "", True))
    document = transfers.transfer(choices, way)
    transfers.body(document)["pipeline"] = wrong
    return document


PIPELINE = Rule(
    "residency.pipeline_allowlisted",
    [_piped, _piped, _within, _plain],
    [
        Broken("unlisted", "a pipeline that is not on the list", _unlisted),
        Broken("lapsed", "an entry that has expired, or lacks its answer", _lapsed_at_all),
        Broken("other-way", "the way back", _backwards),
        Broken("other-class", "a class that the pipeline does not carry", _another_class),
        Broken("other-target", "a region that the pipeline does not lead to", _further),
        Broken("misnamed", "a pipeline by another spelling, or no text", _misnamed),
    ],
)
