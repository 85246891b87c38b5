"""Whether the engines agree, and if not, the smallest document that they differ on.

The first engine is what the others are compared with. That one denies what another fails on is no
difference, since both refuse it; that one dies or gives no answer in time always is.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from policylib.parity.outcomes import Breach, Outcome, Peer, Refusal, Unreadable, Verdict

Row = tuple[Outcome, ...]
Json = Any

_REFUSED_KEPT = 20
_AT_FIRST = 100


@dataclass
class Tally:
    """What was compared: the counts behind a claim of parity.

    `refused` has the first cases that one engine denies and another fails on, `failures` how many
    they are; `different` holds the positions of the documents that the engines differ on.
    """

    documents: int = 0
    denied: int = 0
    warned: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: int = 0
    refused: list[str] = field(default_factory=list)
    different: list[int] = field(default_factory=list)

    @property
    def allowed(self) -> int:
        """The documents that nothing denies."""
        return self.documents - self.denied

    def share(self, peer: str) -> float:
        """The part of the documents that a peer could be compared on."""
        return self.compared[peer] / self.documents

    def add(self, other: Tally) -> None:
        """Count another tally in, whose documents stand behind those of this one."""
        self.different += [self.documents + index for index in other.different]
        self.documents += other.documents
        self.denied += other.denied
        self.warned += other.warned
        self.compared.update(other.compared)
        self.unreadable.update(other.unreadable)
        self.failures += other.failures
        self.refused = (self.refused + other.refused)[:_REFUSED_KEPT]

    def lines(self) -> Iterator[str]:
        """The counts, for people."""
        yield f"{self.documents} documents, {self.denied} of them denied"
        for name, count in self.compared.items():
            yield f"  {name}: {count} compared"
        for (name, reason), count in sorted(self.unreadable.items()):
            yield f"  {name}: {count} apart, as {reason}"
        yield f"  {self.failures} denied by one engine and an error to another"
        yield from (f"    {case}" for case in self.refused)


def compare(peers: Sequence[Peer], documents: Sequence[Json]) -> Tally:
    """Ask every peer about every document, and count."""
    tally = Tally(len(documents), compared=Counter(dict.fromkeys((p.name for p in peers), 0)))
    for index, row in enumerate(judge(peers, documents)):
        _count(tally, peers, documents[index], row)
        if differ(peers, row):
            tally.different.append(index)
    return tally


def judge(peers: Sequence[Peer], documents: Sequence[Json]) -> list[Row]:
    """The outcome of every peer on every document."""
    return list(zip(*(peer.judge(documents) for peer in peers), strict=True))


def differ(peers: Sequence[Peer], row: Row) -> bool:
    """Whether an engine contradicts the first one on a document, or dies of it."""
    return any(differing(peers, row))


def differing(peers: Sequence[Peer], row: Row) -> Iterator[Peer]:
    """The engines that do."""
    first = row[0]
    for peer, outcome in zip(peers, row, strict=True):
        if _crashed(outcome) or (outcome is not first and _contradict(first, outcome, peer)):
            yield peer


def _crashed(outcome: Outcome) -> bool:
    return isinstance(outcome, Refusal) and outcome.crashed


def _contradict(one: Outcome, other: Outcome, peer: Peer) -> bool:
    if isinstance(one, Verdict) and isinstance(other, Verdict):
        if one.breaches == other.breaches:
            return False
        return _heard(one.breaches, peer) != _heard(other.breaches, peer)
    if isinstance(one, Unreadable) or isinstance(other, Unreadable):
        return False
    return any(isinstance(outcome, Verdict) and not outcome.denies for outcome in (one, other))


def _heard(breaches: Iterable[Breach], peer: Peer) -> set[Breach]:
    return {breach for breach in breaches if peer.hears(breach)}


def _count(tally: Tally, peers: Sequence[Peer], document: Json, row: Row) -> None:
    verdicts = [outcome for outcome in row if isinstance(outcome, Verdict)]
    tally.denied += any(verdict.denies for verdict in verdicts)
    tally.warned += any(b.enforcement == "warn" for v in verdicts for b in v.breaches)
    for peer, outcome in zip(peers, row, strict=True):
        if isinstance(outcome, Unreadable):
            tally.unreadable[peer.name, outcome.reason] += 1
        else:
            tally.compared[peer.name] += 1
        if isinstance(outcome, Refusal):
            tally.failures += 1
            if len(tally.refused) < _REFUSED_KEPT:
                reason = f"{peer.name} ({outcome.reason})"
                tally.refused.append(f"{reason}: {json.dumps(document)[:300]}")


def smallest(peers: Sequence[Peer], document: Json, seconds: float = math.inf) -> Json:
    """A document that the peers still differ on and that no single step makes smaller.

    No step begins after so many seconds.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        steps = sorted(_unique(_smaller(document)), key=_size)
        found = next((step for step in _differing_of(peers, steps)), None)
        if found is None:
            return document
        document = found
    return document


def _differing_of(peers: Sequence[Peer], documents: Sequence[Json]) -> Iterator[Json]:
    """Those that the peers differ on, in order; more at once the longer none is found."""
    start, count = 0, _AT_FIRST
    while start < len(documents):
        some = documents[start : start + count]
        rows = zip(some, judge(peers, some), strict=True)
        yield from (document for document, row in rows if differ(peers, row))
        start, count = start + count, count * 4


def _unique(values: Iterator[Json]) -> list[Json]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _size(value: Json) -> tuple[int, str]:
    text = json.dumps(value, sort_keys=True)
    return len(text), text


def _smaller(value: Json) -> Iterator[Json]:
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


def said(outcome: Outcome) -> list[str]:
    """What an engine says of a document, for people: a line for each thing."""
    if isinstance(outcome, Verdict):
        return [_line(breach) for breach in sorted(outcome.breaches)] or ["allows it"]
    if isinstance(outcome, Unreadable):
        return [f"cannot be given it: {outcome.reason}"]
    return [f"{'crashes' if outcome.crashed else 'fails'}: {outcome.reason}"]


def _line(breach: Breach) -> str:
    return f"{breach.enforcement} {breach.rule} at {breach.path!r}: {breach.message}"
