"""Shows what the engines were compared on at the end of a run."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    for report in reports:
        for name, text in getattr(report, "user_properties", []):
            if name == "parity" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]} {text}")
