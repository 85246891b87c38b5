"""Sentences and tables about a simulation, the same for a terminal and for Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policylib.report.plain import count
from policylib.simulation.model import Change, Group, Side, Simulation
from policylib.simulation.run import workload

WORST = 10
"""Workloads that are shown unless all are asked for."""

HEADS = ("workloads", "newly denied", "newly allowed", "still denied")


@dataclass(frozen=True)
class Workload:
    """A workload and what would be denied of it."""

    name: str
    changes: tuple[Change, ...]

    @property
    def place(self) -> str:
        """Where it stands."""
        first = self.changes[0]
        return f"{first.file}:{first.line}"

    @property
    def owner(self) -> str:
        """Whose it is."""
        first = self.changes[0]
        return f"{first.team}, tier {first.tier}"

    @property
    def occurrences(self) -> int:
        """How often it was decided about, where that was recorded."""
        seen = {(one.file, one.document): one.occurrences for one in self.changes}
        return sum(seen.values())


def workloads(changes: Iterable[Change]) -> list[Workload]:
    """The workloads of changes, those with the most first."""
    found: defaultdict[tuple[str, ...], list[Change]] = defaultdict(list)
    for change in changes:
        found[workload(change)].append(change)
    named = [Workload(str(ones[0].resource) or "object", tuple(ones)) for ones in found.values()]
    return sorted(
        named, key=lambda one: (-len(one.changes), one.changes[0].file, one.changes[0].line)
    )


def side(one: Side | None) -> str:
    """What a policy was called."""
    if one is None:
        return "nothing is enforced"
    rules = f", rules {one.rules}" if one.rules else ""
    environment = f"environment {one.environment}" if one.environment else "the strictest"
    return f"{one.settings}{rules} ({environment})"


def tables(simulation: Simulation) -> Iterator[tuple[str, Sequence[Group]]]:
    """The groups, with what they are by."""
    groups = simulation.groups
    yield "rule", groups.rules
    yield "team", groups.teams
    yield "tier", groups.tiers


def figures(group: Group) -> tuple[int, int, int, int]:
    """The numbers of a group, in the order of `HEADS`."""
    return group.workloads, group.newly_denied, group.newly_allowed, group.still_denied


def verdict(simulation: Simulation) -> str:
    """What the new policy would do, in a sentence."""
    denied = len(simulation.newly_denied)
    if not denied:
        judged = "Nothing that could be judged" if simulation.errors else "Nothing that runs today"
        return f"{judged} would be denied."
    touched = len(workloads(simulation.newly_denied))
    stopped = simulation.stopped
    failing = touched - stopped
    fail = "fails" if failing == 1 else "fail"
    rest = f"; {failing} of them {fail} today too" if failing else ""
    would = f"{count(denied, 'violation')} in {count(touched, 'workload')} would be denied"
    return f"{would} that {'is' if denied == 1 else 'are'} not today{rest}."


def summary(simulation: Simulation) -> str:
    """What was judged and what came of it."""
    what = f"{count(simulation.documents, 'document')} in {count(simulation.files, 'file')}"
    parts = (
        f"{len(simulation.newly_denied)} newly denied",
        f"{len(simulation.newly_allowed)} newly allowed",
        f"{len(simulation.changed)} otherwise changed",
        f"{len(simulation.still_denied)} still denied",
        count(len(simulation.errors), "error"),
    )
    skipped = f" ({simulation.skipped} skipped)" if simulation.skipped else ""
    return f"Judged {what}: {', '.join(parts)}{skipped}."


def remarks(simulation: Simulation) -> Iterator[str]:
    """What else a reader has to know."""
    recorded = simulation.recorded
    if recorded is not None:
        others = f", {recorded.others} not about policylib's rules" if recorded.others else ""
        gone = f", {recorded.deletions} of deletions" if recorded.deletions else ""
        yield (
            f"Of {count(recorded.entries, 'recorded decision')}: "
            f"{count(recorded.distinct, 'distinct object')}{gone}{others}."
        )
    if simulation.errors:
        yield "What could not be judged is not compared: nothing says that it is safe."
    for name, one in (("old", simulation.old), ("new", simulation.new)):
        if one is not None and one.unconfigured:
            families = ", ".join(one.unconfigured)
            yield f"Not configured by the {name} policy, so not asked: {families}."
    yield from simulation.notes
