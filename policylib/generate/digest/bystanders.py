"""Kinds that run nothing, whose content looks as if they did."""

from __future__ import annotations

from policylib.generate import references
from policylib.generate.choices import Choices
from policylib.generate.sample import Doc

KINDS = ("ConfigMap", "Secret", "ClusterPolicy", "CustomResourceDefinition", "Gadget", "Service")


def bystander(choices: Choices, reference: str) -> Doc:
    """A kind that runs nothing and holds a reference, in text, an example or a field of its own."""
    kind = choices.one_of(KINDS)
    pattern = {"spec": {"containers": [{"image": reference}]}}
    bodies: dict[str, tuple[str, Doc]] = {
        "ConfigMap": ("v1", {"data": {"image": reference, "containers": "app"}}),
        "Secret": ("v1", {"stringData": {"image": reference}}),
        "ClusterPolicy": (
            "kyverno.io/v1",
            {"spec": {"rules": [{"name": "r", "validate": {"pattern": pattern}}]}},
        ),
        "CustomResourceDefinition": (
            "apiextensions.k8s.io/v1",
            {"spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": pattern}}}]}},
        ),
        "Gadget": ("example.com/v1", {"spec": {"image": reference, "images": [reference]}}),
        "Service": ("v1", {"spec": {"ports": [{"port": 80}]}}),
    }
    version, body = bodies[kind]
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "b"}, **body}


def stray(choices: Choices) -> Doc:
    """One that holds any text that may stand where an image does."""
    return bystander(choices, references.references(choices))
