"""A team's own conftest packages, judged beside policylib's rules.

The packages are those that conftest takes, and they are asked what conftest asks. What conftest
passes in silence (a rule that nobody asks, a value that is no message, a builtin that fails) is
an error here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from policylib import models
from policylib.errors import RuleError
from policylib.inputs.interface import Source, shown
from policylib.models import Problem, Severity, Violation
from policylib.packages import checks, files, judge, suits
from policylib.packages.documents import held
from policylib.packages.engines import Engines
from policylib.packages.exceptions import excepted
from policylib.packages.source import Module

__all__ = ["FAMILY", "Judgement", "Packages", "held", "load"]

FAMILY = "conftest"
"""What the ids of the packages' rules begin with."""

_OCI = "oci://"
_NAMESPACES = ("main",)

PathLike = str | Path


@dataclass(frozen=True)
class Judgement:
    """What packages say of documents.

    `documents` counts those that were judged; `notes` are for the reader of the report: which
    engine judged and why, and what the packages themselves excepted.
    """

    documents: int
    violations: tuple[Violation, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Packages:
    """Packages that are ready to judge.

    `reference` is how they were named; `revision` is a digest of their Rego and data; `rules` are
    those that are asked, as reports describe them.
    """

    reference: str
    revision: str
    rules: Mapping[str, models.Rule]
    notes: tuple[str, ...]
    _asked: tuple[checks.Rule, ...] = field(repr=False)
    _engines: Engines = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """What settings may speak of: the ids of the rules, their namespaces, and `conftest`."""
        namespaces = {id_.rpartition(".")[0] for id_ in self.rules}
        return (FAMILY, *sorted(namespaces), *self.rules)

    def judge(
        self, sources: Iterable[Source], levels: Mapping[str, str] | None = None
    ) -> Judgement:
        """Judge every document of the sources, also those that policylib's own rules skip.

        `levels` is what the settings say of an environment: off, log, warn or deny by one of
        `names`. What is said of more than one rule makes it milder, never stricter.

        What an engine fails on is one of the problems, and so is a file that cannot be read. A
        document in it that cannot be read is not: the check of policylib's own rules reports it.
        Raises `EngineError` when the engine fails as a whole, and `RuleError` when OPA, asked
        after regorus has failed, does not take the packages.
        """
        sources = tuple(sources)
        chosen = self._engines.first
        said = judge.ask(chosen.engine, self._asked, sources, levels or {})
        if said.failure and (other := self._engines.after(said.failure)):
            chosen = other
            said = judge.ask(chosen.engine, self._asked, sources, levels or {})
        notes = (*self.notes, *chosen.notes, *said.notes())
        return Judgement(
            documents=said.documents,
            violations=tuple(said.violations),
            problems=tuple(said.problems),
            notes=tuple(f"{self.reference}: {note}" for note in notes),
        )

    def beside(
        self, sources: Iterable[Source], modules: Mapping[str, str], settings: Mapping[str, Any]
    ) -> Judgement:
        """Judge as `judge` does, with the enforcement and the exceptions of policylib's settings.

        `modules` are policylib's rules, and `settings` is what they read as `data.settings`.
        """
        levels = settings.get("enforcement", {}).get(settings.get("environment"), {})
        judgement = self.judge(sources, levels)
        unknown = tuple(
            f"the settings speak of {name}, which {self.reference} does not define"
            for name in levels
            if name.partition(".")[0] == FAMILY and name not in self.names
        )
        return replace(
            judgement,
            violations=excepted(judgement.violations, modules, settings),
            notes=(*judgement.notes, *unknown),
        )


def load(
    reference: PathLike,
    namespaces: Sequence[str] = _NAMESPACES,
    data: Sequence[PathLike] = (),
    *,
    opa: Path | None = None,
) -> Packages:
    """Load the packages in a folder, or in an artifact.

    Parameters
    ----------
    reference
        A folder of Rego, a Rego file, or `oci://REGISTRY/REPOSITORY[:TAG][@DIGEST]`.
    namespaces
        The packages whose rules are asked, by name or glob, as `conftest --namespace` takes them.
    data
        Folders and files of data, as `conftest --data` takes them. Data beside the Rego of a
        folder is not read unless it is named here; that of an artifact is.
    opa
        The OPA for packages that regorus may not judge; None takes the one on PATH.

    Raises
    ------
    RuleError
        The packages cannot be read or compiled, or hold what conftest passes in silence.
    EngineError
        Only OPA can judge them, and there is none.
    BundleError
        The artifact cannot be pulled.
    """
    where = shown(reference)
    found, notes = _fetched(reference, where)
    known = _data(found, where, data)
    if not where.startswith(_OCI) and (ignored := _ignored(found, where, data)):
        notes = (*notes, ignored)
    modules = {
        name: Module(files.within(where, name), text)
        for name, text in files.modules(found, where).items()
    }
    kept = checks.without_tests(modules)
    asked = _checked(list(kept.values()), namespaces, known)
    engines = _engines(where, kept, asked, known, opa)
    engines.first  # noqa: B018 - what no engine takes is an error already now
    return Packages(
        reference=where,
        revision=_revision(kept, known),
        rules=MappingProxyType({rule.id: _described(rule) for rule in asked}),
        notes=(*notes, *checks.elsewhere(list(kept.values()), asked)),
        _asked=asked,
        _engines=engines,
    )


def _fetched(reference: PathLike, where: str) -> tuple[files.Files, tuple[str, ...]]:
    if not where.startswith(_OCI):
        return files.from_folder(Path(reference)), ()
    from policylib import oci  # the client for registries takes long to import

    pulled = oci.pull(where)
    return pulled.files, pulled.notes


def _data(found: files.Files, where: str, named: Sequence[PathLike]) -> dict[str, Any]:
    data = files.data(found, where) if where.startswith(_OCI) else {}
    for one in named:
        files.merge(data, files.data(files.from_folder(Path(one)), shown(one)), shown(one))
    return data


def _ignored(found: files.Files, where: str, named: Sequence[PathLike]) -> str:
    """A note on data that lies beside the Rego and is not read."""
    names = files.data_names(found)
    if not names or any(Path(one) == Path(where) for one in named):
        return ""
    return f"data beside the Rego is read only when it is named, as by conftest: {names[0]}"


def _checked(
    modules: Sequence[Module], namespaces: Sequence[str], data: Mapping[str, Any]
) -> tuple[checks.Rule, ...]:
    if not namespaces:
        raise RuleError("no namespace is asked", remedy="name one, such as main")
    asked = checks.asked(modules, namespaces)
    checks.require_asked(modules, asked)
    checks.refuse_outside(modules)
    checks.require_defined(modules, data)
    return asked


def _engines(
    where: str,
    modules: Mapping[str, Module],
    asked: Sequence[checks.Rule],
    data: Mapping[str, Any],
    opa: Path | None,
) -> Engines:
    driver, name = judge.driver(asked, checks.excepting(modules.values(), asked)), judge.DRIVER
    while f"{name}.rego" in modules:
        name += "_"
    return Engines(
        where=where,
        modules={f"{name}.rego": driver, **_texts(modules)},
        data={**data, "conftest": {"file": {"name": "", "dir": ""}}},
        reasons=tuple(suits.reasons(list(modules.values()))),
        program=opa,
    )


def _texts(modules: Mapping[str, Module]) -> dict[str, str]:
    return {name: module.text for name, module in modules.items()}


def _described(rule: checks.Rule) -> models.Rule:
    return models.Rule(
        id=rule.id,
        title=f"{rule.name} of the conftest package {'.'.join(rule.package)}",
        description=f"A rule of one's own, in {', '.join(rule.files)}.",
        severity=Severity.MEDIUM,
        remediation="",
    )


def _revision(modules: Mapping[str, Module], data: Mapping[str, Any]) -> str:
    text = json.dumps([_texts(modules), data], sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
