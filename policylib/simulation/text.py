"""A simulation for a terminal: tables by rule, team and tier, then the worst workloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policylib.report.plain import escape, width
from policylib.simulation import plain
from policylib.simulation.model import Change, Group, Simulation, Unjudged


def write(simulation: Simulation, *, full: bool = False) -> str:
    """Write it; `full` shows every workload and every change."""
    blocks = [
        [f"old: {escape(plain.side(simulation.old))}", f"new: {escape(plain.side(simulation.new))}"]
    ]
    blocks += [_table(name, groups) for name, groups in plain.tables(simulation) if groups]
    blocks.append(list(_workloads(simulation, full=full)))
    if full:
        blocks += [
            list(_listed("newly allowed", simulation.newly_allowed)),
            list(_listed("otherwise changed", simulation.changed)),
            list(_listed("still denied", simulation.still_denied)),
        ]
    blocks.append([_error(one) for one in simulation.errors])
    blocks.append(
        [
            plain.verdict(simulation),
            plain.summary(simulation),
            *(escape(line) for line in plain.remarks(simulation)),
        ]
    )
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in blocks if lines)


def _table(name: str, groups: Sequence[Group]) -> list[str]:
    names = [escape(group.name) for group in groups]
    first = max(width(one) for one in (f"by {name}", *names))
    heads = "".join(f"  {head}" for head in plain.HEADS)
    lines = [f"by {name}{' ' * (first - width(f'by {name}'))}{heads}"]
    for shown, group in zip(names, groups, strict=True):
        cells = zip(plain.HEADS, plain.figures(group), strict=True)
        numbers = "".join(f"  {number:>{len(head)}}" for head, number in cells)
        lines.append(f"{shown}{' ' * (first - width(shown))}{numbers}")
    return lines


def _workloads(simulation: Simulation, *, full: bool) -> Iterator[str]:
    found = plain.workloads(simulation.newly_denied)
    if not found:
        return
    shown = found if full else found[: plain.WORST]
    if len(shown) < len(found):
        yield f"would be denied ({len(shown)} of {len(found)} workloads, --all shows every one):"
    else:
        yield "would be denied:"
    for one in shown:
        times = f", decided {one.occurrences} times" if one.occurrences > 1 else ""
        yield f"  {escape(one.name)} ({escape(one.owner)}{times})"
        yield from (f"    {_change(change)}" for change in one.changes)


def _listed(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield f"{title}:"
        yield from (f"  {escape(str(one.resource))}: {_change(one)}" for one in changes)


def _change(change: Change) -> str:
    levels = f"{change.before or 'nothing'} → {change.after or 'nothing'}"
    place = f"{escape(change.file)}:{change.line}:{change.column}"
    return f"{place}: {levels}[{escape(change.rule)}]: {escape(change.message)}"


def _error(one: Unjudged) -> str:
    side = "" if one.side == "both" else f" ({one.side} policy)"
    place = f"{escape(one.file)}:{one.line}:{one.column}"
    return f"{place}: error{side}: {escape(one.message)}"
