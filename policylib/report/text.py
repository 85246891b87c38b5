"""Text for people: the place, the rule, the message, the line, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policylib.models import Enforcement, Problem, Report, Rule, Skipped, Violation
from policylib.report.interface import DEFAULTS, Options
from policylib.report.plain import escape
from policylib.report.snippet import Snippet, snippets
from policylib.report.summary import summary

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "bad": "\x1b[1;31m",
    "good": "\x1b[1;32m",
    Enforcement.DENY: "\x1b[1;31m",
    Enforcement.WARN: "\x1b[1;33m",
    Enforcement.LOG: "\x1b[1;34m",
    "help": "\x1b[36m",
}

Paint = Callable[[str, str], str]
Find = Callable[[str, int, int], Snippet | None]


def write(report: Report, _rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write the report for a terminal; violations carry all that it needs."""
    paint = _colored if options.color else _plain
    find = snippets(options.texts)
    blocks = [_violation(v, paint, find) for v in report.violations]
    blocks += [_problem(p, paint, find) for p in report.errors]
    if options.verbose and report.skipped:
        blocks.append("\n".join(_skipped(s, paint) for s in report.skipped))
    if options.summary:
        blocks.append(paint("good" if report.allowed else "bad", summary(report)))
    return "".join(block + "\n\n" for block in blocks[:-1]) + "".join(
        block + "\n" for block in blocks[-1:]
    )


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
