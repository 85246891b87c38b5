"""A ConstraintTemplate for each rule that asks for one, and the parameters that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policylib.bundle.gatekeeper.libraries import Libraries
from policylib.models import Rule
from policylib.rules import RuleSet


def templates(rules: RuleSet) -> dict[str, dict[str, Any]]:
    """Every template, by the path that it is written to, without an ending."""
    return {
        f"templates/{rule.id}": _template(rule, Libraries(rule, rules))
        for rule in rules.rules.values()
        if rule.gatekeeper
    }


def parameters(
    rule: Rule, rules: RuleSet, settings: Mapping[str, Any], facts: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the template of a rule reads of the settings and facts."""
    given = {**settings, **({"facts": facts} if facts is not None else {})}
    return Libraries(rule, rules).parameters(given)


def _template(rule: Rule, libs: Libraries) -> dict[str, Any]:
    kind = rule.gatekeeper["kind"]
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {
            "name": kind.lower(),
            "annotations": {
                "metadata.gatekeeper.sh/title": rule.title,
                "description": " ".join(rule.description.split()),
                "policylib.dev/rule": rule.id,
            },
        },
        "spec": {
            "crd": {
                "spec": {
                    "names": {"kind": kind},
                    "validation": {
                        "openAPIV3Schema": {"type": "object", "properties": libs.schema()}
                    },
                }
            },
            "targets": [{"target": "admission.k8s.gatekeeper.sh", "code": [libs.code()]}],
        },
    }
