"""A real OPA that decides admission over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import tools
from tests.e2e.cluster import Cluster
from tests.e2e.processes import Server, answers, free_ports, running


class Opa:
    """An OPA on one port, started with one bundle after another, or with none."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        (self.port,) = free_ports(1)

    @property
    def arguments(self) -> list[str]:
        """What `rc webhook` has to know of it."""
        return [f"--url=https://localhost:{self.port}", f"--ca={self.cluster.folder / 'ca.crt'}"]

    @contextmanager
    def running(self, bundle: Path | None) -> Iterator[Server]:
        """Run OPA until the block ends."""
        folder = self.cluster.folder
        command: list[str | Path] = [
            tools.path("opa"),
            "run",
            "--server",
            "--skip-version-check",
            f"--addr=127.0.0.1:{self.port}",
            f"--tls-cert-file={folder / 'tls.crt'}",
            f"--tls-private-key-file={folder / 'tls.key'}",
            "--log-level=error",
            "--shutdown-grace-period=0",  # a connection that was never used is waited for
        ]
        if bundle is not None:
            command += ["--bundle", bundle]
        with running(command, folder / "opa.log") as server:
            server.wait_until(lambda: answers(self.port), "OPA listens")
            yield server
