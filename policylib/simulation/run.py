"""Two policies over the same input: what changes, for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policylib.errors import InputError
from policylib.models import Problem
from policylib.simulation import compare, services
from policylib.simulation.compare import Outcome, Pair
from policylib.simulation.judging import Batch, Home, Judged
from policylib.simulation.model import Change, Group, Groups, Recorded, Simulation, Unjudged
from policylib.simulation.policies import Named
from policylib.version import __version__

Workload = tuple[str, ...]
"""What tells one workload from another."""


def simulate(
    old: Named | None,
    new: Named,
    batches: Iterable[Batch],
    *,
    recorded: Recorded | None = None,
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """Judge every batch by both policies and say what differs.

    Without `old` nothing is denied today. `progress` is told how many steps are done, of which a
    batch has its weight, twice with `old`. Raises `EngineError` when an engine as a whole fails,
    and `InputError` when a file cannot be read.
    """
    run = _Run(old, new, progress)
    for batch in batches:
        run.add(batch)
    return run.outcome(recorded)


@dataclass
class _Run:
    """What was found up to now."""

    old: Named | None
    new: Named
    progress: Callable[[int], None] | None
    changes: defaultdict[Outcome, list[Change]] = field(default_factory=lambda: defaultdict(list))
    errors: list[Unjudged] = field(default_factory=list)
    documents: int = 0
    skipped: int = 0
    files: int = 0
    done: int = 0

    @cached_property
    def catalog(self) -> services.Catalog:
        old = self.old.policy.settings.catalog if self.old else None
        return services.Catalog({**(old or {}), **(self.new.policy.settings.catalog or {})})

    @cached_property
    def reader(self) -> services.Reader:
        return services.Reader(self.new.policy.data)

    def add(self, batch: Batch) -> None:
        """Judge a batch by both policies; what the old one never sees it does not deny."""
        old = None if batch.unseen else self.old
        before = Judged() if old is None else self._judge(batch, old)
        after = self._judge(batch, self.new)
        if old is not None:
            _require_same(before, after)
        problems: list[Problem] = [*before.problems, *after.problems]
        paired = compare.pairs(
            compare.judged(before.violations, problems), compare.judged(after.violations, problems)
        )
        differing = [pair for pair in paired if pair.outcome != "same"]
        self._keep(batch, differing)
        for one in compare.unjudged(before.problems, after.problems):
            self.errors.append(Unjudged(**{**dict(batch.problem(one)), "side": one.side}))
        self.documents += after.documents
        self.skipped += after.skipped
        self.files += batch.files

    def _judge(self, batch: Batch, side: Named) -> Judged:
        start = self.done

        def tell(step: int, _total: int) -> None:
            if self.progress is not None:
                self.progress(start + step)

        judged = batch.judge(side.policy, tell)
        self.done += batch.weight
        return judged

    def _keep(self, batch: Batch, pairs: Sequence[Pair]) -> None:
        if not pairs:
            return
        named = batch.services(self.reader, [pair.violation for pair in pairs])
        for pair in pairs:
            change = _change(pair, batch.home(pair.violation), named, self.catalog)
            self.changes[pair.outcome].append(change)

    def outcome(self, recorded: Recorded | None) -> Simulation:
        """Everything that was found."""
        changes = self.changes
        before = {workload(one) for name in _DENIED_BEFORE for one in changes[name]}
        stopped = {workload(one) for one in changes["newly_denied"]} - before
        return Simulation(
            version=__version__,
            old=None if self.old is None else self.old.side,
            new=self.new.side,
            files=self.files,
            documents=self.documents,
            skipped=self.skipped,
            recorded=recorded,
            stopped=len(stopped),
            groups=Groups(
                rules=tuple(_groups(changes, lambda change: change.rule)),
                teams=tuple(_groups(changes, lambda change: change.team)),
                tiers=tuple(_groups(changes, lambda change: change.tier)),
            ),
            errors=tuple(self.errors),
            newly_denied=_ordered(changes["newly_denied"]),
            newly_allowed=_ordered(changes["newly_allowed"]),
            changed=_ordered(changes["changed"]),
            still_denied=_ordered(changes["still_denied"]),
            notes=tuple(_notes(self.old)),
        )


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    def place(one: Change) -> tuple[object, ...]:
        return one.file, one.document, one.line, one.column, one.rule, one.path, one.message

    return tuple(sorted(changes, key=place))


def _require_same(before: Judged, after: Judged) -> None:
    """What changes on the disk between two evaluations is compared with something else."""
    if before.problems or after.problems:
        return
    if (before.documents, before.skipped) != (after.documents, after.skipped):
        raise InputError("the input changed while it was judged", remedy="run it again")


def _change(pair: Pair, home: Home, named: services.Services, catalog: services.Catalog) -> Change:
    violation = pair.violation
    service = services.service_of(violation, named)
    return Change.model_construct(
        rule=violation.rule,
        severity=violation.severity,
        before=compare.level(pair.before),
        after=compare.level(pair.after),
        message=violation.message,
        file=home.file,
        document=home.document,
        line=home.line,
        column=violation.column,
        path=home.path,
        resource=violation.resource,
        service=service,
        team=catalog.team(service, violation.resource.namespace),
        tier=catalog.tier(service),
        occurrences=home.occurrences,
        decisions=home.decisions,
    )


def workload(change: Change) -> Workload:
    """What tells the workload of a change from others: its names, else its place."""
    resource = change.resource
    if resource.name:
        names = (resource.api_version, resource.kind, resource.namespace, resource.name)
        return (change.file, *names)
    return (change.file, str(change.document), services.resource_of(change.path))


_DENIED_BEFORE: tuple[Outcome, ...] = ("newly_allowed", "still_denied")
_COUNTED: tuple[Outcome, ...] = ("newly_denied", *_DENIED_BEFORE)


def _groups(
    changes: defaultdict[Outcome, list[Change]], key: Callable[[Change], str]
) -> Iterator[Group]:
    counts = {name: Counter(map(key, changes[name])) for name in _COUNTED}
    workloads: defaultdict[str, set[Workload]] = defaultdict(set)
    for one in changes["newly_denied"]:
        workloads[key(one)].add(workload(one))
    names = {name for counter in counts.values() for name in counter}
    groups = [
        Group(
            name=name,
            workloads=len(workloads[name]),
            newly_denied=counts["newly_denied"][name],
            newly_allowed=counts["newly_allowed"][name],
            still_denied=counts["still_denied"][name],
        )
        for name in names
    ]
    yield from sorted(
        groups, key=lambda one: (-one.workloads, -one.newly_denied, -one.still_denied, one.name)
    )


def _notes(old: Named | None) -> Iterator[str]:
    """What could make the old policy seem stricter than what is enforced."""
    if old is None or old.policy.environment is not None:
        return
    if old.policy.settings.enforcement:
        names = ", ".join(old.policy.settings.enforcement)
        yield (
            f"{old.settings} has environments ({names}) and --old-env names none: "
            "the old policy is judged at its strictest"
        )
