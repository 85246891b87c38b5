"""All that the family may meet: what comes in any state, damaged, in lists, and odd."""

from __future__ import annotations

from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.digest import bystanders, stray_values, strays
from policylib.generate.digest.rules import RULES
from policylib.generate.odd import Json, damaged, odd
from policylib.generate.sample import Doc, Sample, Settings

_LIST_KINDS = ("List",) * 6 + ("PodList", "DeploymentList", "list", "ConfigMap", "Pod", "")


def resource(choices: Choices) -> Json:
    """One resource of any kind, now and then with one value replaced or dropped."""
    make = weighted(
        choices,
        (7, strays.workload),
        (1, strays.pipeline),
        (1, strays.operator),
        (3, stray_values.values),
        (1, stray_values.kustomization),
        (2, stray_values.application),
        (1, stray_values.release),
        (1, bystanders.stray),
    )
    found = make(choices)
    return damaged(choices, found) if once_in(choices, 4) else found


def in_list(choices: Choices) -> Doc:
    """Lists, typed, nested or odd."""
    items = [
        weighted(choices, (8, resource), (1, odd))(choices) for _ in range(choices.integer(0, 3))
    ]
    if once_in(choices, 4):
        items.append({"apiVersion": "v1", "kind": "List", "items": [resource(choices)]})
    kind = choices.one_of(_LIST_KINDS)
    return {"apiVersion": "v1", "kind": kind, "metadata": {}, "items": items}


def document(choices: Choices) -> Json:
    """Anything that the reader may hand to the engines."""
    return weighted(choices, (24, resource), (3, in_list), (1, odd))(choices)


def anything(choices: Choices, settings: Settings) -> Sample:
    """A sample of one of the rules, as it is or damaged; or something that nobody knows."""
    if once_in(choices, 2):
        return Sample(document(choices), stray=True)
    found = RULES[choices.one_of(tuple(RULES))](choices, settings)
    if once_in(choices, 3):
        return Sample(damaged(choices, found.document), stray=True)
    return found
