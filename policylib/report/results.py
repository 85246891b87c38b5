"""A report as the results of PolicyReport and OpenReports, which share their shape.

A violation that is denied is a `fail`, one that warns or logs a `warn`, one that an exception
covers a `skip`. A rule that was asked and found nothing is a `pass`; an error is an `error`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policylib.models import (
    Enforcement,
    ListedException,
    Problem,
    Report,
    Resource,
    Rule,
    Violation,
)
from policylib.report.interface import Options
from policylib.report.links import relative
from policylib.report.plain import escape
from policylib.report.summary import granted, unasked

Json = dict[str, Any]

SOURCE: Final = "policylib"
LONGEST: Final = 1_000
"""Characters of one text. The schemas have no limit; what holds an object in a cluster does."""

_RESULTS: Final = {
    Enforcement.DENY: "fail",
    Enforcement.WARN: "warn",
    Enforcement.LOG: "warn",
    Enforcement.EXCEPTED: "skip",
}


def results(
    report: Report, rules: Mapping[str, Rule], options: Options
) -> Iterator[tuple[str, Json]]:
    """Pair each result with the namespace of its object, which is empty when there is none."""
    for violation in report.violations:
        rule = rules.get(violation.rule)
        yield violation.resource.namespace, _violation(violation, rule, options)
    for result in _others(report, rules, options):
        yield "", result


def shortened(text: str) -> str:
    """Make text printable, and say so where it is cut."""
    shown = escape(text[: LONGEST + 1])
    if len(shown) <= LONGEST:
        return shown
    return f"{shown[:LONGEST]}… (cut: {len(text)} characters)"


def _others(report: Report, rules: Mapping[str, Rule], options: Options) -> Iterator[Json]:
    for problem in report.errors:
        yield _problem(problem, options)
    yield from _held(report, rules)
    for family in report.unconfigured:
        yield _result(family, "unconfigured", "skip", "not asked: the settings have no section")
    for note in report.notes:
        yield _result(SOURCE, "note", "warn", note)
    for one in report.exceptions:
        if one.state != "used":
            yield _idle(one)
    for skipped in report.skipped:
        place = {"file": relative(skipped.file, options.root), "document": str(skipped.document)}
        yield _result(SOURCE, "skipped", "skip", skipped.reason, place)


def _result(
    policy: str,
    rule: str,
    result: str,
    message: str,
    properties: Mapping[str, str] | None = None,
    **more: object,
) -> Json:
    """Write one result; properties without a value are left out."""
    told = {key: shortened(value) for key, value in (properties or {}).items() if value}
    return {
        "source": SOURCE,
        "policy": shortened(policy),
        "rule": shortened(rule),
        "result": result,
        "message": shortened(message),
        **more,
        **({"properties": told} if told else {}),
    }


def _violation(violation: Violation, rule: Rule | None, options: Options) -> Json:
    family, _, name = violation.rule.partition(".")
    controls = rule.controls if rule else ()
    properties = {
        "file": relative(violation.file, options.root),
        "line": str(violation.line),
        "column": str(violation.column),
        "document": str(violation.document),
        "path": violation.path,
        "enforcement": str(violation.enforcement),
        "remediation": violation.remediation,
        "controls": "; ".join(controls),
        "details": json.dumps(violation.details) if violation.details else "",
    }
    if covered := violation.exception:
        properties |= {"exception": granted(covered), "reason": covered.reason}
    more: Json = {
        "category": shortened(controls[0] if controls else family),
        "severity": str(violation.severity),
        "scored": violation.enforcement is Enforcement.DENY,
    }
    if resource := _resource(violation.resource):
        more["resources"] = [resource]
    result = _RESULTS[violation.enforcement]
    return _result(family, name, result, violation.message, properties, **more)


def _resource(resource: Resource) -> dict[str, str]:
    named = resource.model_dump(by_alias=True)
    return {key: shortened(value) for key, value in named.items() if value}


def _problem(problem: Problem, options: Options) -> Json:
    properties = {
        "file": relative(problem.file, options.root),
        "line": str(problem.line),
        "column": str(problem.column),
        "document": "" if problem.document is None else str(problem.document),
    }
    return _result(SOURCE, "error", "error", problem.message, properties, scored=True)


def _held(report: Report, rules: Mapping[str, Rule]) -> Iterator[Json]:
    """Name the rules that found nothing, if they were asked about anything."""
    broken = {violation.rule for violation in report.violations}
    for rule in sorted({*rules} - broken):
        known = rules[rule]
        if not unasked(report, known):
            said = f"held in all that was judged: {known.title}"
            more: Json = {"severity": str(known.severity), "scored": True}
            yield _result(known.family, known.name, "pass", said, **more)


def _idle(one: ListedException) -> Json:
    said = f"{one.state} exception from {one.rule} for {one.target}"
    properties = {"exception": granted(one), "reason": one.reason}
    return _result(SOURCE, "exception", "warn", said, properties)
