"""Values and deliveries as they come: sound, flawed, and in shapes that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policylib.generate import dialects, images, references
from policylib.generate.choices import Choices, once_in, some, weighted
from policylib.generate.odd import Json, odd
from policylib.generate.sample import Doc
from policylib.generate.values import helm_values

Make = Callable[[Choices], Any]

_PARTS: dict[str, Make] = {
    "digest": lambda c: weighted(c, (6, references.digests), (1, _empty), (1, odd))(c),
    "pullPolicy": lambda _: "Always",
    "registry": lambda c: c.one_of(("ghcr.io", "host:5000", "", None)),
    "repository": lambda c: weighted(
        c, (8, references.names), (1, references.references), (1, odd)
    )(c),
    "tag": lambda c: weighted(c, (1, _tag), (1, odd))(c),
}
_FIELD_PATHS = (
    "spec.template.spec.containers.0.image",
    "metadata.labels.app",
    "spec.template.spec",
)


def _empty(_: Choices) -> str:
    return ""


def _tag(choices: Choices) -> Json:
    return choices.one_of(("1.2", "", "latest", None, 1.2, "{{ .v }}"))


def _optional(choices: Choices, keys: dict[str, Make]) -> Doc:
    return {key: keys[key](choices) for key in some(choices, tuple(keys))}


def image_block(choices: Choices) -> Json:
    """The `image:` of a chart's values."""
    return references.anything(choices) if once_in(choices, 4) else _optional(choices, _PARTS)


def tree(choices: Choices) -> Doc:
    """A chart's values."""
    found: Doc = {
        key: image_block(choices)
        for key in some(choices, ("image", "sidecarImage", "backend", "Image"))
    }
    if once_in(choices, 2):
        found["sub"] = {"image": image_block(choices), "replicas": 2}
    if once_in(choices, 2):
        found["list"] = [{"image": image_block(choices)}, odd(choices)]
    if once_in(choices, 4):
        found["global"] = {"imageRegistry": "ghcr.io"}
    if once_in(choices, 6):
        found["imageDigest"] = references.digests(choices)
    return found


def values(choices: Choices) -> Doc:
    """A values file."""
    return helm_values(tree(choices))


def _entry(choices: Choices) -> Doc:
    """An entry of Kustomize's `images`."""
    keys: dict[str, Make] = {
        "newName": lambda c: weighted(c, (1, references.names), (1, odd))(c),
        "newTag": lambda c: weighted(c, (1, _tag), (1, odd))(c),
        "digest": lambda c: weighted(c, (4, references.digests), (1, odd))(c),
    }
    return {"name": references.names(choices), **_optional(choices, keys)}


def kustomization(choices: Choices) -> Doc:
    """Kustomize's own file, and Flux' resource with the same `images`."""
    listed: Any = [_entry(choices) for _ in range(choices.integer(0, 3))]
    if once_in(choices, 8):
        listed = odd(choices)
    shape = choices.integer(0, 5)
    if shape == 5:
        tag = {"imageTag": _entry(choices)}
        return {"apiVersion": "builtin", "kind": "ImageTagTransformer", **tag}
    metadata = {"name": "k", "namespace": "flux-system"}
    if shape > 2:
        spec = {"path": "./x", "images": listed}
        version = "kustomize.toolkit.fluxcd.io/v1"
        return {"apiVersion": version, "kind": "Kustomization", "metadata": metadata, "spec": spec}
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "metadata": {"name": "k"},
        choices.one_of(("images", "images", "Images", "imageTags")): listed,
        **_optional(choices, _ALTERATIONS),
    }


def _transformers(choices: Choices) -> list[Json]:
    def one(choices: Choices) -> str:
        tag = references.references(choices)
        return f"kind: ImageTagTransformer\nimageTag: {{name: a, newTag: {tag}}}"

    return [weighted(choices, (3, one), (1, odd))(choices) for _ in range(choices.integer(0, 2))]


def _replacements(choices: Choices) -> list[Json]:
    return [{"targets": [{"fieldPaths": [choices.one_of(_FIELD_PATHS)]}]}]


def _patches(choices: Choices) -> list[Json]:
    return [{"patch": f"image: {references.anything(choices)}"}]


_ALTERATIONS: dict[str, Make] = {
    "transformers": _transformers,
    "replacements": lambda c: weighted(c, (3, _replacements), (1, odd))(c),
    "Patches": lambda c: weighted(c, (3, _patches), (1, odd))(c),
}
"""What else puts images in the place of others."""


def value_text(choices: Choices) -> Json:
    """Values as text, in the dialects of YAML."""

    def pinned(choices: Choices) -> str:
        return f"image: {images.pinned(choices)}\n"

    def any_reference(choices: Choices) -> str:
        return f"image: {references.references(choices)}"

    forms: tuple[tuple[int, Make], ...] = (
        (6, dialects.text),
        (2, pinned),
        (1, any_reference),
        (1, odd),
    )
    return weighted(choices, *forms)(choices)


def application(choices: Choices) -> Doc:
    """Argo CD Applications and ApplicationSets."""
    helm: Doc = {}
    if once_in(choices, 2):
        helm["valuesObject"] = weighted(choices, (5, tree), (1, odd))(choices)
    if once_in(choices, 2):
        helm["values"] = value_text(choices)
    if once_in(choices, 2):
        name = choices.one_of(("image.tag", "image", "image.digest", "x"))
        value = weighted(choices, (3, references.anything), (1, _empty))(choices)
        helm["parameters"] = [{"name": name, "value": value}]
    source: Doc = {"repoURL": "https://example.com/repo", "helm": helm}
    if once_in(choices, 2):
        named = f"app={references.references(choices)}"
        source["kustomize"] = {"images": [references.anything(choices), named]}
    spec: Doc = choices.one_of(({"source": source}, {"sources": [source, {"ref": "v"}]}))
    kind = choices.one_of(("Application", "Application", "ApplicationSet"))
    metadata = {"name": "a", "namespace": "argocd"}
    body = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": metadata}
    if kind == "Application":
        return {**body, "spec": spec}
    return {**body, "spec": {"generators": [], "template": {"spec": spec}}}


def release(choices: Choices) -> Doc:
    """Flux HelmReleases."""
    spec: Doc = {"chart": {"spec": {"chart": "app", "version": "1.2.3"}}}
    if once_in(choices, 2):
        spec["values"] = weighted(choices, (5, tree), (1, odd))(choices)
    if once_in(choices, 3):
        froms: tuple[Any, ...] = ([{"kind": "ConfigMap", "name": "c"}], [], None, "x")
        spec["valuesFrom"] = choices.one_of(froms)
    if once_in(choices, 3):
        image = {"name": "app", "newTag": "1", "digest": references.digests(choices)}
        spec["postRenderers"] = [{"kustomize": {"images": [image]}}, odd(choices)]
    version = choices.one_of(("helm.toolkit.fluxcd.io/v2", "helm.toolkit.fluxcd.io/v2beta1"))
    body = {"apiVersion": version, "kind": "HelmRelease", "metadata": {"name": "r"}}
    return {**body, "spec": spec}
