"""Artifacts out of a registry, into memory, every byte checked against the digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from policylib.archive import MOST_FILES
from policylib.errors import BundleError
from policylib.oci import manifest, talk
from policylib.oci.manifest import Layer
from policylib.oci.reference import Reference, parse

if TYPE_CHECKING:
    from policylib.oci.client import Client


@dataclass(frozen=True)
class Pulled:
    """An artifact: its digest, and the files in it (posix path → content)."""

    reference: Reference
    digest: str
    files: Mapping[str, bytes]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a report should know of where the files came from."""
        if self.reference.digest:
            return ()
        return (f"this tag is {self.digest} today; name the digest so that it stays what it is",)


def pull(text: str, *, packed: bool = False) -> Pulled:
    """Pull the policies that a reference names, as `conftest push` or an OPA bundle stores them.

    Plain HTTP is spoken to this machine alone. Credentials are those of the Docker configuration.

    Parameters
    ----------
    packed
        Leave an archive that has a name of its own as that file, as others do; else it is
        unpacked.

    Raises `BundleError` when the artifact cannot be had, is not what its digests say, holds what
    is no file below its root, or is larger than `talk.LARGEST`.
    """
    reference = parse(text)
    return talk.talk(reference, lambda client: _pull(client, reference, packed=packed))


def read(client: Client, reference: Reference) -> tuple[bytes, list[tuple[Layer, bytes]]]:
    """The manifest of an artifact, and its layers, which are what their digests say."""
    where = str(reference)
    wanted = reference.digest or reference.tag
    content = client.get(f"manifests/{wanted}", manifest.LARGEST)
    if reference.digest not in {"", digest(content)}:
        raise BundleError("the manifest is not the one that the digest names", where=where)
    found: list[tuple[Layer, bytes]] = []
    room = talk.LARGEST
    for layer in manifest.layers(content, where, talk.LARGEST):
        blob = client.get(f"blobs/{layer.digest}", min(layer.size, room))
        if digest(blob) != layer.digest:
            raise BundleError(f"the layer {layer.digest} is not what it says", where=where)
        found.append((layer, blob))
        room -= len(blob)
    return content, found


def digest(content: bytes) -> str:
    """The digest by which a registry knows content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _pull(client: Client, reference: Reference, *, packed: bool) -> Pulled:
    where = str(reference)
    content, layers = read(client, reference)
    files: dict[str, bytes] = {}
    room = talk.LARGEST
    for layer, blob in layers:
        for name, data in layer.files(blob, where, room, MOST_FILES, packed=packed):
            if name in files or len(files) >= MOST_FILES:
                what = f"holds {name} twice" if name in files else "holds too many files"
                raise BundleError(f"the artifact {what}", where=where)
            files[name] = data
            room -= len(data)
    titled = not any(layer.is_archive for layer, _ in layers)
    return Pulled(reference, digest(content), _rooted(files) if titled else files)


def _rooted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the folders that all share: `conftest push` writes where they lay.

    What stands beside other files stays where it is, since data is found by its folder.
    """
    folders = [PurePosixPath(name).parts[:-1] for name in files]
    shared = _shared(folders)
    return {"/".join(PurePosixPath(name).parts[shared:]): data for name, data in files.items()}


def _shared(folders: Sequence[Sequence[str]]) -> int:
    """How many folders all of them begin with."""
    columns = zip(*folders, strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))
