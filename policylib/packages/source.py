"""Reads what a Rego module says about itself: its package, its rules, and what it refers to.

Parsing is the engines' work. This finds names in the text, so that what no engine would ask or
define is noticed before a document is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policylib.errors import RuleError

Kind = Literal["set", "value", "truth", "function", "path"]
"""How a rule is defined: `deny contains x`, `deny := x`, `deny if …`, `deny(x)`, `deny.x`."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+|\#[^\n]*)
  | (?P<text>"(?:\\.|[^"\\\n])*"|`[^`]*`)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<template>\$["`])
  | (?P<sign>:=|==|!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LITERALS = frozenset({"true", "false", "null"})
_KEYWORDS = frozenset(
    [
        "as",
        "contains",
        "default",
        "else",
        "every",
        "if",
        "import",
        "in",
        "not",
        "package",
        "some",
        "with",
    ]
)
# Operators for who imports them; a name behind a term is never one of these otherwise.
_OPERATORS = frozenset({"and", "or"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True)
class Token:
    """A piece of Rego; `depth` counts the brackets around it.

    Its kind is `word`, `keyword`, `literal` (true, false, null), `field` (a word behind a dot),
    `text`, `number`, `template` or `sign`.
    """

    kind: str
    text: str
    line: int
    start: int
    depth: int

    @property
    def end(self) -> int:
        """The offset just behind it."""
        return self.start + len(self.text)

    @property
    def ends_a_term(self) -> bool:
        """Whether a value may end here, so that a word behind it begins something else."""
        return self.text in _CLOSING if self.kind == "sign" else self.kind != "keyword"

    def is_keyword(self, word: str) -> bool:
        """Whether it is that keyword."""
        return self.kind == "keyword" and self.text == word


@dataclass(frozen=True)
class Head:
    """One definition of a rule."""

    name: str
    kind: Kind
    line: int


@dataclass(frozen=True)
class Reference:
    """A path such as `data.lib.x` or `input.a`, up to its first part that is not constant.

    `at` and `behind` are the positions of its first token and of the one behind it; `whole` says
    that the path goes on no further, `called` that arguments follow.
    """

    path: tuple[str, ...]
    line: int
    at: int
    behind: int
    whole: bool
    called: bool


@dataclass(frozen=True)
class Module:
    """A Rego file: its name, for people, and its source."""

    name: str
    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Everything but space and comments."""
        return tuple(_tokens(self.text))

    @cached_property
    def package(self) -> tuple[str, ...]:
        """The parts of the package's name; raises `RuleError` where there is none."""
        for at, token in enumerate(self.tokens[:-1]):
            if token.is_keyword("package"):
                return _reference(self.tokens, at + 1).path
        raise RuleError("the module names no package", where=self.name)

    @cached_property
    def imports(self) -> dict[str, tuple[str, ...]]:
        """What each imported name stands for."""
        found = {}
        for at, token in enumerate(self.tokens[:-1]):
            if token.is_keyword("import"):
                reference = _reference(self.tokens, at + 1)
                behind = self.tokens[reference.behind : reference.behind + 2]
                renamed = len(behind) == 2 and behind[0].is_keyword("as")
                found[behind[1].text if renamed else reference.path[-1]] = reference.path
        return found

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """Every definition of a rule, in order."""
        return tuple(_head(self.tokens, at) for at in _starts(self.tokens))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every reference, where it is used."""
        heads = set(_starts(self.tokens))
        return tuple(
            _reference(self.tokens, at)
            for at, token in enumerate(self.tokens)
            if token.kind == "word" and at not in heads
        )

    def full(self, path: Sequence[str]) -> tuple[str, ...]:
        """A path with what is imported written out."""
        return (*self.imports.get(path[0], (path[0],)), *path[1:])


def _tokens(text: str) -> Iterator[Token]:
    at, line, depth, previous = 0, 1, 0, ""
    while found := _TOKEN.match(text, at):
        kind, piece = str(found.lastgroup), found[0]
        if kind == "template":
            piece = text[at : _end_of_template(text, at + 1)]
        elif kind == "word":
            kind = _kind_of_word(piece, previous)
        depth -= kind == "sign" and piece in _CLOSING
        if kind != "space":
            yield Token(kind, piece, line, at, depth)
            previous = piece
        depth += kind == "sign" and piece in _OPENING
        line += piece.count("\n")
        at += len(piece)


def _kind_of_word(word: str, previous: str) -> str:
    if previous == ".":
        return "field"
    if word in _LITERALS:
        return "literal"
    return "keyword" if word in _KEYWORDS else "word"


def _end_of_template(text: str, at: int) -> int:
    """The offset behind a template whose opening quote is at `at`; expressions may hold others."""
    quote, depth, at = text[at], 0, at + 1
    while at < len(text):
        character = text[at]
        if character == "\\" and (quote == '"' or text[at + 1 : at + 2] == "{"):
            at += 1
        elif character == quote and not depth:
            return at + 1
        elif depth and character in '"`':
            at = _end_of_template(text, at) - 1
        else:
            depth += (character == "{") - (character == "}" and depth > 0)
        at += 1
    return at


def _starts(tokens: Sequence[Token]) -> Iterator[int]:
    """The positions of the names that begin a rule.

    Outside of brackets a name that follows a complete term can be nothing else.
    """
    previous: Token | None = None
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.depth == 0 and _opens(previous, token.text):
            yield at
        previous = token


def _opens(previous: Token | None, word: str) -> bool:
    if previous is None or previous.is_keyword("default"):
        return True
    after_operator = previous.kind == "word" and previous.text in _OPERATORS
    return previous.ends_a_term and word not in _OPERATORS and not after_operator


def _head(tokens: Sequence[Token], at: int) -> Head:
    name, following = tokens[at], tokens[at + 1 : at + 4]
    return Head(name.text, _kind(name, following), name.line)


def _kind(name: Token, following: Sequence[Token]) -> Kind:
    first = following[0] if following else None
    if first is None:
        return "truth"
    if first.text == "(" and first.start == name.end:
        return "function"
    if first.text in {".", "["} and first.start == name.end:
        return "path"
    if first.is_keyword("contains"):
        return "set"
    if first.text in {":=", "="}:
        return "truth" if _is_truth(following[1:]) else "value"
    return "truth"


def _is_truth(value: Sequence[Token]) -> bool:
    """Whether a value is `true` or `false` and nothing more."""
    if not value or value[0].text not in {"true", "false"}:
        return False
    return len(value) == 1 or value[1].kind != "sign" or value[1].text == "{"


def _reference(tokens: Sequence[Token], at: int) -> Reference:
    """The reference that begins at a word."""
    path, here = [tokens[at].text], at + 1
    while here + 1 < len(tokens) and tokens[here].start == tokens[here - 1].end:
        sign, part = tokens[here], tokens[here + 1]
        closing = tokens[here + 2 : here + 3]
        if sign.text == "." and part.kind == "field":
            path.append(part.text)
            here += 2
        elif sign.text == "[" and part.kind == "text" and closing and closing[0].text == "]":
            path.append(part.text[1:-1])
            here += 3
        else:
            break
    adjacent = here < len(tokens) and tokens[here].start == tokens[here - 1].end
    sign_behind = tokens[here].text if adjacent else ""
    return Reference(
        tuple(path),
        tokens[at].line,
        at,
        here,
        whole=sign_behind not in {"[", "."},
        called=sign_behind == "(",
    )
