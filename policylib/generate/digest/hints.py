"""Names of variables and flags that say of a value that it is an image, may be one, or is none."""

from __future__ import annotations

import re

from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc

SURE = ("RELATED_IMAGE_PROXY", "related_image_db", "MY_RELATED_IMAGE_1")
_STEMS = ("SIDECAR_IMAGE", "sidecarImage", "PROXY_IMAGES", "image", "IMAGE", "agent.image")
_ENDINGS = ("", "", "_2", "10", "_REF", "_REFERENCE")
_POSSIBLE = ("IMAGE_PROXY", "IMAGE_URL", "SIDECAR_IMAGE_NAME", "IMAGES_EXTRA", "imageUri")
_FLAGS = ("sidecar-image", "image", "proxyImage", "image-2", "agent-image-ref", "images")
_POSSIBLE_FLAGS = ("image-proxy", "image-url", "sidecar-image-name")

_NUMBERED = re.compile(r"[^/:@]+:[0-9]{4,5}\Z")


def _is_like_a_reference(image: str) -> bool:
    """Whether a value is taken for an image under a name that merely holds the word."""
    is_plain = not any(mark in image for mark in " \t\r\n,;=")
    return is_plain and any(mark in image for mark in "/:@") and not _NUMBERED.match(image)


def variable(choices: Choices, image: str) -> str:
    """The name of a variable under which a value is judged; no value is one from elsewhere."""
    if any(mark in image for mark in " \t\r\n") or "://" in image:  # a list, or a location
        return choices.one_of(SURE)
    if image and _is_like_a_reference(image) and once_in(choices, 4):
        return choices.one_of(_POSSIBLE)
    if once_in(choices, 4):
        return choices.one_of(SURE)
    return choices.one_of(_STEMS) + choices.one_of(_ENDINGS)


def flag(choices: Choices, image: str) -> str:
    """The name of a flag under which a value is judged."""
    if _is_like_a_reference(image) and once_in(choices, 4):
        return choices.one_of(_POSSIBLE_FLAGS)
    return choices.one_of(_FLAGS)


_HARMLESS = (
    ("IMAGE_PULL_POLICY", "a/b:1"),
    ("IMAGE_TAG", "v1:2"),
    ("imageFormats", "image/png,image/webp"),
    ("IMAGE_DIR", "/var/lib/images"),
    ("IMAGE_REGISTRY", "docker.io/library"),
    ("SIDECAR_IMAGE", "https://example.com/a"),
    ("SIDECAR_IMAGE", "true"),
    ("IMAGES", "logo.png,5"),
    ("BACKGROUND_IMAGE", "back:1"),
    ("VM_IMAGE", "cirros/disk:1"),
    ("IMAGE_PROXY", "proxy:8080"),
    ("IMAGINARY", "a/b:1"),
    ("RELATED_IMAGE_NONE", ""),
)


def harmless(choices: Choices) -> Doc:
    """A variable whose name may speak of an image and whose value is none."""
    name, value = choices.one_of(_HARMLESS)
    return {"name": name, "value": value}
