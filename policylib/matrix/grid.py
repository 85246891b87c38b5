"""A matrix taken apart for drawing: panels, each with rows and columns of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policylib.matrix.model import Cell, Dimension, Matrix


@dataclass(frozen=True)
class Row:
    """The cells of a row, one a column; None where the combination makes no sense."""

    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Panel:
    """The cells that agree in all but the first two dimensions.

    `at` has those other dimensions, by their titles.
    """

    at: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """What its cells have in common."""
        return ", ".join(f"{title}: {value}" for title, value in self.at)

    @property
    def cells(self) -> list[Cell]:
        """Its cells, row by row."""
        return [cell for row in self.rows for cell in row.cells if cell is not None]


def axes(matrix: Matrix) -> tuple[Dimension, Dimension, tuple[Dimension, ...]]:
    """Rows, columns, and what makes panels; a dimension that is not there has one empty value."""
    empty = Dimension(name="", title="", values=("",))
    first, second, *rest = (*matrix.dimensions, empty, empty)
    return first, second, tuple(dimension for dimension in rest if dimension is not empty)


def panels(matrix: Matrix) -> Iterator[Panel]:
    """The panels, in the order of their first cells; rows and columns without a cell are left out.

    >>> from policylib.matrix.model import Cell, Dimension, Matrix
    >>> cell = Cell(
    ...     at={"row": "a", "col": "x"}, promised="deny", because="…", enforced="deny", inputs=1
    ... )
    >>> values = {"row": ("a", "b"), "col": ("x",)}
    >>> axes = [Dimension(name=name, title=name, values=v) for name, v in values.items()]
    >>> matrix = Matrix(
    ...     version="1", kind="k", title="K", revision="r", seed=0,
    ...     engines={}, dimensions=axes, cells=[cell],
    ... )
    >>> [(p.title, p.columns, [row.name for row in p.rows]) for p in panels(matrix)]
    [('', ('x',), ['a'])]
    """
    across, down, rest = axes(matrix)
    groups: dict[tuple[tuple[str, str], ...], dict[tuple[str, str], Cell]] = {}
    for cell in matrix.cells:
        at = tuple((d.title, cell.at[d.name]) for d in rest if d.name in cell.at)
        place = (cell.at.get(across.name, ""), cell.at.get(down.name, ""))
        groups.setdefault(at, {})[place] = cell
    for at, cells in groups.items():
        columns = _used(down.values, [column for _, column in cells])
        rows = _used(across.values, [row for row, _ in cells])
        yield Panel(
            at,
            columns,
            tuple(Row(row, tuple(cells.get((row, c)) for c in columns)) for row in rows),
        )


def _used(values: tuple[str, ...], used: list[str]) -> tuple[str, ...]:
    """The values that are used, in the order of the dimension; any other one at the end."""
    ordered = dict.fromkeys((*values, *used))
    return tuple(value for value in ordered if value in set(used))
