"""The kinds that run pods and that Kyverno is to ask about, and the frame of every policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policylib.models import Rule

API: Final = "policies.kyverno.io/v1"
ACTIONS: Final = {"deny": "Deny", "warn": "Warn", "log": "Audit"}
LABELS: Final = {"app.kubernetes.io/managed-by": "policylib"}
"""What everything that is written carries: by it a cluster finds what is written no more."""


@dataclass(frozen=True)
class Workload:
    """A kind, how its API names it, and where it keeps its pod spec."""

    group: str
    resource: str
    kind: str
    place: str


_TEMPLATE = "/spec/template/spec"
BUILTIN: Final = (
    Workload("", "pods", "Pod", "/spec"),
    Workload("", "podtemplates", "PodTemplate", "/template/spec"),
    Workload("", "replicationcontrollers", "ReplicationController", _TEMPLATE),
    Workload("apps", "daemonsets", "DaemonSet", _TEMPLATE),
    Workload("apps", "deployments", "Deployment", _TEMPLATE),
    Workload("apps", "replicasets", "ReplicaSet", _TEMPLATE),
    Workload("apps", "statefulsets", "StatefulSet", _TEMPLATE),
    Workload("batch", "cronjobs", "CronJob", "/spec/jobTemplate/spec/template/spec"),
    Workload("batch", "jobs", "Job", _TEMPLATE),
)
CUSTOM: Final = (
    Workload("argoproj.io", "rollouts", "Rollout", _TEMPLATE),
    Workload("serving.knative.dev", "configurations", "Configuration", _TEMPLATE),
    Workload("serving.knative.dev", "revisions", "Revision", "/spec"),
    Workload("serving.knative.dev", "services", "Service", _TEMPLATE),
)
# A Rollout may borrow the template of another workload, which is judged itself.
_BORROWED = (
    'object.kind == "Rollout" && object.?spec.?template.orValue(null) == null'
    ' && object.?spec.?workloadRef.?name.orValue("") != ""'
)


@dataclass(frozen=True)
class Scope:
    """Kinds that share a policy.

    What is not built into Kubernetes has a policy of its own, so that a cluster without those
    kinds is none the worse for it. It is not scanned in the background, which would need
    permissions that Kyverno lacks until somebody grants them.
    """

    suffix: str
    workloads: tuple[Workload, ...]

    @property
    def is_builtin(self) -> bool:
        """Whether Kubernetes itself has these kinds."""
        return not self.suffix


SCOPES: Final = (Scope("", BUILTIN), Scope("-custom", CUSTOM))


def name_of(rule: str, scope: Scope) -> str:
    """The name of the policy for a rule.

    >>> name_of("digest.image_pinned", SCOPES[1])
    'policylib-digest-image-pinned-custom'
    """
    return f"policylib-{re.sub(r'[^a-z0-9]+', '-', rule)}{scope.suffix}"


def policy(
    kind: str, rule: Rule, level: str, scope: Scope, rest: Mapping[str, Any]
) -> dict[str, Any]:
    """A policy of a kind: what it matches, what it does, and the rest of its spec."""
    spec: dict[str, Any] = {
        "validationActions": [ACTIONS[level]],
        # What only warns or is only logged denies nothing when Kyverno is down, either.
        "failurePolicy": "Fail" if level == "deny" else "Ignore",
        "evaluation": {
            "admission": {"enabled": True},
            "background": {"enabled": scope.is_builtin},
        },
        "matchConstraints": {"resourceRules": _matched(scope.workloads)},
    }
    if not scope.is_builtin:
        spec["matchConditions"] = [
            {"name": "has-its-own-template", "expression": f"!({_BORROWED})"}
        ]
    return {
        "apiVersion": API,
        "kind": kind,
        "metadata": {
            "name": name_of(rule.id, scope),
            "labels": LABELS,
            "annotations": {
                "policies.kyverno.io/title": rule.title,
                "policies.kyverno.io/category": f"policylib {rule.family}",
                "policies.kyverno.io/severity": rule.severity,
                "policies.kyverno.io/description": " ".join(rule.description.split()),
                "policylib.dev/rule": rule.id,
            },
        },
        "spec": {**spec, **rest},
    }


def _matched(workloads: Sequence[Workload]) -> list[dict[str, Any]]:
    groups: dict[str, list[str]] = {}
    for workload in workloads:
        groups.setdefault(workload.group, []).append(workload.resource)
        if workload.kind == "Pod":
            groups[workload.group].append("pods/ephemeralcontainers")
    return [
        {
            "apiGroups": [group],
            "apiVersions": ["*" if "." in group else "v1"],
            "operations": ["CREATE", "UPDATE"],
            "resources": resources,
        }
        for group, resources in groups.items()
    ]
