"""The rules: their Rego source, and the index that their METADATA gives."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from policylib import heads, overlay, reading
from policylib._native import read
from policylib.errors import RuleError
from policylib.models import Rule
from policylib.settings import Known
from policylib.version import __version__

_HOME = Path(__file__).parent
_FIRST = ["0", "1"]
_NOT_RULES = ("lib", "decision", "entrypoints")
_LAYOUT = "the rule FAMILY.NAME is package policylib.FAMILY.NAME in policylib/FAMILY/NAME/NAME.rego"
_LEFT_OUT = "policylib/decision/left_out.rego"
_SILENT = """\
package policylib.decision

import rego.v1

# These families are not asked here, whatever the settings say of them.
unconfigured contains family if some family in {families}
"""
_DEFINITION = re.compile(r"^[ \t]*violation[ \t]+contains\b", re.MULTILINE)


@dataclass(frozen=True)
class RuleSet:
    """Rules that belong together.

    `modules` maps a path below the root to Rego source, tests left out; `rules` maps an id to
    what the rule's METADATA says; `revision` is a digest of all modules. `left_out` holds what is
    known of rules that `narrowed` has left out.
    """

    modules: Mapping[str, str]
    rules: Mapping[str, Rule]
    revision: str
    left_out: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def families(self) -> tuple[str, ...]:
        """The families that have at least one rule."""
        return _families(self.rules)

    def narrowed(self, families: Collection[str]) -> RuleSet:
        """The rules of some families alone; the decision says that the others are not asked.

        Settings may still speak of these: what they say of images, for one, rules of other
        families read too.
        Raises `RuleError` for a family that is not here, or when none is named.
        """
        if unknown := sorted(set(families) - set(self.families)):
            raise RuleError(
                f"no family is called {unknown[0]!r}", remedy=f"known: {', '.join(self.families)}"
            )
        if not families:
            raise RuleError("no family is left", remedy=f"known: {', '.join(self.families)}")
        others = {id_: rule for id_, rule in self.rules.items() if rule.family not in families}
        if not others:
            return self
        gone = {path_of(id_) for id_ in others}
        modules = {path: text for path, text in self.modules.items() if path not in gone}
        silent = {**self.left_out, **others}
        modules[_LEFT_OUT] = _SILENT.format(families=json.dumps(_families(silent)))
        kept = {id_: rule for id_, rule in self.rules.items() if id_ not in others}
        return _ruleset(modules, kept, silent)

    def entering(self, version: str = __version__) -> tuple[str, ...]:
        """The rules that entered in the minor release of `version`: they only warn at first.

        The first release has nobody to surprise.
        """
        release = version.split(".")[:2]
        return tuple(
            rule.id
            for rule in self.rules.values()
            if rule.introduced.split(".")[:2] == release != _FIRST
        )

    def known(self, always: Collection[str] = ("digest",)) -> Known:
        """What settings may say about these rules.

        `always` names the families that the decision asks without a section in the settings.
        """
        every = {**self.rules, **self.left_out}
        schemas = {family: self._parameters(family) for family in _families(every)}
        return Known(schemas, tuple(sorted(every)), tuple(always))

    def _parameters(self, family: str) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for rule in (*self.rules.values(), *self.left_out.values()):
            if rule.family == family:
                properties |= rule.parameters.get("properties", {})
        return {"type": "object", "additionalProperties": False, "properties": properties}


def root() -> Path:
    """The folder of the rules: a checkout's own, else the one that travels with the package."""
    checkout = _HOME.parent
    in_place = (checkout / "pyproject.toml").is_file() and (checkout / "rego").is_dir()
    return (checkout if in_place else _HOME) / "rego"


def path_of(rule_id: str) -> str:
    """The module of a rule; its path is its identity."""
    family, _, name = rule_id.partition(".")
    return f"policylib/{family}/{name}/{name}.rego"


def load(folder: Path | None = None) -> RuleSet:
    """Read the rules below `folder` (default: `root()`).

    Raises `RuleError` when there is none, when one cannot be read, when METADATA is missing or
    malformed, or when a module would never be asked.
    """
    return _load(folder) if folder is not None else _own()


@cache
def _own() -> RuleSet:
    return _load(root())


def _load(folder: Path) -> RuleSet:
    theirs = dict(_modules(folder))
    found = of(overlay.over(theirs, lambda: _own().modules, str(folder)))
    if not any(path_of(id_) in theirs for id_ in found.rules):
        raise RuleError(
            "there are no rules here",
            where=str(folder),
            remedy=_LAYOUT,
        )
    return found


def of(modules: Mapping[str, str]) -> RuleSet:
    """Modules with an index of their rules; raises `RuleError` as `load` does."""
    rules = {rule.id: rule for path, text in modules.items() if (rule := _rule(path, text))}
    return _ruleset(modules, rules, {})


def _ruleset(
    modules: Mapping[str, str], rules: Mapping[str, Rule], left_out: Mapping[str, Rule]
) -> RuleSet:
    digest = hashlib.sha256(json.dumps(dict(modules), sort_keys=True).encode()).hexdigest()
    frozen = (MappingProxyType(modules), MappingProxyType(rules))
    return RuleSet(*frozen, digest, MappingProxyType(left_out))


def _families(rules: Mapping[str, Rule]) -> tuple[str, ...]:
    return tuple(sorted({rule.family for rule in rules.values()}))


def _modules(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(_files(folder)):
        if path.suffix == ".rego" and not is_test(path):
            try:
                yield path.relative_to(folder).as_posix(), reading.read(path).decode("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise RuleError(f"the rule cannot be read: {error}", where=str(path)) from error


def is_test(path: PurePath) -> bool:
    """Whether a module is a test of another."""
    return path.stem.endswith("_test") and path.stem != path.parent.name


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder."""
    try:
        for name, folders, files in reading.walk(folder):
            for inner in folders:
                if Path(name, inner).is_symlink():
                    raise RuleError(
                        "links to folders are not followed",
                        where=str(Path(name, inner)),
                        remedy="name the folder itself, or copy the rules",
                    )
            yield from (Path(name, file) for file in files)
    except OSError as error:
        raise RuleError(
            f"the rules cannot be read: {error.strerror}", where=str(error.filename)
        ) from error


def _rule(path: str, text: str) -> Rule | None:
    """The rule that a module holds; None for libraries, the decision and entrypoints."""
    rule_id = _rule_id(path, text)
    if rule_id is None:
        return None
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


def _rule_id(path: str, text: str) -> str | None:
    """The id of the rule in a module, which its package and its path agree on.

    A module that looks like a rule but that no decision could ask is refused.
    """
    package = heads.package(text) or ()
    defines = _DEFINITION.search(heads.code(text)) is not None
    area = tuple(path.split("/")[:-1])
    if not (_of_family(area) or _of_family(package)):
        if defines and area[:1] != ("policylib",):
            raise RuleError("a rule lives below policylib/", where=path, remedy=_LAYOUT)
        return None
    if package != area or len(area) != 3:
        what = f"no rule is package {'.'.join(package)} here"
        raise RuleError(what, where=path, remedy=_LAYOUT)
    rule_id = ".".join(area[1:])
    if path != path_of(rule_id):
        raise RuleError(f"the rule {rule_id} belongs in {path_of(rule_id)}", where=path)
    if not defines:
        raise RuleError(
            "the rule never says what a violation is",
            where=path,
            remedy="it has to define `violation contains … if …`",
        )
    return rule_id


def _of_family(names: tuple[str, ...]) -> bool:
    return names[:1] == ("policylib",) and len(names) > 1 and names[1] not in _NOT_RULES


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
