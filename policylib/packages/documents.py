"""Documents as their file has them: what policylib's own rules see besides is taken off again."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policylib import reading
from policylib._native import place, read
from policylib.inputs.interface import Origin, Place, Source
from policylib.models import Problem

_OURS = "policylib.dev/v1"
_COMPLETED = ("apiVersion", "kind", "metadata")
_MANY = 64
_START = (1, 1)


@dataclass(frozen=True)
class Document:
    """What the packages are asked about at once: a document, or an item of a file that is a list.

    `index` counts the documents of the source, those that could not be read too; `base` is the
    pointer to the item.
    """

    source: Source
    content: bytes
    index: int
    value: Any
    base: str = ""

    def place(self, pointer: str) -> Place:
        """Where a value stands in the file that a person would edit."""
        pointer = self.base + pointer
        line, column = place(self.source.name, self.content, self.index, pointer)
        here = Place(self.source.name, line, column)
        if self.source.locate is None:
            return here
        origin = Origin(_template(self.content, line), pointer, self.index, line)
        return self.source.locate(origin) or here


def held(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources, with the content of what can be read only once, such as a pipe."""
    return tuple(_hold(source) for source in sources)


def _hold(source: Source) -> Source:
    if source.content is not None:
        return source
    path = Path(source.name)
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return source
        return replace(source, content=reading.read(path, pipes=True))
    except OSError:  # whoever reads it next says why
        return source


def documents(source: Source) -> tuple[list[Document], list[Problem]]:
    """All documents of a source that can be read.

    A document that cannot be read is left to the check of policylib's own rules, which reports
    it. A file that cannot be read is a problem here too: that check may have read it before.
    """
    try:
        content = reading.read(Path(source.name)) if source.content is None else source.content
    except OSError as error:
        return [], [_unjudged(source, f": it cannot be read: {error.strerror}")]
    texts, faults = read(source.name, content)
    indexes = _indexes(source.name, content, len(texts), len(faults))
    if indexes is None:
        return [], [_unjudged(source, " until the whole file can be read")]
    found = [
        Document(source, content, index, _raw(source.name, content, index, json.loads(text)))
        for index, text in zip(indexes, texts, strict=True)
    ]
    return (_items(found[0]) if len(found) == 1 else found), []


def _unjudged(source: Source, why: str) -> Problem:
    message = f"the packages judge none of its documents{why}"
    return Problem(file=source.name, line=1, column=1, message=message)


def _items(only: Document) -> list[Document]:
    """A list that is alone in its file is as many documents, as it is for conftest."""
    if not isinstance(only.value, list):
        return [only]
    return [replace(only, value=item, base=f"/{at}") for at, item in enumerate(only.value)]


def _indexes(name: str, content: bytes, good: int, bad: int) -> Sequence[int] | None:
    """The positions of the documents that could be read; None where that takes too long.

    The reader places what could not be read at the start of the file.
    """
    if not (good and bad):
        return range(good)
    if good + bad > _MANY:
        return None
    placed = [at for at in range(good + bad) if place(name, content, at, "") != _START]
    return placed if len(placed) == good else [0, *placed]


def _raw(name: str, content: bytes, index: int, value: Any) -> Any:  # noqa: ANN401 - it is JSON
    """A document without what the reader adds to one that it knows by its shape.

    What was added stands, for the reader, where the whole document does.
    """
    if not isinstance(value, dict):
        return value
    if value.get("apiVersion") != _OURS and value.get("kind") != "Kustomization":
        return value
    start = place(name, content, index, "")
    added = {
        key
        for key in _COMPLETED
        if key in value and place(name, content, index, f"/{key}") == start
    }
    return {key: item for key, item in value.items() if key not in added}


def _template(content: bytes, line: int) -> str:
    """What Helm noted as the source of the document that holds a line."""
    above = content.split(b"\n")[:line]
    notes = [text for text in above if text.startswith(b"# Source: ")]
    return notes[-1].decode(errors="replace").removeprefix("# Source: ").strip() if notes else ""


def file_of(source: Source) -> dict[str, str]:
    """What conftest tells rules of the file, as `data.conftest.file`."""
    folder, name = os.path.split(os.path.abspath(source.name))  # noqa: PTH100 - links stay
    return {"name": name, "dir": folder}
