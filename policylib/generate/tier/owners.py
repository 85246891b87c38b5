"""Owner references: of controllers that answer for the copies, and of nobody who does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc

MAKERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Pod": (
        ("apps/v1", "ReplicaSet"),
        ("batch/v1", "Job"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("v1", "ReplicationController"),
        ("argoproj.io/v1alpha1", "Workflow"),
        ("tekton.dev/v1", "TaskRun"),
        ("tekton.dev/v1beta1", "TaskRun"),
    ),
    "ReplicaSet": (("apps/v1", "Deployment"), ("argoproj.io/v1alpha1", "Rollout")),
    "Deployment": (("serving.knative.dev/v1", "Revision"),),
    "ReplicationController": (("apps.openshift.io/v1", "DeploymentConfig"),),
}
"""Which kinds make which, by version and kind."""

UID = "0e8a3c6d-1f2b-4c5d-8e9f-0123456789ab"

Spoiled = Callable[[Choices, str], list[Doc]]
"""Owner references of a kind, none of which counts."""

_STRANGERS = (
    *(("v1", "ConfigMap"), ("v1", "Node"), ("v1", "Pod"), ("example.com/v1", "Job")),
    *(("v1", "ReplicaSet"), ("apps/v1beta1", "Deployment"), ("apps/v1", "Rollout")),
    *(("example.com/v1", "Operator"), ("apps/v1", "replicaset"), ("", "Deployment")),
)


def _owner(maker: tuple[str, str]) -> Doc:
    version, kind = maker
    return {"apiVersion": version, "kind": kind, "name": "web", "uid": UID, "controller": True}


def references(choices: Choices, maker: tuple[str, str]) -> list[Doc]:
    """The controller that made it, and now and then an owner beside it that only keeps it."""
    found = [_owner(maker)]
    if once_in(choices, 4):
        beside = {**_owner(choices.one_of(_STRANGERS)), "controller": False}
        found.insert(choices.integer(0, 1), beside)
    return found


def uncontrolled(choices: Choices, kind: str) -> list[Doc]:
    """An owner that only keeps it from being collected."""
    said: Any = choices.one_of((None, False, "true", 1))
    owner = _owner(choices.one_of(MAKERS[kind]))
    del owner["controller"]
    return [owner if said is None else {**owner, "controller": said}]


def strange(choices: Choices, kind: str) -> list[Doc]:
    """A controller of another kind: one that makes something else, or nothing that is known."""
    makers = [maker for other in MAKERS if other != kind for maker in MAKERS[other]]
    others = makers if once_in(choices, 2) else _STRANGERS
    return [_owner(choices.one_of([one for one in others if one not in MAKERS[kind]]))]


def unnamed(choices: Choices, kind: str) -> list[Doc]:
    """A controller without a name, or with what is no unique id."""
    wrong: tuple[Doc, ...] = ({"name": ""}, {"name": None}, {"uid": "x"}, {"uid": ""}, {"uid": 7})
    return [{**_owner(choices.one_of(MAKERS[kind])), **choices.one_of(wrong)}]
