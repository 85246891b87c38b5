"""An artifact into a registry: a tag names it when the registry has given it back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from policylib.errors import BundleError
from policylib.oci import manifest, talk
from policylib.oci.pulling import digest, read
from policylib.oci.reference import Reference, parse

if TYPE_CHECKING:
    from policylib.oci.client import Client

LAYER: Final = "application/vnd.oci.image.layer.v1.tar+gzip"
"""The only kind of layer that OPA takes for a bundle."""
KIND: Final = "application/vnd.policylib.bundle.v1"
_EMPTY: Final = b"{}"
_EMPTY_KIND: Final = "application/vnd.oci.empty.v1+json"


@dataclass(frozen=True)
class Artifact:
    """What is to be pushed: one compressed archive, and what is said of it.

    Parameters
    ----------
    title
        The name of the file that a consumer stores it as; `.` for files of its folder.
    unpack
        Whether a consumer unpacks it.
    """

    content: bytes
    title: str
    unpack: bool
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def manifest(self) -> bytes:
        """The manifest, which is the same for the same content."""
        said = {manifest.TITLE: self.title} | ({manifest.UNPACK: "true"} if self.unpack else {})
        layer = {**_described(self.content, LAYER), "annotations": said}
        whole: dict[str, Any] = {
            "schemaVersion": 2,
            "mediaType": manifest.MANIFEST,
            "artifactType": KIND,
            "config": _described(_EMPTY, _EMPTY_KIND),
            "layers": [layer],
            "annotations": dict(sorted(self.annotations.items())),
        }
        return json.dumps(whole, separators=(",", ":")).encode()


@dataclass
class _Progress:
    """How far a tag has been moved, for the error of a push that fails.

    It says so before anything is sent: who gives up and finds nothing said knows the tag unmoved.
    """

    said: str = ""

    def explain(self, error: BundleError) -> BundleError:
        """The error, with what it means for the tag."""
        again = "push again: what is done is not done twice"
        what = f"{error.what}, {self.said}"
        return BundleError(what, where=error.where, remedy=error.remedy or again)


@dataclass(frozen=True)
class Pushed:
    """Where an artifact is, by digest; and what the tag named before, if anything."""

    reference: Reference
    tag: str
    before: str

    @property
    def digest(self) -> str:
        """The digest of its manifest."""
        return self.reference.digest


def push(text: str, artifact: Artifact) -> Pushed:
    """Store an artifact, and let a tag name it. What is there already is not sent again.

    It is stored by digest first and read back; only then the tag is moved. Plain HTTP is spoken
    to this machine alone. Credentials are those of the Docker configuration.

    Raises `BundleError` when it cannot be stored, or does not come back as it was sent. The tag
    is where it was then, unless the error says that it was moved or being moved.
    """
    reference = parse(text)
    if reference.digest:
        raise BundleError(
            "a digest cannot be chosen", where=text, remedy="name a tag, as in …/policy:v1"
        )
    if len(artifact.content) > talk.LARGEST:
        raise BundleError(f"the bundle has more than {talk.LARGEST} bytes", where=text)
    progress = _Progress()
    try:
        return talk.talk(reference, lambda client: _push(client, reference, artifact, progress))
    except BundleError as error:
        if not progress.said:
            raise
        raise progress.explain(error) from error


def _push(client: Client, reference: Reference, artifact: Artifact, progress: _Progress) -> Pushed:
    content = artifact.manifest
    stored = reference.at(digest(content))
    before = _named(client, reference)
    for blob in (_EMPTY, artifact.content):
        if not client.has(f"blobs/{digest(blob)}"):
            client.upload(blob, digest(blob))
    client.put_manifest(content, stored.digest)
    read(client, stored)
    if before != stored.digest:
        _move(client, reference, content, progress)
    return Pushed(stored, reference.tag, before)


def _move(client: Client, reference: Reference, content: bytes, progress: _Progress) -> None:
    """Let the tag name a manifest that is stored, and look whether it does."""
    wanted = digest(content)
    progress.said = f"while the tag was being moved to {wanted}"
    try:
        client.put_manifest(content, reference.tag)
    except talk.RefusalError:
        progress.said = ""
        raise
    progress.said = f"after the tag was moved to {wanted}"
    if (named := _named(client, reference)) != wanted:
        raise BundleError(
            f"the registry names {named or 'nothing'} by this tag",
            where=str(reference),
            remedy="somebody else may have pushed; look, and push again",
        )


def _named(client: Client, reference: Reference) -> str:
    """The digest of what a tag names; empty when it names nothing."""
    path = f"manifests/{reference.tag}"
    return digest(client.get(path, manifest.LARGEST)) if client.has(path) else ""


def _described(content: bytes, kind: str) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest(content), "size": len(content)}
