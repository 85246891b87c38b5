"""Text for people: the place, the rule, the message, the line, and what to do.

What an exception covers is a line, and stands first: nobody has to do anything about it today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policylib.models import (
    Enforcement,
    ListedException,
    Problem,
    Report,
    Rule,
    Skipped,
    Violation,
)
from policylib.report.interface import DEFAULTS, Options
from policylib.report.plain import escape
from policylib.report.snippet import Snippet, snippets
from policylib.report.summary import granted, remarks, summary

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "bad": "\x1b[1;31m",
    "good": "\x1b[1;32m",
    Enforcement.DENY: "\x1b[1;31m",
    Enforcement.WARN: "\x1b[1;33m",
    Enforcement.LOG: "\x1b[1;34m",
    Enforcement.EXCEPTED: "\x1b[1;36m",
    "help": "\x1b[36m",
}

Paint = Callable[[str, str], str]
Find = Callable[[str, int, int], Snippet | None]


def write(report: Report, _rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write the report for a terminal; violations carry all that it needs."""
    paint = _colored if options.color else _plain
    find = snippets(options.texts)
    blocks = ["\n".join(lines) for lines in _lists(report, paint, options) if lines]
    excepted = Enforcement.EXCEPTED
    blocks += [_violation(v, paint, find) for v in report.violations if v.enforcement != excepted]
    blocks += [_problem(p, paint, find) for p in report.errors]
    if options.verbose and report.skipped:
        blocks.append("\n".join(_skipped(s, paint) for s in report.skipped))
    if options.summary:
        verdict = paint("good" if report.allowed else "bad", summary(report))
        blocks.append("\n".join([verdict, *(escape(line) for line in remarks(report))]))
    return "".join(block + "\n\n" for block in blocks[:-1]) + "".join(
        block + "\n" for block in blocks[-1:]
    )


def _lists(report: Report, paint: Paint, options: Options) -> Iterator[list[str]]:
    """What takes a line each: notes, exceptions of no use, and what the others cover."""
    yield [f"{paint(Enforcement.WARN, 'note')}: {escape(note)}" for note in report.notes]
    if options.verbose:
        yield [_listed(one, paint) for one in report.exceptions if one.state != "used"]
    covered = (v for v in report.violations if v.enforcement is Enforcement.EXCEPTED)
    yield [_excepted(v, paint) for v in covered]


def _colored(style: str, text: str) -> str:
    return f"{_STYLES[style]}{text}{_RESET}"


def _plain(_style: str, text: str) -> str:
    return text


def _violation(violation: Violation, paint: Paint, find: Find) -> str:
    place = paint("bold", _place(violation.file, violation.line, violation.column))
    verdict = paint(violation.enforcement, f"{violation.enforcement}[{escape(violation.rule)}]")
    lines = [f"{place}: {verdict}: {escape(violation.message)}"]
    lines += _source(find(violation.file, violation.line, violation.column), violation.line, paint)
    if resource := str(violation.resource):
        lines.append(f"  {paint('dim', 'in:')} {escape(resource)}")
    if violation.remediation:
        lines.append(f"  {paint('help', 'help:')} {escape(violation.remediation)}")
    return "\n".join(lines)


def _excepted(violation: Violation, paint: Paint) -> str:
    place = paint("bold", _place(violation.file, violation.line, violation.column))
    verdict = paint(violation.enforcement, f"{violation.enforcement}[{escape(violation.rule)}]")
    why = f" ({granted(violation.exception)})" if violation.exception else ""
    return f"{place}: {verdict}: {escape(violation.message)}{why}"


def _listed(one: ListedException, paint: Paint) -> str:
    named = f"exception[{escape(one.rule)}]"
    return f"{paint('bold', one.state)}: {named}: {escape(str(one.target))} ({granted(one)})"


def _problem(problem: Problem, paint: Paint, find: Find) -> str:
    place = paint("bold", _place(problem.file, problem.line, problem.column))
    lines = [f"{place}: {paint('bad', 'error')}: {escape(problem.message)}"]
    lines += _source(find(problem.file, problem.line, problem.column), problem.line, paint)
    return "\n".join(lines)


def _skipped(skipped: Skipped, paint: Paint) -> str:
    place = f"{escape(skipped.file)} (document {skipped.document})"
    return f"{place}: {paint('dim', 'skipped')}: {escape(skipped.reason)}"


def _place(file: str, line: int, column: int) -> str:
    return f"{escape(file)}:{line}:{column}"


def _source(snippet: Snippet | None, line: int, paint: Paint) -> Iterator[str]:
    if snippet is None:
        return
    gutter = len(str(line))
    caret = " " * snippet.indent + paint("bad", "^" * snippet.length)
    yield f"  {paint('dim', f'{line} |')} {snippet.text}"
    yield f"  {paint('dim', ' ' * gutter + ' |')} {caret}"
