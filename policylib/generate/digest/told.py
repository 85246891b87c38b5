"""Places where a container is told of an image that it will run elsewhere."""

from __future__ import annotations

from policylib.generate import workloads
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import hints, runs
from policylib.generate.digest.place import TOLD, UNSEEN, Place, Special, recased
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

GROUP = "images that are told"

_ANNOTATIONS = (
    "sidecar.istio.io/proxyImage",
    "vault.hashicorp.com/agent-image",
    "config.linkerd.io/proxy-image",
    "dapr.io/sidecar-image",
    "inject.istio.io/image",
    "admission.datadoghq.com/lib.custom-image",
    "instrumentation.opentelemetry.io/container-image",
)
_TRIMMED = frozenset({"blank", "scheme"})
"""A value of a likely name is a list by blanks, and may be a location."""


def _variable(choices: Choices, image: str) -> Doc:
    """A variable whose name says that its value is an image, or may be one."""
    return {"name": hints.variable(choices, image), "value": image}


def _from_elsewhere(choices: Choices) -> Doc:
    source = choices.one_of(
        (
            {"configMapKeyRef": {"name": "c", "key": "image"}},
            {"secretKeyRef": {"name": "s", "key": "image"}},
        )
    )
    return {"name": hints.variable(choices, ""), "valueFrom": source}


def _indirect(choices: Choices, variable: Doc) -> list[Doc]:
    """The variable, or one that names it among the container's own."""
    if once_in(choices, 4):
        return [variable, hints.harmless(choices)]
    if "value" not in variable or not once_in(choices, 6):
        return [variable]
    other = {"name": "DEFAULT", "value": variable["value"]}
    return [other, {**variable, "value": "$(DEFAULT)"}]


def _argument(choices: Choices, image: str) -> Doc:
    """The arguments of a container that give it an image by name."""
    name = hints.flag(choices, image)
    forms: tuple[Doc, ...] = (
        {"args": [f"--{name}={image}"]},
        {"args": ["--verbose", f"--{name}", image]},
        {"command": ["/run", f"--{name}={image}"]},
        {"command": ["sh", "-c", f"run --{name}={image} --wait"]},
        {"args": [f"{hints.flag(choices, image).upper().replace('-', '_')}={image}"]},
        {"command": ["/run", f"-{name}"], "args": [image]},
    )
    return choices.one_of(forms)


def _holding(choices: Choices, kind: str, told: Doc, sound: Image) -> Doc:
    """A workload or task with a container that has variables or arguments."""
    if kind in runs.TEKTON:
        step = {**runs.step(choices, sound(choices)), **told}
        return runs.in_tekton(choices, kind, {"steps": [step]})
    if kind in runs.ARGO:
        template = {"name": "t", "container": {**runs.step(choices, sound(choices)), **told}}
        return runs.in_argo(choices, kind, {"templates": [template]})
    place = choices.one_of(("containers", "containers", "initContainers", "ephemeralContainers"))
    spec: Doc = {"containers": [{"name": "app", "image": sound(choices)}]}
    if place == "containers":
        spec[place][0].update(told)
    else:
        spec[place] = [{"name": "it", "image": sound(choices), **told}]
    return recased(choices, workloads.wrapped(choices, kind, spec))


def _in_variable(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    told = {"env": _indirect(choices, _variable(choices, image))}
    return _holding(choices, kind, told, sound)


def _variable_unseen(choices: Choices, kind: str, sound: Image) -> Doc:
    return _holding(choices, kind, {"env": [_from_elsewhere(choices)]}, sound)


def _in_argument(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    return _holding(choices, kind, _argument(choices, image), sound)


def _in_annotation(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    spec: Doc = {"containers": [{"name": "app", "image": sound(choices)}]}
    annotations = {choices.one_of(_ANNOTATIONS): image}
    if once_in(choices, 4):
        annotations["example.com/proxy-image"] = "docker.io/library/other:1"
    return recased(choices, workloads.wrapped(choices, kind, spec, annotations=annotations))


def _operator(kind: str, spec: Doc) -> Doc:
    body = {"apiVersion": "operators.coreos.com/v1alpha1", "kind": kind, "metadata": {"name": "o"}}
    return {**body, "spec": spec}


def _related(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    images = [{"name": "a", "image": sound(choices)}, {"name": "b", "image": image}]
    found: Doc = {"relatedImages": images[choices.integer(0, 1) :]}
    if kind == "Package":
        document = {**_operator(kind, {}), **found, "apiVersion": "example.com/v1"}
    else:
        document = _operator(kind, _deeper(choices, found))
    if once_in(choices, 6):  # what is reported is not what is asked for
        document["status"] = {"relatedImages": [{"name": "a", "image": "nginx:1"}]}
    return document


def _deeper(choices: Choices, found: Doc) -> Doc:
    """A part of a specification: the whole, or somewhere in it."""
    key = choices.one_of(("", "", "config", "install"))
    return {key: found} if key else found


def _configured(choices: Choices, kind: str, image: str, _sound: Image) -> Doc:
    return _operator(kind, {"config": {"env": _indirect(choices, _variable(choices, image))}})


def _configured_unseen(choices: Choices, kind: str, _sound: Image) -> Doc:
    return _operator(kind, {"config": {"env": [_from_elsewhere(choices)]}})


def places() -> list[Place]:
    """Every place where a container is told of an image."""
    workload, pipeline = tuple(workloads.ALL), (*runs.TEKTON, *runs.ARGO)
    both = ("ClusterServiceVersion", "Subscription")
    unseen: dict[str, Special] = {UNSEEN: _variable_unseen}
    own: dict[str, Special] = {UNSEEN: _configured_unseen}
    return [
        Place(GROUP, "variable of a workload", TOLD, workload, _in_variable, special=unseen),
        Place(GROUP, "argument of a workload", TOLD, workload, _in_argument, _TRIMMED),
        Place(GROUP, "annotation of a workload", TOLD, workload, _in_annotation),
        Place(GROUP, "variable of a pipeline", TOLD, pipeline, _in_variable, special=unseen),
        Place(GROUP, "argument of a pipeline", TOLD, pipeline, _in_argument, _TRIMMED),
        Place(GROUP, "variable of an operator", TOLD, both, _configured, special=own),
        Place(GROUP, "related image of an operator", TOLD, (*both, "Package"), _related),
    ]
