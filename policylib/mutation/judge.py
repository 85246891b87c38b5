"""Who notices a mutant: the Rego tests and the examples, in process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from policylib.engine.interface import Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError, RuleError
from policylib.mutation import fixtures
from policylib.mutation.fixtures import Examples
from policylib.mutation.mutants import Mutant
from policylib.mutation.project import Project
from policylib.mutation.syntax import Module

Status = Literal["killed", "survived", "invalid"]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and by what: the test or example that failed, or the compiler."""

    status: Status
    by: str = ""


_NO_REGO = re.compile(
    r"error: (?:could not find function \S+$|(?:var|use of undefined variable) \S+ is unsafe)"
)

SURVIVED = Verdict("survived")


@dataclass(frozen=True)
class Judge:
    """Asks tests and examples in regorus, those that are closest to the mutant first.

    Parameters
    ----------
    project
        The modules and their tests.
    examples
        Examples of rules.
    time_limit
        Seconds that one test or one document may take; a mutant that takes longer is noticed.
    """

    project: Project
    examples: Sequence[Examples]
    time_limit: float
    _passed: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)

    def native(self, test: Module) -> tuple[str, ...]:
        """The tests of a module that regorus passes without any change."""
        if test.path not in self._passed:
            self._passed[test.path] = tuple(self._passing(test))
        return self._passed[test.path]

    def other_tests(self, module: Module) -> dict[str, list[str]]:
        """The tests of a module that only OPA can run, by the module that holds them."""
        return self._unproven(self.project.reaching(module.path))

    def unproven(self) -> dict[str, list[str]]:
        """All tests that regorus does not pass, by the module that holds them."""
        return self._unproven(self.project.tests)

    def _unproven(self, tests: Iterable[Module]) -> dict[str, list[str]]:
        left = {
            test.path: [name for name in test.tests if name not in self.native(test)]
            for test in tests
        }
        return {path: names for path, names in left.items() if names}

    def closest_tests(self, module: Module) -> dict[str, list[str]]:
        """The tests that are closest to a module, which tell whether it is the same in OPA too."""
        return {test.path: list(test.tests) for test in self.project.reaching(module.path)[:1]}

    def judge(self, mutant: Mutant, module: Module) -> Verdict:
        """Ask until something fails."""
        text = {mutant.module: mutant.apply(module.text)}
        try:
            verdict = next(self._noticed(module, text), SURVIVED)
        except EngineError as error:
            return Verdict("invalid", error.what)
        # regorus finds some names that are not there only when it comes to them.
        return replace(verdict, status="invalid") if _NO_REGO.search(verdict.by) else verdict

    def check(self, modules: Iterable[Module]) -> None:
        """Raise `RuleError` where a rule of modules does not say what its examples demand."""
        paths = {module.path for module in modules}
        for one in self.examples:
            if self.project.rule(one.package) is None:
                raise RuleError("there are examples of it, and no such rule", where=one.rule)
            for verdict in self._by_examples(one, {}) if paths & self._asked(one) else ():
                raise RuleError("this fails without any change", where=verdict.by)

    def _noticed(self, module: Module, changed: Mapping[str, str]) -> Iterator[Verdict]:
        for tests in self._groups(module):
            yield from self._by_tests(tests, changed)
        for examples in self.examples:
            if module.path in self._asked(examples):
                yield from self._by_examples(examples, changed)

    def _groups(self, module: Module) -> Iterator[list[Module]]:
        """The tests that one engine can be asked for: the closest, most others, and some alone."""
        tests = [test for test in self.project.reaching(module.path) if self.native(test)]
        yield tests[:1]
        yield [test for test in tests[1:] if not self.project.is_apart(test)]
        yield from ([test] for test in tests[1:] if self.project.is_apart(test))

    def _asked(self, examples: Examples) -> set[str]:
        """The modules that judge the examples: the rule, and what takes a list apart."""
        paths = (self.project.rule(package) for package in (examples.package, fixtures.LISTS))
        return {one for path in paths if path is not None for one in self.project.closure(path)}

    def _by_tests(self, tests: Sequence[Module], changed: Mapping[str, str]) -> Iterator[Verdict]:
        if not tests:
            return
        paths = {path for test in tests for path in self.project.closure(test.path)}
        engine = self._engine(paths, changed)
        for test in tests:
            for name in self.native(test):
                if failure := _failure(engine, name):
                    yield Verdict("killed", failure)

    def _by_examples(self, asked: Examples, changed: Mapping[str, str]) -> Iterator[Verdict]:
        texts = {**self.project.texts(self._asked(asked)), **changed, **asked.driver}
        engine = RegorusEngine(texts, asked.data, time_limit=self.time_limit)
        inputs = [{"review": {"object": one}} for each in asked.examples for one in each.documents]
        answers = iter(engine.evaluate(fixtures.DRIVER, inputs))
        for example in asked.examples:
            said = [next(answers) for _ in example.documents]
            if reason := example.failure(said):
                yield Verdict("killed", f"{example.name}: {reason}")

    def _passing(self, test: Module) -> Iterator[str]:
        try:
            engine = self._engine(self.project.closure(test.path), {})
        except EngineError:  # OPA is asked instead
            return
        yield from (name for name in test.tests if not _failure(engine, name))

    def _engine(self, paths: Iterable[str], changed: Mapping[str, str]) -> RegorusEngine:
        texts = {**self.project.texts(paths), **changed}
        return RegorusEngine(texts, self.project.data, time_limit=self.time_limit)


def _failure(engine: RegorusEngine, test: str) -> str:
    """The test with what it says instead of true; empty when it passes."""
    [answer] = engine.evaluate(test, [{}])
    if isinstance(answer, Failure):
        ordinary = answer.message == f"{test} is undefined"
        return test if ordinary else f"{test}: {answer.message}"
    return "" if answer.value is True else test
