"""A real registry on loopback, and artifacts in it."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests import tools

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ARCHIVE = "application/vnd.oci.image.layer.v1.tar+gzip"
TITLE = "org.opencontainers.image.title"


@contextmanager
def serving() -> Iterator[str]:
    """Start the registry and say where it listens; stop it in the end."""
    command = [str(tools.path("crane")), "registry", "serve", "--address", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            port = re.search(r"serving on port (\d+)", said)
            assert port, said
            yield f"127.0.0.1:{port[1]}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def layer(content: bytes, media_type: str = ARCHIVE, title: str | None = None) -> dict[str, Any]:
    described = {"mediaType": media_type, "digest": digest(content), "size": len(content)}
    return described if title is None else {**described, "annotations": {TITLE: title}}


def push(host: str, repository: str, content: Sequence[bytes], manifest: Mapping[str, Any]) -> str:
    """Store blobs and a manifest under the tag v1, as any client does; its digest."""
    config = b"{}"
    for blob in (config, *content):
        place = f"/v2/{repository}/blobs/uploads/?digest={digest(blob)}"
        assert _ask(host, "POST", place, blob, {}) == 201
    described = {"mediaType": "application/vnd.unknown.config.v1+json", "size": len(config)}
    whole = {"schemaVersion": 2, "config": {**described, "digest": digest(config)}, **manifest}
    text = json.dumps(whole).encode()
    kind = str(whole.get("mediaType", MANIFEST))
    status = _ask(host, "PUT", f"/v2/{repository}/manifests/v1", text, {"Content-Type": kind})
    assert status in {200, 201}, status
    return digest(text)


def _ask(host: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request(method, path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A compressed archive of just these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as written:
        for member, content in members:
            member.size = len(content) or member.size
            written.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def file(name: str, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), content
