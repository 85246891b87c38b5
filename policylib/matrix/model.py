"""The shape of a matrix: what is promised for each cell, and what was found."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from policylib.models import Model

Promise = Literal["allow", "deny"]
Treatment = Literal["allow", "deny", "warn", "log"]
Approval = Literal["allow", "deny", "absent"]
Enforced = Literal["allow", "deny", "warn", "log", "mixed", "error"]


class Dimension(Model):
    """One axis: its name in `Cell.at`, its title for people, and its values in order."""

    name: str
    title: str
    values: tuple[str, ...]


class Counterexample(Model):
    """The smallest input found in a cell on which an engine contradicts the promise.

    `said` is what that engine answered, in words; `defect` is what was planted in the input, and
    `settings` are the keys of the settings that were otherwise.
    """

    engine: str
    document: Any
    facts: dict[str, Any] = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)
    defect: str | None = None
    said: tuple[str, ...]
    reproduce: str


class Cell(Model):
    """One combination: what the settings promise for it, and what the policy does.

    `at` has the value of each dimension. `inputs` counts the generated documents behind
    `enforced`, which is `mixed` when the policy does not treat them alike, or engines differ, and
    `error` when an engine failed; `by_engine` is what each does that could be given an input.
    `approved` is what an approved matrix says, where one was given, and `absent` when it does not
    have this cell.
    """

    at: dict[str, str]
    promised: Promise
    because: str
    enforced: Enforced
    inputs: int
    by_engine: dict[str, Enforced] = Field(default_factory=dict)
    approved: Approval | None = None
    counterexample: Counterexample | None = None

    @property
    def differs(self) -> bool:
        """Whether what is enforced is not what is promised, or not what was approved."""
        return self.enforced != self.promised or self.approved not in {None, self.promised}


class Planted(Model):
    """Inputs that were made wrong in one way for one rule, or sound ones; what the policy does.

    Or those of a rule in a `circumstance` that no rule knows of, such as an exception.

    `drawn_for` is the rule whose inputs they are, and `rule` the one that has to deny them: nearly
    always the same. What other rules say of them does not count. `defect` is empty for sound
    inputs, which no rule of the family may deny, and in a circumstance. The others are as in
    `Cell`.
    """

    drawn_for: str
    rule: str
    defect: str = ""
    circumstance: str = ""
    what: str
    promised: Treatment
    enforced: Enforced
    inputs: int
    by_engine: dict[str, Enforced] = Field(default_factory=dict)
    counterexample: Counterexample | None = None

    @property
    def differs(self) -> bool:
        """Whether anything else is done than has to be."""
        return self.enforced != self.promised


class Approved(Model):
    """What an approved matrix says of one cell."""

    at: dict[str, str]
    promised: Promise


class Matrix(Model):
    """One matrix. The first two dimensions are rows and columns, the others are panels.

    `revision` identifies rules, settings and facts together; `engines` maps each engine to its
    version. `missing` has the cells of the approved matrix, where one was given, that this one has
    not. `planted` has what was made wrong on purpose, rule by rule, if that was asked about.
    """

    version: str
    kind: str
    title: str
    revision: str
    environment: str | None = None
    seed: int
    engines: dict[str, str]
    dimensions: tuple[Dimension, ...]
    cells: tuple[Cell, ...]
    planted: tuple[Planted, ...] = ()
    missing: tuple[Approved, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[Cell, ...]:
        """The cells that differ from what is promised or approved."""
        return tuple(cell for cell in self.cells if cell.differs)

    @property
    def differing_planted(self) -> tuple[Planted, ...]:
        """What was planted and is not treated as promised."""
        return tuple(one for one in self.planted if one.differs)

    @property
    def inputs(self) -> int:
        """How many generated documents stand behind the matrix."""
        return sum(cell.inputs for cell in self.cells) + sum(one.inputs for one in self.planted)

    @property
    def exit_code(self) -> int:
        """0 as promised and approved, 1 something differs, 2 an engine failed."""
        done = {cell.enforced for cell in self.cells} | {one.enforced for one in self.planted}
        if "error" in done:
            return 2
        return 1 if self.differing or self.missing or self.differing_planted else 0
