"""A constraint for each rule that is asked, with what its template reads of the settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from policylib.models import Rule
from policylib.rules import RuleSet

_ACTIONS = {"deny": "deny", "warn": "warn", "log": "dryrun"}
_EVERY_KIND = [{"apiGroups": ["*"], "kinds": ["*"]}]


def asked(
    rules: RuleSet, settings: Mapping[str, Any], unconfigured: Collection[str]
) -> dict[str, str]:
    """The enforcementAction of each rule that is in force, by its id.

    A rule that the environment switches off is not, nor is one of a family that is `unconfigured`,
    which waits for settings.
    """
    actions = {
        rule.id: _action(rule, settings)
        for rule in rules.rules.values()
        if rule.family not in unconfigured
    }
    return {rule_id: action for rule_id, action in actions.items() if action is not None}


def without_template(rules: RuleSet, in_force: Iterable[str]) -> list[str]:
    """The rules in force that Gatekeeper is not asked about: their METADATA names no kind."""
    return [rule_id for rule_id in in_force if not rules.rules[rule_id].gatekeeper]


def match(rule: Rule, *, all_kinds: bool = False) -> dict[str, Any]:
    """Which objects a rule is asked about: those that its METADATA names.

    Of `all_kinds`, or where it names none, that is every kind.
    """
    declared: dict[str, Any] = dict(rule.gatekeeper.get("match", {}))
    return {**declared, "kinds": _EVERY_KIND} if all_kinds else declared


def constraint(
    rule: Rule, action: str, matched: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """The constraint of a rule."""
    spec: dict[str, Any] = {"enforcementAction": action}
    if matched:
        spec["match"] = matched
    if parameters:
        spec["parameters"] = parameters
    return {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": rule.gatekeeper["kind"],
        "metadata": {"name": re.sub(r"[^a-z0-9]+", "-", rule.id)},
        "spec": spec,
    }


def _action(rule: Rule, settings: Mapping[str, Any]) -> str | None:
    """The enforcementAction in the settings' environment; None when the rule is off."""
    levels = settings.get("enforcement", {}).get(settings.get("environment"), {})
    usual = "warn" if rule.id in settings.get("entering", ()) else "deny"
    level = levels.get(rule.id, levels.get(rule.family, usual))
    return None if level == "off" else _ACTIONS.get(level, "deny")
