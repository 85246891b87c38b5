"""SARIF 2.1.0 (OASIS errata 01), as code-scanning services read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policylib.models import (
    Enforcement,
    ListedException,
    PolicyException,
    Problem,
    Report,
    Rule,
    Severity,
    Violation,
)
from policylib.report.identity import Fingerprints, identity, name
from policylib.report.interface import DEFAULTS, Options
from policylib.report.links import pages, uri
from policylib.report.summary import granted

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

_LEVELS = {
    Enforcement.DENY: "error",
    Enforcement.WARN: "warning",
    Enforcement.LOG: "note",
    Enforcement.EXCEPTED: "note",
}
_DEFAULTS = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# GitHub sorts alerts by this number, on the scale of CVSS.
_SCORES = {
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}

Json = dict[str, Any]


def write(report: Report, rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write one run: each violation a result, each error a notification of a failed execution."""
    ids = sorted(rules)
    driver = {
        "name": "policylib",
        "version": report.version,
        "rules": [_rule(rules[rule]) for rule in ids],
        "properties": {
            "engine": report.engine,
            "revision": report.revision,
            "unconfigured": list(report.unconfigured),
        },
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, options)],
        "results": _results(report, {rule: index for index, rule in enumerate(ids)}, options),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> Json:
    described: Json = {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "help": {
            "text": f"{rule.description}\n\n{rule.remediation}",
            "markdown": f"{rule.description}\n\n**What to do.** {rule.remediation}",
        },
        "defaultConfiguration": {"level": _DEFAULTS[rule.severity]},
        "properties": {
            "tags": sorted({"security", rule.family, *rule.controls}),
            "precision": "very-high",
            "problem.severity": "error" if _DEFAULTS[rule.severity] == "error" else "warning",
            "security-severity": _SCORES[rule.severity],
        },
    }
    if links := pages(rule):
        described["helpUri"] = links[0]
    return described


def _invocation(report: Report, options: Options) -> Json:
    return {
        "executionSuccessful": not report.errors,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [_notification(p, options) for p in report.errors],
        "toolConfigurationNotifications": [
            *(_remark("warning", note) for note in report.notes),
            *(_remark("note", _idle(one)) for one in report.exceptions if one.state != "used"),
        ],
    }


def _remark(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": text}}


def _idle(one: ListedException) -> str:
    return f"{one.state} exception from {one.rule} for {one.target} ({granted(one)})"


def _notification(problem: Problem, options: Options) -> Json:
    location = _location(problem.file, problem.line, problem.column, options)
    return {"level": "error", "message": {"text": problem.message}, "locations": [location]}


def _results(report: Report, indexes: Mapping[str, int], options: Options) -> list[Json]:
    fingerprint = Fingerprints()
    results = []
    for violation in report.violations:
        result = _result(violation, options)
        if violation.rule in indexes:
            result["ruleIndex"] = indexes[violation.rule]
        own = fingerprint(*identity(violation, options.root))
        result["partialFingerprints"] = {"policylib/v1": own}
        results.append(result)
    return results


def _result(violation: Violation, options: Options) -> Json:
    location = _location(violation.file, violation.line, violation.column, options)
    location["logicalLocations"] = [{"fullyQualifiedName": name(violation), "kind": "resource"}]
    result: Json = {
        "ruleId": violation.rule,
        "level": _LEVELS[violation.enforcement],
        "message": {"text": violation.message},
        "locations": [location],
        "properties": {
            "severity": violation.severity,
            "enforcement": violation.enforcement,
            "remediation": violation.remediation,
            "document": violation.document,
            "path": violation.path,
            "resource": violation.resource.model_dump(by_alias=True),
        },
    }
    if violation.exception and violation.enforcement is Enforcement.EXCEPTED:
        result["suppressions"] = [_suppression(violation.exception)]
    return result


def _suppression(exception: PolicyException) -> Json:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{exception.reason} ({granted(exception)})",
        "properties": exception.data(),
    }


def _location(file: str, line: int, column: int, options: Options) -> Json:
    link = uri(file, options.root)
    artifact = {"uri": link}
    if not link.startswith("file:"):
        artifact["uriBaseId"] = "%SRCROOT%"
    region = {"startLine": max(line, 1), "startColumn": max(column, 1)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
