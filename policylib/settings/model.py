"""The typed model of `policylib.yaml`, and what Rego reads of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import Field

from policylib.errors import SettingsError
from policylib.models import Filled, Model, PolicyException
from policylib.settings.levels import Level, of_rule

VERSION: Final = 1
"""The form of settings files that this policylib reads and writes."""


# `conftest`, a namespace in it, or a rule there.
_OWN = re.compile(r"conftest(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


@dataclass(frozen=True)
class Known:
    """What settings may speak of.

    `families` maps each family to the JSON Schema of its section; `rules` holds the rules' ids;
    `always` names the families that are asked without a section of their own.
    """

    families: Mapping[str, dict[str, Any]]
    rules: Collection[str]
    always: Collection[str]
    own: Collection[str] = ()

    def beside(self, raw: Mapping[str, Any]) -> Known:
        """Also what a file says of rules in a team's own packages, which come and go with a run."""
        said: list[object] = []
        levels, entries = raw.get("enforcement"), raw.get("exceptions")
        for level in levels.values() if isinstance(levels, dict) else ():
            said += level if isinstance(level, dict) else ()
        for entry in entries if isinstance(entries, list) else ():
            said.append(entry.get("rule") if isinstance(entry, dict) else None)
        own = {name for name in said if isinstance(name, str) and _OWN.fullmatch(name)}
        return replace(self, own=sorted(own))


class Labels(Model):
    """The keys of the labels (or annotations) that say where a workload belongs."""

    service: Filled = "policylib.dev/service"
    region: Filled = "policylib.dev/region"
    data_class: Filled = "policylib.dev/data-class"
    tenant: Filled = "policylib.dev/tenant"


class Settings(Model):
    """What a team decides.

    `exclude` holds globs of files that are not checked. `families` holds each family's section,
    checked against the JSON Schema that its rules' METADATA declare. `enforcement` maps an
    environment to levels by rule, family or namespace; what is not named denies. `catalog` maps a
    service to what the service catalog says of it; `exceptions` lists what is let through for a
    time.
    """

    version: Literal[1] = VERSION
    exclude: tuple[str, ...] = ()
    enforcement: dict[str, dict[str, Level]] = Field(default_factory=dict)
    labels: Labels = Field(default_factory=Labels)
    catalog: dict[str, Any] | None = None
    exceptions: tuple[PolicyException, ...] = ()
    families: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def level(self, environment: str | None, rule: str, entering: Collection[str] = ()) -> str:
        """What a violation of a rule does in an environment, as the decision has it.

        One of `entering` warns where nothing is said of it.
        """
        usual = "warn" if rule in entering else "deny"
        return of_rule(self.levels(environment), rule, usual)

    def levels(self, environment: str | None) -> Mapping[str, Level]:
        """What an environment says of rules, families and namespaces."""
        return self.enforcement.get(environment, {}) if environment else {}

    def require_environment(self, environment: str | None, where: str) -> None:
        """Raise `SettingsError` for an environment that these settings, at `where`, do not name.

        A slip in its name would have the strictest judged in silence.
        """
        from policylib.settings.checks import advice  # it is for errors only

        if environment is None or environment in self.enforcement:
            return
        remedy = f"{advice(environment, self.enforcement)}; " if self.enforcement else ""
        raise SettingsError(
            f"the settings name no environment {environment!r}",
            where=where,
            remedy=f"{remedy}without an environment the strictest holds",
        )

    def data(self, environment: str | None, entering: Sequence[str] = ()) -> dict[str, Any]:
        """What Rego reads as `data.settings`; without an environment the strictest holds.

        `entering` names the rules that only warn where nothing else is said of them.
        Raises `SettingsError` for an environment that is empty or no text.
        """
        if environment is not None and not (isinstance(environment, str) and environment):
            raise SettingsError(
                f"no environment is called {environment!r}",
                where="environment",
                remedy="name one of the settings' environments, or none for the strictest",
            )
        optional: dict[str, Any] = {
            "environment": environment,
            "entering": list(entering) or None,
            "exceptions": [one.data() for one in self.exceptions] or None,
            "catalog": None if self.catalog is None else {"services": self.catalog},
            "labels": self.labels.model_dump(exclude_unset=True) or None,
        }
        given = {key: value for key, value in optional.items() if value is not None}
        return {**self.families, "enforcement": self.enforcement, **given}
