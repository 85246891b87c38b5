"""The keys of the labels that say where a workload belongs, as settings name them."""

from __future__ import annotations

from collections.abc import Mapping

from policylib.generate.sample import Settings

USUAL: Mapping[str, str] = {
    "service": "policylib.dev/service",
    "region": "policylib.dev/region",
    "data_class": "policylib.dev/data-class",
    "tenant": "policylib.dev/tenant",
}
"""The keys where settings name none."""


def of(settings: Settings) -> dict[str, str]:
    """The key of each label."""
    named = settings.get("labels") or {}
    return {name: str(named.get(name) or usual) for name, usual in USUAL.items()}


def either(settings: Settings, name: str) -> tuple[str, ...]:
    """The keys that a label may have: the usual one, and the settings' own if it is another."""
    return tuple(dict.fromkeys((USUAL[name], of(settings)[name])))


def service(settings: Settings) -> str:
    """The key of the label that names a service."""
    return of(settings)["service"]
