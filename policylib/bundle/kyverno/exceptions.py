"""Exceptions as Kyverno's PolicyExceptions: those that it can say, and no wider than they are."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from policylib import instants
from policylib.bundle.kyverno import cel
from policylib.bundle.kyverno.workloads import API, LABELS, SCOPES, name_of

Entry = Mapping[str, Any]

_KINDS: Final = {"digest": "ValidatingPolicy", "provenance": "ImageValidatingPolicy"}
_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_PROPERTIES: Final = ("reason", "ticket", "approver")


def obstacle(entry: Entry) -> str:
    """Why Kyverno cannot say an exception; empty where it can."""
    narrowed = [key for key in ("path", "message") if key in entry["target"]]
    return f"Kyverno has no exception for one {' or '.join(narrowed)}" if narrowed else ""


def limit(entry: Entry) -> str:
    """What an exception does not cover in Kyverno that it covers here; empty for nothing."""
    if "image" in entry["target"] and not _knows_images(entry):
        return "it covers a workload that runs no other image, as Kyverno verifies all or none"
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
            {"name": name_of(entry["rule"], scope), "kind": _KINDS[_family(entry)]}
            for scope in SCOPES
        ],
        "matchConditions": [
            {"name": "not-expired", "expression": f"time.now() < timestamp({cel.literal(stamp)})"},
            *_conditions(target),
        ],
        "expiresAt": stamp,
        "properties": {key: entry[key] for key in _PROPERTIES},
    }
    if "image" in target and _knows_images(entry):
        spec["images"] = [target["image"]]
    elif "image" in target:
        spec["matchConditions"].append(_only(target["image"]))
    return {
        "apiVersion": API,
        "kind": "PolicyException",
        "metadata": {
            "name": f"policylib-{digest(entry)}",
            "namespace": namespace,
            "labels": LABELS,
            "annotations": {"policylib.dev/rule": entry["rule"], "policylib.dev/expires": stamp},
        },
        "spec": spec,
    }


def digest(entry: Entry) -> str:
    """A short name for an entry, the same for the same entry."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _knows_images(entry: Entry) -> bool:
    """Whether the policy can leave out one image of a workload; an ImageValidatingPolicy cannot."""
    return _KINDS[_family(entry)] == "ValidatingPolicy"


def _family(entry: Entry) -> str:
    family: str = entry["rule"].split(".")[0]
    return family


def _only(image: str) -> dict[str, str]:
    """Whether a workload runs this image, by its reference or its digest, and no other."""
    every = cel.images([workload for scope in SCOPES for workload in scope.workloads])
    is_it = f"i == {cel.literal(image)}"
    if _DIGEST.fullmatch(image):
        is_it += f" || i.endsWith({cel.literal(f'@{image}')})"
    return {"name": "runs-no-other-image", "expression": f"{every.rstrip()}\n  .all(i, {is_it})\n"}


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
