"""OPA pulls from a registry: by tag it follows what is signed, by digest it stays."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import rc
from tests.consumers.sidecar.sidecar import PINNED, signed, started, unsigned, written
from tests.consumers.sidecar.test_https import BAD, assert_decides_nothing
from tests.oci import tokens
from tests.oci.docker import logged_in
from tests.oci.test_push import HTPASSWD
from tests.packages import registry


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with registry.serving() as address:
        yield address


def push(folder: Path, host: str, repository: str, content: bytes) -> str:
    """Push a bundle as the program does, under the tag v1; its digest."""
    (folder / "bundle.tar.gz").write_bytes(content)
    tagged = f"oci://{host}/{repository}:v1"
    done = rc("bundle", "push", "bundle.tar.gz", tagged, cwd=folder)
    assert done.code == 0, done.err
    return done.out.strip().rpartition("@")[2]


def store(host: str, repository: str, content: bytes) -> str:
    """Put whatever it is under the tag v1, as whoever has got hold of the registry does."""
    return registry.push(host, repository, [content], {"layers": [registry.layer(content)]})


def test_a_tag_is_followed_as_far_as_it_is_signed(host: str, tmp_path: Path) -> None:
    push(tmp_path, host, "team/followed", signed(1))
    with started(written(tmp_path, f"oci://{host}/team/followed:v1")) as opa:
        opa.wait_for(1)
        assert opa.is_ready
        assert opa.denies("nginx")
        assert opa.admits(PINNED)
        push(tmp_path, host, "team/followed", signed(2, warns=True))
        opa.wait_for(2)
        assert opa.admits("nginx")
        push(tmp_path, host, "team/followed", signed(3))
        opa.wait_for(3)
        for what in ("a changed rule", "no signature", "another key", "another scope"):
            make, reason = BAD[what]
            store(host, "team/followed", make(4))
            opa.wait_for_refusal(reason)
            assert opa.revision.startswith("3+sha256:")
            assert opa.is_ready
            assert opa.denies("nginx")
        push(tmp_path, host, "team/followed", signed(5))
        opa.wait_for(5)


def test_a_digest_stays_what_it_is(host: str, tmp_path: Path) -> None:
    digest = push(tmp_path, host, "team/pinned", signed(1))
    with started(written(tmp_path, f"oci://{host}/team/pinned@{digest}")) as opa:
        opa.wait_for(1)
        push(tmp_path, host, "team/pinned", signed(2, warns=True))
        before = opa.status["last_successful_request"]
        opa.server.wait_until(
            lambda: opa.status["last_successful_request"] > before, "it looks again"
        )
        assert opa.revision.startswith("1+sha256:")
        assert opa.denies("nginx")


def test_what_is_kept_decides_when_the_registry_is_down(tmp_path: Path) -> None:
    with registry.serving() as host:
        push(tmp_path, host, "team/kept", signed(1))
        config = written(tmp_path, f"oci://{host}/team/kept:v1", f"--persist={tmp_path}/kept")
        with started(config) as opa:
            opa.wait_for(1)
    with started(config, ready_timeout=True) as opa:
        opa.wait_for(1)
        assert opa.denies("nginx")
        assert opa.admits(PINNED)
        opa.wait_for_refusal("connection refused")
    without = written(tmp_path, f"oci://{host}/team/kept:v1")
    with started(without) as opa:
        opa.wait_for_refusal("connection refused")
        assert_decides_nothing(opa)


def test_a_registry_that_wants_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    basic = {"realm": "registry", "path": str(tmp_path / "htpasswd")}
    with registry.on_disk(tmp_path, htpasswd=basic) as host:
        asks_for_credentials(host, tmp_path, monkeypatch)


def test_a_registry_that_wants_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        tokens.serving(tmp_path, {"team": "secret"}) as service,
        registry.on_disk(tmp_path, token=service.configuration) as host,
    ):
        asks_for_credentials(host, tmp_path, monkeypatch)


def asks_for_credentials(host: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    logged_in(folder, host, "team", "secret")
    push(folder, host, "team/private", signed(1))
    place = f"oci://{host}/team/private:v1"
    monkeypatch.setenv("REGISTRY_LOGIN", "team:wrong")
    for arguments in ((), ("--token-env=REGISTRY_LOGIN",)):
        with started(written(folder, place, *arguments)) as opa:
            opa.wait_for_refusal("team/private")
            assert_decides_nothing(opa)
    monkeypatch.setenv("REGISTRY_LOGIN", "team:secret")
    with started(written(folder, place, "--token-env=REGISTRY_LOGIN")) as opa:
        opa.wait_for(1)
    (folder / "login").write_text("team:secret\n")
    with started(written(folder, place, f"--token-file={folder}/login")) as opa:
        opa.wait_for(1)


def test_a_registry_that_lies_about_a_digest(tmp_path: Path) -> None:
    # OPA takes the registry's word for which digest a digest is: only a signature holds.
    with registry.serving() as real:
        wanted = push(tmp_path, real, "team/lied", unsigned(1))
        other = push(tmp_path, real, "team/lied", unsigned(2, warns=True))
        with lying(real, wanted, other) as host:
            place = f"oci://{host}/team/lied@{wanted}"
            with started(written(tmp_path, place, "--unsigned")) as opa:
                opa.wait_for(2)
                assert opa.admits("nginx")
            with started(written(tmp_path, place)) as opa:
                opa.wait_for_refusal("missing .signatures.json")
                assert_decides_nothing(opa)


def test_the_common_artifact_has_no_signature_that_opa_knows(host: str, tmp_path: Path) -> None:
    done = rc("bundle", "build", "--target=artifact", "--output=policy", cwd=tmp_path)
    assert done.code == 0, done.err
    done = rc("bundle", "push", "policy", f"oci://{host}/team/common:v1", cwd=tmp_path)
    assert done.code == 0, done.err
    place = done.out.strip()
    with started(written(tmp_path, place)) as opa:
        opa.wait_for_refusal("missing .signatures.json")
        assert_decides_nothing(opa)
    with started(written(tmp_path, place, "--unsigned")) as opa:
        opa.wait_for(0)
        assert opa.denies("nginx")
        assert opa.admits(PINNED)


@contextmanager
def lying(real: str, wanted: str, other: str) -> Iterator[str]:
    """A server in front of a registry that gives one digest for another."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            connection = http.client.HTTPConnection(real, timeout=30)
            try:
                connection.request(self.command, self.path.replace(wanted, other))
                answer = connection.getresponse()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"date", "server", "transfer-encoding", "connection"}:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.read())
            finally:
                connection.close()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
