"""Places of what carries values: Helm values, Argo CD and Flux."""

from __future__ import annotations

import json
from collections.abc import Callable

from policylib.generate import deliveries, images, values
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import flaws
from policylib.generate.digest.place import CARRIES, CLEARED, UNSEEN, Place, recased
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

VALUES, ARGO_CD, FLUX = "Helm values", "Argo CD", "Flux"

LONE = "registry of all images"

KEEPS = frozenset({"name-alone"})
"""A new name alone keeps the digest that it meets."""

Fields = Callable[[Choices, str], Doc]
"""Makes what a tool is given of a reference."""

Wrap = Callable[[Choices, str, Doc], Doc]
"""Makes a document of a kind of what a tool is given."""


def _more(choices: Choices, tree: Doc, sound: Image) -> Doc:
    """Values that choose another image, now and then."""
    return {**tree, "helper": {"image": sound(choices)}} if once_in(choices, 4) else tree


def _helm(name: str, form: values.Form) -> Place:

    def write(choices: Choices, _kind: str, image: str, sound: Image) -> Doc:
        tree = _more(choices, values.tree(choices, form, image), sound)
        return recased(choices, values.helm_values(tree))

    nameless = form in {values.in_parts, values.flat}
    return Place(VALUES, name, CARRIES, ("HelmValues",), write, nameless=nameless)


def _lone() -> Place:
    """A registry that is named without a repository."""

    def write(choices: Choices, _kind: str, image: str, _sound: Image) -> Doc:
        tree = values.tree(choices, values.lone_registry, image)
        return recased(choices, values.helm_values(tree))

    return Place(VALUES, LONE, CARRIES, ("HelmValues",), write, harmless=flaws.OF_NAMES, lone=True)


def clearing(choices: Choices) -> Doc:
    """Values that take a digest away and choose nothing in its place."""
    return choices.one_of(
        (
            {"image": {"digest": ""}},
            {"imageDigest": ""},
            {"sub": {"image": {"digest": None}}},
            {"image": {"useDigest": False}},
        )
    )


def _parameters(choices: Choices, reference: str) -> list[Doc]:
    """Values one by one: the whole, or in parts."""
    prefix = choices.one_of(("image", "web.image", "images[0]"))
    if once_in(choices, 2) and prefix != "images[0]":
        return [{"name": prefix, "value": reference}]
    name, tag, digest = images.parts(reference)
    said = {"repository": name, "tag": tag, "digest": digest}
    return [{"name": f"{prefix}.{key}", "value": text} for key, text in said.items() if text]


def _argo(choices: Choices, kind: str, source: Doc) -> Doc:
    return recased(choices, deliveries.application(choices, kind, source))


def _as_values(choices: Choices, reference: str) -> Doc:
    return {"helm": {"valuesObject": values.any_tree(choices, reference)}}


def _as_text(choices: Choices, reference: str) -> Doc:
    tree = values.any_tree(choices, reference)
    return {"helm": {"values": values.written(choices, tree)}}


def _as_parameters(choices: Choices, reference: str) -> Doc:
    return {"helm": {"parameters": _parameters(choices, reference)}}


def _as_images(choices: Choices, reference: str) -> Doc:
    written = f"web={reference}" if once_in(choices, 2) else reference
    return {"kustomize": {"images": [written]}}


def _as_patch(choices: Choices, reference: str) -> Doc:
    return {"kustomize": {"patches": [deliveries.patching(choices, reference)]}}


def placed(  # noqa: PLR0913 - a place has as many sides
    group: str,
    name: str,
    kinds: tuple[str, ...],
    wrap: Wrap,
    fields: Fields,
    *,
    harmless: frozenset[str] = frozenset(),
    unseen: Callable[[Choices], Doc] | None = None,
    cleared: Callable[[Choices], Doc] | None = None,
) -> Place:
    """A place of a kind, made of what a tool is given of a reference and of what wraps it."""

    def special(make: Callable[[Choices], Doc]) -> Callable[[Choices, str, Image], Doc]:
        return lambda choices, kind, _sound: wrap(choices, kind, make(choices))

    states = {UNSEEN: unseen, CLEARED: cleared}
    return Place(
        group,
        name,
        CARRIES,
        kinds,
        lambda choices, kind, image, _sound: wrap(choices, kind, fields(choices, image)),
        harmless,
        {state: special(make) for state, make in states.items() if make is not None},
    )


def unseen_patch(choices: Choices) -> Doc:
    """Patches that copy an image from where it is not seen."""
    return {"patches": [deliveries.patch(deliveries.copies(choices))]}


def _argo_places() -> list[Place]:
    kinds = deliveries.ARGO_CD
    file = {"name": "image.tag", "path": "tag.txt"}
    gone = [{"name": "image.digest", "value": ""}]
    return [
        placed(
            ARGO_CD,
            "values",
            kinds,
            _argo,
            _as_values,
            cleared=lambda c: {"helm": {"valuesObject": clearing(c)}},
        ),
        placed(
            ARGO_CD,
            "values as text",
            kinds,
            _argo,
            _as_text,
            cleared=lambda c: {"helm": {"values": json.dumps(clearing(c))}},
        ),
        placed(
            ARGO_CD,
            "parameters",
            kinds,
            _argo,
            _as_parameters,
            unseen=lambda _c: {"helm": {"fileParameters": [file]}},
            cleared=lambda _c: {"helm": {"parameters": gone}},
        ),
        placed(ARGO_CD, "images of Kustomize", kinds, _argo, _as_images, harmless=KEEPS),
        placed(
            ARGO_CD,
            "patch",
            kinds,
            _argo,
            _as_patch,
            unseen=lambda c: {"kustomize": unseen_patch(c)},
        ),
    ]


def _flux(choices: Choices, kind: str, given: Doc) -> Doc:
    """What Kustomize is given within Flux."""
    if kind == "Kustomization":
        return recased(choices, deliveries.flux_kustomization(given))
    renderers = [{"kustomize": given}]
    if once_in(choices, 3):
        other: Doc = choices.one_of(({}, {"kustomize": {"patches": []}}))
        renderers.insert(choices.integer(0, 1), other)
    return recased(choices, deliveries.release(choices, {"postRenderers": renderers}))


def _release(choices: Choices, _kind: str, spec: Doc) -> Doc:
    return recased(choices, deliveries.release(choices, spec))


def _values_from(choices: Choices) -> Doc:
    return {"valuesFrom": [{"kind": choices.one_of(("ConfigMap", "Secret")), "name": "values"}]}


def _flux_places() -> list[Place]:
    both = ("HelmRelease", "Kustomization")
    return [
        placed(
            FLUX,
            "values",
            ("HelmRelease",),
            _release,
            lambda c, r: {"values": values.any_tree(c, r)},
            unseen=_values_from,
            cleared=lambda c: {"values": clearing(c)},
        ),
        placed(
            FLUX,
            "images of Kustomize",
            both,
            _flux,
            lambda c, r: {"images": [deliveries.override(c, r)]},
            harmless=KEEPS,
        ),
        placed(
            FLUX,
            "patch",
            both,
            _flux,
            lambda c, r: {"patches": [deliveries.patching(c, r)]},
            unseen=unseen_patch,
        ),
    ]


def places() -> list[Place]:
    """Every place where values, Argo CD and Flux choose an image."""
    helm = [_helm(name, form) for name, form in values.FORMS.items()]
    return [*helm, _lone(), *_argo_places(), *_flux_places()]
