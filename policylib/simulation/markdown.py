"""A simulation as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policylib.report.markup import cell, code
from policylib.simulation import plain
from policylib.simulation.model import Group, Simulation

ROWS = 20
"""Rows of a table; a comment has a limit of some tens of thousands of characters."""


def write(simulation: Simulation) -> str:
    """Write it, with the names and messages of others as code, so that they are never markup."""
    blocks = [["### Rollout simulation"], [f"**{plain.verdict(simulation)}**"]]
    blocks.append(
        [
            f"- old: {code(plain.side(simulation.old))}",
            f"- new: {code(plain.side(simulation.new))}",
        ]
    )
    blocks += [_table(name, groups) for name, groups in plain.tables(simulation) if groups]
    blocks += [list(_workloads(simulation)), list(_errors(simulation))]
    blocks.append([plain.summary(simulation)])
    blocks += [[code(line)] for line in plain.remarks(simulation)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _table(name: str, groups: Sequence[Group]) -> list[str]:
    heads = " | ".join((name, *plain.HEADS))
    lines = [f"| {heads} |", f"|---|{'---:|' * len(plain.HEADS)}"]
    for group in groups[:ROWS]:
        cells = " | ".join((cell(group.name), *map(str, plain.figures(group))))
        lines.append(f"| {cells} |")
    return [*lines, *_more(len(groups))]


def _workloads(simulation: Simulation) -> Iterator[str]:
    found = plain.workloads(simulation.newly_denied)
    if not found:
        return
    yield "| would be denied | whose | rules | first message |"
    yield "|---|---|---|---|"
    for one in found[:ROWS]:
        rules = ", ".join(f"`{rule}`" for rule in sorted({change.rule for change in one.changes}))
        name = cell(f"{one.name} ({one.place})")
        yield f"| {name} | {cell(one.owner)} | {rules} | {cell(one.changes[0].message)} |"
    yield from _more(len(found))


def _errors(simulation: Simulation) -> Iterator[str]:
    for one in simulation.errors[:ROWS]:
        yield f"- error: {code(f'{one.file}:{one.line}: {one.message}')}"
    yield from _more(len(simulation.errors))


def _more(number: int) -> Iterator[str]:
    if number > ROWS:
        yield ""
        yield f"… and {number - ROWS} more: `--format json` has all."
