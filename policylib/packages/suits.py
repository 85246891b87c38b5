"""Whether regorus judges packages as OPA does; where it may not, OPA has to.

Each reason below was measured: OPA 1.22.2 and regorus 0.14.1 differ there without an error. What
regorus refuses with an error needs no entry, since the packages are then judged by OPA again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from policylib.engine.interface import Failure
from policylib.engine.regorus import RegorusEngine
from policylib.packages.source import Module, Reference, Token

_UNKNOWN = "could not find function"
_DIFFER = {
    "strings.count": "counts matches that overlap",
    "strings.replace_n": "replaces in another order",
    "yaml.is_valid": "stops reading elsewhere",
}
_VERB = re.compile(r"%(?![svd%])")
_OF_A_PATH = {"==", "=", "[", "]", "."}
_CONSTANT = {"text", "number", "literal", "field"}


def reasons(modules: Sequence[Module]) -> Iterator[str]:
    """Why regorus may not judge these modules, each with its place; nothing where it may."""
    yield from _missing(modules)
    for module in modules:
        local = _Scope(module, modules)
        for reference in module.references:
            if reason := _differs(module, reference):
                yield f"{reason} ({module.name}:{reference.line})"
        for at, token in enumerate(module.tokens):
            if token.is_keyword("not") and not local.negates_plainly(at + 1):
                yield (
                    "regorus and OPA differ on a negation of what may be undefined "
                    f"({module.name}:{token.line})"
                )


def _missing(modules: Sequence[Module]) -> Iterator[str]:
    """Builtins that regorus does not have, each with the first place that calls it."""
    called: dict[str, str] = {}
    for module in modules:
        own = {head.name for other in modules if other.package == module.package
               for head in other.heads}  # fmt: skip
        for reference in module.references:
            first = reference.path[0]
            if reference.called and first not in own | {"data", "input"} | module.imports.keys():
                called.setdefault(".".join(reference.path), f"{module.name}:{reference.line}")
    for name in _unknown(sorted(called)):
        yield f"regorus has no {name} ({called[name]})"


def _unknown(names: Sequence[str]) -> Iterator[str]:
    """The names that regorus knows no function for."""
    rules = "".join(f"p{at} := {name}()\n" for at, name in enumerate(names))
    engine = RegorusEngine({"probe.rego": f"package probe\n\n{rules}"}, {})
    for at, name in enumerate(names):
        [answer] = engine.evaluate(f"data.probe.p{at}", [{}])
        if isinstance(answer, Failure) and _UNKNOWN in answer.message:
            yield name


def _differs(module: Module, reference: Reference) -> str:
    name = ".".join(reference.path)
    if not reference.called:
        return ""
    arguments = _arguments(module.tokens, reference.behind)
    if name in _DIFFER:
        return f"regorus' {name} {_DIFFER[name]}"
    if name == "walk" and arguments != 2:
        return "regorus finds nothing when walk is not called with two arguments"
    if name == "sprintf" and _has_other_verb(module.tokens, reference.behind):
        return "regorus formats only %s, %d and %v as OPA does"
    return ""


def _inside(tokens: Sequence[Token], opening: int) -> Iterable[Token]:
    """The tokens between a bracket and the one that closes it."""
    depth = tokens[opening].depth
    for token in tokens[opening + 1 :]:
        if token.depth <= depth:
            return
        yield token


def _arguments(tokens: Sequence[Token], opening: int) -> int:
    depth = tokens[opening].depth + 1
    inside = list(_inside(tokens, opening))
    return sum(token.text == "," and token.depth == depth for token in inside) + bool(inside)


def _has_other_verb(tokens: Sequence[Token], opening: int) -> bool:
    """Whether a format is not written out, or has a verb that is formatted differently."""
    first = next(iter(_inside(tokens, opening)), None)
    if first is None or first.kind != "text":
        return True
    return _VERB.search(first.text.replace("%%", "")) is not None


class _Scope:
    """What names stand for in a module, as far as a negation depends on it."""

    def __init__(self, module: Module, modules: Iterable[Module]) -> None:
        self._tokens = module.tokens
        self._references = {reference.at: reference for reference in module.references}
        self._shared = {"input", "data", *module.imports}
        for other in modules:
            if other.package == module.package:
                self._shared |= {head.name for head in other.heads}

    def negates_plainly(self, start: int) -> bool:
        """Whether both engines agree on a negation, whatever in it is undefined.

        They do on one reference or call, on references that `==` compares (keys in them local or
        constant), and on anything made of local variables, constants and builtins.
        """
        tokens = list(self._negated(start))
        references = [self._references[at] for at, _ in tokens if at in self._references]
        calls = [reference for reference in references if reference.called]
        own = [call for call in calls if call.path[0] in self._shared]
        unsure = [one for one in references if not one.called and self._may_be_undefined(one)]
        if not unsure:
            return not own or (len(calls) == 1 and _is_whole(tokens, calls[0]))
        outside = tokens[0][1].depth
        if calls or any(self._tokens[one.at].depth > outside for one in unsure):
            return False
        covered = {at for one in references for at in range(one.at, one.behind)}
        return all(
            token.text in _OF_A_PATH or token.kind in _CONSTANT
            for at, token in tokens
            if at not in covered
        )

    def _may_be_undefined(self, reference: Reference) -> bool:
        if reference.path == ("input",) and reference.whole:
            return False
        return len(reference.path) > 1 or not reference.whole or reference.path[0] in self._shared

    def _negated(self, start: int) -> Iterator[tuple[int, Token]]:
        """The tokens of a negated expression: to the end of its line, or of its brackets."""
        depth = self._tokens[start].depth if start < len(self._tokens) else 0
        previous: Token | None = None
        for at in range(start, len(self._tokens)):
            token = self._tokens[at]
            if token.depth < depth or token.text == ";" or token.is_keyword("with"):
                return
            if token.depth == depth and previous is not None and _is_apart(previous, token):
                return
            yield at, token
            previous = token


def _is_whole(tokens: Sequence[tuple[int, Token]], call: Reference) -> bool:
    """Whether an expression is one call and nothing else."""
    depth = tokens[0][1].depth
    outer = [at for at, token in tokens if token.depth == depth and at >= call.behind]
    return tokens[0][0] == call.at and len(outer) == 2  # the two brackets


def _is_apart(previous: Token, token: Token) -> bool:
    """Whether an expression ends between two tokens that are not on one line."""
    return token.line > previous.line and previous.ends_a_term and token.kind != "sign"
