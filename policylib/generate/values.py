"""Values of charts that choose an image: as text, in parts, in flat keys, in lists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from policylib.generate import images
from policylib.generate.choices import Choices, once_in
from policylib.generate.odd import Json
from policylib.generate.sample import Doc

_PLAIN = re.compile(r"[a-z][A-Za-z0-9./@:_-]*[A-Za-z0-9]\Z")

_LONG = re.compile(r"[A-Za-z0-9][^ ]*[/:@]")
"""What is read as an image under a key such as `imageRef`."""

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+\Z")

Form = Callable[[Choices, str], Doc]
"""Makes values of a reference."""


def text(choices: Choices, reference: str) -> Doc:
    """`image: REFERENCE`, or the same under the name of one of several images."""
    keys: tuple[str, ...] = ("image", "sidecarImage", "proxy_image", "IMAGE", "envImage")
    if _LONG.match(reference):
        keys += ("imageRef", "imageName", "image_url")
    return {choices.one_of(keys): reference}


def block(choices: Choices, reference: str) -> Doc:
    """Repository, tag and digest beside each other, and the registry perhaps, too."""
    name, tag, digest = images.parts(reference)
    registry, rest = _registry(name) if once_in(choices, 3) else ("", name)
    found: Doc = {"registry": registry} if registry else {}
    if rest:
        found[choices.one_of(("repository", "repository", "name"))] = rest
    if tag:
        found["tag"] = tag
    if digest:
        found["digest"] = digest
    if once_in(choices, 3):
        found["pullPolicy"] = "IfNotPresent"
    return found


def _registry(name: str) -> tuple[str, str]:
    """The host that a repository begins with, and the rest."""
    host, slash, rest = name.partition("/")
    is_host = bool(slash) and (any(mark in host for mark in ".:") or host == "localhost")
    return (host, rest) if is_host else ("", name)


def in_parts(choices: Choices, reference: str) -> Doc:
    """`image:` with a block below it; its registry may be that of all images."""
    name, tag, digest = images.parts(reference)
    registry, rest = _registry(name)
    if _HOST.match(registry) and once_in(choices, 6):
        below = {"repository": rest, **_said(tag=tag, digest=digest)}
        return {"image": below, "global": {"imageRegistry": registry}}
    return {choices.one_of(("image", "image", "webImage")): block(choices, reference)}


def _said(**keys: str) -> Doc:
    return {key: value for key, value in keys.items() if value}


def flat(choices: Choices, reference: str) -> Doc:
    """`imageRepository:`, `imageTag:` and `imageDigest:`, perhaps of one of several images."""
    name, tag, digest = images.parts(reference)
    prefix = choices.one_of(("image", "webImage", "web_image_", "image-"))
    parts = _said(repository=name, tag=tag, digest=digest).items()
    return {prefix + (k if prefix[-1] in "_-" else k.title()): v for k, v in parts}


_REGISTRIES = (
    ("global", "imageRegistry"),
    ("global", "registry"),
    ("global", "hub"),
    ("imageRegistry",),
    ("dockerRegistry",),
    ("containerRegistry",),
    ("imagePrefix",),
)
"""Where a registry stands that no repository is beside."""


def lone_registry(choices: Choices, reference: str) -> Doc:
    """A registry without a repository, which the chart adds, and the rest of the image."""
    name, tag, digest = images.parts(reference)
    host, path = _registry(name)
    place = f"{host}/{path}" if host else _of_hub(name)
    end = choices.one_of(("", "", "/"))
    said: Any = f"{place}{end}"
    below = _said(tag=tag, digest=digest)
    if once_in(choices, 4):
        return {"image": {"registry": said, **below}}
    for key in reversed(choices.one_of(_REGISTRIES)):
        said = {key: said}
    return {"image": below, **said}


def _of_hub(name: str) -> str:
    return f"docker.io/{name}" if "/" in name else f"docker.io/library/{name}"


def several(choices: Choices, reference: str) -> Doc:
    """`images:` with one in a list or under a name."""
    is_word = not any(mark in reference for mark in "/:@")  # which may be anything in a list
    one: Any = block(choices, reference) if is_word or once_in(choices, 2) else reference
    holder: Any = {"app": one} if once_in(choices, 2) else [one]
    return {choices.one_of(("images", "sidecarImages")): holder}


FORMS: dict[str, Form] = {
    "image as text": text,
    "image in parts": in_parts,
    "flat keys": flat,
    "several images": several,
}
"""How values choose an image, by what that is called."""

_PARENTS = (
    *("backend", "sub-chart", "envoy", "environment", "envs", "envelope"),
    *("labeler", "imagery", "annotationsSync"),
)
"""Keys of what has an image of its own. Some begin as keys do below which none is looked for."""


def _within(choices: Choices, found: Doc) -> Doc:
    """The values of one of a chart's parts."""
    if once_in(choices, 6):
        return {choices.one_of(("env", "extraEnv")): {"proxy": found}}
    parent = choices.one_of(_PARENTS)
    return {parent: {"inner": found} if once_in(choices, 4) else found}


def _aside(choices: Choices) -> Doc:
    """What speaks of images and chooses none."""
    text = "docker.io/library/other:1"
    return choices.one_of(
        (
            {"env": [{"name": "A", "value": "b:c"}]},
            {"env": {"SIDECAR_IMAGE": "true"}},
            {"podAnnotations": {"image": text}},
            {"labels": {"image": text}},
            {"logoImage": "logo.png", "background_image": "back:1"},
            {"imagePullPolicy": "Always", "imagePullSecrets": [{"name": "a"}]},
            {"imageUrl": "https://example.com/a.png"},
        )
    )


def tree(choices: Choices, form: Form, reference: str) -> Doc:
    """Values that choose one image, of a chart or of one in it, and say other things."""
    found = form(choices, reference)
    shared = {"global": found.pop("global")} if "global" in found else {}
    if once_in(choices, 2):
        found = _within(choices, found)
    if once_in(choices, 3):
        found["replicas"] = choices.integer(1, 5)
    if once_in(choices, 4):
        found = {**_aside(choices), **found}
    return {**shared, **found}


def any_tree(choices: Choices, reference: str) -> Doc:
    """Values that choose one image in any of `FORMS`."""
    return tree(choices, FORMS[choices.one_of(tuple(FORMS))], reference)


def written(choices: Choices, values: Doc) -> str:
    """Values as text that every reader reads alike: JSON, or YAML with a line for each key."""
    if once_in(choices, 2):
        return json.dumps(values, ensure_ascii=False)
    lines = (f"{key}: {_scalar(value)}" for key, value in values.items())
    return "".join(f"{line}\n" for line in lines)


def _scalar(value: Json) -> str:
    if isinstance(value, str) and _PLAIN.match(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def helm_values(values: Json) -> Doc:
    """The document that a values file is read as."""
    metadata = {"name": "values"}
    return {
        "apiVersion": "policylib.dev/v1",
        "kind": "HelmValues",
        "metadata": metadata,
        "values": values,
    }
