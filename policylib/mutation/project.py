"""The Rego to change, its tests, and all that they import."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from policylib.errors import RuleError
from policylib.mutation import syntax
from policylib.mutation.syntax import Module, Name
from policylib.packages import files

_TEST = "_test"
_REMEDY = "tests are rules named test_… in *_test.rego, as `opa test` runs them"


class Project:
    """Modules, their tests, and what they import.

    Parameters
    ----------
    modules
        The modules and tests, by path.
    base
        Further modules, which are loaded where the others import them and are never changed.
    data
        What the modules read below `data`.
    """

    def __init__(
        self, modules: Mapping[str, Module], base: Mapping[str, Module], data: Mapping[str, Any]
    ) -> None:
        self.data = data
        self._own = dict(modules)
        self._all = {**base, **modules}
        self.closure = cache(self._closure)
        self.reaching = cache(self._reaching)

    @property
    def modules(self) -> list[Module]:
        """What can be changed: every module of one's own that is not a file of tests."""
        return [one for path, one in self._own.items() if not _is_test_file(path)]

    @cached_property
    def tests(self) -> list[Module]:
        """The modules that hold tests."""
        return [module for module in self._own.values() if module.tests]

    def texts(self, paths: Iterable[str]) -> dict[str, str]:
        """The text of each module, by its path."""
        return {path: self._all[path].text for path in paths}

    def rule(self, package: Name) -> str | None:
        """The path of the first module of a package that is no test, if there is one."""
        paths = self._packages.get(package, ())
        return next((path for path in paths if not _is_test_file(path)), None)

    def is_apart(self, test: Module) -> bool:
        """Whether a module speaks of all that stands around a test, such as `data.family[rule]`.

        Loaded together with that module, the test would be asked in the middle of other tests.
        """
        package = test.package
        return any(package[:length] in self._spoken for length in range(len(package)))

    def _closure(self, path: str) -> frozenset[str]:
        """A module and all that it needs, by path."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._needs[one]
        return frozenset(found)

    def _reaching(self, path: str) -> tuple[Module, ...]:
        """The modules with tests that need a module: its own first, then the closest."""
        package = self._all[path].package

        def distance(test: Module) -> tuple[bool, bool, int, str]:
            beside = test.path == f"{path.removesuffix('.rego')}{_TEST}.rego"
            direct = any(_concerns(name, package) for name in test.references)
            return not beside, not direct, len(self.closure(test.path)), test.path

        reaching = (test for test in self.tests if path in self.closure(test.path))
        return tuple(sorted(reaching, key=distance))

    @cached_property
    def _spoken(self) -> frozenset[Name]:
        """Every path below `data` that any module speaks of."""
        return frozenset(name for module in self._all.values() for name in module.references)

    @cached_property
    def _packages(self) -> dict[Name, list[str]]:
        found: dict[Name, list[str]] = {}
        for path, module in self._all.items():
            found.setdefault(module.package, []).append(path)
        return found

    @cached_property
    def _needs(self) -> dict[str, set[str]]:
        """The modules that each one needs at once."""
        return {path: set(self._needed(module)) for path, module in self._all.items()}

    def _needed(self, module: Module) -> Iterator[str]:
        for package, paths in self._packages.items():
            same = package == module.package
            if same or any(_concerns(name, package) for name in module.references):
                yield from (path for path in paths if not _is_test_file(path))
            # Tests share helpers; nothing else needs a test.
            if _is_test_file(module.path) and (same or package in _starts(module)):
                yield from (path for path in paths if _is_test_file(path))


def load(folder: Path, base: Mapping[str, str], data: Iterable[Path], opa: str) -> Project:
    """Read a folder of Rego and tests.

    Parameters
    ----------
    folder
        Where they lie.
    base
        Path → text of modules that these may import. One that the folder holds itself (the same
        package and file name) is left out.
    data
        Files and folders of data, as `conftest --data` takes them.
    opa
        The program that parses.

    Raises
    ------
    RuleError
        Something cannot be read or parsed, or there is no test.
    """
    where = os.fspath(folder)
    own = _parsed(opa, files.modules(files.from_folder(folder), where), where)
    if not any(module.tests for module in own.values()):
        raise RuleError("there is no test here", where=where, remedy=_REMEDY)
    merged: dict[str, Any] = {}
    for path in data:
        name = os.fspath(path)
        files.merge(merged, files.data(files.from_folder(path), name), name)
    return Project(own, _imported(own, base, opa), merged)


def _parsed(opa: str, texts: Mapping[str, str], where: str) -> dict[str, Module]:
    def parse(item: tuple[str, str]) -> Module:
        path, text = item
        return syntax.parse(opa, path, text, files.within(where, path))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(texts, pool.map(parse, texts.items()), strict=True))


def _imported(own: Mapping[str, Module], base: Mapping[str, str], opa: str) -> dict[str, Module]:
    """The base modules, if anything speaks of a package that only they have."""
    roots = {PurePosixPath(path).parts[0] for path in base}
    if not any(
        name[:1] == (root,) for root in roots for one in own.values() for name in one.references
    ):
        return {}
    parsed = _parsed(opa, base, "")
    held = {(module.package, PurePosixPath(path).name) for path, module in own.items()}
    return {
        f"base/{path}" if path in own else path: module
        for path, module in parsed.items()
        if (module.package, PurePosixPath(path).name) not in held
    }


def _starts(module: Module) -> set[Name]:
    """Everything that a path of the module begins with."""
    return {name[:length] for name in module.references for length in range(1, len(name) + 1)}


def _concerns(name: Name, package: Name) -> bool:
    """Whether a path below `data` lies in a package, or leads to it."""
    shorter = min(len(name), len(package))
    return name[:shorter] == package[:shorter]


def _is_test_file(path: str) -> bool:
    return PurePosixPath(path).stem.endswith(_TEST)
