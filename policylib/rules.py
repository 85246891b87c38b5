"""The rules: their Rego source, and the index that their METADATA gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from policylib._native import read
from policylib.errors import RuleError
from policylib.models import Rule
from policylib.settings import Known

_PACKAGE = Path(__file__).parent
_NOT_RULES = ("lib", "decision", "entrypoints")


@dataclass(frozen=True)
class RuleSet:
    """Rules that belong together.

    `modules` maps a path below the root to Rego source, tests left out; `rules` maps an id to
    what the rule's METADATA says; `revision` is a digest of all modules.
    """

    modules: Mapping[str, str]
    rules: Mapping[str, Rule]
    revision: str

    @property
    def families(self) -> tuple[str, ...]:
        """The families that have at least one rule."""
        return tuple(sorted({rule.family for rule in self.rules.values()}))

    def known(self) -> Known:
        """What settings may say about these rules."""
        schemas = {family: self._parameters(family) for family in self.families}
        return Known(schemas, tuple(self.rules))

    def _parameters(self, family: str) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for rule in self.rules.values():
            if rule.family == family:
                properties |= rule.parameters.get("properties", {})
        return {"type": "object", "additionalProperties": False, "properties": properties}


def root() -> Path:
    """The folder of the rules: a checkout's own, else the one that travels with the package."""
    checkout = _PACKAGE.parent
    in_place = (checkout / "pyproject.toml").is_file() and (checkout / "rego").is_dir()
    return (checkout if in_place else _PACKAGE) / "rego"


def path_of(rule_id: str) -> str:
    """The module of a rule; its path is its identity."""
    family, _, name = rule_id.partition(".")
    return f"policylib/{family}/{name}/{name}.rego"


def load(folder: Path | None = None) -> RuleSet:
    """Read the rules below `folder` (default: `root()`).

    Raises `RuleError` when there is none, or when METADATA is missing or malformed.
    """
    return _load(folder or root())


@cache
def _load(folder: Path) -> RuleSet:
    modules = dict(_modules(folder))
    rules = {rule.id: rule for path, text in modules.items() if (rule := _rule(path, text))}
    if not rules:
        raise RuleError(
            "there are no rules here",
            where=str(folder),
            remedy="rules live in policylib/FAMILY/NAME/NAME.rego below this folder",
        )
    digest = hashlib.sha256(json.dumps(modules, sort_keys=True).encode()).hexdigest()
    return RuleSet(MappingProxyType(modules), MappingProxyType(rules), digest)


def _modules(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.rego")):
        if not path.name.endswith("_test.rego"):
            try:
                yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise RuleError(f"the rule cannot be read: {error}", where=str(path)) from error


def _rule(path: str, text: str) -> Rule | None:
    """The rule that a module holds; None for libraries, the decision and entrypoints."""
    parts = path.split("/")
    match parts:
        case ["policylib", family, name, _] if family not in _NOT_RULES:
            pass
        case _:
            return None
    rule_id = f"{family}.{name}"
    if path != path_of(rule_id):
        raise RuleError(f"the rule {rule_id} belongs in {path_of(rule_id)}", where=path)
    metadata = _metadata(path, text)
    custom = metadata.get("custom", {})
    resources = metadata.get("related_resources", [])
    references = [item if isinstance(item, str) else str(item.get("ref", "")) for item in resources]
    try:
        return Rule.model_validate(
            {
                "id": rule_id,
                "title": metadata.get("title"),
                "description": metadata.get("description"),
                "references": references,
                **custom,
            }
        )
    except ValidationError as error:
        raise RuleError(f"its METADATA is not complete: {error}", where=path) from error


def _reference(item: str | dict[str, str]) -> str:
    """OPA permits a related resource as a URL or as an object with `ref`."""
    return item if isinstance(item, str) else item.get("ref", "")


def _metadata(path: str, text: str) -> dict[str, Any]:
    """The first METADATA block of a module: YAML behind `# `."""
    lines = iter(text.splitlines())
    block: list[str] = []
    for line in lines:
        if line.strip() == "# METADATA":
            break
    for line in lines:
        if not line.startswith("#"):
            break
        block.append(line[2:])
    documents, problems = read("METADATA", "\n".join(block).encode())
    if problems or len(documents) != 1:
        reason = problems[0][-1] if problems else "there is no METADATA block"
        raise RuleError(f"its METADATA cannot be read: {reason}", where=path)
    metadata = json.loads(documents[0])
    if not isinstance(metadata, dict):
        raise RuleError("its METADATA is not a mapping", where=path)
    return metadata
