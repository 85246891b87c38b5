"""Catalogs and workloads of which nobody knows what they deserve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policylib.generate import catalogs, workloads
from policylib.generate.choices import Choices, once_in, some
from policylib.generate.odd import odd
from policylib.generate.sample import Doc

_SPANS = ("1h", "5m", "90d", "250ms", "0s", "1 h", "soon", 60)
_DAYS = ("2098-12-31", "2020-01-01", "2098-12-31T00:00:00Z", "2020-01-01T00:00:00Z", "soon", "")

_KEYS: Mapping[str, Sequence[Any]] = {
    "tier": ("gold", "silver", "bronze", "Gold", ""),
    "owner": ("a", "", "TBD", "Ana"),
    "oncall": ("#a", "", "TBD"),
    "slos": ([{"name": "availability", "objective": 99.99}], {"up": {"target": "99.9"}}, []),
    "alerts": ([{"name": "down", "severity": "page"}], {"down": {}}, []),
    "paging": ({"policy": "p1"}, {"schedule": ""}, {}),
    "escalation": ([{"who": "a1", "after": "5m"}, {"who": "b1", "after": "1h"}], [{"who": 1}], []),
    "rto": _SPANS,
    "rpo": _SPANS,
    "latency": ({"p99": "250ms"}, {"p99": 250}, {}),
    "runbook": ("https://runbooks.example.com/a", "../x", "TODO", "docs/a.md"),
    "chaos_drill": tuple({"last": a, "next": b} for a in _DAYS for b in _DAYS),
    "disruption_budget": ({"maxUnavailable": 1}, {"minAvailable": "100%"}, {}),
    "autoscaled": (True, False, "yes"),
}

_SERVICES = ("gateway", "ingest", "reports", "search", "nosuch", "")
_REPLICAS = (0, 1, 2, 3, 5, "3", None, -1, 2.5)


def mostly(choices: Choices, options: Sequence[Any]) -> Any:  # noqa: ANN401
    """One of the options, now and then several, or a value that nobody asked for."""
    shape = choices.integer(0, 14)
    if shape == 14:
        return odd(choices)
    return some(choices, options) if shape == 13 else choices.one_of(options)


def catalog(choices: Choices) -> Doc:
    """A catalog whose services say some of what a tier demands, right or wrong."""
    services = {name: _service(choices) for name in some(choices, ("web", "api", "Web", ""), 1)}
    found = catalogs.catalog(services)
    if once_in(choices, 8):
        found["services"] = choices.one_of((list(services.values()), odd(choices)))
    if once_in(choices, 8):
        del found[choices.one_of(("kind", "apiVersion"))]
    return found


def _service(choices: Choices) -> Any:  # noqa: ANN401
    if once_in(choices, 10):
        return odd(choices)
    keys = ["tier", *some(choices, tuple(_KEYS)[1:])]
    return {key: mostly(choices, _KEYS[key]) for key in keys}


def labelled(choices: Choices, key: str) -> Doc:
    """A workload that says what it is part of, in some of the places where it may."""
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "CronJob", "Service")
    found = workloads.sound(choices, kinds=kinds)
    said = {key: mostly(choices, _SERVICES)}
    found["metadata"]["labels"] = said
    if once_in(choices, 3):
        found["metadata"]["annotations"] = {key: mostly(choices, _SERVICES)}
    if once_in(choices, 2):
        found["spec"]["replicas"] = choices.one_of(_REPLICAS)
    return found
