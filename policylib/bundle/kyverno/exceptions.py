"""Exceptions as Kyverno's PolicyExceptions: those that it can say, and no wider than they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from policylib import instants
from policylib.bundle.kyverno import cel
from policylib.bundle.kyverno.workloads import API, SCOPES, name_of

Entry = Mapping[str, Any]

_KINDS: Final = {"digest": "ValidatingPolicy", "provenance": "ImageValidatingPolicy"}
_PROPERTIES: Final = ("reason", "ticket", "approver")


def obstacle(entry: Entry) -> str:
    """Why Kyverno cannot say an exception; empty where it can."""
    target = entry["target"]
    narrowed = [key for key in ("path", "message") if key in target]
    if narrowed:
        return f"Kyverno has no exception for one {' or '.join(narrowed)}"
    if "image" in target and not entry["rule"].startswith("digest."):
        return "an ImageValidatingPolicy knows no exception for one image of a workload"
    return ""


def document(entry: Entry, namespace: str) -> dict[str, Any]:
    """The PolicyException for an entry that Kyverno can say.

    Kyverno reads `expiresAt` when it prepares a policy, not at each request, so the first
    condition holds the same instant again: from then on the exception matches nothing.
    """
    target = entry["target"]
    expires = instants.parse(entry["expires"]).astimezone(UTC)
    stamp = _stamp(expires)
    spec: dict[str, Any] = {
        "policyRefs": [
            {"name": name_of(entry["rule"], scope), "kind": _KINDS[entry["rule"].split(".")[0]]}
            for scope in SCOPES
        ],
        "matchConditions": [
            {"name": "not-expired", "expression": f"time.now() < timestamp({cel.literal(stamp)})"},
            *_conditions(target),
        ],
        "expiresAt": stamp,
        "properties": {key: entry[key] for key in _PROPERTIES},
    }
    if "image" in target:
        spec["images"] = [target["image"]]
    return {
        "apiVersion": API,
        "kind": "PolicyException",
        "metadata": {
            "name": f"policylib-{digest(entry)}",
            "namespace": namespace,
            "annotations": {"policylib.dev/rule": entry["rule"], "policylib.dev/expires": stamp},
        },
        "spec": spec,
    }


def digest(entry: Entry) -> str:
    """A short name for an entry, the same for the same entry."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stamp(instant: datetime) -> str:
    """Whole seconds, rounded down: an exception never holds for longer than it was meant to."""
    return instant.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def _conditions(target: Mapping[str, str]) -> Sequence[dict[str, str]]:
    """What the object has to be; a name without a namespace means one that has none."""
    wanted = {key: target[key] for key in ("kind", "namespace", "name") if key in target}
    if "name" in target:
        wanted.setdefault("namespace", "")
    read = {
        "kind": 'object.?kind.orValue("")',
        "namespace": 'object.?metadata.?namespace.orValue("")',
        "name": 'object.?metadata.?name.orValue("")',
    }
    return [
        {"name": f"is-that-{key}", "expression": f"{read[key]} == {cel.literal(value)}"}
        for key, value in wanted.items()
    ]
