"""The JSON Schemas of the JSON report, and of a line of it; tools/generate publishes them."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from policylib.models import Report
from policylib.report.json_lines import Line

Json = dict[str, object]


def published() -> dict[str, str]:
    """Each schema (draft 2020-12) by its file's name, in the same bytes for the same models."""
    return {"report.schema.json": schema(), "report-line.schema.json": line_schema()}


def schema() -> str:
    """The schema of `--format json`."""
    return _text("report", Report.model_json_schema(by_alias=True, mode="serialization"))


def line_schema() -> str:
    """The schema of each line of `--format json-lines`."""
    adapter: TypeAdapter[object] = TypeAdapter(Line)
    return _text("report-line", adapter.json_schema(by_alias=True, mode="serialization"))


def _text(name: str, described: Json) -> str:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:policylib:{name}",
    }
    return json.dumps({**head, **described}, indent=2) + "\n"
