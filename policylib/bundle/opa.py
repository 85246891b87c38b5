"""The OPA bundle: one archive with real roots, for `opa run -b`, sidecars and bundle servers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from policylib import archive, heads
from policylib.errors import BundleError
from policylib.rules import RuleSet

ARCHIVE = "bundle.tar.gz"
MANIFEST = ".manifest"


def files(
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    revision: str,
) -> dict[str, bytes]:
    """The one file of this target: the archive.

    It holds the rules, `settings/data.json`, `facts/data.json` where there are facts, and a
    `.manifest` that owns just the roots it fills.
    """
    data = {"settings": settings} | ({"facts": facts} if facts is not None else {})
    members = {path: source.encode() for path, source in rules.modules.items()}
    members |= {f"{root}/data.json": _json(value) for root, value in data.items()}
    members[MANIFEST] = manifest(rules, data, revision)
    return {ARCHIVE: archive.write(members)}


def manifest(rules: RuleSet, data: Iterable[str], revision: str) -> bytes:
    """The manifest of a bundle: its revision, and the roots that rules and data fill."""
    said = {
        "metadata": {"policylib": {"rules": sorted(rules.rules)}},
        "rego_version": 1,
        "revision": revision,
        "roots": sorted({*map(_root, rules.modules.items()), *data}),
    }
    return _json(said)


def _root(module: tuple[str, str]) -> str:
    path, source = module
    package = heads.package(source)
    if package is None:
        raise BundleError(heads.UNREADABLE, where=path, remedy=heads.REMEDY)
    return package[0]


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True, allow_nan=False).encode() + b"\n"
