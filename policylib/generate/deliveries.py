"""What brings workloads to a cluster: Argo CD, Flux and Kustomize, with what they lay on top."""

from __future__ import annotations

import json

from policylib.generate import images
from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc

ARGO_CD = ("Application", "ApplicationSet")
KUSTOMIZE = ("Kustomization", "Component")


def application(choices: Choices, kind: str, source: Doc) -> Doc:
    """An Application of Argo CD, or a set of them, with one source or several."""
    whole = {"repoURL": "https://git.example.com/deploy", "path": "apps/web", **source}
    several: Doc = {"sources": [{"repoURL": "https://git.example.com/values", "ref": "v"}, whole]}
    spec = several if once_in(choices, 4) else {"source": whole}
    body: Doc = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "argocd"},
    }
    if kind == "Application":
        return {**body, "spec": spec, **_reported(choices)}
    return {**body, "spec": {"generators": [], "template": {"spec": spec}}}


def _reported(choices: Choices) -> Doc:
    """What Argo CD reports of what it ran before, which is not what is asked for."""
    if not once_in(choices, 4):
        return {}
    forms: tuple[Doc, ...] = (
        {"kustomize": {"images": ["web=docker.io/library/web:1"]}},
        {"helm": {"parameters": [{"name": "image.tag", "value": "1"}]}},
        {"helm": {"values": "image: docker.io/library/web:1"}},
    )
    source: Doc = {"repoURL": "https://git.example.com/deploy", **choices.one_of(forms)}
    reports: tuple[Doc, ...] = (
        {"sync": {"status": "OutOfSync", "comparedTo": {"source": source}}},
        {"history": [{"id": 1, "source": source}]},
    )
    return {"status": choices.one_of(reports)}


def release(choices: Choices, spec: Doc) -> Doc:
    """A HelmRelease of Flux."""
    versions = ("helm.toolkit.fluxcd.io/v2", "helm.toolkit.fluxcd.io/v2beta1", "helm.fluxcd.io/v1")
    chart = {"chart": {"spec": {"chart": "app", "version": "1.2.3"}}}
    return {
        "apiVersion": choices.one_of(versions),
        "kind": "HelmRelease",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {**chart, **spec},
    }


def flux_kustomization(spec: Doc) -> Doc:
    """A Kustomization of Flux."""
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "web", "namespace": "flux-system"},
        "spec": {"path": "./apps", "prune": True, **spec},
    }


def kustomization(kind: str, fields: Doc) -> Doc:
    """Kustomize's own file."""
    version = "v1alpha1" if kind == "Component" else "v1beta1"
    return {
        "apiVersion": f"kustomize.config.k8s.io/{version}",
        "kind": kind,
        "metadata": {"name": "web"},
        "resources": ["deployment.yaml"],
        **fields,
    }


def transformer(kind: str, fields: Doc) -> Doc:
    """One of Kustomize's own transformers, in a document of its own."""
    return {"apiVersion": "builtin", "kind": kind, "metadata": {"name": "web"}, **fields}


def nameless(choices: Choices, document: Doc) -> Doc:
    """A kustomization, now and then without a part of what it is, which it may leave out."""
    if document["kind"] == "Kustomization" and once_in(choices, 8):
        del document[choices.one_of(("apiVersion", "kind"))]
    return document


def override(choices: Choices, reference: str) -> Doc:
    """An entry of Kustomize's `images`: what takes the place of an image."""
    name, tag, digest = images.parts(reference)
    found = {"name": name} if once_in(choices, 3) else {"name": "web", "newName": name}
    if tag:
        found["newTag"] = tag
    if digest:
        found["digest"] = digest
    return found


def merge(choices: Choices, reference: str) -> Doc:
    """A patch that is merged."""
    key = choices.one_of(("containers", "containers", "initContainers"))
    spec = {key: [{"name": "app", "image": reference}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": {"spec": spec}},
    }


def operations(choices: Choices, reference: str) -> list[Doc]:
    """A patch as a list of operations."""
    path = f"/spec/template/spec/containers/{choices.integer(0, 2)}/image"
    return [{"op": choices.one_of(("replace", "add")), "path": path, "value": reference}]


def copies(choices: Choices) -> list[Doc]:
    """A patch that copies an image from where it is not seen."""
    path = "/spec/template/spec/containers/0/image"
    return [
        {"op": choices.one_of(("copy", "move")), "from": "/metadata/annotations/x", "path": path}
    ]


def patch(content: Doc | list[Doc]) -> Doc:
    """An entry of `patches`, which holds its content as text."""
    text = json.dumps(content, ensure_ascii=False)
    return {"target": {"kind": "Deployment"}, "patch": text}


def patching(choices: Choices, reference: str) -> Doc:
    """A patch that puts an image somewhere, as a merge or as operations."""
    if once_in(choices, 2):
        return patch(operations(choices, reference))
    return patch(merge(choices, reference))
