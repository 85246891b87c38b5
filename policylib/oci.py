"""Policies out of a registry: what a reference names, pulled into memory and verified.

Nothing of an artifact is written to disk. Every byte is checked against the digest that the
manifest states, and the manifest against the digest of the reference where it has one.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from policylib import archive
from policylib.errors import BundleError

if TYPE_CHECKING:
    from oras.provider import Registry
    from requests import Response

SCHEME = "oci://"
LARGEST_MANIFEST = 4 << 20
LARGEST = 64 << 20
"""Bytes of an artifact, unpacked."""
MOST_FILES = 10_000
TIMEOUT = (10.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes."""

_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ARCHIVE = re.compile(r".*[.+](?:tar\+gzip|tar\.gzip)")
_TITLE = "org.opencontainers.image.title"
_NAME = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"oci://(?P<registry>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?)"
    rf"/(?P<repository>{_NAME}(?:/{_NAME})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Reference:
    """What names an artifact: a registry, a repository in it, and a tag or a digest."""

    registry: str
    repository: str
    tag: str = "latest"
    digest: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether the registry is this machine, by its name alone."""
        host = urlsplit(f"//{self.registry}").hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        version = f"@{self.digest}" if self.digest else f":{self.tag}"
        return f"{SCHEME}{self.registry}/{self.repository}{version}"


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


def parse(text: str) -> Reference:
    """Read `oci://REGISTRY/REPOSITORY[:TAG][@sha256:…]`; a digest goes before a tag.

    Raises `BundleError` for anything else.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise BundleError(
            "this is no reference to an artifact",
            where=text,
            remedy="oci://REGISTRY/REPOSITORY:TAG, or …@sha256: and 64 lower-case digits",
        )
    return Reference(
        found["registry"], found["repository"], found["tag"] or "latest", found["digest"] or ""
    )


def pull(text: str) -> Pulled:
    """Pull the policies that a reference names, as `conftest push` or an OPA bundle stores them.

    Plain HTTP is spoken to this machine alone. Credentials are those of the Docker configuration.

    Raises `BundleError` when the artifact cannot be had, is not what its digests say, holds what
    is no file below its root, or is larger than `LARGEST`.
    """
    reference = parse(text)
    try:
        client = _client(reference)
        return _pull(reference, client)
    except BundleError:
        raise
    except (OSError, ValueError) as error:  # requests' errors are OSErrors, and oras' ValueErrors
        raise BundleError(f"the registry does not answer: {error}", where=text) from error


def _client(reference: Reference) -> Registry:
    """A client that speaks without encryption to this machine alone."""
    try:
        from oras.provider import Registry
        from requests.adapters import HTTPAdapter
    except ModuleNotFoundError as error:
        raise BundleError(
            f"a client for registries is missing: {error.name}",
            where=str(reference),
            remedy="pip install 'policylib[oci]'",
        ) from error

    class Adapter(HTTPAdapter):
        def send(self, request: Any, *args: Any, **options: Any) -> Response:  # noqa: ANN401
            url = urlsplit(request.url)
            if url.scheme != "https" and not Reference(url.netloc, "").is_loopback:
                raise BundleError(
                    f"the registry leads to {url.hostname} without encryption", where=str(reference)
                )
            return super().send(request, *args, **{**options, "timeout": TIMEOUT})

    client = Registry(insecure=reference.is_loopback)
    client.session.mount("https://", Adapter())
    client.session.mount("http://", Adapter())
    container = client.get_container(f"{reference.registry}/{reference.repository}")
    folder = os.environ.get("DOCKER_CONFIG")
    file = Path(folder, "config.json") if folder else None
    client.auth.load_configs(container, [str(file)] if file and file.exists() else None)
    return client


def _pull(reference: Reference, client: Registry) -> Pulled:
    base = f"{client.prefix}://{reference.registry}/v2/{reference.repository}"
    wanted = reference.digest or reference.tag
    content = _get(client, f"{base}/manifests/{wanted}", reference, LARGEST_MANIFEST)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if reference.digest not in {"", digest}:
        raise BundleError("the manifest is not the one that the digest names", where=str(reference))
    layers = _layers(content, reference)
    files: dict[str, bytes] = {}
    room = LARGEST
    for layer in layers:
        packed = _get(client, f"{base}/blobs/{layer.digest}", reference, min(layer.size, room))
        if f"sha256:{hashlib.sha256(packed).hexdigest()}" != layer.digest:
            raise BundleError(f"the layer {layer.digest} is not what it says", where=str(reference))
        for name, data in layer.unpack(packed, room, str(reference)):
            if name in files or len(files) >= MOST_FILES:
                what = f"holds {name} twice" if name in files else "holds too many files"
                raise BundleError(f"the artifact {what}", where=str(reference))
            files[name] = data
            room -= len(data)
    titled = not any(layer.is_archive for layer in layers)
    return Pulled(reference, digest, _rooted(files) if titled else files)


@dataclass(frozen=True)
class _Layer:
    digest: str
    size: int
    media_type: str
    title: str

    @property
    def is_archive(self) -> bool:
        """Whether it packs files, as an OPA bundle does."""
        return _ARCHIVE.fullmatch(self.media_type) is not None

    def unpack(self, content: bytes, room: int, where: str) -> Iterator[tuple[str, bytes]]:
        """The files of the layer, `room` bytes at most."""
        if self.is_archive:
            yield from archive.read(content, where, room, MOST_FILES)
        elif self.title:
            yield archive.path(self.title, where), content
        else:
            raise BundleError(f"nothing is known of a layer of type {self.media_type}", where=where)


def _layers(content: bytes, reference: Reference) -> list[_Layer]:
    where = str(reference)
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError("the manifest is not JSON", where=where) from error
    kind = manifest.get("mediaType", _MANIFESTS[0]) if isinstance(manifest, dict) else None
    listed = manifest.get("layers") if kind in _MANIFESTS else None
    if not isinstance(listed, list) or not listed:
        raise BundleError(
            "this is no artifact of policies: its manifest lists no layers",
            where=where,
            remedy="an index of images is none; name the manifest by its digest",
        )
    return [_layer(one, where) for one in listed]


def _layer(said: object, where: str) -> _Layer:
    layer = said if isinstance(said, dict) else {}
    digest, size, kind = (layer.get(key) for key in ("digest", "size", "mediaType"))
    annotations = layer.get("annotations")
    title = annotations.get(_TITLE, "") if isinstance(annotations, dict) else ""
    if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise BundleError("a layer has no SHA-256 digest", where=where)
    if not (isinstance(size, int) and 0 <= size <= LARGEST):
        raise BundleError(f"a layer has no size up to {LARGEST} bytes", where=where)
    if not (isinstance(kind, str) and isinstance(title, str)):
        raise BundleError("a layer is described in no known way", where=where)
    return _Layer(digest, size, kind, title)


def _get(client: Registry, url: str, reference: Reference, most: int) -> bytes:
    """The body of an answer; raises `BundleError` for another status or more than `most` bytes."""
    headers = {"Accept": ", ".join((*_MANIFESTS, "*/*;q=0.5")), "Accept-Encoding": "identity"}
    once = type(client).do_request.__wrapped__  # else oras tries again for minutes
    with once(client, url, headers=headers, stream=True) as response:
        if response.status_code != 200:
            raise _refused(response.status_code, reference)
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > most:
                raise BundleError(f"an answer has more than {most} bytes", where=str(reference))
        return bytes(content)


def _refused(status: int, reference: Reference) -> BundleError:
    what = {
        401: "the registry wants to know who asks",
        403: "the registry does not let you read this",
        404: "there is no such artifact",
    }.get(status, f"the registry answers with status {status}")
    remedy = f"docker login {reference.registry}" if status in {401, 403} else ""
    return BundleError(what, where=str(reference), remedy=remedy)


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
