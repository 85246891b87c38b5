"""A registry that keeps to the protocol but for the lies it is told to tell."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """What the registry says; `drip` never ends, a byte at a time, or as fast as it can."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    endless: bytes = b""


Lie = Callable[["Registry", str, str], Answer | None]


class Registry:
    """While it runs, what was asked of it and what it holds."""

    def __init__(self, lie: Lie = lambda *_: None) -> None:
        self.lie = lie
        self.asked: list[str] = []
        self.credentials: list[str] = []
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.body = b""
        self.over = threading.Event()

    def __enter__(self) -> Registry:
        handler = type("Handler", (_Handler,), {"registry": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The truth, unless there is a lie for it."""
        self.asked.append(f"{method} {path}")
        self.body = body
        told = self.lie(self, method, path)
        truth = self._truth(method, path, body)
        return truth if told is None else told

    def _truth(self, method: str, path: str, body: bytes) -> Answer:
        url = urlsplit(path)
        name = url.path.rpartition("/")[2]
        if method == "POST":
            return Answer(202, headers={"Location": "/v2/a/b/blobs/uploads/1?state=x"})
        if method == "PUT" and "/blobs/" in path:
            self.blobs[parse_qs(url.query)["digest"][0]] = body
            return Answer(201)
        if method == "PUT":
            self.manifests[name] = body
            self.manifests[f"sha256:{hashlib.sha256(body).hexdigest()}"] = body
            return Answer(201)
        held = self.manifests if "/manifests/" in path else self.blobs
        return Answer(200, held[name]) if name in held else Answer(404)


class _Handler(http.server.BaseHTTPRequestHandler):
    registry: Registry

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        for name in ("Authorization", "Proxy-Authorization", "Cookie"):
            self.registry.credentials += self.headers.get_all(name, [])
        answer = self.registry.answer(self.command, self.path, body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not answer.endless:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(answer.body)
        pause = 0.02 if len(answer.endless) == 1 else 0
        try:
            while answer.endless and not self.registry.over.wait(pause):
                self.wfile.write(answer.endless)
        except OSError:
            self.close_connection = True  # who asked has had enough

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - as the base class calls them

    def log_message(self, *_: Any) -> None:
        pass
