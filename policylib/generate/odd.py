"""Values that nobody asked for, and documents with one of them in some place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from policylib.generate.choices import Choices, once_in

Json = Any
"""Whatever JSON can hold."""

ODD: tuple[Json, ...] = (
    *(None, "", " ", "x", 0, 1, 1.5, True, False),
    *([], {}, [None], [[]], [{}], {"": ""}),
)
ODD_CHARACTERS = (
    *("\x00", "\n", "\t", "\r", "\x1b", "\u200b", "\u0430", "é", "\u2028", "😀", '"', "\\"),
)


def odd(choices: Choices) -> Json:
    """A value of a type or shape that nobody asked for."""
    return copy.deepcopy(choices.one_of(ODD))


def damaged(choices: Choices, document: Json) -> Json:
    """A copy of a document with one value, at any depth, dropped or replaced by an odd one."""
    found = copied(document)
    slots = list(_slots(found))
    if not slots:
        return odd(choices)
    holder, key = choices.one_of(slots)
    if isinstance(holder, dict) and once_in(choices, 4):
        del holder[key]
    else:
        holder[key] = odd(choices)
    return found


def copied(value: Json) -> Json:
    """A copy of what JSON can hold, which shares nothing with it."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def _slots(value: Json) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from _slots(value[key])
