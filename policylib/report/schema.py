"""The JSON Schema of the JSON report: `python -m policylib.report.schema` writes it to stdout."""

from __future__ import annotations

import json
import sys

from policylib.models import Report


def schema() -> str:
    """Return the schema (draft 2020-12) as JSON, in the same bytes for the same model."""
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:policylib:report",
        **Report.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(described, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
