"""What is said of a registry that does not answer, or not to the end: in words, with a remedy."""

from __future__ import annotations

import errno
import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from policylib import oci
from policylib.errors import BundleError
from policylib.oci import client

MOVED = b"HTTP/1.1 307 x\r\nContent-Length: 0\r\nConnection: close\r\nLocation: %b\r\n\r\n"
INSIDES = r"Pool|HTTP\w*Connection|Errno|object at|Caused by|Error\("


@contextmanager
def saying(said: bytes | None) -> Iterator[str]:
    """Whoever asks is told this, and no more; or nothing, for as long as he waits."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            while True:
                try:
                    asker, _ = server.accept()
                except OSError:
                    return
                with asker:
                    asker.recv(1 << 16)
                    if said is None:
                        asker.recv(1 << 16)
                    else:
                        asker.sendall(said.replace(b"HOST", host.encode()))

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield host
        finally:
            server.shutdown(socket.SHUT_RDWR)


def told(reference: str) -> tuple[str, str]:
    with pytest.raises(BundleError) as refusal:
        oci.pull(reference)
    assert refusal.value.where == reference
    assert not re.search(INSIDES, str(refusal.value))
    return refusal.value.what, refusal.value.remedy


@pytest.mark.parametrize(
    ("said", "complaint", "remedy"),
    [
        (None, "the registry does not answer: {} is silent", "ask again later"),
        (b"", "the registry does not answer: {} hangs up", "ask again later"),
        (b"SSH-2.0-x\r\n", "{} does not speak HTTP", "is this the port of a registry?"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
            "the answer of the registry breaks off",
            "ask again later",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            "the answer of the registry is damaged",
            "ask again later",
        ),
        (
            MOVED % b"file:///etc/passwd",
            "the registry leads to what cannot be asked: ",
            "",
        ),
        (
            MOVED % b"https://",
            "the registry leads to what is no address: ",
            "",
        ),
        (MOVED % b"/", "the registry redirects without an end", ""),
        (
            MOVED % b"https://HOST/",
            "{} does not speak TLS: wrong version number",
            "another machine",
        ),
    ],
)
def test_who_answers_otherwise(
    said: bytes | None, complaint: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT", (10.0, 0.1 if said is None else 60.0))
    with saying(said) as host:
        what, advice = told(f"oci://{host}/a/b:v1")
        assert what.startswith(complaint.format(host))
    assert advice.startswith(remedy)
    assert bool(advice) is bool(remedy)


def test_nobody_listens() -> None:
    what, advice = told("oci://127.0.0.1:1/a/b:v1")
    assert what == "the registry does not answer: nothing listens at 127.0.0.1:1"
    assert advice == "start it, or correct the port"


def test_no_way_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_a_route(*_: object, **__: object) -> Any:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    monkeypatch.setattr(socket.socket, "connect", without_a_route)
    what, _ = told("oci://127.0.0.1:1/a/b:v1")
    said = "127.0.0.1:1 is out of reach: Network is unreachable"
    assert what == f"the registry does not answer: {said}"


def test_no_such_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("NO_PROXY", "*")
    what, advice = told("oci://registry.invalid/a/b:v1")
    assert "no address is known of registry.invalid: Name or service not known" in what
    assert advice == "correct the name; behind a proxy, set HTTPS_PROXY"


@pytest.mark.parametrize(
    ("proxy", "complaint"),
    [
        ("http://127.0.0.1:1", "the proxy does not lead to registry.invalid: Connection refused"),
        ("{}", "the proxy does not lead to registry.invalid: Tunnel connection failed: 403 no"),
        ("http://", "the proxy has no address"),
    ],
)
def test_a_proxy_in_between(proxy: str, complaint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with saying(b"HTTP/1.1 403 no\r\n\r\n") as host:
        monkeypatch.setenv("HTTPS_PROXY", proxy.format(host))
        what, advice = told("oci://registry.invalid/a/b:v1")
    assert what == complaint
    assert advice.startswith("HTTPS_PROXY names the proxy")


def test_authorities_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    monkeypatch.setenv("NO_PROXY", "*")
    what, _ = told("oci://registry.invalid/a/b:v1")
    assert what.startswith("the registry cannot be asked: ")
    assert "/nowhere.pem" in what
