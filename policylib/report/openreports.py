"""Report and ClusterReport of openreports.io/v1alpha1, which follow PolicyReport."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.models import Report, Rule
from policylib.report.interface import DEFAULTS, Options
from policylib.report.policyreport import OPENREPORTS, listed


def write(report: Report, rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write the form of OpenReports."""
    return listed(OPENREPORTS, report, rules, options)
