"""Generated inputs before the engines: in batches that facts fit, and what an answer amounts to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from policylib.evaluate import Policy
from policylib.generate.sample import Sample
from policylib.matrix.model import Enforced
from policylib.parity import programs as known_programs
from policylib.parity.peers import ENGINES, Outcome, Peer, Refusal, Unreadable, Verdict, peer

_CHUNK: Final = 500
"""Documents that the engine in process is asked about at once: progress is told in between."""
_OPEN: Final = 50
"""Batches that are tried before another is begun."""
_LEVELS: Final[tuple[Enforced, ...]] = ("log", "warn", "deny")
_DIGEST: Final = re.compile(r"sha(?:256|512):[0-9a-f]{64,128}")

Done = Callable[[int], None]
"""Told how many more inputs were judged."""


@dataclass(frozen=True)
class Judge:
    """The engines, ready to judge samples under one policy.

    `settings` is what Rego reads as `data.settings`, and `versions` maps each engine to its
    version; `folder` has to stay while they are asked.
    """

    policy: Policy
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    programs: Mapping[str, Path]
    folder: Path

    def judge(
        self, engine: str, samples: Sequence[Sample], done: Done = lambda _: None
    ) -> list[Outcome]:
        """What an engine says of each sample, with the facts that the sample brings.

        Raises `EngineError` when it does not work at all, or answers with no violations.
        """
        outcomes: list[Outcome] = [Refusal("it was not asked")] * len(samples)
        for facts, indices in batches(samples):
            asked = self._peer(engine, facts)
            step = _CHUNK if engine == "regorus" else len(indices)
            for start in range(0, len(indices), step):
                chunk = indices[start : start + step]
                said = _said(asked, [samples[index].document for index in chunk])
                for index, outcome in zip(chunk, said, strict=True):
                    outcomes[index] = outcome
                done(len(chunk))
        return outcomes

    def under(self, settings: Mapping[str, Any]) -> Judge:
        """The same engines under other settings."""
        return replace(self, settings=settings)

    def without(self, engines: Sequence[str]) -> Judge:
        """The engines but for these."""
        kept = {name: version for name, version in self.versions.items() if name not in engines}
        return replace(self, versions=kept)

    def _peer(self, engine: str, facts: Mapping[str, Any]) -> Peer:
        given = {"images": dict(facts)} if facts else None
        place = Path(mkdtemp(dir=self.folder, prefix=f"{engine}-"))
        return peer(engine, self.policy.rules, self.settings, given, place, self.programs)


def judge(
    policy: Policy, engines: Sequence[str], programs: Mapping[str, Path], folder: Path
) -> Judge:
    """Find the engines; raises `EngineError` for one that is unknown, missing or too different."""
    versions: dict[str, str] = {}
    found: dict[str, Path] = {}
    for name in engines:
        if name not in ENGINES:
            raise EngineError(f"no engine is called {name}", remedy=f"known: {', '.join(ENGINES)}")
        if name == "regorus":
            versions[name] = RegorusEngine.version
        else:
            program = known_programs.program(name, programs.get(name))
            versions[name], found[name] = program.version, program.path
    if not versions:
        raise EngineError("no engine is named", remedy=f"known: {', '.join(ENGINES)}")
    return Judge(policy, policy.data, versions, found, folder)


def word(outcome: Outcome, family: str) -> Enforced | None:
    """What an answer amounts to: the strictest that a rule of the family does.

    None where the engine could not be given the document, `error` where it failed.
    """
    if isinstance(outcome, Unreadable):
        return None
    if isinstance(outcome, Refusal):
        return "error"
    levels = {b.enforcement for b in outcome.breaches if b.rule.startswith(f"{family}.")}
    if levels - set(_LEVELS):
        return "error"
    return next((level for level in reversed(_LEVELS) if level in levels), "allow")


def word_of(outcome: Outcome, rule: str) -> Enforced | None:
    """What one rule does, whatever others say; otherwise as `word`."""
    if not isinstance(outcome, Verdict):
        return word(outcome, "")
    own = frozenset(breach for breach in outcome.breaches if breach.rule == rule)
    return word(Verdict(own), rule.partition(".")[0])


def words(outcome: Outcome, family: str) -> tuple[str, ...]:
    """What an engine answered, for people."""
    if isinstance(outcome, Verdict):
        own = sorted(b for b in outcome.breaches if b.rule.startswith(f"{family}."))
        lines = [f"{b.enforcement} {b.rule} at {b.path or '/'}: {b.message}" for b in own]
        return tuple(lines) or ("allow: no rule of the family speaks",)
    said = "cannot be given it" if isinstance(outcome, Unreadable) else "fails"
    return (f"{said}: {outcome.reason}",)


def speaking(outcome: Outcome, family: str) -> frozenset[str]:
    """The rules of the family that have something to say."""
    breaches = outcome.breaches if isinstance(outcome, Verdict) else ()
    return frozenset(b.rule for b in breaches if b.rule.startswith(f"{family}."))


@dataclass
class _Batch:
    """Samples that agree about facts: what each digest has, and who belongs to it."""

    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    indices: list[int] = field(default_factory=list)

    def fits(self, claims: Mapping[str, dict[str, Any]]) -> bool:
        return all(self.claims.get(digest, facts) == facts for digest, facts in claims.items())


def batches(samples: Sequence[Sample]) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Facts, and the indices of samples that can be judged with all of them at once.

    Facts are the engine's, not the document's: where two samples have different facts about one
    digest, or only one of them has any, each goes to a batch of its own.
    """
    if not any(sample.facts for sample in samples):
        yield {}, list(range(len(samples)))
        return
    found: list[_Batch] = []
    for index, sample in enumerate(samples):
        claims = _claims(sample)
        batch = next((b for b in found[-_OPEN:] if b.fits(claims)), None)
        if batch is None:
            batch = _Batch()
            found.append(batch)
        batch.claims.update(claims)
        batch.facts.update(sample.facts)
        batch.indices.append(index)
    yield from ((batch.facts, batch.indices) for batch in found)


def _claims(sample: Sample) -> dict[str, dict[str, Any]]:
    """For each digest that a sample names, the facts that it has about it."""
    found: dict[str, dict[str, Any]] = {
        digest: {} for digest in _DIGEST.findall(json.dumps(sample.document, default=str))
    }
    for image, facts in sample.facts.items():
        for digest in _DIGEST.findall(image) or [image]:
            found.setdefault(digest, {})[image] = facts
    return found


def _said(asked: Peer, documents: Sequence[Any]) -> list[Outcome]:
    try:
        return asked.judge(documents)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"the decision holds something that is no violation: {error!r}"
        raise EngineError(what, where=asked.name) from error
