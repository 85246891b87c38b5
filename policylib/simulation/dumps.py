"""Dumps of a cluster as `kubectl get … -o json` writes them, in parts.

The reader takes a file as a whole and a List as one document, within limits that a large cluster
exceeds. In the layout of kubectl an item begins and ends on a line of its own, at one depth, and no
text of JSON holds a line break: so a dump is cut between items without reading it. A cut at any
other place leaves brackets open, which the reader refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policylib.errors import InputError
from policylib.inputs.interface import Source

LARGE = 1024 * 1024
"""Bytes of a file from which on it is worth cutting."""
PART = 4 * 1024 * 1024
"""Bytes that a part has at least, unless it is the last."""
LONGEST = 32 * 1024 * 1024
"""Bytes that may lie between the places for two cuts."""

_EDGE = 4096
_HEAD = re.compile(rb'\A\{\n( +)"apiVersion": "v1",\n\1"items": \[\n(?=\1\1\{\n)')
_TAIL = re.compile(
    rb'\n( +)\],\n\1"kind": "List",\n\1"metadata": \{[^{}]*\}\n\}\s*\Z|'
    rb'\n( +)\],\n\2"kind": "List"\n\}\s*\Z'
)


@dataclass(frozen=True)
class Part:
    """Some items of a List, as an array.

    `item` counts the items and `line` the lines of the file before those of `text`.
    """

    text: bytes
    item: int
    line: int


@dataclass(frozen=True)
class Dump:
    """A dump in kubectl's layout: where its items begin and end in the file, and their indent."""

    file: str
    size: int
    start: int
    end: int
    indent: int

    @property
    def parts(self) -> int:
        """How many parts there are at most."""
        return max(1, -(-(self.end - self.start) // PART))

    def read(self) -> Iterator[Part]:
        """The parts, in order; raises `InputError` when the file cannot be read."""
        try:
            with Path(self.file).open("rb") as stream:
                yield from self._cut(stream)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=self.file) from error

    def _cut(self, stream: BinaryIO) -> Iterator[Part]:
        stream.seek(self.start)
        left, held, item, line = self.end - self.start, b"", 0, 4
        close = b"\n" + b" " * self.indent + b"}"
        between = close + b",\n" + b" " * self.indent + b"{\n"
        while left or held:
            more = stream.read(min(left, PART))
            if left and not more:
                raise InputError("the file became shorter while it was read", where=self.file)
            left -= len(more)
            held += more
            end = len(held) if not left else held.rfind(between) + len(close)
            if left and end < len(close):
                if len(held) > LONGEST:
                    what = f"an item of the list has more than {LONGEST} bytes"
                    raise InputError(what, where=self.file)
                continue
            text = held[:end]
            yield Part(b"[\n" + text + b"]", item, line - 2)
            item += text.count(between) + 1
            line += text.count(b"\n") + 1
            held = held[end + 2 :]  # the comma and the line break between two items


def dump_of(source: Source) -> Dump | None:
    """The dump that a file holds; None for anything else, which the reader takes as a whole."""
    if source.content is not None:
        return None
    path = Path(source.name)
    try:
        size = path.stat().st_size
        if size < LARGE or not path.is_file():
            return None
        with path.open("rb") as stream:
            head = _HEAD.match(stream.read(_EDGE))
            at = max(0, size - _EDGE)
            stream.seek(at)
            tail = _TAIL.search(stream.read(_EDGE))
    except OSError:
        return None  # the reader says what is wrong with it
    if head is None or tail is None or head[1] != (tail[1] or tail[2]):
        return None
    return Dump(source.name, size, head.end(), at + tail.start(), 2 * len(head[1]))
