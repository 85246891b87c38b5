"""Makes every mutant and finds out what becomes of it, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Literal

from policylib.errors import RuleError
from policylib.mutation.equivalents import NONE, Equivalents
from policylib.mutation.judge import Judge, Verdict
from policylib.mutation.mutants import OPERATORS, Mutant, mutants
from policylib.mutation.opa import Opa
from policylib.mutation.syntax import Module

Progress = Callable[[int, int], None]
"""Told how many mutants are done, and of how many."""

Fate = Literal["killed", "survived", "invalid", "equivalent"]


@dataclass(frozen=True)
class Result:
    """A mutant, the line it stands in, and what became of it.

    `by` is the test that noticed it, what the compiler said, or why it makes no difference.
    """

    mutant: Mutant
    source: str
    fate: Fate
    by: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of every mutant, and what is listed as equivalent though something notices it."""

    results: tuple[Result, ...]
    stale: tuple[str, ...] = ()

    @property
    def survivors(self) -> list[Result]:
        """The mutants that nothing noticed and no list excuses."""
        return [one for one in self.results if one.fate == "survived"]


@dataclass(frozen=True)
class Mutation:
    """A run over a project.

    Parameters
    ----------
    judge
        Asks tests and examples in process.
    opa
        Asked about what the judge did not notice.
    equivalents
        Survivors that make no difference.
    operators
        The ways to change a module that are tried.
    jobs
        How many mutants are judged at once; None takes a thread for each core.
    """

    judge: Judge
    opa: Opa
    equivalents: Equivalents = NONE
    operators: Sequence[str] = tuple(OPERATORS)
    jobs: int | None = None

    def run(self, modules: Sequence[Module], progress: Progress | None = None) -> Outcome:
        """Change modules of the project one step at a time.

        Raises
        ------
        RuleError
            A test or an example fails without any change.
        EngineError
            OPA does not run.
        """
        self._check(modules)
        work = [(module, one) for module in modules for one in mutants(module, self.operators)]
        with ThreadPoolExecutor(self.jobs or os.cpu_count()) as pool:
            futures = [pool.submit(self._result, module, one) for module, one in work]
            try:
                _follow(futures, progress)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        results = tuple(future.result() for future in futures)
        return Outcome(results, tuple(self._stale(results, modules)))

    def _check(self, modules: Sequence[Module]) -> None:
        """Find out what passes without any change; everything that may be asked has to."""
        project = self.judge.project
        left: dict[str, list[str]] = {}
        for module in modules:
            left |= self.judge.other_tests(module)
        if len(modules) == len(project.modules):
            left |= self.judge.unproven()  # a test that reaches no module fails as well
        if left:
            paths = {path for test in left for path in project.closure(test)}
            names = [name for ones in left.values() for name in ones]
            verdict = self.opa.judge(project.texts(paths), names)
            if verdict.status != "survived":
                raise RuleError(
                    f"this fails without any change: {verdict.by}",
                    remedy="mend it first; `opa test` says more",
                )
        self.judge.check(modules)

    def _result(self, module: Module, mutant: Mutant) -> Result:
        verdict = self.judge.judge(mutant, module)
        if verdict.status == "survived":
            verdict = self._asked_again(module, mutant)
        source = module.line(mutant.line)
        reason = self.equivalents.reason(mutant, source)
        if verdict.status == "survived" and reason:
            return Result(mutant, source, "equivalent", reason)
        return Result(mutant, source, verdict.status, verdict.by)

    def _asked_again(self, module: Module, mutant: Mutant) -> Verdict:
        project = self.judge.project
        left = self.judge.other_tests(module) | self.judge.closest_tests(module)
        paths = {path for one in (module.path, *left) for path in project.closure(one)}
        texts = {**project.texts(paths), module.path: mutant.apply(module.text)}
        return self.opa.judge(texts, [name for names in left.values() for name in names])

    def _stale(self, results: Sequence[Result], modules: Iterable[Module]) -> list[str]:
        if set(self.operators) != set(OPERATORS):
            return []  # what a list says of other operators was not asked
        left, killed = (
            [(one.mutant, one.source) for one in results if one.fate == fate]
            for fate in ("equivalent", "killed")
        )
        there = {module.path for module in self.judge.project.modules}
        gone = [path for path in self.equivalents.listed if path not in there]
        paths = [*(module.path for module in modules), *gone]
        return self.equivalents.stale(left, killed, paths)


def _follow(futures: Sequence[Future[Result]], progress: Progress | None) -> None:
    """Wait for all; the first that fails is raised at once."""
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        if progress is not None:
            progress(done, len(futures))
