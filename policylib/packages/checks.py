"""What conftest passes in silence, and a check must not: rules that nobody asks or defines."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policylib.errors import RuleError
from policylib.packages.source import Head, Module, Reference

ASKED = re.compile(r"(?:deny|violation|warn)(?:_[a-zA-Z0-9]+)*")
"""The names of the rules that conftest asks for."""

EXCEPTION = "exception"
_LOOKS_ASKED = re.compile(r"(?:den(?:y|ie)|violat|warn)", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OUTSIDE = {
    "http.send": "calls a server",
    "net.lookup_ip_addr": "asks a name server",
    "opa.runtime": "reads the environment of the process",
}
_OF_CONFTEST = {"parse_config", "parse_config_file", "parse_combined_config_files"}
_DEFINITION = "conftest asks for sets: `deny contains msg if …`"
_OLD = f"{_DEFINITION}; `opa fmt --write --v0-v1` rewrites Rego v0"


def without_tests(modules: Mapping[str, Module]) -> dict[str, Module]:
    """The modules without those that are tests by their name, and hold no rule to ask for.

    Tests use what checks do not offer, such as mocks and conftest's parsers.
    """
    return {
        name: module
        for name, module in modules.items()
        if not name.endswith("_test.rego") or any(_names(module))
    }


@dataclass(frozen=True)
class Rule:
    """A rule to ask for: its package, its name, and the files that define it."""

    package: tuple[str, ...]
    name: str
    files: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where its value stands, such as `data.main.deny`."""
        return ".".join(("data", *self.package, self.name))

    @property
    def id(self) -> str:
        """What reports call it, such as `conftest.main.deny`."""
        return ".".join(("conftest", *self.package, self.name))


def asked(modules: Sequence[Module], namespaces: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that conftest asks for in the namespaces (names or globs), well defined.

    Raises `RuleError` for a namespace that holds none, and for a rule whose violations conftest
    would pass in silence.
    """
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for module in modules:
        if any(_matches(module, namespace) for namespace in namespaces):
            for name in _well_defined(module):
                found.setdefault((module.package, name), []).append(module.name)
    for namespace in namespaces:
        if not any(_matches_name(package, namespace) for package, _ in found):
            raise _empty(namespace, modules)
    return tuple(
        Rule(package, name, tuple(dict.fromkeys(files)))
        for (package, name), files in sorted(found.items())
    )


def excepting(modules: Iterable[Module], rules: Sequence[Rule]) -> tuple[tuple[str, ...], ...]:
    """The packages among the rules' that have exceptions of their own."""
    packages = {rule.package for rule in rules}
    found = {
        module.package
        for module in modules
        for head in module.heads
        if head.name == EXCEPTION and head.kind != "function"
    }
    return tuple(sorted(found & packages))


def _matches(module: Module, namespace: str) -> bool:
    return _matches_name(module.package, namespace)


def _matches_name(package: Sequence[str], namespace: str) -> bool:
    return fnmatch.fnmatchcase(".".join(package), namespace)


def _empty(namespace: str, modules: Iterable[Module]) -> RuleError:
    others = {".".join(module.package) for module in modules if list(_names(module))}
    listed = ", ".join(sorted(others))
    return RuleError(
        f"no rule of the namespace {namespace} is called deny, violation or warn",
        where="namespace",
        remedy=f"there are such rules in: {listed}" if others else _DEFINITION,
    )


def _names(module: Module) -> Iterator[str]:
    yield from (head.name for head in module.heads if ASKED.fullmatch(head.name))


def _well_defined(module: Module) -> Iterator[str]:
    for head in module.heads:
        if ASKED.fullmatch(head.name):
            odd = [part for part in module.package if _PLAIN.fullmatch(part) is None]
            if odd:
                raise RuleError(f"a namespace cannot hold {odd[0]!r}", where=module.name)
            _require_set(module, head)
            yield head.name


def _require_set(module: Module, head: Head) -> None:
    what = {
        "truth": f"{head.name} is true or false, which conftest passes in silence",
        "function": f"{head.name} is a function, which cannot be asked",
        "path": f"{head.name} has a key behind it, and conftest never asks for that",
    }.get(head.kind)
    if what is not None:
        raise RuleError(what, where=f"{module.name}:{head.line}", remedy=_OLD)


def require_asked(modules: Sequence[Module], rules: Sequence[Rule]) -> None:
    """Refuse what looks like a rule to ask for, and is neither asked nor used: `Deny`, `denies`.

    Raises `RuleError`.
    """
    packages = {rule.package for rule in rules}
    used = set(_used(modules))
    for module in modules:
        for head in module.heads if module.package in packages else ():
            looks = _LOOKS_ASKED.match(head.name) and not ASKED.fullmatch(head.name)
            if looks and (*module.package, head.name) not in used:
                raise RuleError(
                    f"{head.name} is never asked, and nothing uses it",
                    where=f"{module.name}:{head.line}",
                    remedy="conftest asks for deny, violation, warn, and deny_x, violation_x, "
                    "warn_x with x of letters and digits",
                )


def _used(modules: Iterable[Module]) -> Iterator[tuple[str, ...]]:
    """What modules refer to, with packages and imports written out, and all above it."""
    for path in _paths(modules):
        yield from (path[:length] for length in range(1, len(path) + 1))


def _paths(modules: Iterable[Module]) -> Iterator[tuple[str, ...]]:
    for module in modules:
        for reference in module.references:
            full = module.full(reference.path)
            yield full[1:] if full[0] == "data" else (*module.package, *full)


def elsewhere(modules: Sequence[Module], rules: Sequence[Rule]) -> tuple[str, ...]:
    """A note for each module whose rules would be asked for, but in a namespace that is not.

    Rules that others use are left out.
    """
    packages = {rule.package for rule in rules}
    used, whole = set(_used(modules)), set(_paths(modules))
    found = []
    for module in modules:
        if module.package not in packages and module.package not in whole:
            names = dict.fromkeys(n for n in _names(module) if (*module.package, n) not in used)
            space = ".".join(module.package)
            found += [f"{module.name}: {name} of {space} is not asked" for name in names]
    return tuple(found)


def require_defined(modules: Sequence[Module], data: Mapping[str, Any]) -> None:
    """Require that what is read below `data` is there: rules, packages or data.

    Raises `RuleError`: a rule that reads what nobody defines is silent.
    """
    defined = _defined(modules)
    for module in modules:
        for reference in module.references:
            root, *path = module.full(reference.path)
            if root != "data" or _is_there(path, defined) or path[0] in data:
                continue
            if not _is_mocked(module, reference):
                raise RuleError(
                    f"data.{'.'.join(path)} is read, and nothing defines it",
                    where=f"{module.name}:{reference.line}",
                    remedy="name the folder of its data, as with conftest's --data",
                )


def _is_mocked(module: Module, reference: Reference) -> bool:
    return reference.at > 0 and module.tokens[reference.at - 1].is_keyword("with")


def _defined(modules: Iterable[Module]) -> dict[str, Any]:
    """Packages and their rules as a tree; what stands below a rule is anyone's guess (None)."""
    tree: dict[str, Any] = {"conftest": {"file": None}}
    for module in modules:
        node: dict[str, Any] | None = tree
        for part in module.package:
            node = node.setdefault(part, {}) if node is not None else None
        if node is not None:
            node.update({head.name: None for head in module.heads})
    return tree


def _is_there(path: Sequence[str], defined: Mapping[str, Any]) -> bool:
    node: Mapping[str, Any] | None = defined
    for part in path:
        if node is None:
            return True
        if part not in node:
            return False
        node = node[part]
    return True


def refuse_outside(modules: Iterable[Module]) -> None:
    """Refuse builtins that a check does not offer: they reach out, or are conftest's own.

    Raises `RuleError`.
    """
    for module in modules:
        for reference in module.references:
            name = ".".join(reference.path)
            if name in _OUTSIDE:
                raise RuleError(
                    f"{name} {_OUTSIDE[name]}, and a check depends on nothing but its input",
                    where=f"{module.name}:{reference.line}",
                    remedy="hand over what the rule needs as data",
                )
            if name in _OF_CONFTEST and reference.called:
                raise RuleError(
                    f"{name} is conftest's own, and no other engine has it",
                    where=f"{module.name}:{reference.line}",
                    remedy="keep this rule in conftest",
                )
