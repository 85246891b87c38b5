"""JSON Pointers (RFC 6901): where a value stands in a document."""

from __future__ import annotations

from collections.abc import Iterable


def pointer(keys: Iterable[str | int]) -> str:
    """The pointer that leads through keys and indexes to a value.

    >>> pointer(["spec", "a/b", 0])
    '/spec/a~1b/0'
    """
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
