"""Making a difference small: fewer settings, fewer rules, fewer engines, and a smaller document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from policylib.generate.sample import Settings
from policylib.parity import agreement
from policylib.parity.outcomes import Peer, Verdict

SECONDS: Final = 60
"""After so long a document is small enough, unless somebody has more patience."""

MakePeers = Callable[[Settings, Mapping[str, Any], Path], list[Peer]]
Said = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Reduced:
    """A document with the settings and facts that it is judged with."""

    document: Any
    settings: Settings
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Reduction:
    """How to ask: what makes the engines for settings and facts, and the ids of all rules.

    No step begins after `seconds`.
    """

    peers: MakePeers
    rules: Sequence[str]
    seconds: float = SECONDS

    def smallest(self, case: Reduced) -> tuple[Reduced, Said] | None:
        """A case that the engines differ on still, and what each says; None where they agree."""
        odd = self._odd(case)
        if not odd:
            return None
        for smaller in (_without_exceptions, self._narrowed):
            tried = smaller(case)
            if tried is not None and self._odd(tried):
                case = tried
        with TemporaryDirectory(prefix="policylib-parity-") as folder:
            peers = self.peers(case.settings, case.facts, Path(folder))
            names = {peers[0].name, *(one.name for one in self._odd(case))}
            few = [one for one in peers if one.name in names]
            case = replace(case, document=agreement.smallest(few, case.document, self.seconds))
            row = agreement.judge(peers, [case.document])[0]
            said = {one.name: agreement.said(o) for one, o in zip(peers, row, strict=True)}
        return case, said

    def _odd(self, case: Reduced) -> list[Peer]:
        """The engines that contradict the first one."""
        return [peer for peer, _ in self._differing(case)]

    def _differing(self, case: Reduced) -> Iterator[tuple[Peer, set[str]]]:
        """The engines that contradict the first one, each with the rules that it does so about."""
        with TemporaryDirectory(prefix="policylib-parity-") as folder:
            peers = self.peers(case.settings, case.facts, Path(folder))
            row = agreement.judge(peers, [case.document])[0]
            for peer in agreement.differing(peers, row):
                both = (row[0], row[[one.name for one in peers].index(peer.name)])
                said = [set(o.breaches) if isinstance(o, Verdict) else set() for o in both]
                yield peer, {breach.rule for breach in said[0] ^ said[1]}

    def _narrowed(self, case: Reduced) -> Reduced | None:
        """The case with no rule on but those that engines differ about: gator compiles the rest."""
        about = {rule for _, rules in self._differing(case) for rule in rules}
        if not about:
            return None
        environment = case.settings.get("environment", "narrow")
        enforcement = case.settings.get("enforcement", {})
        families = {rule.partition(".")[0] for rule in about}
        levels = {}
        for rule in self.rules:
            family = rule.partition(".")[0]
            if rule not in about:
                levels[rule if family in families else family] = "off"
        kept = {k: v for k, v in enforcement.get(environment, {}).items() if k in about}
        narrow = {**enforcement, environment: {**levels, **kept}}
        settings = {**case.settings, "environment": environment, "enforcement": narrow}
        return replace(case, settings=settings)


def _without_exceptions(case: Reduced) -> Reduced | None:
    settings = {key: value for key, value in case.settings.items() if key != "exceptions"}
    return replace(case, settings=settings) if len(settings) < len(case.settings) else None
