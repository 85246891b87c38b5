"""Servers on loopback that end with the tests, however those end."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 120.0
"""Seconds to wait for what a server does of itself; a busy machine is no failure."""

_THRIFTY = {"GOGC": "400"}  # servers in Go collect less often: memory is to spare, time is not
_PR_SET_PDEATHSIG = 1
_SHOWN = 6000
_LIBC = ctypes.CDLL(None, use_errno=True)


class Server:
    """A running program, its log, and its end."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def process_id(self) -> int:
        """What the system knows it by."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def said(self) -> str:
        """The end of its log, for whoever has to find out what went wrong."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return f"--- {self.log} ---\n{text[-_SHOWN:]}"

    def wait_until(self, ready: Callable[[], bool], what: str) -> None:
        """Wait for something that this server does; its log is in the failure."""
        wait_until(ready, what, lambda: self.running, self.said)

    def stop(self) -> None:
        """End it: politely, then not."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self._process.kill()
        self._process.wait(timeout=10)


def wait_until(
    ready: Callable[[], bool],
    what: str,
    alive: Callable[[], bool] = lambda: True,
    said: Callable[[], str] = str,
) -> None:
    """Wait until something is so; fail when it takes too long or whoever does it has gone."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if not alive() or time.monotonic() > deadline:
            raise AssertionError(f"{what}: it did not come to this\n{said()}")
        time.sleep(0.05)


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends; the system ends it should this process be killed."""
    parent = os.getpid()

    def follow() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={**_THRIFTY, **os.environ, **(environment or {})},
            preexec_fn=follow,  # noqa: PLW1509 - no thread holds a lock here
        )
    server = Server(process, log)
    try:
        yield server
    finally:
        if server.running:
            server.stop()


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on, and that nobody is given until this process ends.

    Each stays bound: the system picks such a port for nobody else, tests that run beside these
    included. A server that is told the number gets it, as servers set SO_REUSEADDR.
    """
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.detach()  # the system closes it with this process
    return ports


def answers(port: int) -> bool:
    """Whether anybody listens."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
