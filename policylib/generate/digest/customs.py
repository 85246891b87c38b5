"""Places of custom resources that nobody declared, known by the shape of what surrounds them."""

from __future__ import annotations

import json

from policylib.generate import images, pods
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest.place import RUNS, Place, recased
from policylib.generate.digest.runs import ARGO, around, in_argo, step
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

_DEEP = {
    "Widget": ("example.com/v1", "spec.deep.down.podSpec"),
    "VirtualMachine": ("kubevirt.io/v1", "spec.template.spec"),
    "Deployment": ("example.com/v1", "spec.template.spec"),
    "Prometheus": ("monitoring.coreos.com/v1", "spec"),
}
KINDS = tuple(_DEEP)
GROUP = "custom resources"


def deep(kind: str, value: Doc) -> Doc:
    """A resource of nobody's kind with something in the place of its pod spec."""
    version, path = _DEEP[kind]
    for key in reversed(path.split(".")):
        value = {key: value}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "c"}, **value}


def _container(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    spec = around(choices, image, "containers", sound)
    return recased(choices, deep(kind, spec))


def _init(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    return deep(kind, around(choices, image, "initContainers", sound))


def _longer(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    spec: Doc = {"containers": [step(choices, sound(choices), "app")]}
    key = choices.one_of(("extraContainers", "sidecarContainers", "extrainitcontainers"))
    return deep(kind, {**spec, key: [step(choices, image)]})


def _by_name(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    named = {"it": {"image": image}}
    if once_in(choices, 2):
        named["other"] = {"image": sound(choices)}
    more = {"containers": [step(choices, sound(choices), "app")]} if kind == "Deployment" else {}
    return deep(kind, {**more, "sidecars": named})


def _volume(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    """A volume that is an image, or whose driver is told of one."""
    source = choices.one_of(("volumes", "csi"))
    if once_in(choices, 2):
        return deep(kind, around(choices, image, source, sound))
    spec: Doc = {"containers": [step(choices, sound(choices), "app")]}
    return deep(kind, {**spec, "extraVolumes": [pods.item(choices, source, "v", lambda _: image)]})


def _disk(_choices: Choices, kind: str, image: str, _sound: Image) -> Doc:
    return deep(kind, {"volumes": [{"name": "root", "containerDisk": {"image": image}}]})


def _in_parts(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    parts = images.parts(image)
    more = {"containers": [step(choices, sound(choices), "app")]} if kind == "Deployment" else {}
    whole = {"repository": parts.name, "tag": parts.tag, "digest": parts.digest}
    return deep(kind, {**more, "envoyContainer": {"image": {k: v for k, v in whole.items() if v}}})


def _deployments(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    """An operator's version says which Deployments it installs."""
    spec = {"template": {"spec": around(choices, image, "containers", sound)}}
    install = {"strategy": "deployment", "spec": {"deployments": [{"name": "a", "spec": spec}]}}
    body = {"apiVersion": "operators.coreos.com/v1alpha1", "kind": kind, "metadata": {"name": "o"}}
    return {**body, "spec": {"install": install}}


def _patch(choices: Choices, kind: str, image: str, sound: Image) -> Doc:
    if "[" in image:  # a patch is read as text, in which a bracket ends the name
        return in_argo(
            choices, kind, {"templates": [{"name": "t", "script": step(choices, image)}]}
        )
    merge = {"containers": [{"name": "main", "image": image}]}
    text = json.dumps(merge, ensure_ascii=False)
    templates = [{"name": "t", "container": step(choices, sound(choices))}]
    return in_argo(choices, kind, {"podSpecPatch": text, "templates": templates})


def places() -> list[Place]:
    """Every place of a custom resource where an image of a container stands."""
    return [
        Place("Argo Workflows", "patch", RUNS, ARGO, _patch, frozenset({"blank"})),
        Place(GROUP, "container", RUNS, KINDS, _container),
        Place(GROUP, "init container", RUNS, KINDS, _init),
        Place(GROUP, "containers under another name", RUNS, KINDS, _longer),
        Place(GROUP, "containers by name", RUNS, KINDS, _by_name),
        Place(GROUP, "image volume", RUNS, KINDS, _volume),
        Place(GROUP, "disk of a virtual machine", RUNS, ("VirtualMachine",), _disk),
        Place(GROUP, "image in parts", RUNS, KINDS, _in_parts),
        Place(GROUP, "installed Deployment", RUNS, ("ClusterServiceVersion",), _deployments),
    ]
