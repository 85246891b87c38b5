"""The policies that a simulation is asked about, by the names that a user gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policylib import facts as facts_files
from policylib.evaluate import Policy, load_rules
from policylib.settings import FILE_NAME, files
from policylib.simulation.model import Side

RULES = "rules"
"""The folder of rules beside the settings in a folder that names a whole policy."""


@dataclass(frozen=True)
class Named:
    """A policy, and what it was called."""

    policy: Policy
    settings: str
    rules: str

    @property
    def side(self) -> Side:
        """What a simulation says of it."""
        return Side(
            settings=self.settings,
            rules=self.rules,
            environment=self.policy.environment,
            revision=self.policy.revision,
            unconfigured=self.policy.unconfigured,
        )


def load(
    settings: Path,
    *,
    rules: Path | None = None,
    environment: str | None = None,
    facts: Path | None = None,
) -> Named:
    """Load a policy from a settings file, or a folder with `policylib.yaml` and maybe `rules/`.

    Nothing else is read: a `policylib.yaml` that is merely found in the current folder does not
    count here. Raises `SettingsError`, `RuleError` or `InputError`.
    """
    file = settings / FILE_NAME if settings.is_dir() else settings
    if rules is None and settings.is_dir() and (settings / RULES).is_dir():
        rules = settings / RULES
    ruleset, known = load_rules(rules)
    chosen = files.parse(file, known, pipes=True)
    chosen.require_environment(environment, str(file))
    held = {} if facts is None else facts_files.load(facts)
    policy = Policy(ruleset, chosen, environment, held)
    return Named(policy, str(file), "" if rules is None else str(rules))
