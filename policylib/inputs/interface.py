"""What an input is: a named source of documents, and a way to say where things stand in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from policylib.models import Problem


class Place(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


class Origin(NamedTuple):
    """Where the reader found a value, for those who know better where it came from.

    `template` is what Helm noted as the source of the document (empty when it noted none),
    `path` the JSON pointer of the value, `line` its line in the text that was read.
    """

    template: str
    path: str
    document: int
    line: int


def shown(path: str | os.PathLike[str]) -> str:
    r"""The name of a path as text; what is not UTF-8 in it is written out (`\xff`, `\ud800`)."""
    try:
        return os.fsencode(path).decode("utf-8", errors="backslashreplace")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        name = os.fspath(path)
        return name.encode("utf-8", errors="backslashreplace").decode("utf-8")


@dataclass(frozen=True)
class Source:
    """A file to read (`content` is None) or text that is already at hand.

    `locate` maps a place in the text to the file that a person would edit; it answers None
    where that is not known.
    """

    name: str
    content: bytes | None = None
    locate: Callable[[Origin], Place | None] | None = None


@dataclass(frozen=True)
class Collection:
    """What a caller asked for, found: sources to judge, and what could not be found or read."""

    asked: tuple[str, ...]
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...] = ()
