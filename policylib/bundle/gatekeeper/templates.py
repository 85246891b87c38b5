"""A ConstraintTemplate for each rule that asks for one."""

from __future__ import annotations

from typing import Any

from policylib.bundle.gatekeeper.libraries import Libraries
from policylib.errors import BundleError
from policylib.models import Rule
from policylib.reach import Index
from policylib.rules import RuleSet, path_of


def libraries(rules: RuleSet) -> dict[str, Libraries]:
    """What the template of each rule that asks for one is made of, by the rule's id.

    Raises
    ------
    BundleError
        Two rules ask for one kind, so one template would take the place of the other.
    """
    asking = [rule for rule in rules.rules.values() if rule.gatekeeper]
    owners: dict[str, str] = {}
    for rule in asking:
        kind = rule.gatekeeper["kind"]
        owner = owners.setdefault(kind.lower(), rule.id)
        if owner != rule.id:
            raise BundleError(
                f"the kind {kind} in Gatekeeper is that of {owner} already",
                where=path_of(rule.id),
                remedy="give it a kind that differs in more than upper and lower case",
            )
    index = Index(rules.modules)
    return {rule.id: Libraries(rule, rules, index) for rule in asking}


def template(rule: Rule, libs: Libraries) -> dict[str, Any]:
    """The template of a rule."""
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
