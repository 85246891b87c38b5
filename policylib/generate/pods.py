"""Well-formed pod specs, with images in every place that runs or mounts one."""

from __future__ import annotations

from collections.abc import Callable

from policylib.generate.choices import Choices, once_in
from policylib.generate.images import pinned
from policylib.generate.sample import Doc

Image = Callable[[Choices], str]
"""Makes the reference of an image."""

PLACES = ("containers", "initContainers", "ephemeralContainers", "volumes", "csi")
"""Where a pod spec names images. `csi` are volumes whose driver is told of an image."""


def container(choices: Choices, name: str, image: Image = pinned) -> Doc:
    """A container, which may have a port and variables that speak of no image."""
    found: Doc = {"name": name, "image": image(choices)}
    if once_in(choices, 4):
        found["ports"] = [{"name": "http", "containerPort": 8080}]
    if once_in(choices, 4):
        found["env"] = [{"name": "LOG_LEVEL", "value": choices.one_of(("info", "debug"))}]
    return found


def put(choices: Choices, spec: Doc, place: str, image: Image = pinned) -> None:
    """Add what holds an image in one of `PLACES` to a pod spec, after what is there."""
    key = "volumes" if place == "csi" else place
    items: list[Doc] = spec.setdefault(key, [])
    items.append(item(choices, place, f"{place[:4].lower()}{len(items)}", image))


def item(choices: Choices, place: str, name: str, image: Image = pinned) -> Doc:
    """What holds one image in one of `PLACES`."""
    if place == "volumes":
        return {"name": name, "image": {"reference": image(choices), "pullPolicy": "IfNotPresent"}}
    if place == "csi":
        attributes = {"image": image(choices)}
        return {"name": name, "csi": {"driver": "image.csi.k8s.io", "volumeAttributes": attributes}}
    found = container(choices, name, image)
    if place == "ephemeralContainers":
        found.pop("ports", None)  # they may have none
    return found


def spec(choices: Choices, image: Image = pinned) -> Doc:
    """A pod spec: one container at its simplest, and more of everything now and then."""
    found: Doc = {"containers": [container(choices, "app", image)]}
    for place in PLACES:
        if once_in(choices, 5):
            put(choices, found, place, image)
    if once_in(choices, 6):
        put(choices, found, "volumes", image)
    if once_in(choices, 4):
        found.setdefault("volumes", []).append({"name": "scratch", "emptyDir": {}})
    return found
