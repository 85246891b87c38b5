"""Workloads and pipelines as they come: sound, flawed, and with slips that hide what they run."""

from __future__ import annotations

from typing import Any

from policylib.generate import references
from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.odd import Json, odd
from policylib.generate.sample import Doc

_WORKLOADS = (
    ("apps/v1", "Deployment", "spec.template.spec"),
    ("v1", "Pod", "spec"),
    ("v1", "PodTemplate", "template.spec"),
    ("v1", "ReplicationController", "spec.template.spec"),
    ("apps/v1", "StatefulSet", "spec.template.spec"),
    ("apps/v1", "DaemonSet", "spec.template.spec"),
    ("apps/v1", "ReplicaSet", "spec.template.spec"),
    ("extensions/v1beta1", "Deployment", "spec.template.spec"),
    ("batch/v1", "Job", "spec.template.spec"),
    ("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec"),
    ("argoproj.io/v1alpha1", "Rollout", "spec.template.spec"),
    ("serving.knative.dev/v1", "Service", "spec.template.spec"),
    ("serving.knative.dev/v1", "Revision", "spec"),
    ("kubevirt.io/v1", "VirtualMachine", "spec.template.spec"),
    ("example.com/v1", "Widget", "spec.template.spec"),
    ("example.com/v1", "Widget", "spec.deep.down.podSpec"),
)
_ODD_VERSIONS = ("apps", "apps/v9", "nosuch.io/v1", "v1", "x/y/z")
_PATHS = ("spec", "spec.template.spec", "template.spec", "template")
_KEYS = ("containers",) * 14 + ("Containers", "extraContainers", "")


def container(choices: Choices) -> Json:
    """One item of a list of containers."""
    shape = choices.integer(0, 19)
    if shape == 19:
        return odd(choices)
    found: Doc = {"name": choices.one_of(("app", "proxy", ""))}
    if shape < 18:
        found["image"] = references.anything(choices)
    if once_in(choices, 2):
        name = choices.one_of(("A", "RELATED_IMAGE_A", "SIDECAR_IMAGE"))
        found["env"] = [{"name": name, "value": references.references(choices)}]
    if once_in(choices, 6):
        found["args"] = [f"--image={references.references(choices)}"]
    if shape == 17:
        found["Image"] = found.pop("image")
    return found


def _containers(choices: Choices, least: int, most: int) -> list[Json]:
    return [container(choices) for _ in range(choices.integer(least, most))]


def pod_spec(choices: Choices) -> Doc:
    """A pod spec with images in every place."""
    own: Any = odd(choices) if once_in(choices, 15) else _containers(choices, 1, 3)
    spec: Doc = {choices.one_of(_KEYS): own}
    for more in ("initContainers", "ephemeralContainers"):
        if once_in(choices, 4):
            spec[more] = odd(choices) if once_in(choices, 8) else _containers(choices, 0, 2)
    if once_in(choices, 4):
        source = {"reference": references.anything(choices), "pullPolicy": "Always"}
        volume = {"name": "v", "image": source}
        shapes: tuple[Any, ...] = ([volume], [volume, None], {"v": volume}, [{"image": "x"}])
        spec["volumes"] = choices.one_of(shapes)
    return spec


def workload(choices: Choices) -> Doc:
    """Everything that runs pods, with the mistakes that hide it."""
    version, kind, path = choices.one_of(_WORKLOADS)
    slip = choices.integer(0, 23)
    if slip == 23:
        kind = kind.lower()
    elif slip == 22:
        version = choices.one_of(_ODD_VERSIONS)
    elif slip == 21:
        path = choices.one_of(_PATHS)
    body: Any = pod_spec(choices)
    for key in reversed(path.split(".")):
        body = {key: body}
    namespace = choices.one_of(("default", "prod", ""))
    metadata = {"name": "w", "namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **body}


def pipeline(choices: Choices) -> Doc:
    """Tekton and Argo resources, which name images outside pod specs."""
    step = container(choices)
    version, kind, spec = (_argo if once_in(choices, 2) else _tekton)(choices, step)
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "p"}, "spec": spec}


def _tekton(choices: Choices, step: Json) -> tuple[str, str, Doc]:
    task: Doc = {"steps": [step, {"name": "s", "ref": {"name": "r"}}]}
    task["sidecars"] = [container(choices)]
    if once_in(choices, 2):
        task["stepTemplate"] = {"image": references.anything(choices)}
    specs: tuple[tuple[str, Doc], ...] = (
        ("Task", task),
        ("TaskRun", {"taskSpec": task}),
        ("Pipeline", {"tasks": [{"name": "a", "taskSpec": task}]}),
        ("StepAction", {"image": references.anything(choices)}),
    )
    return ("tekton.dev/v1", *choices.one_of(specs))


def _argo(choices: Choices, step: Json) -> tuple[str, str, Doc]:
    one = {"name": "t", choices.one_of(("container", "script")): step}
    several = {"name": "t", "containerSet": {"containers": [step]}, "sidecars": [step]}
    specs: tuple[tuple[str, Doc], ...] = (
        ("Workflow", {"templates": [one, several]}),
        ("WorkflowTemplate", {"templates": [one], "templateDefaults": one}),
        ("CronWorkflow", {"workflowSpec": {"templates": [several]}}),
    )
    return ("argoproj.io/v1alpha1", *choices.one_of(specs))


def operator(choices: Choices) -> Doc:
    """What an operator says that it runs, and is told."""
    related = [{"name": "a", "image": references.anything(choices)}]
    variable = {"name": "RELATED_IMAGE_A", "value": references.anything(choices)}
    spec = {"relatedImages": related, "config": {"env": [variable]}}
    kind = weighted(choices, (1, "ClusterServiceVersion"), (1, "Subscription"))
    body = {"apiVersion": "operators.coreos.com/v1alpha1", "kind": kind, "metadata": {"name": "o"}}
    return {**body, "spec": spec}
