"""Which modules of Rego others read, and so which the decision reads under given settings.

What an engine does not hold, it neither parses nor walks: regorus looks at every module once for
each package that a document leads it to. Modules that might be read are kept, so a verdict is the
same with all of them; `rc parity` compares it with OPA, which holds all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from policylib import heads
from policylib import rules as rule_files
from policylib.rules import RuleSet, path_of

_DECISION = "policylib/decision/decision.rego"
_FRAME = ("policylib/decision/", "policylib/lib/")
_LIB = "policylib/lib/"
# The families that the decision of ours asks only once the settings have a section for them.
_ON_DEMAND = ("provenance", "residency", "tier")
# What may follow `data` by name, as far as that is plain to see; `$` begins a text with code in it.
_NAMED = re.compile(r"\$|(?<![\w.])data\b((?:\.[^\W\d]\w*)*)")

_Path = tuple[str, ...]


def closure(modules: Mapping[str, str], roots: Iterable[str]) -> dict[str, str]:
    """The modules that `roots` (paths) name or that those name, and themselves, in order.

    A module is named by the path of its package, of one of its rules, or of a package above it,
    and by those of the same package; one whose package is not plain to see always is.
    """
    return _followed(modules, roots, _Places.of(modules).named_by)


def asked(rules: RuleSet, settings: Mapping[str, object]) -> dict[str, str]:
    """The modules that a decision may read under settings (what Rego reads as `data.settings`).

    All but the rules of families that the settings do not speak of, unless another rule reads
    those, and the libraries that nothing but they read.
    """
    silent = _silent(rules, settings)
    modules = rules.modules
    if not silent:
        return dict(modules)
    places = _Places.of(modules)

    def reads(path: str) -> set[str]:
        named = places.named_by(path)
        return named - silent if path == _DECISION else named

    roots = (path for path in modules if path not in silent and not path.startswith(_LIB))
    return _followed(modules, roots, reads)


def _silent(rules: RuleSet, settings: Mapping[str, object]) -> set[str]:
    """The modules of rules that the decision does not ask under these settings.

    None where the decision or the libraries are not ours: who knows what they ask.
    """
    if _frame(rules) != _frame(rule_files.load()):
        return set()
    families = [name for name in _ON_DEMAND if name not in settings]
    return {path_of(rule.id) for rule in rules.rules.values() if rule.family in families}


def _frame(rules: RuleSet) -> dict[str, str]:
    return {path: text for path, text in rules.modules.items() if path.startswith(_FRAME)}


@dataclass(frozen=True)
class _Places:
    """Where modules are: those of each package, those of it and below it, and the others."""

    modules: Mapping[str, str]
    exact: Mapping[_Path, set[str]]
    below: Mapping[_Path, set[str]]
    hidden: frozenset[str]

    @classmethod
    def of(cls, modules: Mapping[str, str]) -> _Places:
        exact: dict[_Path, set[str]] = {}
        below: dict[_Path, set[str]] = {}
        hidden: set[str] = set()
        for path, text in modules.items():
            package = heads.package(text)
            if package is None:
                hidden.add(path)
                continue
            exact.setdefault(package, set()).add(path)
            for depth in range(len(package) + 1):
                below.setdefault(package[:depth], set()).add(path)
        return cls(modules, exact, below, frozenset(hidden))

    def named_by(self, path: str) -> set[str]:
        """The modules that one names."""
        text = self.modules[path]
        found = set(self.hidden) | self.exact.get(heads.package(text) or (), set())
        for match in _NAMED.finditer(heads.code(text)):
            name = tuple(match[1].split(".")[1:]) if match[1] else ()
            found |= self.below.get(name, set())
            for depth in range(len(name)):
                found |= self.exact.get(name[:depth], set())
        return found


def _followed(
    modules: Mapping[str, str], roots: Iterable[str], reads: Callable[[str], set[str]]
) -> dict[str, str]:
    found = set(roots)
    waiting = list(found)
    while waiting:
        more = reads(waiting.pop()) - found
        found |= more
        waiting += more
    return {path: modules[path] for path in sorted(found)}
