"""The folder for `conftest test -p`: Rego alone, as conftest ignores JSON data there in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from policylib.errors import BundleError
from policylib.rules import RuleSet

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def files(rules: RuleSet, settings: Mapping[str, Any]) -> dict[str, bytes]:
    """The rules as they are, and the settings as a Rego package."""
    modules = {path: source.encode() for path, source in rules.modules.items()}
    return {**modules, "settings/settings.rego": _package(settings).encode()}


def _package(settings: Mapping[str, Any]) -> str:
    lines = ["package settings", "", "import rego.v1"]
    for key, value in sorted(settings.items()):
        if _NAME.fullmatch(key) is None:
            raise BundleError(f"the settings have a key that is no Rego name: {key!r}")
        lines += ["", f"{key} := {json.dumps(value, sort_keys=True, allow_nan=False)}"]
    return "\n".join(lines) + "\n"
