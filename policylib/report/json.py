"""JSON: the report as it is. Its schema is docs/schema/report.schema.json."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.models import Report, Rule
from policylib.report.interface import DEFAULTS, Options


def write(report: Report, _rules: Mapping[str, Rule], _options: Options = DEFAULTS) -> str:
    """Write the report's model; neither rules nor options change it."""
    return report.as_json()
