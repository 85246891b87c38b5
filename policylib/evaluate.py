"""The one place where reviews meet rules: sources in, a report out."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policylib import exceptions, reach
from policylib import rules as rule_files
from policylib import settings as settings_files
from policylib.engine.interface import DECISION, UNCONFIGURED, Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError, InputError, RuleError, SettingsError
from policylib.inputs import files, objects
from policylib.inputs.interface import Collection, Origin, Place, Source
from policylib.models import (
    Enforcement,
    PolicyException,
    Problem,
    Report,
    Resource,
    Rule,
    Skipped,
    Violation,
)
from policylib.rules import RuleSet
from policylib.settings import Known, Settings
from policylib.version import __version__

if TYPE_CHECKING:
    from policylib.packages import Packages

Progress = Callable[[int, int], None]
"""Told how many sources are done, and of how many."""

Raw = dict[str, Any]

_DECIDES = "policylib/decision/"
_DECISION = f"{_DECIDES}decision.rego"
_SPEAKS_OF_FAMILIES = re.compile(r"^unconfigured\b", re.MULTILINE)
_SPEAKS = 'violation contains {"msg": "", "details": {"path": ""}}'

PathLike = str | os.PathLike[str]
Checkable = PathLike | bytes | Mapping[str, Any] | Iterable[PathLike | Mapping[str, Any]]


@dataclass(frozen=True)
class Policy:
    """Rules, settings and an environment, prepared once for many checks.

    Safe to share between threads.
    """

    rules: RuleSet
    settings: Settings
    environment: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    packages: Packages | None = None

    def __post_init__(self) -> None:
        self.settings.data(self.environment)  # refuses what is no environment

    @cached_property
    def data(self) -> dict[str, Any]:
        """What Rego reads as `data.settings`."""
        return self.settings.data(self.environment, self.rules.entering())

    @cached_property
    def engine(self) -> RegorusEngine:
        """The native engine with settings, facts and what the decision reads of these rules.

        Raises `EngineError`.
        """
        return engine(self.rules, self.data, self.facts)

    @cached_property
    def revision(self) -> str:
        """Identifies rules, settings and facts together: a SHA-256 digest."""
        own = revision(self.rules, self.data, self.facts)
        if self.packages is None:
            return own
        both = f"{own}\n{self.packages.revision}"
        return f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"

    @property
    def described(self) -> dict[str, Rule]:
        """Every rule that a violation may be of, by its id."""
        return {**self.rules.rules, **(self.packages.rules if self.packages else {})}

    @cached_property
    def unconfigured(self) -> tuple[str, ...]:
        """The families that are not asked, since the settings have no section for them."""
        return _unconfigured(self.rules, self.engine)

    def require(self, families: Iterable[str]) -> None:
        """Require that families are asked; raises `SettingsError` for one that is not."""
        for family in families:
            if family not in self.rules.families:
                known = ", ".join(self.rules.families)
                raise SettingsError(f"no family is called {family!r}", remedy=f"known: {known}")
            if family in self.unconfigured:
                raise SettingsError(
                    f"the family {family} is required and not configured",
                    remedy=f"give the settings a section `{family}:`",
                )

    def check(
        self,
        what: Checkable,
        *,
        name: str = "input.yaml",
        allow_empty: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        r"""Judge `what` and report every violation.

        Parameters
        ----------
        what
            A path, or several (files, folders, globs, Helm charts); the bytes of YAML or JSON;
            or an object, or several, as a program holds them.
        name
            Stands for bytes in the report; its ending tells JSON from YAML.
        allow_empty
            Whether finding no document at all is fine.
        progress
            Called now and then with the number of files done and their total.

        What cannot be read is an entry of `Report.errors`, so one bad file hides no other.
        Raises `InputError` for what cannot be checked at all, such as an object that JSON cannot
        hold, and `EngineError` when the engine as a whole fails.

        >>> import policylib
        >>> report = policylib.load().check(b"apiVersion: v1\nkind: Service\n")
        >>> report.allowed, report.documents
        (True, 1)
        """
        collection = self._collect(what, name)
        return self.check_collection(collection, allow_empty=allow_empty, progress=progress)

    def collect(self, paths: Iterable[PathLike]) -> Collection:
        """Find what `paths` name, without what the settings exclude."""
        return files.collect(paths, exclude=self.settings.exclude)

    def _collect(self, what: Checkable, name: str) -> Collection:
        if isinstance(what, bytes):
            return objects.from_bytes(what, name)
        if isinstance(what, str | os.PathLike):
            return self.collect([what])
        if isinstance(what, Mapping):
            return objects.from_objects([what])
        if not isinstance(what, Iterable):
            raise InputError(f"{type(what).__name__} is nothing that can be checked")
        items = list(what)
        paths = [item for item in items if isinstance(item, str | os.PathLike)]
        held = [item for item in items if isinstance(item, Mapping)]
        if len(paths) + len(held) != len(items):
            raise InputError(
                "several things to check are paths or mappings", remedy="bytes are checked alone"
            )
        found, given = self.collect(paths), objects.from_objects(held)
        return Collection(
            (*found.asked, *given.asked),
            (*found.sources, *given.sources),
            found.problems,
        )

    def check_collection(
        self,
        collection: Collection,
        *,
        allow_empty: bool = False,
        progress: Progress | None = None,
    ) -> Report:
        """Judge every document that `policylib.inputs` has collected.

        No document at all is an error, unless `allow_empty`.
        """
        sources = collection.sources
        if self.packages is not None:
            from policylib import packages

            sources = packages.held(sources)
        outcome = self.engine.check([(s.name, s.content) for s in sources], progress)
        skipped = sorted(
            (_skipped(raw, sources) for raw in outcome["skipped"]),
            key=lambda s: (s.file, s.document),
        )
        errors = [*collection.problems, *(_problem(raw, sources) for raw in outcome["errors"])]
        if not (outcome["documents"] or skipped or errors or allow_empty):
            errors.append(_nothing(collection))
        try:
            violations = [self._violation(raw, sources) for raw in outcome["violations"]]
        except (KeyError, ValueError) as error:
            raise EngineError(
                f"the decision holds something that is no violation: {error}"
            ) from error
        notes = self.notes
        if self.packages is not None:
            said = self.packages.beside(sources, self.rules.modules, self.data)
            violations += said.violations
            errors += _unreported(said.problems, errors)
            notes += said.notes
        return Report(
            version=__version__,
            engine=f"{self.engine.name} {self.engine.version}",
            revision=self.revision,
            environment=self.environment,
            files=len(sources),
            documents=outcome["documents"],
            skipped=tuple(skipped),
            errors=tuple(sorted(errors, key=lambda e: (e.file, e.line, e.column))),
            violations=tuple(sorted(violations, key=_order)),
            unconfigured=self.unconfigured,
            notes=notes,
            exceptions=exceptions.listed(self.settings.exceptions, violations),
        )

    def _violation(self, raw: Raw, sources: Sequence[Source]) -> Violation:
        rule = self.rules.rules[raw["rule"]]
        excepted = raw["enforcement"] == Enforcement.EXCEPTED
        place = _place(raw, sources[raw["source"]])
        return Violation.model_construct(
            rule=rule.id,
            severity=rule.severity,
            enforcement=Enforcement(raw["enforcement"]),
            message=raw["msg"],
            remediation=rule.remediation,
            file=place.file,
            document=raw["document"],
            line=place.line,
            column=place.column,
            path=raw["path"],
            resource=Resource.model_validate(raw["resource"]),
            details=raw["details"],
            exception=PolicyException.model_validate(raw["exception"]) if excepted else None,
        )


def engine(
    rules: RuleSet, settings: Mapping[str, Any], facts: Mapping[str, Any] | None = None
) -> RegorusEngine:
    """The native engine for the decision, with what it may read of the rules under settings.

    `settings` and `facts` are what Rego reads as `data.settings` and `data.facts`. Raises
    `EngineError`.
    """
    modules = reach.asked(rules, settings)
    return RegorusEngine(modules, {"settings": settings, "facts": facts or {}})


def revision(
    rules: RuleSet, settings: Mapping[str, Any], facts: Mapping[str, Any] | None = None
) -> str:
    """Identify rules, settings and facts together: a SHA-256 digest."""
    parts = [rules.revision, json.dumps(settings, sort_keys=True)]
    if facts:
        parts.append(json.dumps(facts, sort_keys=True))
    text = "\n".join(parts)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def unconfigured(rules: RuleSet, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The families that the decision does not ask with these settings."""
    return _unconfigured(rules, engine(rules, settings))


def _unconfigured(rules: RuleSet, engine: RegorusEngine) -> tuple[str, ...]:
    decision = (text for path, text in rules.modules.items() if path.startswith(_DECIDES))
    if not any(map(_SPEAKS_OF_FAMILIES.search, decision)):
        return ()  # a decision of one's own may ask every family always
    [answer] = engine.evaluate(UNCONFIGURED, [{}])
    if isinstance(answer, Failure):
        raise EngineError(f"the decision gives no answer: {answer.message}", where=_DECISION)
    families = rules.known().families
    return tuple(family for family in answer.value if family in families)


def load(
    *,
    settings: PathLike | None = None,
    environment: str | None = None,
    rules: PathLike | None = None,
    facts: PathLike | None = None,
    require: Iterable[str] = (),
) -> Policy:
    """Load the rules that travel with policylib, or those in the folder `rules`.

    `settings` names a settings file that the caller vouches for; `environment` selects the
    enforcement that it declares (the strictest without one). `facts` names a file of ImageFacts,
    for which the caller vouches too; `require` names families that `settings` has to configure.

    Raises `RuleError`, `SettingsError` or `InputError` when a file is missing or malformed, when
    a rule is there that the decision never asks, or when a family is required and not configured.
    """
    ruleset, known = load_rules(rules)
    chosen = settings_files.load(None if settings is None else Path(settings), known)
    policy = Policy(ruleset, chosen.settings, environment, _facts(facts), chosen.notes)
    if require := tuple(require):
        # What is merely found cannot meet a demand: it might ask for nothing.
        vouched = replace(policy, settings=chosen.vouched) if chosen.found else policy
        vouched.require(require)
    return policy


def load_rules(rules: PathLike | None) -> tuple[RuleSet, Known]:
    """The rules in a folder, or those that travel with policylib, and what settings may say.

    Raises `RuleError` when one is missing or malformed, or when the decision never asks it.
    """
    if rules is None:
        own = rule_files.load()
        return own, own.known()
    ruleset = rule_files.load(Path(rules))
    require_asked(ruleset)
    always = {id_.partition(".")[0] for id_ in _heard(ruleset, {})}
    return ruleset, ruleset.known(sorted(always))


def _facts(path: PathLike | None) -> dict[str, Any]:
    if path is None:
        return {}
    from policylib import facts  # most checks have none

    return facts.load(Path(path))


def require_asked(rules: RuleSet) -> None:
    """Require that the decision asks every rule: one that it does not ask passes everything.

    Raises `RuleError` for those that it leaves out.
    """
    heard = _heard(rules, {family: {} for family in rules.families})
    if silent := [id_ for id_ in rules.rules if id_ not in heard]:
        raise RuleError(
            f"the decision does not ask {', '.join(silent)}",
            where=_DECISION,
            remedy="add the line that asks the family to `by_family`",
        )


def _heard(rules: RuleSet, settings: Mapping[str, Any]) -> set[str]:
    """The rules that the decision asks: each is replaced by one that always speaks."""
    speaking = {
        rule_files.path_of(id_): f"package policylib.{id_}\n\nimport rego.v1\n\n{_SPEAKS}\n"
        for id_ in rules.rules
    }
    engine = RegorusEngine({**rules.modules, **speaking}, {"settings": settings})
    [answer] = engine.evaluate(DECISION, [{"review": {"object": {}}}])
    if isinstance(answer, Failure):
        raise RuleError(f"the decision gives no answer: {answer.message}", where=_DECISION)
    said = answer.value if isinstance(answer.value, list) else []
    return {str(one.get("rule")) for one in said if isinstance(one, dict)}


def _place(raw: Raw, source: Source) -> Place:
    here = Place(source.name, raw["line"], raw["column"])
    if source.locate is None:
        return here
    origin = Origin(raw["template"], raw["path"], raw["document"], raw["line"])
    return source.locate(origin) or here


def _skipped(raw: Raw, sources: Sequence[Source]) -> Skipped:
    file = sources[raw["source"]].name
    return Skipped(file=file, document=raw["document"], reason=raw["reason"])


def _problem(raw: Raw, sources: Sequence[Source]) -> Problem:
    source = sources[raw["source"]]
    rendered = source.locate is not None
    return Problem(
        file=source.name,
        line=raw["line"],
        column=raw["column"],
        document=raw["document"],
        message=f"in what the chart renders to: {raw['message']}" if rendered else raw["message"],
    )


def _unreported(problems: Iterable[Problem], reported: Iterable[Problem]) -> list[Problem]:
    """The problems without those of a whole file of which one is reported."""
    files = {one.file for one in reported if one.document is None}
    return [one for one in problems if one.document is not None or one.file not in files]


def _nothing(collection: Collection) -> Problem:
    where = ", ".join(collection.asked) or "."
    message = "there is nothing to check here (--allow-empty permits that)"
    return Problem(file=where, line=1, column=1, message=message)


def _order(violation: Violation) -> tuple[str, int, int, int, str, str, str]:
    v = violation
    return (v.file, v.document, v.line, v.column, v.rule, v.path, v.message)
