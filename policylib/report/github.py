"""Workflow commands that GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.models import Enforcement, Problem, Report, Rule, Violation
from policylib.report.interface import DEFAULTS, Options
from policylib.report.links import relative
from policylib.report.plain import escape
from policylib.report.summary import granted, remarks, summary

_COMMANDS = {
    Enforcement.DENY: "error",
    Enforcement.WARN: "warning",
    Enforcement.LOG: "notice",
    Enforcement.EXCEPTED: "notice",
}


def write(report: Report, _rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write one command a line, then the summary."""
    lines = [_command("warning", {"title": "note"}, [note]) for note in report.notes]
    lines += [_violation(v, options) for v in report.violations]
    lines += [_problem(p, options) for p in report.errors]
    if options.summary:
        lines += [summary(report), *map(escape, remarks(report))]
    return "".join(line + "\n" for line in lines)


def _violation(violation: Violation, options: Options) -> str:
    excepted = violation.exception
    todo = f"excepted {granted(excepted)}" if excepted else violation.remediation
    parts = [violation.message, str(violation.resource), todo]
    return _command(
        _COMMANDS[violation.enforcement],
        {
            "file": relative(violation.file, options.root),
            "line": str(violation.line),
            "col": str(violation.column),
            "title": violation.rule,
        },
        parts,
    )


def _problem(problem: Problem, options: Options) -> str:
    properties = {
        "file": relative(problem.file, options.root),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": "cannot be checked",
    }
    return _command("error", properties, [problem.message])


def _command(name: str, properties: Mapping[str, str], lines: list[str]) -> str:
    described = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(escape(line) for line in lines if line)
    return f"::{name} {described}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a command's message as GitHub's runner reads it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a command's property, which also ends at a colon or comma."""
    return _data(escape(text)).replace(":", "%3A").replace(",", "%2C")
