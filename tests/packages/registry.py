"""Real registries on loopback, and artifacts in them."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import re
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import tools

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ARCHIVE = "application/vnd.oci.image.layer.v1.tar+gzip"
TITLE = "org.opencontainers.image.title"
KINDS = ("in memory", "on disk")


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
            # It logs every request, and would stop once nobody read its log.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield f"127.0.0.1:{port[1]}"
        finally:
            process.terminate()
            process.wait(timeout=10)


@contextmanager
def on_disk(folder: Path, tls: Mapping[str, str] | None = None, **auth: Any) -> Iterator[str]:
    """Start Debian's docker-registry, which keeps what it has in a folder; its log is there too.

    `tls` and `auth` are the sections of those names of its configuration.
    """
    program = shutil.which("docker-registry")
    if program is None:
        raise RuntimeError("docker-registry is missing: `make registry`")
    configuration = {
        "version": "0.1",
        "log": {"level": "info", "formatter": "text"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "store")}},
        "http": {"addr": "127.0.0.1:0", "secret": "of no meaning", **({"tls": tls} if tls else {})},
        **({"auth": auth} if auth else {}),
    }
    (folder / "registry.json").write_text(json.dumps(configuration))
    log = folder / "log"
    command = [program, "serve", str(folder / "registry.json")]
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            yield _listening(process, log)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _listening(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"listening on (127\.0\.0\.1:\d+)", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(f"docker-registry does not listen: {log.read_text()}")


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


@contextmanager
def of_kind(kind: str, folder: Path) -> Iterator[str]:
    """crane's registry, which is one of `KINDS`, or Debian's, which keeps all in a folder."""
    with serving() if kind == KINDS[0] else on_disk(folder) as address:
        yield address
