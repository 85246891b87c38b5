"""Which engine judges packages: regorus where it judges as OPA does, else OPA."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from policylib.engine.opa import INSTALL, OpaEngine
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError, RuleError
from policylib.packages import judge

_OLD_REGO = "`if` keyword is required"


@dataclass(frozen=True)
class Chosen:
    """An engine that took the packages, and why it is not regorus."""

    engine: RegorusEngine | OpaEngine
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Engines:
    """The engines for some packages; `reasons` say why regorus may not judge them.

    `where` is what the packages are called, and `program` the OPA to take (None: that on PATH).
    """

    where: str
    modules: Mapping[str, str]
    data: Mapping[str, Any]
    reasons: Sequence[str]
    program: Path | None

    @cached_property
    def first(self) -> Chosen:
        """The engine to ask first; raises `EngineError` or `RuleError` where there is none."""
        if self.reasons:
            more = f", and {len(self.reasons) - 1} more" if len(self.reasons) > 1 else ""
            return self._opa(f"{self.reasons[0]}{more}")
        try:
            return Chosen(_ready(RegorusEngine(self.modules, self.data)))
        except EngineError as error:
            return self._opa(f"regorus does not read them: {error.what}")

    def after(self, failure: str) -> Chosen | None:
        """OPA, where regorus failed on a document; None where there is nobody else to ask."""
        if isinstance(self.first.engine, OpaEngine) or not self._has_opa():
            return None
        return self._opa(f"regorus failed on a document: {failure}")

    def _has_opa(self) -> bool:
        return self.program is not None or shutil.which("opa") is not None

    def _opa(self, reason: str) -> Chosen:
        if not self._has_opa():
            what = f"only OPA can judge these packages: {reason}"
            raise EngineError(what, where=self.where, remedy=INSTALL)
        engine = OpaEngine(self.modules, self.data, self.program)
        try:
            _ready(engine)
        except EngineError as error:
            remedy = error.remedy
            if _OLD_REGO in reason:
                remedy = f"this is Rego v0: run `opa fmt --write --v0-v1 {self.where}`"
            what = f"OPA does not take these packages: {error.what}"
            raise RuleError(what, where=self.where, remedy=remedy) from error
        return Chosen(engine, (f"judged by OPA {engine.version}, since {reason}",))


def _ready(engine: RegorusEngine | OpaEngine) -> RegorusEngine | OpaEngine:
    """The engine, after it has compiled everything."""
    judge.probe(engine)
    return engine
