"""What all tests share: how Hypothesis searches, and what the parity suite has to say."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# The machine's speed is no property of the code; CI repeats itself.
settings.register_profile("policylib", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("policylib")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the engines were compared on."""
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    for report in reports:
        for name, text in getattr(report, "user_properties", []):
            if name == "parity" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]} {text}")
