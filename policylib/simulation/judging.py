"""What there is to judge, in batches: files, parts of a dump, recorded decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from policylib.engine.interface import Failure
from policylib.errors import EngineError
from policylib.evaluate import Policy
from policylib.inputs.interface import Collection, Source
from policylib.models import Enforcement, PolicyException, Problem, Resource, Violation
from policylib.simulation import dumps, services
from policylib.simulation.decisions import RESIDENCY, Entry

ENTRIES = 2000
"""Recorded decisions of a batch."""
PARTS = 4
"""Parts of a dump of a batch."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Judged:
    """What a policy finds in a batch."""

    violations: Sequence[Violation] = ()
    problems: Sequence[Problem] = ()
    documents: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Home:
    """Where a violation of a batch stands for a reader, and how often it was decided."""

    file: str
    document: int
    line: int
    path: str
    occurrences: int = 1
    decisions: tuple[str, ...] = ()


class Batch(Protocol):
    """Something that both policies judge."""

    @property
    def weight(self) -> int:
        """How many steps of progress it is."""

    @property
    def files(self) -> int:
        """How many files begin with it."""

    @property
    def unseen(self) -> bool:
        """Whether the old policy leaves it out, so that it denies nothing of it."""

    def judge(self, policy: Policy, tell: Tell) -> Judged:
        """Ask a policy; raises `EngineError` when it gives no answer at all."""

    def services(
        self, reader: services.Reader, violations: Sequence[Violation]
    ) -> services.Services:
        """The services that the resources behind these violations name."""

    def home(self, violation: Violation) -> Home:
        """Where a violation stands."""

    def problem(self, problem: Problem) -> Problem:
        """A problem, where it stands."""


@dataclass(frozen=True)
class Files:
    """Files, charts and text, as `rc check` takes them."""

    collection: Collection
    allow_empty: bool = False
    unseen: bool = False

    @property
    def weight(self) -> int:
        """See `Batch`."""
        return len(self.collection.sources)

    @property
    def files(self) -> int:
        """See `Batch`."""
        return len(self.collection.sources)

    def judge(self, policy: Policy, tell: Tell) -> Judged:
        """See `Batch`."""
        report = policy.check_collection(
            self.collection, allow_empty=self.allow_empty, progress=tell
        )
        return Judged(report.violations, report.errors, report.documents, len(report.skipped))

    def services(
        self, reader: services.Reader, violations: Sequence[Violation]
    ) -> services.Services:
        """See `Batch`."""
        return reader.of_sources(self.collection.sources, violations)

    def home(self, violation: Violation) -> Home:
        """See `Batch`."""
        one = violation
        return Home(one.file, one.document, one.line, one.path)

    def problem(self, problem: Problem) -> Problem:
        """See `Batch`."""
        return problem


@dataclass(frozen=True)
class Parts:
    """Some parts of a dump, each read as an array: its documents are items of the list."""

    file: str
    parts: Mapping[str, dumps.Part]
    files: int
    unseen: bool = False

    @property
    def weight(self) -> int:
        """See `Batch`."""
        return len(self.parts)

    @property
    def _sources(self) -> tuple[Source, ...]:
        return tuple(Source(name, part.text) for name, part in self.parts.items())

    def judge(self, policy: Policy, tell: Tell) -> Judged:
        """See `Batch`; what is no object of Kubernetes is a problem, since a List holds no else."""
        report = policy.check_collection(Collection((self.file,), self._sources), progress=tell)
        problems = [*report.errors]
        for one in report.skipped:
            message = f"this item of the list cannot be judged: {one.reason}"
            problems.append(
                Problem(file=one.file, line=1, column=1, document=one.document, message=message)
            )
        return Judged(report.violations, problems, report.documents)

    def services(
        self, reader: services.Reader, violations: Sequence[Violation]
    ) -> services.Services:
        """See `Batch`."""
        return reader.of_sources(self._sources, violations)

    def home(self, violation: Violation) -> Home:
        """See `Batch`."""
        part = self.parts[violation.file]
        path = f"/items/{part.item + violation.document}{violation.path}"
        return Home(self.file, 0, part.line + violation.line, path)

    def problem(self, problem: Problem) -> Problem:
        """See `Batch`."""
        part = self.parts[problem.file]
        where = "" if problem.document is None else f"item {part.item + problem.document}: "
        return problem.model_copy(
            update={
                "file": self.file,
                "line": part.line + problem.line,
                "document": 0,
                "message": f"{where}{problem.message}",
            }
        )


def parts_of(dump: dumps.Dump, *, unseen: bool = False) -> Iterator[Parts]:
    """A dump in batches; raises `InputError` when the file cannot be read."""
    parts, files = dump.read(), 1
    while some := list(islice(parts, PARTS)):
        named = {f"{dump.file}#{part.item}.json": part for part in some}
        yield Parts(dump.file, named, files, unseen)
        files = 0


@dataclass(frozen=True)
class Decisions:
    """Recorded decisions; the document of a violation is the number of its entry here."""

    entries: Sequence[Entry]
    problems: Sequence[Problem] = ()
    files: int = 0
    unseen: bool = False

    @property
    def weight(self) -> int:
        """See `Batch`."""
        return len(self.entries)

    def judge(self, policy: Policy, tell: Tell) -> Judged:
        """See `Batch`."""
        violations: list[Violation] = []
        problems = list(self.problems)
        for rule in sorted({entry.rule for entry in self.entries}):
            chosen = [(n, entry) for n, entry in enumerate(self.entries) if entry.rule == rule]
            answers = policy.engine.evaluate(rule, [entry.given for _, entry in chosen])
            for (number, entry), answer in zip(chosen, answers, strict=True):
                if isinstance(answer, Failure):
                    problems.append(_problem(entry, number, answer.message))
                elif rule == RESIDENCY and "residency" in policy.unconfigured:
                    problems.append(_problem(entry, number, "residency is not configured"))
                else:
                    violations += _violations(policy, entry, number, answer.value)
        tell(self.weight, self.weight)
        return Judged(violations, problems, len(self.entries))

    def services(
        self, reader: services.Reader, violations: Sequence[Violation]
    ) -> services.Services:
        """See `Batch`."""
        found: dict[tuple[str, int, str], str] = {}
        for file in sorted({one.file for one in violations}):
            numbers = sorted({one.document for one in violations if one.file == file})
            reviews = {number: self.entries[number].review for number in numbers}
            found |= reader.of_objects(file, reviews)
        return found

    def home(self, violation: Violation) -> Home:
        """See `Batch`."""
        entry = self.entries[violation.document]
        path, decisions = violation.path, tuple(entry.decisions)
        return Home(entry.file, violation.document, entry.line, path, entry.occurrences, decisions)

    def problem(self, problem: Problem) -> Problem:
        """See `Batch`."""
        return problem


def decisions_in(
    entries: Sequence[Entry], problems: Sequence[Problem], files: int
) -> Iterator[Decisions]:
    """Recorded decisions in batches; the first tells the problems of all logs."""
    for start in range(0, max(len(entries), 1), ENTRIES):
        some = entries[start : start + ENTRIES]
        yield Decisions(some, problems, files) if start == 0 else Decisions(some)


def _problem(entry: Entry, number: int, message: str) -> Problem:
    name = f"the decision {entry.decisions[0]}: " if entry.decisions else ""
    return Problem(
        file=entry.file, line=entry.line, column=1, document=number, message=f"{name}{message}"
    )


def _violations(policy: Policy, entry: Entry, number: int, said: object) -> Iterator[Violation]:
    try:
        if not isinstance(said, list):
            raise TypeError("it is not a set")
        for raw in said:
            yield _violation(policy, entry, number, raw)
    except (KeyError, ValueError, TypeError) as error:
        what = f"the decision holds something that is no violation: {error}"
        raise EngineError(what, where=f"{entry.file}:{entry.line}") from error


def _violation(policy: Policy, entry: Entry, number: int, raw: dict[str, Any]) -> Violation:
    rule = policy.rules.rules[raw["rule"]]
    level = Enforcement(raw["enforcement"])
    excepted = level is Enforcement.EXCEPTED
    return Violation.model_construct(
        rule=rule.id,
        severity=rule.severity,
        enforcement=level,
        message=raw["msg"],
        remediation=rule.remediation,
        file=entry.file,
        document=number,
        line=entry.line,
        column=1,
        path=raw["path"],
        resource=Resource.model_validate(raw["resource"]),
        details=raw["details"],
        exception=PolicyException.model_validate(raw["exception"]) if excepted else None,
    )
