"""What a manifest says of an artifact: its layers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from policylib import archive
from policylib.errors import BundleError

MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
KINDS: Final = (MANIFEST, "application/vnd.docker.distribution.manifest.v2+json")
TITLE: Final = "org.opencontainers.image.title"
UNPACK: Final = "io.deis.oras.content.unpack"
LARGEST: Final = 4 << 20
"""Bytes of a manifest."""

_ARCHIVE = re.compile(r".*[.+](?:tar\+gzip|tar\.gzip)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Layer:
    """One blob of an artifact, as the manifest describes it."""

    digest: str
    size: int
    media_type: str
    title: str
    unpack: bool = False

    @property
    def is_archive(self) -> bool:
        """Whether it packs files, as an OPA bundle does."""
        return _ARCHIVE.fullmatch(self.media_type) is not None

    @property
    def is_file(self) -> bool:
        """Whether it is one file to those who store artifacts: it has a name, and stays packed."""
        return not self.unpack and PurePosixPath(self.title).name not in {"", ".."}

    def files(
        self, content: bytes, where: str, room: int, most: int, *, packed: bool
    ) -> Iterator[tuple[str, bytes]]:
        """The files of the layer; with `packed` an archive that has a name is one of them."""
        if self.is_archive and not (packed and self.is_file):
            yield from archive.read(content, where, room, most)
        elif self.title:
            yield archive.path(self.title, where), content
        else:
            raise BundleError(f"nothing is known of a layer of type {self.media_type}", where=where)


def layers(content: bytes, where: str, largest: int) -> tuple[Layer, ...]:
    """The layers that a manifest lists, each of `largest` bytes at most.

    Raises `BundleError` when it lists none, or describes one in no known way.
    """
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError("the manifest is not JSON", where=where) from error
    kind = manifest.get("mediaType", MANIFEST) if isinstance(manifest, dict) else None
    listed = manifest.get("layers") if kind in KINDS else None
    if not isinstance(listed, list) or not listed:
        raise BundleError(
            "this is no artifact of policies: its manifest lists no layers",
            where=where,
            remedy="an index of images is none; name the manifest by its digest",
        )
    return tuple(_layer(one, where, largest) for one in listed)


def _layer(said: object, where: str, largest: int) -> Layer:
    layer = said if isinstance(said, dict) else {}
    digest, size, kind = (layer.get(key) for key in ("digest", "size", "mediaType"))
    annotated = layer.get("annotations")
    annotations = annotated if isinstance(annotated, dict) else {}
    title = annotations.get(TITLE, "")
    if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise BundleError("a layer has no SHA-256 digest", where=where)
    if not (isinstance(size, int) and 0 <= size <= largest):
        raise BundleError(f"a layer has no size up to {largest} bytes", where=where)
    if not (isinstance(kind, str) and isinstance(title, str)):
        raise BundleError("a layer is described in no known way", where=where)
    return Layer(digest, size, kind, title, unpack=annotations.get(UNPACK) == "true")
