"""Two matrices side by side: what is promised or enforced otherwise."""

from __future__ import annotations

from typing import Literal

from policylib.errors import InputError
from policylib.matrix.files import key
from policylib.matrix.model import Cell, Enforced, Matrix, Promise
from policylib.models import Model


class Side(Model):
    """One of the two matrices."""

    name: str
    revision: str
    environment: str | None = None
    cells: int


class State(Model):
    """What one of the matrices says of a cell."""

    promised: Promise
    because: str
    enforced: Enforced


class Change(Model):
    """A cell that is not the same in both; a side that does not have it is absent."""

    what: Literal["changed", "added", "removed"]
    at: dict[str, str]
    before: State | None = None
    after: State | None = None


class Diff(Model):
    """What changes from one matrix to another."""

    kind: str
    title: str
    before: Side
    after: Side
    changes: tuple[Change, ...]

    @property
    def exit_code(self) -> int:
        """0 the same, 1 they differ."""
        return 1 if self.changes else 0

    def count(self, what: str) -> int:
        """How many cells are changed, added or removed."""
        return sum(change.what == what for change in self.changes)


def diff(before: Matrix, after: Matrix, names: tuple[str, str]) -> Diff:
    """Compare two matrices of one kind; raises `InputError` for two kinds.

    `names` says what the two are, for people.
    """
    if before.kind != after.kind:
        what = f"a matrix of {before.kind} cannot be compared with one of {after.kind}"
        raise InputError(what, where=names[1])
    old = {key(cell.at): cell for cell in before.cells}
    new = {key(cell.at): cell for cell in after.cells}
    changes = [_change(old.get(at), cell, cell) for at, cell in new.items()]
    changes += [_change(cell, None, cell) for at, cell in old.items() if at not in new]
    return Diff(
        kind=after.kind,
        title=after.title,
        before=_side(before, names[0]),
        after=_side(after, names[1]),
        changes=tuple(change for change in changes if change is not None),
    )


def _side(matrix: Matrix, name: str) -> Side:
    return Side(
        name=name,
        revision=matrix.revision,
        environment=matrix.environment,
        cells=len(matrix.cells),
    )


def _change(old: Cell | None, new: Cell | None, cell: Cell) -> Change | None:
    """What became of a cell, if anything; a reason that is worded otherwise is no change."""
    what: Literal["changed", "added", "removed"] = "changed"
    if old is None or new is None:
        what = "added" if old is None else "removed"
    elif (old.promised, old.enforced) == (new.promised, new.enforced):
        return None
    return Change(what=what, at=cell.at, before=_state(old), after=_state(new))


def _state(cell: Cell | None) -> State | None:
    if cell is None:
        return None
    return State(promised=cell.promised, because=cell.because, enforced=cell.enforced)
