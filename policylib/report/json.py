"""JSON: the report as it is. Its schema is docs/schema/report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping

from policylib.models import Report, Rule
from policylib.report.interface import DEFAULTS, Options


def write(report: Report, _rules: Mapping[str, Rule], _options: Options = DEFAULTS) -> str:
    """Write the report's model; neither rules nor options change it."""
    text = report.model_dump_json(by_alias=True, indent=2)
    return "".join(f"{_printable(line)}\n" for line in text.split("\n"))


def _printable(line: str) -> str:
    r"""Write out (`\u009b`) what a terminal would obey; only strings hold such characters."""
    if line.isprintable():  # nearly every line
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
