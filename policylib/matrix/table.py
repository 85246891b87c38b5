"""A matrix for a terminal: the panels, and then in full whatever differs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from policylib.matrix.grid import Panel, axes, panels
from policylib.matrix.model import Approved, Cell, Counterexample, Matrix, Planted
from policylib.matrix.wording import by_rule, inputs, kinds, name, promised, told, verdict
from policylib.report.plain import count, escape, width

_STYLES: Final = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "bad": "\x1b[1;31m",
    "good": "\x1b[1;32m",
    "allow": "\x1b[32m",
    "deny": "\x1b[36m",
    "differs": "\x1b[1;7;31m",
}
_IN_FULL: Final = 20
"""Cells that are written with their counterexample, and as many kinds of planted inputs."""
_GAP: Final = "  "

Paint = Callable[[str, str], str]


@dataclass(frozen=True)
class Options:
    """How to write: the width of the terminal in cells, colours, and whether to draw panels."""

    width: int = 100
    color: bool = False
    panels: bool = True


DEFAULTS: Final = Options()


def write(matrix: Matrix, options: Options = DEFAULTS) -> str:
    """The matrix as text. Nothing is told by colour alone."""
    paint = _colored if options.color else _plain
    blocks = [_heading(matrix, paint)]
    if options.panels:
        blocks += [block for panel in panels(matrix) for block in _panel(matrix, panel, options)]
        blocks += [_legend(matrix, paint)] if matrix.cells else []
        blocks += _by_rule(matrix, paint)
    blocks += _differing(matrix, paint)
    blocks += _planted(matrix, paint)
    blocks.append(_summary(matrix, paint))
    return "\n\n".join(blocks) + "\n"


def mark(cell: Cell) -> str:
    """A cell in a word and a symbol.

    >>> mark(Cell(at={}, promised="deny", because="…", enforced="warn", inputs=1))
    '! warn'
    """
    return f"{'!' if cell.differs else '+' if cell.enforced == 'allow' else '-'} {cell.enforced}"


def named(cell: Cell | Approved, matrix: Matrix) -> str:
    """A cell's place in words."""
    titles = {dimension.name: dimension.title for dimension in matrix.dimensions}
    return ", ".join(f"{escape(titles.get(k, k))} {escape(v)}" for k, v in cell.at.items())


def _colored(style: str, text: str) -> str:
    return f"{_STYLES[style]}{text}\x1b[0m"


def _plain(_style: str, text: str) -> str:
    return text


def _heading(matrix: Matrix, paint: Paint) -> str:
    notes = [f"note: {escape(note)}" for note in matrix.notes]
    return "\n".join([paint("bold", escape(matrix.title)), *notes])


def _legend(matrix: Matrix, paint: Paint) -> str:
    wrong = "; ! something else, see below" if matrix.differing else ""
    return paint("dim", f"+ allowed and - denied, as promised{wrong}")


def _panel(matrix: Matrix, panel: Panel, options: Options) -> Iterator[str]:
    """A panel, in as many blocks of columns as the terminal is wide for."""
    across, down, _ = axes(matrix)
    paint = _colored if options.color else _plain
    labels = [escape(row.name) for row in panel.rows]
    first = max(width(text) for text in (*labels, escape(across.title)))
    widths = [
        max(width(escape(name)), *(len(_text(row.cells[i])) for row in panel.rows))
        for i, name in enumerate(panel.columns)
    ]
    for block in _fitting(widths, options.width - first):
        lines = [paint("bold", escape(panel.title))] if panel.title else []
        corner = _padded(escape(across.title), first)
        lines.append(paint("dim", " " * first + _GAP + escape(down.title)).rstrip())
        names = [_padded(escape(panel.columns[i]), widths[i]) for i in block]
        lines.append(_GAP.join([paint("dim", corner), *names]).rstrip())
        for label, row in zip(labels, panel.rows, strict=True):
            cells = [_drawn(row.cells[i], widths[i], paint) for i in block]
            lines.append(_GAP.join([_padded(label, first), *cells]).rstrip())
        yield "\n".join(lines)


def _fitting(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The columns, as many a block as there is room for; one at least."""
    block: list[int] = []
    used = 0
    for index, needed in enumerate(widths):
        if block and used + len(_GAP) + needed > room:
            yield block
            block, used = [], 0
        block.append(index)
        used += len(_GAP) + needed
    yield block


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - width(text))


def _text(cell: Cell | None) -> str:
    return "" if cell is None else mark(cell)


def _drawn(cell: Cell | None, cells: int, paint: Paint) -> str:
    if cell is None:
        return " " * cells
    text = mark(cell)
    style = "differs" if cell.differs else "allow" if cell.enforced == "allow" else "deny"
    return paint(style, text) + " " * (cells - len(text))


def _differing(matrix: Matrix, paint: Paint) -> Iterator[str]:
    for number, cell in enumerate(matrix.differing):
        lines = _cell(matrix, cell, paint)
        if cell.counterexample is not None and number < _IN_FULL:
            lines += [f"  {line}" for line in _counterexample(cell.counterexample, paint)]
        yield "\n".join(lines)
    if len(matrix.differing) > _IN_FULL:
        yield f"only the first {_IN_FULL} are written in full; `--format json` has all"
    for one in matrix.missing:
        what = f"{named(one, matrix)}: approved is {one.promised}, and the matrix has no such cell"
        yield f"{paint('bad', 'missing')}: {what}"


def _cell(matrix: Matrix, cell: Cell, paint: Paint) -> list[str]:
    lines = [
        f"{paint('bad', 'differs')}: {paint('bold', named(cell, matrix))}",
        f"  promised {cell.promised}: {escape(cell.because)}",
    ]
    if cell.enforced != cell.promised:
        by = ", ".join(f"{engine} {word}" for engine, word in cell.by_engine.items())
        lines.append(f"  enforced {cell.enforced} ({by or 'by the policy'})")
    if cell.approved == "absent":
        lines.append("  the approved matrix has no such cell")
    elif cell.approved not in {None, cell.promised}:
        lines.append(f"  approved {cell.approved}")
    return lines


def _by_rule(matrix: Matrix, paint: Paint) -> Iterator[str]:
    if matrix.planted:
        lines = [paint("bold", "What was planted, by rule")]
        lines += [f"{sign} {escape(line)}" for sign, line in map(_rule_line, by_rule(matrix))]
        yield "\n".join(lines)


def _rule_line(found: tuple[str, tuple[Planted, ...]]) -> tuple[str, str]:
    rule, planted = found
    return "!" if any(one.differs for one in planted) else "+", f"{rule}: {told(planted)}"


def _planted(matrix: Matrix, paint: Paint) -> Iterator[str]:
    differing = matrix.differing_planted
    for number, one in enumerate(differing):
        lines = _one_planted(one, paint)
        if one.counterexample is not None and number < _IN_FULL:
            lines += [f"  {line}" for line in _counterexample(one.counterexample, paint)]
        yield "\n".join(lines)
    if len(differing) > _IN_FULL:
        yield f"only the first {_IN_FULL} are written in full; `--format json` has all"


def _one_planted(one: Planted, paint: Paint) -> list[str]:
    by = ", ".join(f"{engine} {word}" for engine, word in one.by_engine.items())
    return [
        f"{paint('bad', 'differs')}: {paint('bold', escape(f'{one.drawn_for}, {name(one)}'))}",
        f"  {escape(promised(one))}",
        f"  enforced {one.enforced} ({by or 'no engine could be asked'}), {inputs(one)}",
    ]


def _counterexample(example: Counterexample, paint: Paint) -> Iterator[str]:
    yield f"{paint('dim', 'the smallest input found, and')} {example.engine}{paint('dim', ':')}"
    yield from (f"  {escape(line)}" for line in example.said)
    if example.defect:
        yield f"{paint('dim', 'planted in it:')} {escape(example.defect)}"
    yield from textwrap.indent(json.dumps(example.document, indent=2), "  ").split("\n")
    if example.facts:
        yield paint("dim", "with these facts:")
        yield from textwrap.indent(json.dumps(example.facts, indent=2), "  ").split("\n")
    if example.settings:
        yield paint("dim", "where the settings say:")
        yield from textwrap.indent(json.dumps(example.settings, indent=2), "  ").split("\n")
    yield f"{paint('dim', 'again:')} {escape(example.reproduce)}"


def _summary(matrix: Matrix, paint: Paint) -> str:
    wrong = verdict(matrix)
    asked = [count(len(matrix.cells), "cell")] if matrix.cells else []
    asked += [kinds(len(matrix.planted))] if matrix.planted else []
    engines = ", ".join(f"{name} {version}" for name, version in matrix.engines.items())
    where = f" in {escape(matrix.environment)}" if matrix.environment else ""
    behind = f"{count(matrix.inputs, 'input')}, {engines}, seed {matrix.seed}"
    behind = behind if wrong else ", ".join([*asked, behind])
    said = f"{matrix.kind}{where}: {wrong or 'as promised'} ({behind})"
    return paint("bad" if wrong else "good", said)
