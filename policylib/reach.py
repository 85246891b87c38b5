"""Which modules of Rego others read, and so which the decision reads under given settings.

What an engine does not hold, it neither parses nor walks: regorus looks at every module once for
each package that a document leads it to. Modules that might be read are kept, so a verdict is the
same with all of them; `rc parity` compares it with OPA, which holds all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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

Package = tuple[str, ...]


class Index:
    """Modules of Rego, by path, and which of them each names.

    A module is named by the path of its package, of one of its rules, or of a package above it,
    and by those of the same package; one whose package is not plain to see always is.
    """

    def __init__(self, modules: Mapping[str, str]) -> None:
        self.packages: dict[Package, set[str]] = {}
        """The modules of each package."""
        self._modules = modules
        self._below: dict[Package, set[str]] = {}
        self._hidden: set[str] = set()
        self._named: dict[str, set[str]] = {}
        for path, text in modules.items():
            package = heads.package(text)
            if package is None:
                self._hidden.add(path)
                continue
            self.packages.setdefault(package, set()).add(path)
            for depth in range(len(package) + 1):
                self._below.setdefault(package[:depth], set()).add(path)

    def closure(
        self, roots: Iterable[str], cut: Mapping[str, set[str]] | None = None
    ) -> dict[str, str]:
        """The modules in `roots` and all that those name, directly or not, in a fixed order.

        A module that `cut` holds does not lead to those that it holds there.
        """
        without = cut or {}
        found = set(roots)
        waiting = list(found)
        while waiting:
            path = waiting.pop()
            more = self._named_by(path) - without.get(path, set()) - found
            found |= more
            waiting += more
        return {path: self._modules[path] for path in sorted(found)}

    def _named_by(self, path: str) -> set[str]:
        if path not in self._named:
            self._named[path] = self._read(self._modules[path])
        return self._named[path]

    def _read(self, text: str) -> set[str]:
        found = self._hidden | self.packages.get(heads.package(text) or (), set())
        for match in _NAMED.finditer(heads.code(text)):
            name = tuple(match[1].split(".")[1:]) if match[1] else ()
            found |= self._below.get(name, set())
            for depth in range(len(name)):
                found |= self.packages.get(name[:depth], set())
        return found


def asked(rules: RuleSet, settings: Mapping[str, object]) -> dict[str, str]:
    """The modules that a decision may read under settings (what Rego reads as `data.settings`).

    All but the rules of families that the settings do not speak of, unless another rule reads
    those, and the libraries that nothing but they read.
    """
    silent = _silent(rules, settings)
    if not silent:
        return dict(rules.modules)
    roots = {path for path in rules.modules if not path.startswith(_LIB)} - silent
    return Index(rules.modules).closure(roots, cut={_DECISION: silent})


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
