"""Autoscalers and disruption budgets that keep what a tier demands, and what is wrong with them."""

from __future__ import annotations

from policylib.generate import catalogs, label_keys
from policylib.generate.catalogs import Demands
from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc, Settings
from policylib.generate.tier.running import Make, Running, several
from policylib.generate.tier.wrong import YES, anyway, letting_all_go


def autoscaler(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    """An autoscaler whose floor is what is demanded, or more."""
    floor = max(1, wanted.replicas) + choices.one_of((0, 0, 2))
    return _versioned(choices, scaled(settings, service, floor))


def _versioned(choices: Choices, found: Doc) -> Doc:
    """An autoscaler in any version of its group."""
    version = choices.one_of(("v2", "v2", "v1", "v2beta2"))
    return {**found, "apiVersion": f"autoscaling/{version}"}


def scaled(settings: Settings, service: str, floor: object) -> Doc:
    """An autoscaler with a floor; without a service it is nobody's."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": floor, "maxReplicas": 50}
    if floor is None:
        del spec["minReplicas"]
    labels = {label_keys.service(settings): service} if service else {}
    metadata = {"name": "web", "labels": labels}
    kind = "HorizontalPodAutoscaler"
    return {"apiVersion": "autoscaling/v2", "kind": kind, "metadata": metadata, "spec": spec}


def budget(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    """A PodDisruptionBudget of the service's pods."""
    found = budgeted(settings, service, catalogs.budget(choices, wanted.copies))
    if once_in(choices, 3):
        labels = found["spec"]["selector"]["matchLabels"].items()
        asked = [{"key": key, "operator": "In", "values": [value]} for key, value in labels]
        found["spec"]["selector"] = {"matchExpressions": asked}
    return found


def budgeted(settings: Settings, service: str, limits: Doc) -> Doc:
    """A PodDisruptionBudget with such limits; without a service it is nobody's."""
    labels = {label_keys.service(settings): service} if service else {"app": "web"}
    metadata = {"name": "web", "labels": dict(labels)}
    spec = {**limits, "selector": {"matchLabels": dict(labels)}}
    kind = "PodDisruptionBudget"
    return {"apiVersion": "policy/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _low(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    floors: tuple[object, ...] = (wanted.replicas - 1, 1, None) if several(wanted) else (0,)
    return _versioned(choices, scaled(settings, service, choices.one_of(floors)))


def _floor(choices: Choices, settings: Settings, _wanted: Demands, service: str) -> Doc:
    return scaled(settings, service, choices.one_of(("3", 2.5, -1, [3], YES)))


def _limited(*limits: Doc) -> Make:
    def make(choices: Choices, settings: Settings, _wanted: Demands, service: str) -> Doc:
        return budgeted(settings, service, choices.one_of(limits))

    return make


def _all_go(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    value = choices.one_of(letting_all_go(wanted.copies))
    return budgeted(
        settings, service, choices.one_of(({"maxUnavailable": value}, {"minAvailable": 0}))
    )


def _unselective(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    found = budget(choices, settings, wanted, service)
    found["spec"]["selector"] = choices.one_of(
        ({}, {"matchLabels": {}}, {"matchExpressions": []}, None)
    )
    return found


def _budgeted(wanted: Demands) -> bool:
    return wanted.budget


SCALERS: tuple[Running, ...] = (
    Running("low floor", "tier.redundancy", "It goes below the tier's number.", _low, several),
    Running("no floor", "tier.redundancy", "The floor is no whole number.", _floor, anyway),
)
"""What may be wrong with an autoscaler."""

BUDGETS: tuple[Running, ...] = tuple(
    Running(name, "tier.redundancy", what, make, _budgeted)
    for name, what, make in (
        ("letting all go", "It lets all copies go at once.", _all_go),
        (
            "letting none go",
            "No node can be drained.",
            _limited({"maxUnavailable": 0}, {"minAvailable": "100%"}),
        ),
        ("both limits", "It has both limits.", _limited({"maxUnavailable": 1, "minAvailable": 1})),
        (
            "no limit",
            "It has no limit.",
            _limited({}, {"minavailable": 1}, {"maxUnavailable": None}),
        ),
        (
            "no number",
            "The limit is no number.",
            _limited({"maxUnavailable": "1"}, {"minAvailable": 0.5}),
        ),
        ("no selector", "It selects nothing, or everything.", _unselective),
    )
)
"""What may be wrong with a PodDisruptionBudget."""
