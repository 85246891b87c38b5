"""What a simulation finds: the shapes that cross policylib's edges."""

from __future__ import annotations

from typing import Literal

from policylib.models import Enforcement, Model, Problem, Resource, Severity

UNKNOWN = "unknown"
"""Stands for a team or a tier that nothing names."""


class Side(Model):
    """One of the two policies: what was named, and a digest of the rules and settings behind it.

    `rules` is empty for the rules that travel with policylib; `environment` is absent where the
    strictest holds. `unconfigured` names the families that were not asked.
    """

    settings: str
    rules: str = ""
    environment: str | None = None
    revision: str
    unconfigured: tuple[str, ...] = ()


class Change(Model):
    """One violation, and what the two policies do about it; absent where one finds none.

    `line` and `column` count from 1, `document` from 0; `path` is a JSON pointer into the
    document. Of recorded decisions `occurrences` counts those about this very object, and
    `decisions` holds the ids of the first of them.
    """

    rule: str
    severity: Severity
    before: Enforcement | None
    after: Enforcement | None
    message: str
    file: str
    document: int
    line: int
    column: int
    path: str
    resource: Resource
    service: str
    team: str
    tier: str
    occurrences: int = 1
    decisions: tuple[str, ...] = ()


class Group(Model):
    """What changes for one rule, team or tier.

    `workloads` counts those with at least one newly denied violation; the others count
    violations.
    """

    name: str
    workloads: int
    newly_denied: int
    newly_allowed: int
    still_denied: int


class Groups(Model):
    """The same violations by rule, by team and by tier; the largest group first."""

    rules: tuple[Group, ...] = ()
    teams: tuple[Group, ...] = ()
    tiers: tuple[Group, ...] = ()


class Unjudged(Problem):
    """Something that a policy could not judge, so that nothing says whether it is safe."""

    side: Literal["old", "new", "both"]


class Recorded(Model):
    """What decision logs held.

    `entries` counts all decisions, `distinct` the objects that were judged, `deletions` those
    that run nothing, and `others` the decisions about something that is not policylib's.
    """

    entries: int = 0
    distinct: int = 0
    deletions: int = 0
    others: int = 0


class Simulation(Model):
    """What the new policy does to all that the old one judges.

    `old` is absent where nothing is enforced today. `newly_denied` runs today and would be
    denied; `newly_allowed` is the other way round; `changed` has another level, and neither
    denies it; `still_denied` is denied by both. `stopped` counts the workloads in which the old
    policy denies nothing and the new one something.
    """

    version: str
    old: Side | None
    new: Side
    files: int
    documents: int
    skipped: int
    recorded: Recorded | None = None
    stopped: int
    groups: Groups
    errors: tuple[Unjudged, ...] = ()
    newly_denied: tuple[Change, ...] = ()
    newly_allowed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    still_denied: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 nothing is newly denied, 1 something is, 2 something could not be judged."""
        if self.errors:
            return 2
        return 1 if self.newly_denied else 0
