"""Real servers on loopback: a static one that holds bundles, and one that takes decision logs."""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.e2e.processes import free_ports


class Site:
    """A static HTTPS server with one file, which can be taken down and put up again.

    `half` sends half of what it announces. `asked` counts answers that carried a file.
    """

    def __init__(self, folder: Path) -> None:
        (self.port,) = free_ports(1)
        self.url = f"https://127.0.0.1:{self.port}/policy/bundle.tar.gz"
        self.content = b""
        self.half = False
        self.asked = 0
        self.authorizations: list[str] = []
        self._folder = folder
        self._server: ThreadingHTTPServer | None = None

    def up(self) -> None:
        """Serve, on the same port each time."""
        self._server = _listening(self.port, _handler(self), self._folder)

    def down(self) -> None:
        """Refuse connections, as a server that was killed."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """A static server that is up; `folder` holds its certificate."""
    made = Site(folder)
    made.up()
    try:
        yield made
    finally:
        made.down()


class Sink:
    """A server that keeps the entries of the decision logs that it is sent."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"https://127.0.0.1:{port}/opa/logs"
        self.entries: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.server = _listening(port, _sink_handler(self), folder)


@contextmanager
def sink(folder: Path, port: int = 0) -> Iterator[Sink]:
    """A server of decision logs; `folder` holds its certificate."""
    made = Sink(folder, port or free_ports(1)[0])
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


def _listening(
    port: int, handler: type[BaseHTTPRequestHandler], folder: Path
) -> ThreadingHTTPServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    # The handshake waits for the thread of the connection, so that no client holds up the others.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    return server


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """What is asked is counted, not printed."""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(_Quiet):
        def do_GET(self) -> None:
            site.authorizations.append(self.headers.get("Authorization", ""))
            content = site.content
            tag = f'"{hashlib.sha256(content).hexdigest()}"'
            if self.path != "/policy/bundle.tar.gz" or not content:
                return self.send_error(404)
            if self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                return self.end_headers()
            self.send_response(200)
            self.send_header("Content-Type", "application/gzip")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", tag)
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if site.half else content)
            site.asked += 1
            return None

    return Handler


def _sink_handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/opa/logs" or self.headers.get("Content-Encoding") != "gzip":
                sink.problems.append(f"{self.path} {self.headers.items()}")
            sink.entries.extend(json.loads(gzip.decompress(body)))
            self.send_response(200)
            self.end_headers()

    return Handler
