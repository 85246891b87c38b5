"""Rego as OPA parses it: the syntax tree, and where in the text each node stands."""

from __future__ import annotations

import base64
import bisect
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from policylib.errors import EngineError, RuleError

Node = Any
"""A node of OPA's tree, as JSON: an object, a list or a plain value."""

Name = tuple[str, ...]
"""The parts of a name below `data`, such as `("policylib", "lib")`."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_PARSE = ("parse", "--format", "json", "--json-include", "locations", "/dev/stdin")
_INSTALL = "install OPA 1.22.2 or later and put it on PATH, or name it with --opa"


@dataclass(frozen=True)
class Span:
    """Where a node stands: offsets of characters, the end behind the last one."""

    start: int
    end: int


@dataclass(frozen=True)
class Module:
    """A Rego file: its path, its text and OPA's tree of it."""

    path: str
    text: str
    tree: Node

    @cached_property
    def package(self) -> Name:
        """The parts of the package's name."""
        return tuple(str(part["value"]) for part in self.tree["package"]["path"][1:])

    @cached_property
    def rules(self) -> tuple[Node, ...]:
        """Every definition of a rule, in order; one name may have several."""
        return tuple(self.tree.get("rules") or ())

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """The full paths of the rules that `opa test` would ask."""
        names = dict.fromkeys(name_of(rule) for rule in self.rules)
        package = ".".join(("data", *self.package))
        return tuple(f"{package}.{name}" for name in names if is_test(name))

    @cached_property
    def references(self) -> frozenset[Name]:
        """Every path below `data` that the module speaks of, as far as it is constant."""
        nodes = [self.tree.get("imports"), self.tree.get("rules")]
        return frozenset(found for node in nodes for found in _references(node))

    @cached_property
    def _lines(self) -> list[int]:
        lengths = (len(line) for line in self.text.split("\n"))
        return [0, *itertools.accumulate(length + 1 for length in lengths)]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of a character; both count from 1."""
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def line(self, number: int) -> str:
        """A line of the text, which counts from 1."""
        return self.text.split("\n")[number - 1].rstrip("\r")

    def span(self, node: Node) -> Span | None:
        """Where a node stands; None for what the parser made up, or tells no right place of."""
        location = node.get("location")
        if location is None:
            return None
        start = self._lines[location["row"] - 1] + location["col"] - 1
        if node.get("type") == "number":
            number = _NUMBER.match(self.text, start)
            return None if number is None else Span(start, number.end())
        said = base64.b64decode(location.get("text") or "").decode("utf-8")
        return Span(start, start + len(said)) if self.text.startswith(said, start) else None

    def reach(self, node: Node) -> Span | None:
        """From where a node or anything in it begins to where it ends."""
        spans = [span for one in _located(node) if (span := self.span(one)) is not None]
        if not spans:
            return None
        return Span(min(span.start for span in spans), max(span.end for span in spans))


def name_of(rule: Node) -> str:
    """The name of a rule, such as `violation`."""
    return str(rule["head"]["ref"][0]["value"])


def is_test(name: str) -> bool:
    """Whether `opa test` asks a rule of this name."""
    return name.startswith("test_")


def program(opa: Path | None) -> str:
    """The OPA to use: the one that is named, or the one on PATH; raises `EngineError`."""
    found = shutil.which("opa" if opa is None else opa)
    if found is None:
        where = "opa" if opa is None else str(opa)
        raise EngineError("there is no such program", where=where, remedy=_INSTALL)
    return found


def parse(opa: str, path: str, text: str, where: str = "") -> Module:
    """Parse one module; `where` is its name for people, if not its path.

    Raises
    ------
    RuleError
        OPA cannot parse it.
    EngineError
        OPA does not run.
    """
    where = where or path
    try:
        done = subprocess.run([opa, *_PARSE], input=text.encode(), capture_output=True, check=False)
    except OSError as error:
        reason = f"OPA does not run: {error.strerror}"
        raise EngineError(reason, where=opa, remedy=_INSTALL) from error
    try:
        tree = json.loads(done.stdout or done.stderr)
    except (ValueError, RecursionError) as error:
        reason = done.stderr.decode(errors="replace").strip()[-500:] or "OPA ended without a word"
        raise EngineError(f"OPA does not parse it: {reason}", where=where) from error
    if "package" in tree:
        return Module(path, text, tree)
    first = (tree.get("errors") or [{}])[0]
    at = first.get("location", {})
    place = f"{where}:{at.get('row', 1)}:{at.get('col', 1)}"
    raise RuleError(str(first.get("message", "it is no Rego")), where=place, remedy="correct it")


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key != "location")
    elif isinstance(node, list):
        yield from node


def _located(node: Node) -> Iterator[Node]:
    if isinstance(node, dict) and "location" in node:
        yield node
    for child in _children(node):
        yield from _located(child)


def _references(node: Node) -> Iterator[Name]:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind == "ref" and _is_data(node["value"][0]):
        _, *rest = node["value"]
        constant = itertools.takewhile(lambda part: part.get("type") == "string", rest)
        yield tuple(str(part["value"]) for part in constant)
        node = rest
    elif kind == "var" and _is_data(node):
        yield ()
    for child in _children(node):
        yield from _references(child)


def _is_data(node: Node) -> bool:
    return bool(node.get("type") == "var" and node.get("value") == "data")
