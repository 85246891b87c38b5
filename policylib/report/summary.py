"""A few sentences about a report, the same in every format that shows them."""

from __future__ import annotations

from collections import Counter

from policylib.models import Enforcement, PolicyException, Report, Rule
from policylib.report.plain import count, escape

_DONE = {
    Enforcement.DENY: "denied",
    Enforcement.WARN: "warned",
    Enforcement.LOG: "logged",
    Enforcement.EXCEPTED: "excepted",
}


def summary(report: Report) -> str:
    """Say what was checked and what came of it.

    A document passes when it was judged and nothing in it is denied. What failed, or what only
    packages judge, is none of the documents that are counted.
    """
    failed = {(v.file, v.document) for v in report.denials}
    failed -= {(e.file, e.document) for e in report.errors if e.document is not None}
    failed -= {(s.file, s.document) for s in report.skipped}
    passed = max(report.documents - len(failed), 0)
    tail = [f"{passed} passed"]
    if report.skipped:
        tail.append(f"{len(report.skipped)} skipped")
    return (
        f"Checked {count(report.documents, 'document')} in {count(report.files, 'file')}: "
        f"{_violations(report)}, {count(len(report.errors), 'error')} ({', '.join(tail)})."
    )


def _violations(report: Report) -> str:
    total = count(len(report.violations), "violation")
    parts = [
        f"{number} {word}"
        for enforcement, word in _DONE.items()
        if (number := sum(v.enforcement is enforcement for v in report.violations))
    ]
    return f"{total} ({', '.join(parts)})" if parts else total


def remarks(report: Report) -> list[str]:
    """Say on lines of their own what was not asked, and which exceptions are of no use."""
    lines = []
    if report.unconfigured:
        families = ", ".join(report.unconfigured)
        lines.append(f"Not configured: {families} (`rc settings init` shows how).")
    states: Counter[str] = Counter(one.state for one in report.exceptions)
    words = {"unused": "unused here", "expired": "expired"}
    if idle := [f"{states[state]} {word}" for state, word in words.items() if states[state]]:
        total = count(len(report.exceptions), "exception")
        lines.append(f"Of {total}: {', '.join(idle)} (`rc exceptions list` names them).")
    return lines


def unasked(report: Report, rule: Rule) -> str:
    """Say why a rule that found nothing was not asked about anything; nothing when it was."""
    if rule.family in report.unconfigured:
        return "not asked: the settings have no section"
    return "" if report.documents else "not asked: no document was judged"


def granted(exception: PolicyException) -> str:
    """Say until when an exception holds, and on whose word."""
    words = f"until {exception.expires}, {exception.ticket}, approved by {exception.approver}"
    return escape(words)
