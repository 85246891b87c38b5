"""What makes tests of a policy out of a function: `policy_matrix`, `policy_rule`, `policy_cases`.

The plugin (policylib.testing.plugin) turns what is said here into one test a cell or case.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from policylib.testing.body import PARAMETER, SAYS, Body
from policylib.testing.policies import PathLike, Which, require_known

if TYPE_CHECKING:
    import pytest
    from hypothesis.strategies import SearchStrategy

    from policylib.matrix.interface import Kind

    Inputs = SearchStrategy[Any] | Callable[..., SearchStrategy[Any]]

Function = Callable[..., Any]


class Trial(Protocol):
    """One test that the plugin has made: a cell, a rule or a case."""

    def run(self, body: Body, request: pytest.FixtureRequest) -> None:
        """Run it; a failure is `pytest.fail`."""


@dataclass(frozen=True)
class Matrix:
    """A test for each cell of a matrix."""

    kind: str | Kind
    folder: Path
    which: Which
    inputs: int | None
    seed: int | None


@dataclass(frozen=True)
class Rule:
    """A test of a rule against what a function says."""

    rule: str
    folder: Path
    which: Which
    inputs: Inputs | None
    by: Mapping[str, Sequence[Any]]
    many: int | None
    seed: int | None
    one_sided: bool


@dataclass(frozen=True)
class Cases:
    """A test for each case in a table."""

    table: Path


@dataclass(frozen=True)
class Says:
    """What a decorator asks the plugin for, and what it is called in messages."""

    what: Matrix | Rule | Cases
    where: str = field(compare=False)


def policy_matrix(
    kind: str | Kind,
    *,
    inputs: int | None = None,
    seed: int | None = None,
    **which: Unpack[Which],
) -> Callable[[Function], Function]:
    """Make a test for each cell of a matrix: what the settings promise is what the policy does.

    Parameters
    ----------
    kind
        The name of a matrix (`residency`, `digest`, `provenance`, `tier`), or a
        `policylib.matrix.interface.Kind` of one's own.
    inputs
        How many inputs are drawn in each cell; None takes what Hypothesis' profile says.
    seed
        Fixes what is drawn. `--policylib-seed` goes before it.
    which
        Which policy is asked: see `policylib.testing.policies.Which`.

    The function is called for each input that the policy treats as promised. It may take `cell`,
    `sample`, `document` and `report`, and fixtures; it may as well do nothing.
    """
    require_known(which, "policy_matrix")
    _require_some("inputs", inputs)

    def decorate(function: Function) -> Function:
        says = Matrix(kind, _folder(function), which, inputs, seed)
        return _test(function, says, frozenset({"cell", "sample", "document", "report"}))

    return decorate


def policy_rule(  # noqa: PLR0913 - what is asked, of what, how often
    rule: str,
    *,
    inputs: Inputs | None = None,
    by: Mapping[str, Sequence[Any]] | None = None,
    many: int | None = None,
    seed: int | None = None,
    one_sided: bool = False,
    **which: Unpack[Which],
) -> Callable[[Function], Function]:
    """Make a test of a rule of one's own: the function says what the rule ought to.

    Parameters
    ----------
    rule
        The rule's id, or the family or namespace whose rules are asked together.
    inputs
        A Hypothesis strategy of documents, or of `Sample`s; or a function that takes a value of
        each dimension of `by` and returns such a strategy. None takes workloads of every kind.
    by
        Dimension → its values. There is then one test a combination.
    many
        How many inputs are drawn; None takes what Hypothesis' profile says.
    seed
        Fixes what is drawn. `--policylib-seed` goes before it.
    one_sided
        Whether it is fine that all inputs of a test without `by` deserve the same: such a test
        shows little.
    which
        Which policy is asked: see `policylib.testing.policies.Which`.

    The function takes `document` (or `sample`), the dimensions, and fixtures. It returns whether
    the document is allowed, or one of `allow`, `deny`, `warn` and `log`.
    """
    require_known(which, "policy_rule")
    _require_some("many", many)
    dimensions = dict(by or {})
    if taken := sorted(dimensions.keys() & {"document", "sample", "request"}):
        raise TypeError(f"a dimension cannot be called {taken[0]}")

    def decorate(function: Function) -> Function:
        says = Rule(rule, _folder(function), which, inputs, dimensions, many, seed, one_sided)
        return _test(function, says, frozenset({"document", "sample", *dimensions}))

    return decorate


def policy_cases(table: PathLike) -> Callable[[Function], Function]:
    """Make a test for each case in a table, whose path is relative to the test's file.

    The function is called when the case holds. It may take `case`, `report` and fixtures.
    """

    def decorate(function: Function) -> Function:
        says = Cases(_folder(function) / table)
        return _test(function, says, frozenset({"case", "report"}))

    return decorate


def _folder(function: Function) -> Path:
    return Path(inspect.unwrap(function).__code__.co_filename).parent


def _test(function: Function, what: Matrix | Rule | Cases, gives: frozenset[str]) -> Function:
    """The function that pytest collects: it takes a trial instead of what trials give."""
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise TypeError(f"{function.__name__} is to be a plain function")
    if hasattr(function, SAYS):
        raise TypeError(f"{function.__name__} is decorated twice")
    signature = inspect.signature(function)
    variable = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    own = [
        p for p in signature.parameters.values() if p.name not in gives and p.kind not in variable
    ]
    takes = frozenset(signature.parameters.keys() & gives)
    needs_request = "request" in signature.parameters

    @functools.wraps(function)
    def test(*args: Any, **given: Any) -> None:  # noqa: ANN401 - whatever pytest gives
        trial: Trial = given.pop(PARAMETER)
        request = given["request"] if needs_request else given.pop("request")
        trial.run(Body(function, args, given, takes), request)

    added = [PARAMETER] if needs_request else [PARAMETER, "request"]
    test.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*own, *(_keyword(name) for name in added)]
    )
    code = inspect.unwrap(function).__code__
    setattr(test, SAYS, Says(what, f"{code.co_filename}:{code.co_firstlineno}"))
    return test


def _keyword(name: str) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY)


def _require_some(name: str, number: int | None) -> None:
    if number is not None and number < 1:
        raise ValueError(f"{name}={number} tests nothing: it is at least 1")
