"""Values against values: what differs, by path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from policylib.bundle.diff.model import Turn
from policylib.settings.checks import canonical

_GONE: Final = object()

Path = tuple[str | int, ...]


def turns(before: object, after: object, path: Path = ()) -> Iterator[Turn]:
    """All that differs from one JSON value to another.

    Of lists it says what came and what went, not that what follows has moved.

    >>> [str(one.path) for one in turns({"a": [1, 2]}, {"a": [2], "b": 3})]
    ["('a', 0)", "('b',)"]
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _turn(before.get(key, _GONE), after.get(key, _GONE), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    elif canonical(before) != canonical(after):
        yield Turn(path=path, what="changed", before=before, after=after)


def _turn(before: object, after: object, path: Path) -> Iterator[Turn]:
    if before is _GONE:
        yield Turn(path=path, what="added", after=after)
    elif after is _GONE:
        yield Turn(path=path, what="removed", before=before)
    else:
        yield from turns(before, after, path)


def _lists(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Turn]:
    gone, come = _beyond(before, after), _beyond(after, before)
    if not gone and not come:
        if [canonical(one) for one in before] != [canonical(one) for one in after]:
            yield Turn(path=path, what="changed", before=list(before), after=list(after))
        return
    if len(gone) == len(come) and all(isinstance(one, (dict, list)) for _, one in (*gone, *come)):
        # The same entries, changed: what changed in each says more than both as a whole.
        for (_, old), (index, new) in zip(gone, come, strict=True):
            yield from turns(old, new, (*path, index))
        return
    for (at, old), (index, new) in zip_longest(gone, come, fillvalue=(0, _GONE)):
        yield from _turn(old, new, (*path, at if new is _GONE else index))


def _beyond(some: Sequence[Any], others: Sequence[Any]) -> list[tuple[int, Any]]:
    """The entries of a list that another does not have, as often as they are there."""
    left = Counter(map(canonical, others))
    found: list[tuple[int, Any]] = []
    for index, one in enumerate(some):
        text = canonical(one)
        if left[text]:
            left[text] -= 1
        else:
            found.append((index, one))
    return found
