"""The function under a decorator, and what can be wrong with an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HEADER = "policy_cases"
"""The key that tells a table of cases from any other YAML."""

PARAMETER = "policylib_trial"
"""The parameter that tells the cells of a test apart."""

SAYS = "policylib_says"
"""The attribute of a test function that holds what its decorator asks for."""


@dataclass(frozen=True)
class Wrong:
    """Something that an input shows to be wrong.

    `sort` tells one thing that is wrong from another, so that an input is not made small by
    way of something else; `text` says what it is, and `error` is what a user's function raised.
    """

    sort: str
    text: str
    error: BaseException | None = None


@dataclass(frozen=True)
class Body:
    """A user's function: `fixtures` are bound, `takes` names what each call gives it."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    fixtures: Mapping[str, Any]
    takes: frozenset[str]

    @property
    def name(self) -> str:
        """What the function is called."""
        return self.function.__name__

    def call(self, **offered: object) -> object:
        """Call it with those of the values that it takes."""
        taken = {name: value for name, value in offered.items() if name in self.takes}
        return self.function(*self.args, **self.fixtures, **taken)
