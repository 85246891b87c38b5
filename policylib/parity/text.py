"""A run for people: a table of what was compared, and each difference with how to see it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from policylib.bundle import yaml
from policylib.parity.summary import Share, Summary
from policylib.parity.work import Difference

_COLUMNS = ("", "inputs", "settings", "denied", "allowed", "warned")
_MIB = 1024 * 1024


def text(summary: Summary, versions: Mapping[str, str], again: Sequence[str]) -> str:
    """All of a run; `again` has the command that repeats each difference."""
    return "\n".join(_lines(summary, versions, again)) + "\n"


def _lines(summary: Summary, versions: Mapping[str, str], again: Sequence[str]) -> Iterator[str]:
    for one, command in zip(summary.differences, again, strict=True):
        yield from difference(one, command)
        yield ""
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    word = "agree on" if summary.agreed else "differ; judged were"
    yield f"{named} {word} {summary.documents:,} inputs (seed {summary.seed})"
    yield ""
    yield from _table(summary)
    yield from _apart(summary)
    if summary.refused:
        yield ""
        yield "denied by one engine and an error to another (the first of them):"
        yield from (f"  {case}" for case in summary.refused)
    yield ""
    yield from _spent(summary)


def _table(summary: Summary) -> Iterator[str]:
    """A row a family: what was judged, and by which engine how much of it."""
    shares = {**dict(sorted(summary.families.items())), "examples": summary.examples}
    rows = [[*_COLUMNS, *summary.engines]]
    rows += [_row(name, share, summary.engines) for name, share in shares.items() if share.groups]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((f"  {name.ljust(widths[0])}", *right))


def _row(name: str, share: Share, engines: Sequence[str]) -> list[str]:
    tally = share.tally
    numbers = (tally.documents, share.groups, tally.denied, tally.allowed, tally.warned)
    return [name, *(f"{n:,}" for n in (*numbers, *(tally.compared[one] for one in engines)))]


def _apart(summary: Summary) -> Iterator[str]:
    """What an engine could not be given, and why."""
    found: dict[tuple[str, str], int] = {}
    for share in (*summary.families.values(), summary.examples):
        for why, count in share.tally.unreadable.items():
            found[why] = found.get(why, 0) + count
    if found:
        yield ""
    for (name, reason), count in sorted(found.items()):
        yield f"  {count:,} are apart for {name}: {reason}"


def _spent(summary: Summary) -> Iterator[str]:
    rate = summary.documents / max(summary.seconds, 1e-9)
    memory = ", ".join(f"{size // _MIB:,} MiB in a {name}" for name, size in summary.memory.items())
    yield f"{summary.seconds:,.0f} s, {summary.cpu:,.0f} s of CPU, {rate:,.0f} inputs a second"
    if memory:
        yield f"at most {memory}"


def difference(one: Difference, command: str) -> Iterator[str]:
    """One difference: the document, what each engine says of it, and the command for it."""
    yield f"the engines differ, on {one.count:,} inputs of this batch; the smallest form of one:"
    yield from (f"  {line}" for line in _plain(one.document).splitlines())
    for name, lines in one.said.items():
        yield f"{name}:"
        yield from (f"  {line}" for line in lines)
    yield "settings:"
    yield from (f"  {line}" for line in _plain(dict(one.settings)).splitlines())
    if one.facts:
        yield f"facts: {json.dumps(one.facts)}"
    yield f"again: {command}"


def _plain(value: yaml.Plain) -> str:
    return yaml.dump(value) if isinstance(value, dict) and value else json.dumps(value)
