"""Well-formed workloads of every kind that runs pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from policylib.generate import pods
from policylib.generate.choices import Choices
from policylib.generate.images import pinned
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

# The version of each kind, and where its pod stands: metadata and spec.
_KINDS: Mapping[str, tuple[str, str]] = {
    "Deployment": ("apps/v1", "spec.template"),
    "Pod": ("v1", ""),
    "StatefulSet": ("apps/v1", "spec.template"),
    "DaemonSet": ("apps/v1", "spec.template"),
    "ReplicaSet": ("apps/v1", "spec.template"),
    "Job": ("batch/v1", "spec.template"),
    "CronJob": ("batch/v1", "spec.jobTemplate.spec.template"),
    "PodTemplate": ("v1", "template"),
    "ReplicationController": ("v1", "spec.template"),
    "Rollout": ("argoproj.io/v1alpha1", "spec.template"),
    "Service": ("serving.knative.dev/v1", "spec.template"),
    "Configuration": ("serving.knative.dev/v1", "spec.template"),
    "Revision": ("serving.knative.dev/v1", ""),
}

ALL: Sequence[str] = tuple(_KINDS)
"""Every kind that runs pods, the simplest first. Service is Knative's, as what follows it."""

NOTHING: Mapping[str, str] = MappingProxyType({})

_SELECTING = frozenset(
    {
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Rollout",
    }
)
_REPLICATED = _SELECTING - {"DaemonSet"}
_FINISHING = frozenset({"Job", "CronJob"})
_NAMES = ("web", "batch", "a-b")
_NAMESPACES = (None, "default", "prod")


def sound(
    choices: Choices,
    *,
    labels: Mapping[str, str] = NOTHING,
    annotations: Mapping[str, str] = NOTHING,
    image: Image = pinned,
    kinds: Sequence[str] = ALL,
) -> Doc:
    """A well-formed workload of one of `kinds`, simplest first.

    Every image is made by `image`. Labels and annotations stand on the object and on its pod
    template; a selector where the kind needs one selects them.
    """
    kind = choices.one_of(kinds)
    return wrapped(choices, kind, pods.spec(choices, image), labels, annotations)


def wrapped(
    choices: Choices,
    kind: str,
    spec: Doc,
    labels: Mapping[str, str] = NOTHING,
    annotations: Mapping[str, str] = NOTHING,
) -> Doc:
    """The workload of a kind that runs a pod spec."""
    version, place = _KINDS[kind]
    name = choices.one_of(_NAMES)
    said = {"app": name, **labels} if kind in _SELECTING else dict(labels)
    metadata = _metadata(said, annotations)
    namespace = choices.one_of(_NAMESPACES)
    replicas = choices.integer(1, 5)  # for every kind, so that each takes as many choices
    own = {"name": name, **({"namespace": namespace} if namespace else {}), **metadata}
    document: Doc = {"apiVersion": version, "kind": kind, "metadata": own}
    if not place:
        return {**document, "spec": spec}
    if kind in _FINISHING:
        spec = {**spec, "restartPolicy": "Never"}
    document.update(_around(place, {"metadata": _metadata(said, annotations), "spec": spec}))
    _complete(document, kind, said, replicas)
    return document


def _metadata(labels: Mapping[str, str], annotations: Mapping[str, str]) -> Doc:
    found: Doc = {}
    if labels:
        found["labels"] = dict(labels)
    if annotations:
        found["annotations"] = dict(annotations)
    return found


def _around(place: str, pod: Doc) -> Doc:
    found: Any = pod
    for key in reversed(place.split(".")):
        found = {key: found}
    return dict(found)


def _complete(document: Doc, kind: str, labels: Mapping[str, str], replicas: int) -> None:
    """What a kind needs beside its pod template."""
    spec = document.get("spec", {})
    if kind in _SELECTING:
        own = {"app": labels["app"]}
        spec["selector"] = own if kind == "ReplicationController" else {"matchLabels": own}
    if kind in _REPLICATED:
        spec["replicas"] = replicas
    if kind == "StatefulSet":
        spec["serviceName"] = labels["app"]
    if kind == "CronJob":
        spec["schedule"] = "0 3 * * *"


def pod_path(kind: str) -> tuple[str, ...]:
    """The keys that lead to the pod spec of a kind."""
    place = _KINDS[kind][1]
    return (*(place.split(".") if place else ()), "spec")
