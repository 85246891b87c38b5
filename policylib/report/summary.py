"""One sentence about a report, the same in every format that shows one."""

from __future__ import annotations

from policylib.models import Enforcement, Report
from policylib.report.plain import count

_DONE = {Enforcement.DENY: "denied", Enforcement.WARN: "warned", Enforcement.LOG: "logged"}


def summary(report: Report) -> str:
    """Say what was checked and what came of it.

    A document passes when it was judged and nothing in it is denied.
    """
    failed = {(v.file, v.document) for v in report.denials}
    failed -= {(e.file, e.document) for e in report.errors if e.document is not None}
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
