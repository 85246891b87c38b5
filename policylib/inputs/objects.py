"""Objects that a program holds already, and text from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policylib.errors import InputError
from policylib.inputs.interface import Collection, Source, shown


def from_bytes(content: bytes, name: str) -> Collection:
    """YAML or JSON text; `name` stands for it in reports and says by its ending what it is."""
    named = shown(name)
    return Collection((named,), (Source(named, content),))


def from_objects(objects: Iterable[Mapping[str, Any]]) -> Collection:
    """Objects, each judged as the document `object-N` with N counting from 0.

    Raises `InputError` for what JSON cannot hold.
    """
    sources = []
    for index, value in enumerate(objects):
        name = f"object-{index}"
        try:
            text = json.dumps(value, allow_nan=False, default=_plain)
            content = text.encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(f"the object is not JSON: {error}", where=name) from error
        sources.append(Source(name, content))
    return Collection(tuple(source.name for source in sources), tuple(sources))


def _plain(value: object) -> dict[Any, Any] | list[Any]:
    """Any mapping and any sequence, as the kinds that JSON knows."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    raise TypeError(f"a value is of type {type(value).__name__}")
