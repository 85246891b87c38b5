"""Turns what a decorator says into trials: one a cell, a combination or a case."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from policylib.errors import InputError, PolicylibError
from policylib.generate.sample import Sample
from policylib.testing import decorators, table
from policylib.testing.body import PARAMETER
from policylib.testing.policies import Policies
from policylib.testing.trials import Cell, CellTrial, Draws, RuleTrial

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from policylib.matrix.interface import Kind

Named = tuple[str, decorators.Trial]
"""A trial and its id."""


def parametrize(metafunc: pytest.Metafunc, says: decorators.Says, policies: Policies) -> None:
    """Make the tests; what hinders that is an error of the collection."""
    try:
        found = list(_trials(says.what, policies))
        if not found:
            raise InputError("there is nothing to test, so nothing would be shown")
    except PolicylibError as error:
        raise pytest.Collector.CollectError(f"{says.where}: {error}") from error
    names, trials = zip(*found, strict=True)
    metafunc.parametrize(PARAMETER, trials, ids=_unlike(names))


def _unlike(names: Sequence[str]) -> list[str]:
    """Names of which the second and later of those that are alike have a number."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return found


def _trials(
    what: decorators.Matrix | decorators.Rule | decorators.Cases, policies: Policies
) -> Iterator[Named]:
    match what:
        case decorators.Matrix():
            return _cells(what, policies)
        case decorators.Rule():
            return _combinations(what, policies)
        case decorators.Cases():
            return iter([(one.case.name, one) for one in table.trials(what.table, policies)])


def _cells(says: decorators.Matrix, policies: Policies) -> Iterator[Named]:
    kind = _kind(says.kind)
    asked = policies.asked(says.which, says.folder)
    asked.require(kind.family)
    data = asked.policy.data
    for at in kind.cells(data):
        word = kind.promised(data, at)
        strategy = _drawn(kind, data, at)
        yield (
            "-".join(at.values()),
            CellTrial(
                title=f"{kind.name}: {', '.join(f'{name} {value}' for name, value in at.items())}",
                cell=Cell(dict(at), word.promise, word.because),
                asked=asked,
                about=kind.family,
                draws=Draws(strategy, says.inputs, says.seed),
            ),
        )


def _kind(kind: str | Kind) -> Kind:
    from policylib import matrix
    from policylib.settings.checks import advice

    if not isinstance(kind, str):
        return kind
    if kind not in matrix.KINDS:
        what = f"no matrix is called {kind!r}"
        raise InputError(what, remedy=advice(kind, matrix.KINDS))
    return matrix.kind(kind)


def _drawn(kind: Kind, data: Mapping[str, Any], at: Mapping[str, str]) -> SearchStrategy[Sample]:
    from policylib.generate.drawn import strategy

    return strategy(lambda choices: kind.sample(choices, data, at))


def _combinations(says: decorators.Rule, policies: Policies) -> Iterator[Named]:
    asked = policies.asked(says.which, says.folder)
    asked.require(says.rule)
    for values in itertools.product(*says.by.values()):
        at = dict(zip(says.by, values, strict=True))
        draws = Draws(_inputs(says, at), says.many, says.seed)
        said = ", ".join(f"{name} {value}" for name, value in at.items())
        yield (
            "-".join(map(str, values)) or says.rule,
            RuleTrial(
                title=f"{says.rule}: {said}" if said else says.rule,
                at=at,
                asked=asked,
                about=says.rule,
                draws=draws,
                both=not (says.one_sided or says.by),
            ),
        )


def _inputs(says: decorators.Rule, at: Mapping[str, Any]) -> SearchStrategy[Sample]:
    from hypothesis.strategies import SearchStrategy

    given = says.inputs
    if given is None:
        from policylib.testing.strategies import workloads

        given = workloads()
    elif not isinstance(given, SearchStrategy):
        given = given(**at)
    if not isinstance(given, SearchStrategy):
        raise InputError(f"inputs are a Hypothesis strategy, not {type(given).__name__}")
    return given.map(lambda one: one if isinstance(one, Sample) else Sample(one))
