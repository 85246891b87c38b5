"""Which policy a test asks, loaded once for all tests that ask it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict

from policylib.errors import RuleError, SettingsError
from policylib.evaluate import Policy

PathLike = str | os.PathLike[str]


class Which(TypedDict, total=False):
    """Which policy is asked; paths are relative to the file that names them.

    `settings` is a settings file; without one it is the `policylib.yaml` that is nearest above
    the test, and where there is none the strict defaults hold. `environment` is one of the
    settings'. `rules` is a folder of rules laid over policylib's own. `policy` is a folder of
    conftest packages, of which `namespaces` are asked (`main` unless named). `facts` is a file of
    ImageFacts.
    """

    settings: PathLike
    environment: str
    rules: PathLike
    policy: PathLike
    namespaces: Sequence[str]
    facts: PathLike


def require_known(which: Mapping[str, Any], caller: str) -> None:
    """Require that nothing but what `Which` has is said; raises `TypeError`."""
    if unknown := sorted(which.keys() - Which.__annotations__.keys()):
        raise TypeError(f"{caller}() got an unexpected keyword argument {unknown[0]!r}")


@dataclass(frozen=True)
class Asked:
    """A policy that tests ask, and the settings file that it was made with, for people."""

    policy: Policy
    settings: Path | None

    def __str__(self) -> str:
        settings = "no settings" if self.settings is None else f"settings {_near(self.settings)}"
        environment = self.policy.environment
        where = f"environment {environment}" if environment else "no environment, so the strictest"
        return f"{settings}, {where}, revision {self.policy.revision.removeprefix('sha256:')[:12]}"

    def require(self, about: str) -> None:
        """Require that a rule, a family or a namespace of rules is there and asked.

        Raises `RuleError` for what is not there, and `SettingsError` for a family without settings.
        """
        known = self.policy.described
        if not any(_is_of(rule, about) for rule in known):
            names = ", ".join(sorted({*known, *(rule.partition(".")[0] for rule in known)}))
            raise RuleError(f"no rule or family is called {about!r}", remedy=f"known: {names}")
        family = about.partition(".")[0]
        if family in self.policy.rules.families:
            self.policy.require([family])

    def with_facts(self, images: Mapping[str, Any]) -> Policy:
        """The policy with facts about some images besides those that it has."""
        if not images:
            return self.policy
        facts = {"images": {**self.policy.facts.get("images", {}), **images}}
        return replace(self.policy, facts={**self.policy.facts, **facts})


def _is_of(rule: str, about: str) -> bool:
    return rule == about or rule.startswith(f"{about}.")


def _near(path: Path) -> str:
    """A path as it reads from the current folder, where it lies below that."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@dataclass
class Policies:
    """The policies that the tests of one process ask.

    `root` is the folder above which no settings are looked for.
    """

    root: Path
    _loaded: dict[tuple[object, ...], Asked] = field(default_factory=dict)

    def asked(self, which: Which, folder: Path) -> Asked:
        """The policy that is asked from a folder.

        Raises `PolicylibError` when a file is missing or malformed.
        """
        settings = self._settings(which, folder)
        rules, facts = _beside(folder, which.get("rules")), _beside(folder, which.get("facts"))
        packages = _beside(folder, which.get("policy"))
        namespaces = tuple(which.get("namespaces", ("main",)))
        environment = which.get("environment")
        key = (settings, rules, facts, packages, namespaces, environment)
        if key not in self._loaded:
            policy = _policy(settings, environment, rules, facts)
            if packages is not None:
                from policylib import packages as own

                policy = replace(policy, packages=own.load(packages, namespaces))
            self._loaded[key] = Asked(policy, settings)
        return self._loaded[key]

    def _settings(self, which: Which, folder: Path) -> Path | None:
        from policylib.settings import FILE_NAME

        if "settings" in which:
            return _beside(folder, which["settings"])
        above = [folder, *folder.parents] if folder.is_relative_to(self.root) else [folder]
        for one in above:
            if os.path.lexists(one / FILE_NAME):
                return one / FILE_NAME
            if one == self.root:
                break
        return None


def _policy(
    settings: Path | None, environment: str | None, rules: Path | None, facts: Path | None
) -> Policy:
    """What `policylib.load` makes, without a look at the settings in the current folder."""
    from policylib import evaluate
    from policylib import facts as image_facts
    from policylib.settings import Settings, files

    ruleset, known = evaluate.load_rules(rules)
    given = Settings() if settings is None else files.parse(settings, known)
    if environment is not None and environment not in given.enforcement:
        raise SettingsError(
            f"the settings have no environment {environment!r}",
            where="" if settings is None else str(settings),
            remedy=f"known: {', '.join(given.enforcement) or 'none'}",
        )
    return Policy(ruleset, given, environment, {} if facts is None else image_facts.load(facts))


def _beside(folder: Path, name: PathLike | None) -> Path | None:
    return None if name is None else Path(os.path.normpath(folder / name))
