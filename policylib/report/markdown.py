"""Markdown for a comment on a pull request or the summary of a job: the verdict first.

What others wrote stands as code. The whole stays within what a comment may hold; what is left out
is counted where it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policylib.models import (
    Enforcement,
    ListedException,
    Problem,
    Report,
    Rule,
    Severity,
    Skipped,
    Violation,
)
from policylib.report.interface import DEFAULTS, Options
from policylib.report.links import pages, relative, uri
from policylib.report.markup import cell, code
from policylib.report.plain import count
from policylib.report.summary import granted, summary

LIMIT: Final = 60_000
"""Bytes. GitHub takes comments of 65,536 characters; a little is left for the reader's own."""

_ALL: Final = "`rc check --format json` lists all."
_ALL_LEFT: Final = f"It is too long to be shown: {_ALL}"
_LONGEST_LINK: Final = 1_000
_STEPS: Final = ((200, 100), (50, 100), (20, 100), (10, 50), (5, 30), (2, 20), (1, 10), (1, 3))
"""Rows of a table and tables of rules, ever fewer until it all fits."""
_ORDER: Final = (Enforcement.DENY, Enforcement.WARN, Enforcement.LOG)
_SEVERITIES: Final = tuple(Severity)
_WORDS: Final = {
    Enforcement.DENY: "Denied",
    Enforcement.WARN: "Warned",
    Enforcement.LOG: "Logged",
}


@dataclass(frozen=True)
class _Table:
    """A heading, what is said below it, and rows that are only written when they are shown."""

    heading: str
    columns: tuple[str, ...]
    items: Sequence[Any]
    row: Callable[[Any], tuple[str, ...]]
    said: tuple[str, ...] = ()

    def lines(self, most: int) -> Iterator[str]:
        yield from (self.heading, "")
        for sentence in self.said:
            yield from (sentence, "")
        yield f"| {' | '.join(self.columns)} |"
        yield "|" + " --- |" * len(self.columns)
        for item in self.items[:most]:
            yield f"| {' | '.join(self.row(item))} |"
        if (left := len(self.items) - most) > 0:
            yield from ("", f"… and {left} more: {_ALL}")
        yield ""


def write(report: Report, rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write as much as fits."""
    writer = _Writer(report, rules, options)
    texts = (_joined(writer.lines(rows, groups)) for rows, groups in _STEPS)
    return next((text for text in texts if text), f"{writer.head()}\n{_ALL_LEFT}\n")


def _joined(lines: Iterable[str]) -> str:
    """Join lines; nothing, and no more work, when they are too many."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > LIMIT:
            return ""
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


class _Writer:
    def __init__(self, report: Report, rules: Mapping[str, Rule], options: Options) -> None:
        self._report = report
        self._rules = rules
        self._options = options
        self._before = [self._errors()]
        self._groups = self._rule_tables()
        self._after = [self._excepted(), self._idle(), self._notes(), self._skipped()]

    def lines(self, rows: int, groups: int) -> Iterator[str]:
        """All of it, with so many rows a table and so many tables of rules."""
        yield self.head()
        for table in (*self._before, *self._groups[:groups]):
            yield from table.lines(rows) if table.items else ()
        if left := self._groups[groups:]:
            of = count(sum(len(table.items) for table in left), "violation")
            yield f"… and {count(len(left), 'more table')} of {of}: {_ALL}"
            yield ""
        for table in self._after:
            yield from table.lines(rows) if table.items else ()

    def head(self) -> str:
        """The verdict, the counts, and by what it was judged."""
        report = self._report
        lines = [f"### policylib: {_verdict(report)}", "", summary(report), ""]
        if report.unconfigured:
            lines += [f"Not configured: {code(', '.join(report.unconfigured))}", ""]
        under = f", environment {code(report.environment)}" if report.environment else ""
        by = f"policylib {code(report.version)}, {code(report.engine)}"
        lines += [f"By {by}, revision {code(report.revision)}{under}.", ""]
        return "\n".join(lines)

    def _errors(self) -> _Table:
        return _Table(
            f"#### Could not be checked ({len(self._report.errors)})",
            ("where", "what"),
            self._report.errors,
            self._error,
        )

    def _error(self, problem: Problem) -> tuple[str, ...]:
        return self._place(problem.file, problem.line), cell(problem.message)

    def _rule_tables(self) -> list[_Table]:
        """A table for each rule and what it does; what is to be done is said once for all."""
        groups: dict[tuple[Enforcement, str, str], list[Violation]] = {}
        for one in self._report.violations:
            if one.enforcement is not Enforcement.EXCEPTED:
                groups.setdefault((one.enforcement, one.rule, one.remediation), []).append(one)
        ordered = sorted(groups.items(), key=lambda item: _rank(*item))
        return [
            self._rule_table(_WORDS[enforcement], rule, remediation, found)
            for (enforcement, rule, remediation), found in ordered
        ]

    def _rule_table(
        self, word: str, rule: str, remediation: str, found: Sequence[Violation]
    ) -> _Table:
        known = self._rules.get(rule)
        said = [f"**What it asks for:** {code(known.title)}"] if known else []
        if remediation:
            said.append(f"**What to do:** {code(remediation)}")
        if known and (links := pages(known)):
            said.append(f"**More:** <{links[0]}>")
        heading = f"#### {word}: {code(rule)} ({len(found)})"
        return _Table(
            heading, ("where", "what", "in"), found, self._violation, tuple(filter(None, said))
        )

    def _violation(self, one: Violation) -> tuple[str, ...]:
        return self._place(one.file, one.line), cell(one.message), cell(str(one.resource))

    def _excepted(self) -> _Table:
        found = [v for v in self._report.violations if v.enforcement is Enforcement.EXCEPTED]
        columns = ("where", "rule", "what", "in", "excepted")
        return _Table(f"#### Excepted ({len(found)})", columns, found, self._covered)

    def _covered(self, one: Violation) -> tuple[str, ...]:
        place, what, resource = self._violation(one)
        why = cell(granted(one.exception)) if one.exception else ""
        return place, cell(one.rule), what, resource, why

    def _idle(self) -> _Table:
        found = [one for one in self._report.exceptions if one.state != "used"]
        columns = ("state", "rule", "target", "granted")
        return _Table(f"#### Exceptions of no use ({len(found)})", columns, found, _idle)

    def _notes(self) -> _Table:
        notes = self._report.notes
        return _Table(f"#### Notes ({len(notes)})", ("note",), notes, lambda note: (cell(note),))

    def _skipped(self) -> _Table:
        found = self._report.skipped if self._options.verbose else ()
        return _Table(f"#### Skipped ({len(found)})", ("where", "why"), found, self._skip)

    def _skip(self, skipped: Skipped) -> tuple[str, ...]:
        named = f"{relative(skipped.file, self._options.root)} (document {skipped.document})"
        return cell(named), cell(skipped.reason)

    def _place(self, file: str, line: int) -> str:
        """A file and line, linked where the link leads somewhere."""
        name = cell(f"{relative(file, self._options.root)}:{line}")
        link = uri(file, self._options.root)
        if file in self._options.texts or link.startswith("file:") or len(link) > _LONGEST_LINK:
            return name
        return f"[{name}]({self._options.blob}{link}#L{line})"


def _verdict(report: Report) -> str:
    if report.errors:
        return "failed, not everything could be checked"
    if report.denials:
        return f"failed, {count(len(report.denials), 'violation')} denied"
    return "passed, nothing is denied"


def _rank(group: tuple[Enforcement, str, str], found: Sequence[Violation]) -> tuple[Any, ...]:
    """What fails the check first, and the worst of that: it is the last to be left out."""
    enforcement, rule, remediation = group
    worst = max(_SEVERITIES.index(one.severity) for one in found)
    return _ORDER.index(enforcement), -worst, rule, remediation


def _idle(one: ListedException) -> tuple[str, ...]:
    return one.state, cell(one.rule), cell(str(one.target)), cell(granted(one))
