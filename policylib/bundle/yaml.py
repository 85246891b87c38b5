"""Writes plain data as YAML: sorted as given, readable, the same bytes for the same data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Plain: TypeAlias = "bool | int | float | str | Sequence[Plain] | Mapping[str, Plain] | None"

# Words that no YAML reader takes for anything but text.
_WORD = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_RESERVED = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)


def dump(document: Mapping[str, Plain]) -> str:
    """One YAML document. Text of several lines becomes a literal block."""
    return "\n".join(_mapping(document)) + "\n"


def _mapping(value: Mapping[str, Plain]) -> Iterator[str]:
    for key, item in value.items():
        yield from _labelled(f"{_text(key)}:", item)


def _sequence(value: Sequence[Plain]) -> Iterator[str]:
    for item in value:
        if isinstance(item, Mapping) and item:
            lines = _mapping(item)
            yield f"- {next(lines)}"
            yield from (f"  {line}" if line else line for line in lines)
        else:
            yield from _labelled("-", item)


def _labelled(label: str, item: Plain) -> Iterator[str]:
    """What stands behind a key or a dash: on the same line, or indented below it."""
    if isinstance(item, str) and _is_block(item):
        yield f"{label} |"
        yield from (f"  {line}" if line else "" for line in item.removesuffix("\n").split("\n"))
    elif isinstance(item, Mapping) and item:
        yield label
        yield from (f"  {line}" if line else line for line in _mapping(item))
    elif isinstance(item, Sequence) and not isinstance(item, str) and item:
        yield label
        yield from (f"  {line}" if line else line for line in _sequence(item))
    else:
        yield f"{label} {_scalar(item)}"


def _is_block(text: str) -> bool:
    """Text that a literal block keeps byte for byte."""
    return (
        text.count("\n") > 1
        and text.endswith("\n")
        and not text.endswith("\n\n")
        and text[0] not in " \t\n"
        and all(char.isprintable() or char in "\t\n" for char in text)
    )


def _scalar(value: Plain) -> str:
    if isinstance(value, str):
        return _text(value)
    # YAML 1.1 takes a number with an exponent for text unless it has a point.
    return re.sub(r"^(-?\d+)e", r"\1.0e", json.dumps(value, allow_nan=False))


def _text(value: str) -> str:
    plain = _WORD.fullmatch(value) and not _RESERVED.fullmatch(value)
    return value if plain else "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
