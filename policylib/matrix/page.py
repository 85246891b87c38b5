"""A matrix as one HTML page that needs nothing else: no server, no network, no script to read."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from policylib.matrix import wording
from policylib.matrix.grid import Panel, axes, panels
from policylib.matrix.model import Approved, Cell, Matrix
from policylib.report.plain import escape

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Shown:
    """A cell as the page has it.

    `values` says, for each dimension, which of its values the cell has; -1 is none.
    """

    number: int
    cell: Cell
    values: tuple[int, ...]

    @property
    def look(self) -> str:
        """What it is drawn as: `differs`, `allow` or `deny`."""
        return "differs" if self.cell.differs else self.cell.promised

    @property
    def contradiction(self) -> str:
        """What is wrong with it, in words; nothing if it is as promised."""
        said = []
        if self.cell.enforced != self.cell.promised:
            said.append(f"promised {self.cell.promised}")
        if self.cell.approved == "absent":
            said.append("not in the approved matrix")
        elif self.cell.approved not in {None, self.cell.promised}:
            said.append(f"approved {self.cell.approved}")
        return ", ".join(said)


@dataclass(frozen=True)
class ShownPanel:
    """A panel, with its cells as the page has them."""

    panel: Panel
    rows: tuple[tuple[str, tuple[Shown | None, ...]], ...]

    @property
    def cells(self) -> list[Shown]:
        """Its cells, row by row."""
        return [cell for _, row in self.rows for cell in row if cell is not None]


def write(matrix: Matrix) -> str:
    """The page. What settings and inputs hold is shown as text, and only our own script runs."""
    style, script = _part("page.css"), _part("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    shown = tuple(_panels(matrix))
    across, down, rest = axes(matrix)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            matrix=matrix,
            across=across,
            down=down,
            rest=rest,
            panels=shown,
            differing=[cell for panel in shown for cell in panel.cells if cell.cell.differs],
            compared=bool(matrix.missing or any(cell.approved for cell in matrix.cells)),
            words=_words(matrix),
            wrong=wording.verdict(matrix),
            by_rule=wording.by_rule(matrix),
            wording=wording,
            content_security_policy=policy,
            style=Markup(style),  # noqa: S704 - a file of ours
            script=Markup(script),  # noqa: S704 - a file of ours
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters["pretty"] = _pretty
    environment.filters["place"] = _place
    return environment


def _visible(value: object) -> object:
    """Text with every character in sight, also those that turn its direction."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return "\n".join(map(escape, value.split("\n")))
    return value


def _pretty(value: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(value, indent=2)


@cache
def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _words(matrix: Matrix) -> list[str]:
    """What is enforced anywhere in the matrix, the usual first."""
    seen = {cell.enforced for cell in matrix.cells}
    return [word for word in ("allow", "deny", "warn", "log", "mixed", "error") if word in seen]


def _panels(matrix: Matrix) -> Iterator[ShownPanel]:
    number = 0
    for panel in panels(matrix):
        rows: list[tuple[str, tuple[Shown | None, ...]]] = []
        for row in panel.rows:
            cells: list[Shown | None] = []
            for cell in row.cells:
                cells.append(None if cell is None else _shown(number, cell, matrix))
                number += cell is not None
            rows.append((row.name, tuple(cells)))
        yield ShownPanel(panel, tuple(rows))


def _shown(number: int, cell: Cell, matrix: Matrix) -> Shown:
    values = tuple(
        dimension.values.index(cell.at[dimension.name])
        if cell.at.get(dimension.name) in dimension.values
        else -1
        for dimension in matrix.dimensions
    )
    return Shown(number, cell, values)


def _place(cell: Cell | Approved, matrix: Matrix) -> list[tuple[str, str]]:
    """Where a cell is: the title of each dimension, and the value."""
    titles = {dimension.name: dimension.title for dimension in matrix.dimensions}
    return [(titles.get(name, name), value) for name, value in cell.at.items()]
