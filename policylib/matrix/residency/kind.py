"""The residency matrix: data classes by regions, for all that keeps data or sends it, by tenant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policylib.generate.choices import Choices
from policylib.generate.residency import names
from policylib.generate.residency.regions import meaning
from policylib.generate.sample import Doc, Sample, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.model import Dimension
from policylib.matrix.residency import inputs, oracle, previews, services

OTHER_CLASS = "(another class)"
NO_CLASS = "(no class)"
NO_TENANT = "(none)"
OTHER_TENANT = "(another tenant)"

STAYS = ("workload or request", "claim or volume", "Terraform")
ENDS = ("transfer to", "transfer from")
UNLISTED = "transfer to by a pipeline that is not listed"
OF_TENANTS = ("anything that stays", "transfer to or from")


@dataclass(frozen=True)
class Residency:
    """The kind; see `policylib.matrix.interface.Kind`."""

    name: str = "residency"
    title: str = "Where data may be, and where it may be sent"
    family: str = "residency"

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        """See `Kind.dimensions`."""
        labelled = list(services.cells(settings))
        rows = (
            *(*classes(settings), *previews.rows(settings)),
            *(at["data_class"] for at in labelled),
        )
        places = (*regions(settings), *_routed(settings))
        tenants = [NO_TENANT, *oracle.names(settings, "tenants"), OTHER_TENANT]
        what = (
            *(*STAYS, *ENDS, *_pipes(settings), UNLISTED, *_aside(settings), *OF_TENANTS),
            *(previews.WHAT, *(at["what"] for at in labelled)),
        )
        return (
            _axis("data_class", "Data class", tuple(dict.fromkeys(rows))),
            _axis("region", "Region", tuple(dict.fromkeys(places))),
            _axis("what", "What is asked about", tuple(dict.fromkeys(what))),
            _axis("tenant", "Tenant", tenants),
        )

    def cells(self, settings: Settings) -> Sequence[At]:
        """See `Kind.cells`.

        What says no class or region, or an unknown class, is asked about without pipelines and
        tenants; a pipeline about the classes of its entries and one more. For a tenant all that
        stays is one panel, both ends of a transfer are another, and of pipelines only those whose
        entries hold are asked about. Of previews a dataset stands in the place of the class, and of
        what runs by its labels a service or a key.
        """
        places = regions(settings)
        classed = [
            {"data_class": name, "region": region, "what": what, "tenant": tenant}
            for what, tenant, of in _panels(settings)
            for name in of
            for region in places
            if region != oracle.NO_REGION or (NO_CLASS in of and name != NO_CLASS)
        ]
        routed = [
            {"data_class": row, "region": region, "what": previews.WHAT, "tenant": NO_TENANT}
            for row in previews.rows(settings)
            for region in _routed(settings)
        ]
        labelled = [{**at, "tenant": NO_TENANT} for at in services.cells(settings)]
        return classed + routed + labelled

    def promised(self, settings: Settings, at: At) -> Word:
        """See `Kind.promised`."""
        if at["what"] == previews.WHAT:
            return previews.promised(settings, at)
        if services.is_asked(at["what"]):
            return services.promised(settings, at)
        for axis, nothing, what in _UNSAID:
            if at[axis] == nothing:
                return Word("deny", f"it does not say {what}")
        return _said(settings, at)

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        """See `Kind.sample`."""
        if at["what"] == previews.WHAT:
            return Sample(previews.sample(choices, settings, at))
        if services.is_asked(at["what"]):
            return Sample(services.sample(choices, settings, at))
        case = inputs.Case(
            settings=settings,
            data_class=_named(at["data_class"], OTHER_CLASS, NO_CLASS),
            region=_named(at["region"], oracle.ELSEWHERE, oracle.UNKNOWN, oracle.NO_REGION),
            tenant=_named(at["tenant"], OTHER_TENANT, NO_TENANT),
            says_class=at["data_class"] != NO_CLASS,
            says_region=at["region"] != oracle.NO_REGION,
            says_tenant=at["tenant"] != NO_TENANT,
            is_known=at["region"] != oracle.UNKNOWN,
        )
        what = at["what"]
        if what in OF_TENANTS:
            what = choices.one_of(STAYS if what == OF_TENANTS[0] else ENDS)
        if what in STAYS:
            return Sample(self._staying(choices, case, what, at))
        return Sample(_moving(choices, case, what))

    def _staying(self, choices: Choices, case: inputs.Case, what: str, at: At) -> Doc:
        if what == STAYS[0]:
            return inputs.running(choices, case)
        if what == STAYS[1]:
            return inputs.keeping(choices, case)
        return inputs.planned(choices, case, self._number(case.settings, at))

    def _number(self, settings: Settings, at: At) -> int:
        """How many cells of its panel, promise and provider stand before this one."""
        own, promise = _provider(at["region"]), self.promised(settings, at).promise
        found = 0
        for name in classes(settings):
            for region in regions(settings):
                other = {**at, "data_class": name, "region": region}
                if other == at:
                    return found
                if _provider(region) == own and self.promised(settings, other).promise == promise:
                    found += 1
        return found


def _said(settings: Settings, at: At) -> Word:
    """What is promised of data whose class and place are said."""
    tenant = None if at["tenant"] == NO_TENANT else at["tenant"]
    pipes = _pipes(settings)
    if at["what"] in pipes:
        pipeline, source = pipes[at["what"]]
        move = oracle.Move(pipeline, source, at["region"])
        return oracle.goes(settings, at["data_class"], tenant, move)
    if at["what"] in _aside(settings):
        return Word("deny", f"{_aside(settings)[at['what']]} has no entry from there")
    if at["what"] == UNLISTED:
        return Word("deny", "no entry has such a pipeline, and it leaves its region")
    return oracle.stays(settings, at["data_class"], tenant, at["region"])


def _moving(choices: Choices, case: inputs.Case, what: str) -> Doc:
    pipes, aside = _pipes(case.settings), _aside(case.settings)
    if what in pipes:
        return inputs.piped(choices, case, *pipes[what])
    if what in aside:
        return inputs.from_aside(choices, case, aside[what])
    if what == UNLISTED:
        return inputs.unlisted(choices, case)
    return inputs.sent(choices, case, is_target=what == ENDS[0])


def _provider(region: str) -> str:
    """Whose types of Terraform may be in a region: one provider's, anyone's, or what says none."""
    if region in {oracle.ELSEWHERE, oracle.UNKNOWN}:
        return "any"
    return region if region == oracle.NO_REGION else names.provider(region)


_UNSAID = (
    ("data_class", NO_CLASS, "of which class its data is"),
    ("region", oracle.NO_REGION, "where its data is"),
)


def classes(settings: Settings) -> tuple[str, ...]:
    """The classes that the settings have, others, and that none is said."""
    return (*oracle.names(settings, "allowed_regions"), OTHER_CLASS, NO_CLASS)


def regions(settings: Settings) -> tuple[str, ...]:
    """Every place that the settings name, others, names of no place, and that none is said."""
    return (*inputs.named(settings), oracle.ELSEWHERE, oracle.UNKNOWN, oracle.NO_REGION)


def _routed(settings: Settings) -> tuple[str, ...]:
    """The regions that previews are asked about."""
    found = previews.regions(settings, inputs.named(settings))
    elsewhere = [oracle.ELSEWHERE] if previews.elsewhere(settings) else []
    return (*found, *elsewhere, oracle.UNKNOWN)


def _named(value: str, *others: str) -> str | None:
    return None if value in others else value


def _axis(name: str, title: str, values: Sequence[str]) -> Dimension:
    return Dimension(name=name, title=title, values=tuple(values))


def _pipes(settings: Settings) -> dict[str, tuple[str, str]]:
    """The name and the start of each entry of pipelines, by what its panel is called."""
    found = {}
    for entry in oracle.pipelines(settings):
        name, source = entry.get("name"), entry.get("from")
        if isinstance(name, str) and isinstance(source, str):
            place = meaning(source) or source
            found[f"transfer to by {name} from {place}"] = (name, place)
    return found


def _aside(settings: Settings) -> dict[str, str]:
    """The name of each pipeline, by what the panel is called of where no entry starts."""
    pipelines = [name for name, _ in _pipes(settings).values()]
    return {f"transfer to by {name} from another place": name for name in pipelines}


def _panels(settings: Settings) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is asked about, whose it is, and the classes that are asked about there."""
    pipes = _pipes(settings)
    known = oracle.names(settings, "allowed_regions")
    for what in (*STAYS, *ENDS):
        yield what, NO_TENANT, classes(settings)
    yield UNLISTED, NO_TENANT, known
    for what, (name, source) in pipes.items():
        yield what, NO_TENANT, (*_carried(settings, name), *_beside(settings, name, source))
    for what, name in _aside(settings).items():
        yield what, NO_TENANT, _carried(settings, name)
    for tenant in (*oracle.names(settings, "tenants"), OTHER_TENANT):
        for what in OF_TENANTS:
            yield what, tenant, known
        for what, (name, _) in pipes.items():
            if any(map(oracle.is_live, _entries(settings, name))):
                yield what, tenant, _carried(settings, name)


def _entries(settings: Settings, pipeline: str) -> list[Mapping[str, Any]]:
    return [entry for entry in oracle.pipelines(settings) if entry.get("name") == pipeline]


def _beside(settings: Settings, pipeline: str, source: str) -> tuple[str, ...]:
    """A class that a pipeline does not carry, one that may be where it starts if possible."""
    carried = _carried(settings, pipeline)
    others = [name for name in oracle.names(settings, "allowed_regions") if name not in carried]
    near = [one for one in others if oracle.stays(settings, one, None, source).promise == "allow"]
    return tuple((near or others)[:1])


def _carried(settings: Settings, pipeline: str) -> tuple[str, ...]:
    """The classes that a pipeline has an entry for."""
    carried = [entry.get("data_class") for entry in _entries(settings, pipeline)]
    return tuple(name for name in oracle.names(settings, "allowed_regions") if name in carried)


KIND = Residency()
"""The residency matrix."""
