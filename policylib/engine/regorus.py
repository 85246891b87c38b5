"""regorus, in process: the default engine, through the binding in native/."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from policylib._native import REGORUS_VERSION, Engine
from policylib.engine.interface import DECISION, Answer, Failure, Value
from policylib.errors import EngineError

TIME_LIMIT = 60.0
"""Seconds that the evaluation of one document may take. A List of tens of thousands of objects is
one document and takes some tens of seconds; the limit is for rules that do not end."""

Progress = Callable[[int, int], None]


class RegorusEngine:
    """Rules prepared once for regorus' interpreter with strict builtin errors.

    Safe to use from many threads; the GIL is released while it works. Raises `EngineError` when
    the rules do not load, or nest or recurse so deeply that the interpreter would not survive.
    """

    name = "regorus"
    version = REGORUS_VERSION

    def __init__(
        self,
        modules: Mapping[str, str],
        data: Mapping[str, Any],
        *,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        text = _to_json(data).decode()
        self._engine = Engine(sorted(modules.items()), text, time_limit)

    def evaluate(self, rule: str, inputs: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """See `Engine.evaluate`."""
        texts = [_to_json(value) for value in inputs]
        answers = self._engine.evaluate(rule, texts)
        return [Failure(reason) if text is None else _from_json(text) for text, reason in answers]

    def check(
        self, sources: Sequence[tuple[str, bytes | None]], progress: Progress | None = None
    ) -> dict[str, Any]:
        """Read every source and ask the decision for each document, on all cores.

        Returns the raw outcome that `policylib.evaluate` turns into a report.
        """
        text = self._engine.check(DECISION, sources, progress)
        try:
            outcome: dict[str, Any] = json.loads(text)
        except RecursionError as error:
            raise EngineError("a violation is nested too deeply") from error
        return outcome


def _from_json(text: str) -> Answer:
    try:
        return Value(json.loads(text))
    except RecursionError:
        return Failure("the value is nested too deeply")


def _to_json(value: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise EngineError(f"this is not JSON: {error}") from error
