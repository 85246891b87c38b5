"""The folder for `conftest test -p`: settings are Rego, as conftest ignores JSON data in silence.

Its manifest is for whoever asks which revision it is: conftest does not look at it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from policylib.bundle import opa
from policylib.errors import BundleError
from policylib.rules import RuleSet

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def files(
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    revision: str,
) -> dict[str, bytes]:
    """The manifest, the rules as they are, and settings and facts as Rego packages."""
    data = ("settings",) if facts is None else ("settings", "facts")
    found = {opa.MANIFEST: opa.manifest(rules, data, revision)}
    found |= {path: source.encode() for path, source in rules.modules.items()}
    found["settings/settings.rego"] = _package("settings", settings)
    if facts is not None:
        found["facts/facts.rego"] = _package("facts", facts)
    return found


def _package(name: str, data: Mapping[str, Any]) -> bytes:
    lines = [f"package {name}", "", "import rego.v1"]
    for key, value in sorted(data.items()):
        if _NAME.fullmatch(key) is None:
            raise BundleError(f"the {name} have a key that is no Rego name: {key!r}")
        lines += ["", f"{key} := {json.dumps(value, sort_keys=True, allow_nan=False)}"]
    return ("\n".join(lines) + "\n").encode()
