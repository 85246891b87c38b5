"""Matrices in files: the JSON form, and what was approved in JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from policylib import reading
from policylib.errors import InputError
from policylib.matrix import sheet
from policylib.matrix.model import Approved, Matrix

_WRITTEN = "name what `rc matrix … --format json` wrote"


def write(matrix: Matrix) -> str:
    """The matrix as JSON."""
    return matrix.as_json()


def parse(content: bytes, where: str) -> Matrix:
    """A matrix out of JSON; raises `InputError` when it is none, or has a cell twice."""
    try:
        matrix = Matrix.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        what = f"this is no matrix: {place}: {first['msg']}" if place else "this is no matrix"
        raise InputError(what, where=where, remedy=_WRITTEN) from error
    if len({key(cell.at) for cell in matrix.cells}) < len(matrix.cells):
        raise InputError("a cell of this matrix is there twice", where=where)
    return matrix


def key(at: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """A cell, whatever the order of its dimensions; one without a value may as well be absent."""
    return frozenset((axis, value) for axis, value in at.items() if value)


def content(path: Path) -> bytes:
    """What a file holds; raises `InputError` when it cannot be read."""
    try:
        return reading.read(path, pipes=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"it cannot be read: {reason}", where=str(path)) from error


def approved(path: Path, kind: str, axes: Sequence[str]) -> tuple[Approved, ...]:
    """What an approved matrix promises: a file of ours, JSON or CSV, with these dimensions.

    Raises `InputError` when it cannot be read, is malformed or empty, or is of another kind.
    """
    held = content(path)
    if held.lstrip()[:1] == b"{":
        matrix = parse(held, str(path))
        if matrix.kind != kind:
            raise InputError(f"this is the matrix {matrix.kind!r}, not {kind!r}", where=str(path))
        found = tuple(Approved(at=cell.at, promised=cell.promised) for cell in matrix.cells)
    else:
        try:
            text = held.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            remedy = "save it as CSV in UTF-8"
            raise InputError("this is not UTF-8", where=str(path), remedy=remedy) from error
        found = sheet.read(text, kind, axes, str(path))
    if not found:
        raise InputError("this approves no cell", where=str(path))
    return found


def held_to(
    matrix: Matrix, approvals: Sequence[Approved], where: Mapping[str, str] | None = None
) -> Matrix:
    """The matrix, each cell beside what was approved; a cell that only one has differs.

    `where` says which cells the matrix is of, if not of all.
    """
    by_cell = {key(one.at): one for one in approvals if key(where or {}) <= key(one.at)}
    cells = tuple(
        cell.model_copy(update={"approved": one.promised if one else "absent"})
        for cell in matrix.cells
        for one in [by_cell.pop(key(cell.at), None)]
    )
    return matrix.model_copy(update={"cells": cells, "missing": tuple(by_cell.values())})
