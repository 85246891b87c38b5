"""Every mutant of a module: its text with one step taken away or turned around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from policylib.mutation.syntax import Module, Node, Span, is_test, name_of

OPERATORS: Final = {
    "drop": "an expression holds always",
    "negate": "an expression is negated, or not any more",
    "comparison": "another comparison",
    "arithmetic": "another operator of numbers or sets",
    "constant": "another string, number or boolean",
    "item": "a list, set or object has an item less",
    "rule": "a rule has a definition less",
    "default": "a rule has no default",
    "branch": "a rule has an `else` less",
}
"""The name of each way to change a module, and what it does."""

_COMPARISONS = {
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "|": "&", "&": "|"}
_BINDING = (":=", "=")
_EMPTY = {"array": "[]", "set": "set()", "object": "{}"}
_COMPREHENSIONS = ("arraycomprehension", "setcomprehension", "objectcomprehension")
_ALWAYS = "true"


@dataclass(frozen=True)
class Mutant:
    """A module with one change: the text from `start` to `end` makes place for `after`.

    `before` is what is changed, without the comma that goes with an item; `rule` is the rule in
    which it stands. Lines and columns count from 1, offsets from 0.
    """

    module: str
    line: int
    column: int
    operator: str
    rule: str
    before: str
    after: str
    start: int = field(repr=False)
    end: int = field(repr=False)

    def apply(self, text: str) -> str:
        """The module's text with the change."""
        return text[: self.start] + self.after + text[self.end :]


def mutants(module: Module, operators: Sequence[str] = tuple(OPERATORS)) -> list[Mutant]:
    """Every mutant of a module, in the order of the text; no two of them are the same text.

    Tests in the module are left alone.
    """
    found: dict[str, Mutant] = {}
    for rule in module.rules:
        if is_test(name_of(rule)):
            continue
        for edit in _Changes(module).of_rule(rule):
            mutant = _mutant(module, name_of(rule), edit)
            text = mutant.apply(module.text)
            if text != module.text:
                found.setdefault(text, mutant)
    chosen = (one for one in found.values() if one.operator in operators)
    return sorted(chosen, key=lambda one: (one.start, one.end, one.operator, one.after))


@dataclass(frozen=True)
class _Edit:
    """What is changed, by what it is replaced, and all that makes place for that."""

    operator: str
    span: Span
    after: str
    gone: Span | None = None


def _mutant(module: Module, rule: str, edit: _Edit) -> Mutant:
    line, column = module.place(edit.span.start)
    before = module.text[edit.span.start : edit.span.end]
    gone = edit.gone or edit.span
    return Mutant(
        module.path, line, column, edit.operator, rule, before, edit.after, gone.start, gone.end
    )


@dataclass(frozen=True)
class _Changes:
    """The changes that a module's tree permits."""

    module: Module

    def of_rule(self, rule: Node) -> Iterator[_Edit]:
        if rule.get("default"):
            yield from self._default(rule)
        else:
            yield from self._whole("rule", rule, "")
        yield from self._definition(rule)

    def _default(self, rule: Node) -> Iterator[_Edit]:
        word, value = self.module.span(rule), self.module.reach(rule["head"])
        if word is not None and value is not None:
            yield _Edit("default", Span(word.start, value.end), "")

    def _definition(self, rule: Node) -> Iterator[_Edit]:
        head = rule["head"]
        for term in (*head["ref"][1:], *head.get("args", ()), head.get("key"), head.get("value")):
            if term is not None:
                yield from self._term(term)
        yield from self._body(rule.get("body", ()))
        other = rule.get("else")
        if other is not None:
            yield from self._branch(other)
            yield from self._definition(other)

    def _branch(self, other: Node) -> Iterator[_Edit]:
        span = self.module.span(other)
        if span is None:
            return
        following = self.module.span(other["else"]) if "else" in other else None
        end = span.end if following is None else following.start
        yield _Edit("branch", Span(span.start, end), "")

    def _body(self, body: Sequence[Node]) -> Iterator[_Edit]:
        for expression in body:
            if not expression.get("generated"):
                yield from self._expression(expression)

    def _expression(self, expression: Node) -> Iterator[_Edit]:
        terms = expression["terms"]
        if isinstance(terms, dict) and "symbols" in terms:
            yield from self._some(expression, terms["symbols"])
        elif isinstance(terms, dict) and "domain" in terms:
            yield from self._whole("drop", expression, _ALWAYS)
            yield from self._term(terms["domain"])
            yield from self._body(terms["body"])
        else:
            yield from self._whole("drop", expression, _ALWAYS)
            yield from self._negation(expression)
            yield from self._operands(terms)
        for replaced in expression.get("with", ()):
            yield from self._term(replaced["value"])

    def _some(self, expression: Node, symbols: Sequence[Node]) -> Iterator[_Edit]:
        """`some x in xs`; a `some x` that only declares a name decides nothing."""
        calls = [symbol for symbol in symbols if symbol.get("type") == "call"]
        if calls:
            yield from self._whole("drop", expression, _ALWAYS)
        for call in calls:
            for term in call["value"][1:]:
                yield from self._term(term)

    def _negation(self, expression: Node) -> Iterator[_Edit]:
        span = self.module.span(expression)
        if span is None:
            return
        text = self.module.text[span.start : span.end]
        if expression.get("negated"):
            yield _Edit("negate", span, text.removeprefix("not").lstrip())
        elif not self._binds(expression["terms"]):
            yield _Edit("negate", span, f"not {text}")

    def _binds(self, terms: Node) -> bool:
        return isinstance(terms, list) and self._sign(terms[0]) in _BINDING

    def _operands(self, terms: Node) -> Iterator[_Edit]:
        if isinstance(terms, list):
            yield from self._call(terms)
        else:
            yield from self._term(terms)

    def _call(self, terms: Sequence[Node]) -> Iterator[_Edit]:
        sign, span = self._sign(terms[0]), self.module.span(terms[0])
        if span is not None:
            for other in _COMPARISONS.get(sign, ()):
                yield _Edit("comparison", span, other)
            if sign in _ARITHMETIC:
                yield _Edit("arithmetic", span, _ARITHMETIC[sign])
        for term in terms[1:]:
            yield from self._term(term)

    def _sign(self, operator: Node) -> str:
        span = self.module.span(operator)
        return "" if span is None else self.module.text[span.start : span.end]

    def _term(self, term: Node) -> Iterator[_Edit]:
        kind, value = term.get("type"), term.get("value")
        if kind in ("string", "number", "boolean"):
            yield from self._constant(term)
        elif kind in _EMPTY:
            yield from self._collection(term)
        elif kind == "call":
            yield from self._call(value)
        elif kind == "ref":
            for part in value:
                yield from self._term(part)
        elif kind in _COMPREHENSIONS:
            for name in ("key", "value", "term"):
                if name in value:
                    yield from self._term(value[name])
            yield from self._body(value["body"])

    def _constant(self, term: Node) -> Iterator[_Edit]:
        span = self.module.span(term)
        if span is None:
            return
        text, value = self.module.text[span.start : span.end], term["value"]
        if term["type"] == "string" and text[:1] in ('"', "`"):  # `x` in `a.x` has no quotes
            yield _Edit("constant", span, '"mutant"' if value == "" else '""')
        elif term["type"] == "number":
            yield _Edit("constant", span, str(value + 1))
        elif term["type"] == "boolean" and text in ("true", "false"):
            yield _Edit("constant", span, "false" if value else "true")

    def _collection(self, term: Node) -> Iterator[_Edit]:
        kind, values = term["type"], term["value"]
        placed = [(span, one) for one in values if (span := self.module.reach(one)) is not None]
        placed.sort(key=lambda pair: pair[0].start)
        spans = [span for span, _ in placed]
        if len(spans) == 1:
            yield from self._whole("item", term, _EMPTY[kind])
        elif len(spans) == len(values):
            for index in range(len(spans)):
                yield _Edit("item", spans[index], "", _removed(spans, index))
        for _, one in placed:
            yield from self._item(kind, one)

    def _item(self, kind: str, item: Node) -> Iterator[_Edit]:
        """What is in an item; a constant of a set, or a key, could as well be gone: see `item`."""
        key, value = item if kind == "object" else (item, item)
        if kind == "array" or key["type"] not in ("string", "number", "boolean"):
            yield from self._term(key)
        if kind == "object":
            yield from self._term(value)

    def _whole(self, operator: str, node: Node, after: str) -> Iterator[_Edit]:
        span = self.module.span(node)
        if span is not None:
            yield _Edit(operator, span, after)


def _removed(spans: Sequence[Span], index: int) -> Span:
    """An item with the comma behind it; the last with the one before it."""
    if index + 1 < len(spans):
        return Span(spans[index].start, spans[index + 1].start)
    return Span(spans[index - 1].end, spans[index].end)
