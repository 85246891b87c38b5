"""A real OPA as a sidecar, started with what `rc bundle opa-config` writes."""

from __future__ import annotations

import functools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policylib import bundle, rules
from policylib.bundle import sidecar
from tests import tools
from tests.bundle.signatures import KEYID, SCOPE, keys
from tests.cli.program import rc
from tests.e2e.processes import Server, free_ports, running

DENIES: dict[str, Any] = {}
WARNS: dict[str, Any] = {"environment": "dev", "enforcement": {"dev": {"digest": "warn"}}}
NOT_READY = 500
PINNED = f"registry.example/app@sha256:{'a' * 64}"


@functools.cache
def unsigned(number: int, *, warns: bool = False) -> bytes:
    """The bundle of a number."""
    settings = WARNS if warns else DENIES
    return bundle.build(bundle.Target.OPA, rules.load(), settings, number=number)["bundle.tar.gz"]


def signed(
    number: int,
    *,
    warns: bool = False,
    scope: str = SCOPE,
    whose: str = "ours",
    algorithm: str = "ES256",
    keyid: str = KEYID,
) -> bytes:
    """The bundle of a number, with a signature."""
    key = keys(algorithm, whose).private
    return bundle.sign(unsigned(number, warns=warns), key, keyid, scope=scope)


def written(folder: Path, url: str, *arguments: str, algorithm: str = "ES256") -> Path:
    """The configuration that the program writes, with delays that suit tests."""
    public = folder / f"{algorithm}.pub"
    public.write_bytes(keys(algorithm, "ours").public)
    trust = [] if "--unsigned" in arguments else [f"--key={public}", f"--keyid={KEYID}"]
    scope = [] if "--unsigned" in arguments else [f"--scope={SCOPE}"]
    done = rc(
        "bundle",
        "opa-config",
        f"--url={url}",
        *trust,
        *scope,
        "--poll",
        "1",
        "1",
        *arguments,
        "--output=opa.yaml",
        cwd=folder,
    )
    assert done.code == 0, done.err
    return folder / "opa.yaml"


def review(image: str, kind: str = "Pod") -> dict[str, Any]:
    pod = {"containers": [{"name": "app", "image": image}]}
    named = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "web", "namespace": "shop"}}
    return {"uid": "u1", "operation": "CREATE", "object": {**named, "spec": pod}}


@dataclass(frozen=True)
class Opa:
    """An OPA that runs, and what one asks it."""

    port: int
    server: Server

    def ask(self, path: str, body: object = None, method: str = "") -> tuple[int, Any]:
        """The status of an answer, and what it says."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, method=method or None
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    @property
    def log(self) -> str:
        """What it has written to its console."""
        return self.server.log.read_text(encoding="utf-8", errors="replace")

    @property
    def is_ready(self) -> bool:
        """What a readiness probe finds."""
        try:
            return self.ask("/health?bundles=true&plugins=true")[0] == 200
        except OSError:
            return False

    @property
    def listens(self) -> bool:
        """Whether it answers at all."""
        try:
            return self.ask("/health")[0] == 200
        except OSError:
            return False

    @property
    def status(self) -> Mapping[str, Any]:
        """What the status API says of the bundle; nothing before OPA has looked for it."""
        said = self.ask("/v1/status")[1]["result"]
        found: Mapping[str, Any] = said.get("bundles", {}).get("policylib", {})
        return found

    @property
    def revision(self) -> str:
        """The revision that is in force."""
        return str(self.status.get("active_revision", ""))

    def denies(self, image: str = "nginx") -> bool:
        """Whether the decision has a violation that denies this image."""
        path = "/v1/data/policylib/decision/violations?strict-builtin-errors=true"
        code, answer = self.ask(path, {"input": {"review": review(image)}})
        assert code == 200
        return any(v["enforcement"] == "deny" for v in answer["result"])

    def admits(self, image: str) -> bool:
        """What an API server would make of the answer: anything odd is a refusal."""
        code, answer = self.ask("/", {"kind": "AdmissionReview", "request": review(image)})
        return code == 200 and answer["response"]["allowed"] is True

    def wait_for(self, number: int) -> None:
        """Wait until the bundle of this number is in force."""
        self.server.wait_until(
            lambda: self.listens and self.revision.startswith(f"{number}+sha256:"),
            f"bundle {number} is in force",
        )

    def wait_for_refusal(self, reason: str) -> None:
        """Wait until the status tells of an error, for this reason."""
        self.server.wait_until(
            lambda: self.listens and "code" in self.status and reason in json.dumps(self.status),
            f"it refuses: {reason}",
        )


@contextmanager
def started(config: Path, *arguments: str, ready_timeout: bool = False) -> Iterator[Opa]:
    """Start OPA as the program says, on a port of its own; by default it answers at once."""
    (port,) = free_ports(1)
    _, *command = sidecar.command(str(config))
    command = [
        f"--addr=127.0.0.1:{port}" if one.startswith("--addr") else one
        for one in command
        if ready_timeout or not one.startswith("--ready-timeout")
    ]
    whole: list[str | Path] = [tools.path("opa"), *command, *arguments]
    log = config.with_suffix(f".{port}.log")
    # OPA leaves folders behind in which it kept artifacts.
    with running(whole, log, {"TMPDIR": str(config.parent)}) as server:
        yield Opa(port, server)
