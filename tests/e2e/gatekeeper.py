"""Gatekeeper's own manager behind the API server, and policylib's resources in it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests import tools
from tests.e2e.cluster import Cluster
from tests.e2e.processes import Server, answers, free_ports, running, wait_until
from tests.e2e.samples import pod

NAMESPACE = "gatekeeper-system"
POD = "gatekeeper-0"
AUDIT_SECONDS = 3
_CONSTRAINTS = "/apis/constraints.gatekeeper.sh/v1beta1"
_TEMPLATES = "/apis/templates.gatekeeper.sh/v1/constrainttemplates"
_KINDS = {"CustomResourceDefinition", "Namespace", "ServiceAccount"}
Json = Any


class Gatekeeper:
    """The manager, which can be ended and started again, and where it listens."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.port, self._health, self._metrics = free_ports(3)
        self._starts = 0
        self._applied: dict[str, str] = {}

    @property
    def arguments(self) -> list[str]:
        """What `rc gatekeeper` has to know of it."""
        return [f"--url=https://localhost:{self.port}", f"--ca={self.cluster.folder / 'ca.crt'}"]

    @contextmanager
    def running(self, *, audit: bool) -> Iterator[Server]:
        """Run the manager until the block ends; not every test has the time for an audit."""
        folder = self.cluster.folder
        self._starts += 1
        (folder / "audit").mkdir(exist_ok=True)
        command: list[str | Path] = [
            tools.path("gatekeeper"),
            f"--port={self.port}",
            "--host=127.0.0.1",
            "--operation=webhook",
            *(["--operation=audit"] if audit else []),
            "--operation=status",
            "--operation=generate",
            f"--cert-dir={folder}",
            "--disable-cert-rotation",
            f"--kubeconfig={self.cluster.kubeconfig}",
            f"--health-addr=127.0.0.1:{self._health}",
            f"--prometheus-port={self._metrics}",
            f"--audit-interval={AUDIT_SECONDS}",
            "--shutdown-delay=0",
            "--audit-from-cache=false",
            f"--api-cache-dir={folder / 'audit'}",
        ]
        identity = {
            "POD_NAME": POD,
            "POD_NAMESPACE": NAMESPACE,
            "CONTAINER_NAME": "manager",
            "NAMESPACE": NAMESPACE,
        }
        with running(command, folder / f"gatekeeper-{self._starts}.log", identity) as server:
            server.wait_until(self._is_ready, "Gatekeeper is ready")
            yield server

    def _is_ready(self) -> bool:
        """It listens, and has read every template and constraint that is there."""
        if not (answers(self.port) and answers(self._health)):
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self._health, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def install(self) -> None:
        """The manager's own resources, and the Pod that it takes itself for."""
        deployed = yaml.safe_load_all((_source() / "deploy" / "gatekeeper.yaml").read_text())
        wanted = [one for one in deployed if one and one["kind"] in _KINDS]
        for one in wanted:
            if one["kind"] == "Namespace":
                one["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = "privileged"
        text = yaml.safe_dump_all(wanted)
        self.cluster.apply("--server-side", "-f", "-", given=text)
        self.cluster.apply_documents(pod("gatekeeper", POD, NAMESPACE))

    def enforce(self, folder: Path) -> None:
        """Apply what `rc gatekeeper` wrote, in its order, and wait until it takes hold.

        The templates are the same whatever the settings say, and stay. A constraint of before that
        is not among these goes away.
        """
        cluster = self.cluster
        self._apply(folder / "templates")
        wait_until(lambda: _are_enforced(_items(cluster, _TEMPLATES), created=True), "templates")
        written = sorted((folder / "constraints").glob("*.yaml"))
        wanted = [yaml.safe_load(path.read_text()) for path in written]
        remove(cluster, {(one["kind"], one["metadata"]["name"]) for one in wanted})
        self._apply(folder / "constraints", always=True)
        wait_until(lambda: in_force(cluster), "constraints")
        for step in ("expansion", "webhook.yaml"):
            self._apply(folder / step)

    def _apply(self, place: Path, *, always: bool = False) -> None:
        """Apply a file or a folder, if there is one; what was applied last need not be again."""
        paths = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
        text = "---\n".join(path.read_text() for path in paths if path.exists())
        if text and (always or self._applied.get(place.name) != text):
            self.cluster.apply("--server-side", "--force-conflicts", "-f", "-", given=text)
            self._applied[place.name] = text

    def forget(self) -> None:
        """Nothing is asked of the manager any more, and it has nothing to say."""
        forget_webhooks(self.cluster)
        remove(self.cluster)
        self._applied.pop("webhook.yaml", None)


def forget_webhooks(cluster: Cluster) -> None:
    """Nothing is asked of anybody any more."""
    path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
    assert cluster.ask("DELETE", path).status == http.HTTPStatus.OK


def _source() -> Path:
    """The module that the manager is built from."""
    done = subprocess.run(
        ["go", "mod", "download", "-json", "github.com/open-policy-agent/gatekeeper/v3"],
        cwd=tools.ROOT / "tools" / "gatekeeper",
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(json.loads(done.stdout)["Dir"])


def rc(*arguments: str | Path) -> str:
    """Run policylib's own command; what it says."""
    done = subprocess.run(
        [Path(sys.executable).parent / "rc", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_force(cluster: Cluster) -> bool:
    """Whether the manager has the latest of every constraint."""
    return _are_enforced(constraints(cluster))


def remove(cluster: Cluster, kept: Collection[tuple[str, str]] = ()) -> None:
    """Delete all constraints but those to keep."""
    for one in constraints(cluster):
        kind, name = one["kind"], one["metadata"]["name"]
        if (kind, name) not in kept:
            cluster.ask("DELETE", f"{_CONSTRAINTS}/{kind.lower()}/{name}")


def constraints(cluster: Cluster) -> list[Json]:
    """Every constraint there is."""
    kinds = [one["spec"]["crd"]["spec"]["names"]["kind"] for one in _items(cluster, _TEMPLATES)]
    return [
        {**one, "kind": kind}
        for kind in kinds
        for one in _items(cluster, f"{_CONSTRAINTS}/{kind.lower()}")
    ]


def _items(cluster: Cluster, path: str) -> Sequence[Json]:
    answer = cluster.ask("GET", path)
    return answer.body.get("items") or [] if answer.status == 200 else []


def _are_enforced(objects: Sequence[Mapping[str, Json]], *, created: bool = False) -> bool:
    """Whether the manager says of each that it has its latest generation."""
    return all(
        (not created or one.get("status", {}).get("created"))
        and any(
            of.get("observedGeneration") == one["metadata"]["generation"]
            and not of.get("errors")
            and (created or of.get("enforced"))
            for of in one.get("status", {}).get("byPod") or ()
        )
        for one in objects
    )
