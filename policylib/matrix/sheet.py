"""A matrix as CSV, one row a cell, that a spreadsheet takes for text and never for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from policylib.errors import InputError
from policylib.matrix.model import Approved, Cell, Matrix
from policylib.report.plain import escape

FIXED: Final = ("promised", "because", "enforced", "differs", "inputs", "approved")
"""The columns after those of the dimensions; `matrix` stands before them."""

# What makes a spreadsheet compute; the apostrophe is doubled so that it can be taken away again.
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_DELIMITERS: Final = ",;\t"
_PROMISES: Final = ("allow", "deny")


def write(matrix: Matrix) -> str:
    """The cells as CSV (RFC 4180); what spreadsheets would compute has an apostrophe before it."""
    axes = [dimension.name for dimension in matrix.dimensions]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["matrix", *axes, *FIXED])
    for cell in matrix.cells:
        writer.writerow([_guarded(value) for value in _row(matrix, axes, cell)])
    for one in matrix.missing:
        at = [one.at.get(axis, "") for axis in axes]
        row = [matrix.kind, *at, "", "only the approved matrix has it", "", "yes", "0"]
        writer.writerow([_guarded(value) for value in [*row, one.promised]])
    return text.getvalue()


def _row(matrix: Matrix, axes: Sequence[str], cell: Cell) -> Iterator[str]:
    yield matrix.kind
    yield from (cell.at.get(axis, "") for axis in axes)
    yield from (cell.promised, escape(cell.because), cell.enforced)
    yield "yes" if cell.differs else "no"
    yield str(cell.inputs)
    yield cell.approved or ""


def _guarded(value: str) -> str:
    return f"'{value}" if value.startswith(_ACTIVE) else value


def _plain(value: str) -> str:
    return value.removeprefix("'")


def read(text: str, kind: str, axes: Sequence[str], where: str) -> tuple[Approved, ...]:
    """The promises in what `write` wrote, also after a spreadsheet has saved it.

    Raises `InputError` with the row of what is no cell, is there twice, or is of another kind.
    """
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(f"this is not CSV: {error}", where=where) from error
    header = rows[0] if rows else []
    _check(header, axes, where)
    found: dict[tuple[str, ...], Approved] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        place = f"{where}, row {number}"
        one = _cell(header, row, kind, place)
        if found.setdefault(tuple(one.at.values()), one) is not one:
            raise InputError("this cell is there twice", where=place)
    return tuple(found.values())


def _check(header: Sequence[str], axes: Sequence[str], where: str) -> None:
    """Require that the columns are ours; those that only inform may be gone."""
    needed, known = {"matrix", *axes, "promised"}, {"matrix", *axes, *FIXED}
    wrong = [f"{name!r} is missing" for name in sorted(needed - set(header))]
    wrong += [f"{name!r} is unknown" for name in header if name not in known]
    wrong += [f"{name!r} is there twice" for name in known if header.count(name) > 1]
    if wrong:
        raise InputError(
            f"this is no approved matrix: of its columns {', '.join(wrong)}",
            where=where,
            remedy="start from what `rc matrix … --format csv` writes",
        )


def _cell(header: Sequence[str], row: Sequence[str], kind: str, where: str) -> Approved:
    if len(row) != len(header):
        raise InputError(f"there are {len(row)} values for {len(header)} columns", where=where)
    values = {name: _plain(value) for name, value in zip(header, row, strict=True)}
    if values["matrix"] != kind:
        what = f"this is of the matrix {values['matrix']!r}, not of {kind!r}"
        raise InputError(what, where=where)
    promise = values["promised"]
    if promise not in _PROMISES:
        raise InputError(f"promised is allow or deny, not {promise!r}", where=where)
    at = {k: v for k, v in values.items() if k != "matrix" and k not in FIXED}
    return Approved.model_validate({"at": at, "promised": promise})
