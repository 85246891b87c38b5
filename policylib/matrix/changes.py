"""What changes from one matrix to another, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.matrix.diff import Change, Diff, State
from policylib.report.markup import cell, code
from policylib.report.plain import count, escape

_COLORS = {"changed": "\x1b[33m", "added": "\x1b[32m", "removed": "\x1b[31m"}
_SIGNS = {"changed": "~", "added": "+", "removed": "-"}


def as_json(diff: Diff) -> str:
    """The whole of it."""
    return diff.as_json()


def as_text(diff: Diff, *, color: bool = False) -> str:
    """One line a cell, and why it is promised so."""
    return "\n".join([*_lines(diff, color=color), _summary(diff)]) + "\n"


def _lines(diff: Diff, *, color: bool) -> Iterator[str]:
    for change in diff.changes:
        word = f"{_SIGNS[change.what]} {change.what}"
        word = f"{_COLORS[change.what]}{word}\x1b[0m" if color else word
        yield f"{word}: {_at(change)}: {_turn(change)}"
        if (state := change.after or change.before) is not None:
            yield f"    {escape(state.because)}"


def as_markdown(diff: Diff) -> str:
    """A table, for a comment on a pull request. What settings hold stands there as code."""
    sides = f"{code(diff.before.name)} → {code(diff.after.name)}"
    lines = [f"**{diff.kind}: {sides}: {_outcome(diff)}**"]
    if diff.changes:
        lines += ["", "| | cell | before | after | why |", "|---|---|---|---|---|"]
    for change in diff.changes:
        state = change.after or change.before
        why = cell(state.because) if state else ""
        cells = [change.what, cell(_at(change)), _state(change.before), _state(change.after), why]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _at(change: Change) -> str:
    return ", ".join(f"{escape(name)} {escape(value)}" for name, value in change.at.items())


def _turn(change: Change) -> str:
    if change.before is None or change.after is None:
        return _state(change.after or change.before)
    return f"{_state(change.before)} → {_state(change.after)}"


def _state(state: State | None) -> str:
    if state is None:
        return ""
    if state.promised == state.enforced:
        return state.promised
    return f"{state.promised} (enforced: {state.enforced})"


def _summary(diff: Diff) -> str:
    sides = f"{escape(diff.before.name)} → {escape(diff.after.name)}"
    return f"{diff.kind}: {sides}: {_outcome(diff)}"


def _outcome(diff: Diff) -> str:
    if not diff.changes:
        return f"the same {count(diff.after.cells, 'cell')}"
    return ", ".join(f"{diff.count(what)} {what}" for what in _SIGNS)
