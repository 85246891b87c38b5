"""Gatekeeper's own manager behind the API server, and policylib's resources in it."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests import tools
from tests.e2e.cluster import WEBHOOKS, Cluster
from tests.e2e.processes import Server, answers, free_ports, running, wait_until
from tests.e2e.samples import pod

NAMESPACE = "gatekeeper-system"
POD = "gatekeeper-0"
AUDIT_SECONDS = 3
_CONSTRAINTS = "/apis/constraints.gatekeeper.sh/v1beta1"
_TEMPLATES = "/apis/templates.gatekeeper.sh/v1/constrainttemplates"
_KINDS = {"CustomResourceDefinition", "Namespace", "ServiceAccount"}
Json = Any
Identity = tuple[str, str]
"""Kind and name."""


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
        deployed = yaml.safe_load_all(
            (tools.source("gatekeeper") / "deploy" / "gatekeeper.yaml").read_text()
        )
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
        templates = {name for _, name in written(folder / "templates")}
        wait_until(lambda: _are_created(cluster, templates), "templates")
        wanted = written(folder / "constraints")
        remove(cluster, wanted)
        self._apply(folder / "constraints", always=True)
        wait_until(lambda: in_force(cluster, wanted), "constraints")
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
    assert cluster.ask("DELETE", WEBHOOKS).status == http.HTTPStatus.OK


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


def written(folder: Path) -> set[Identity]:
    """What the files of a folder hold."""
    texts = [path.read_text() for path in folder.glob("*.yaml")]
    # The loader in C: a template carries whole modules.
    return {_identity(yaml.load(text, Loader=yaml.CSafeLoader)) for text in texts}


def in_force(cluster: Cluster, wanted: Collection[Identity]) -> bool:
    """Whether these constraints are there and no others, and the manager has the latest of each."""
    found = {_identity(one): _has_latest(one, "enforced") for one in constraints(cluster)}
    return found == dict.fromkeys(wanted, True)


def remove(cluster: Cluster, kept: Collection[Identity] = ()) -> None:
    """Delete all constraints but those to keep."""
    for one in constraints(cluster):
        kind, name = _identity(one)
        if (kind, name) not in kept:
            path = f"{_CONSTRAINTS}/{kind.lower()}/{name}"
            assert cluster.ask("DELETE", path).status == http.HTTPStatus.OK


def constraints(cluster: Cluster) -> list[Json]:
    """Every constraint there is."""
    templates = items(cluster, _TEMPLATES)
    kinds = [one["spec"]["crd"]["spec"]["names"]["kind"] for one in templates]
    return [
        {**one, "kind": kind}
        for kind in kinds
        for one in items(cluster, f"{_CONSTRAINTS}/{kind.lower()}")
    ]


def items(cluster: Cluster, path: str) -> Sequence[Json]:
    """The objects of a kind: none where the kind is not served."""
    answer = cluster.ask("GET", path)
    if answer.status == http.HTTPStatus.NOT_FOUND:
        return []
    assert answer.status == http.HTTPStatus.OK, f"{path}: {answer}"
    return answer.body["items"] or []


def _are_created(cluster: Cluster, wanted: set[str]) -> bool:
    """Whether the manager has the latest of these templates, and made a kind of each."""
    created = [one for one in items(cluster, _TEMPLATES) if one.get("status", {}).get("created")]
    return wanted <= {one["metadata"]["name"] for one in created if _has_latest(one)}


def _identity(one: Json) -> Identity:
    return one["kind"], one["metadata"]["name"]


def _has_latest(one: Json, *also: str) -> bool:
    """Whether the manager says of an object that it has its latest generation."""
    return any(
        of.get("observedGeneration") == one["metadata"]["generation"]
        and not of.get("errors")
        and all(of.get(key) for key in also)
        for of in one.get("status", {}).get("byPod") or ()
    )
