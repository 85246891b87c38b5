"""The engines that must agree, each asked about many documents at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from policylib import evaluate
from policylib.engine.interface import DECISION, Answer, Engine, Value
from policylib.engine.opa import OpaEngine
from policylib.errors import EngineError
from policylib.parity import programs as known_programs
from policylib.parity import running
from policylib.parity.conftest import ConftestPeer
from policylib.parity.gator import GatorPeer
from policylib.parity.outcomes import Breach, Outcome, Peer, Refusal, Unreadable, Verdict
from policylib.rules import RuleSet

__all__ = [
    "ENGINES",
    "Breach",
    "ConftestPeer",
    "GatorPeer",
    "LibraryPeer",
    "Outcome",
    "Peer",
    "Refusal",
    "Unreadable",
    "Verdict",
    "engines",
    "peer",
]

ENGINES: Final = ("regorus", "opa", "conftest", "gator")
"""The engines, the one in process first: what the others are compared with."""


class LibraryPeer:
    """An engine of policylib's own, asked for the decision."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        """See `Peer.judge`."""
        inputs = [{"review": {"object": document}} for document in documents]
        return [_outcome(answer) for answer in self._engine.evaluate(DECISION, inputs)]

    def hears(self, breach: Breach) -> bool:  # noqa: ARG002 - it hears every one
        """See `Peer.hears`."""
        return True


def _outcome(answer: Answer) -> Outcome:
    if isinstance(answer, Value):
        return Verdict(frozenset(_breaches(answer.value)))
    return Refusal(answer.message, running.crashed(answer.message))


def _breaches(violations: Sequence[Mapping[str, Any]]) -> Iterator[Breach]:
    """What is excepted is left out: conftest and Gatekeeper keep no trace of it."""
    return (_breach(v) for v in violations if v["enforcement"] != "excepted")


def _breach(violation: Mapping[str, Any]) -> Breach:
    return Breach(violation["rule"], violation["path"], violation["msg"], violation["enforcement"])


def peer(  # noqa: PLR0913, PLR0917 - an engine is made of all of these
    name: str,
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    folder: Path,
    programs: Mapping[str, Path],
) -> Peer:
    """One of `ENGINES`, with rules, settings and facts.

    Parameters
    ----------
    settings, facts
        What Rego reads as `data.settings` and `data.facts`.
    folder
        An empty folder, or one that does not exist yet; it has to stay while the peer is asked.
    programs
        Where the engines' programs are, by name; one that is not named is looked for on PATH.

    Raises
    ------
    EngineError
        There is no such engine, its program is missing or not the proven version, or the rules
        do not load.
    """
    data = {"settings": settings, "facts": facts or {}}
    if name == "regorus":
        return LibraryPeer(evaluate.engine(rules, settings, facts))
    if name not in ENGINES:
        raise EngineError(f"no engine is called {name}", remedy=f"known: {', '.join(ENGINES)}")
    program = programs.get(name) or known_programs.program(name).path
    if name == "opa":
        return LibraryPeer(OpaEngine(rules.modules, data, program, timeout=running.TIMEOUT))
    kind = ConftestPeer if name == "conftest" else GatorPeer
    return kind(rules, settings, facts, folder / name, program)


def engines(
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    folder: Path,
    programs: Mapping[str, Path],
) -> list[Peer]:
    """All `ENGINES`, with the same rules, settings and facts; see `peer`."""
    return [peer(name, rules, settings, facts, folder, programs) for name in ENGINES]
