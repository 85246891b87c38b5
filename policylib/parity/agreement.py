"""Whether the engines agree, and if not, the smallest document that they differ on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from policylib.parity.outcomes import Breach, Outcome, Peer, Refusal, Unreadable, Verdict

Row = tuple[Outcome, ...]
Json = Any


@dataclass
class Tally:
    """What was compared: the counts behind a claim of parity."""

    documents: int = 0
    denied: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def share(self, peer: str) -> float:
        """The part of the documents that a peer could be compared on."""
        return self.compared[peer] / self.documents

    def lines(self) -> Iterator[str]:
        """The counts, for people."""
        yield f"{self.documents} documents, {self.denied} of them denied"
        for name, count in self.compared.items():
            yield f"  {name}: {count} compared"
        for (name, reason), count in sorted(self.unreadable.items()):
            yield f"  {name}: {count} apart, as {reason}"
        yield f"  {len(self.refused)} denied by one engine and an error to another"
        yield from (f"    {case}" for case in self.refused[:20])


def compare(peers: Sequence[Peer], documents: Sequence[Any]) -> Tally:
    """Ask every peer about every document; `AssertionError` with the smallest one on a difference.

    Both refuse when one denies and another fails: such a case is listed and is no difference.
    """
    rows = judge(peers, documents)
    tally = Tally(len(documents), compared=Counter(dict.fromkeys((p.name for p in peers), 0)))
    for document, row in zip(documents, rows, strict=True):
        if differ(row):
            raise AssertionError(_explain(peers, smallest(peers, document)))
        _count(tally, peers, document, row)
    return tally


def judge(peers: Sequence[Peer], documents: Sequence[Any]) -> list[Row]:
    """The outcome of every peer on every document."""
    return list(zip(*(peer.judge(documents) for peer in peers), strict=True))


def differ(row: Row) -> bool:
    """Whether two engines contradict each other on a document."""
    verdicts = {outcome for outcome in row if isinstance(outcome, Verdict)}
    refused = any(isinstance(outcome, Refusal) for outcome in row)
    return len(verdicts) > 1 or (refused and any(not v.denies for v in verdicts))


def _count(tally: Tally, peers: Sequence[Peer], document: Json, row: Row) -> None:
    tally.denied += any(isinstance(o, Verdict) and o.denies for o in row)
    for peer, outcome in zip(peers, row, strict=True):
        if isinstance(outcome, Unreadable):
            tally.unreadable[peer.name, outcome.reason] += 1
        else:
            tally.compared[peer.name] += 1
        if isinstance(outcome, Refusal):
            tally.refused.append(f"{peer.name} ({outcome.reason}): {json.dumps(document)[:300]}")


def smallest(peers: Sequence[Peer], document: Json) -> Json:
    """A document that the peers still differ on and that no single step makes smaller."""
    while True:
        steps = sorted(_unique(_smaller(document)), key=_size)
        found = next(
            (s for s, row in zip(steps, judge(peers, steps), strict=True) if differ(row)), None
        )
        if found is None:
            return document
        document = found


def _unique(values: Iterator[Any]) -> list[Any]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _size(value: Json) -> tuple[int, str]:
    text = json.dumps(value, sort_keys=True)
    return len(text), text


def _smaller(value: Json) -> Iterator[Any]:
    """The value with one part dropped, replaced by one of its own parts, or shortened."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
            yield from ({**value, key: part} for part in _smaller(value[key]))
            yield value[key]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield value[:index] + value[index + 1 :]
            yield from ([*value[:index], part, *value[index + 1 :]] for part in _smaller(item))
            yield item
    elif isinstance(value, str) and value:
        yield ""
        half = len(value) // 2
        yield from (value[:half], value[half:], value[1:], value[:-1])


def _explain(peers: Sequence[Peer], document: Json) -> str:
    row = judge(peers, [document])[0]
    lines = ["the engines differ on", json.dumps(document, indent=2, sort_keys=True)]
    for peer, outcome in zip(peers, row, strict=True):
        lines += [f"{peer.name}:", *(f"  {line}" for line in _said(outcome))]
    return "\n".join(lines)


def _said(outcome: Outcome) -> list[str]:
    if isinstance(outcome, Verdict):
        return [_line(breach) for breach in sorted(outcome.breaches)] or ["allows it"]
    word = "cannot read it" if isinstance(outcome, Unreadable) else "fails"
    return [f"{word}: {outcome.reason}"]


def _line(breach: Breach) -> str:
    return f"{breach.enforcement} {breach.rule} at {breach.path!r}: {breach.message}"
