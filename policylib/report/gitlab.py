"""GitLab's Code Quality report: a list of issues that a merge request shows beside its changes.

GitLab compares fingerprints with those of the target branch, so they survive moved lines. What
has no file of its own, such as a note about the settings, is an issue of the repository (`.`).
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
    Rule,
    Severity,
    Skipped,
    Violation,
)
from policylib.report.identity import Fingerprints, identity
from policylib.report.interface import DEFAULTS, Options
from policylib.report.links import relative
from policylib.report.plain import escape
from policylib.report.summary import granted

Json = dict[str, Any]

_DENIED: Final = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}
_REPOSITORY: Final = (".", 1)


def write(report: Report, _rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write an issue for each violation, error, note and exception of no use.

    What was skipped is there when `options.verbose` asks for it.
    """
    return json.dumps(list(_issues(report, options)), indent=2) + "\n"


def _issues(report: Report, options: Options) -> Iterator[Json]:
    fingerprint = Fingerprints()
    for problem in report.errors:
        yield _problem(problem, fingerprint, options)
    for violation in report.violations:
        yield _violation(violation, fingerprint, options)
    for note in report.notes:
        yield _issue("policylib.note", note, "info", fingerprint("note", note))
    for one in report.exceptions:
        if one.state != "used":
            yield _idle(one, fingerprint)
    if options.verbose:
        for skipped in report.skipped:
            yield _skipped(skipped, fingerprint, options)


def _issue(
    name: str, text: str, severity: str, fingerprint: str, place: tuple[str, int] = _REPOSITORY
) -> Json:
    path, line = place
    return {
        "type": "issue",
        "check_name": escape(name),
        "description": escape(text or name) or "policylib",
        "categories": ["Security"],
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {"path": path, "lines": {"begin": max(line, 1)}},
    }


def _violation(violation: Violation, fingerprint: Fingerprints, options: Options) -> Json:
    resource, covered = str(violation.resource), violation.exception
    todo = f"excepted {granted(covered)}" if covered else violation.remediation
    subject = f"{resource}: {violation.message}" if resource else violation.message
    return _issue(
        violation.rule,
        ". ".join(part for part in (subject, todo) if part),
        _severity(violation),
        fingerprint("violation", *identity(violation, options.root)),
        (relative(violation.file, options.root), violation.line),
    )


def _severity(violation: Violation) -> str:
    """What is denied weighs as its rule says; what warns is minor, and the rest information."""
    if violation.enforcement is Enforcement.DENY:
        return _DENIED[violation.severity]
    return "minor" if violation.enforcement is Enforcement.WARN else "info"


def _problem(problem: Problem, fingerprint: Fingerprints, options: Options) -> Json:
    """An error outranks any violation: nobody knows what hides behind it."""
    path = relative(problem.file, options.root)
    return _issue(
        "policylib.error",
        f"cannot be checked: {problem.message}",
        "blocker",
        fingerprint("error", path, problem.message),
        (path, problem.line),
    )


def _idle(one: ListedException, fingerprint: Fingerprints) -> Json:
    text = f"{one.state} exception from {one.rule} for {one.target} ({granted(one)})"
    own = fingerprint("exception", one.state, one.rule, str(one.target), one.ticket)
    return _issue("policylib.exception", text, "info", own)


def _skipped(skipped: Skipped, fingerprint: Fingerprints, options: Options) -> Json:
    path = relative(skipped.file, options.root)
    text = f"document {skipped.document} is skipped: {skipped.reason}"
    own = fingerprint("skipped", path, str(skipped.document))
    return _issue("policylib.skipped", text, "info", own, (path, 1))
