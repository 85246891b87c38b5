"""A real API server with its etcd on loopback. No kubelet: what is admitted does not run."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import tools
from tests.e2e import certificates
from tests.e2e.processes import free_ports, running

TOKEN = "policylib-e2e"
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
_AUDITED = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {
            "level": "Metadata",
            "verbs": ["create"],
            "resources": [{"group": "apps", "resources": ["deployments"]}],
        },
        {"level": "None"},
    ],
}
Json = Any


@dataclass(frozen=True)
class Answer:
    """What the API server answered."""

    status: int
    body: Json

    @property
    def message(self) -> str:
        """What it says of a refusal."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else ""


class Cluster:
    """An API server, and two ways to talk to it: plain HTTP and kubectl."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._local = threading.local()
        self._connections: list[http.client.HTTPSConnection] = []
        self._trust = ssl.create_default_context(cafile=str(folder / "ca.crt"))

    @property
    def kubeconfig(self) -> Path:
        """What kubectl and Gatekeeper find the server by."""
        return self.folder / "kubeconfig"

    def ask(self, method: str, path: str, body: Json = None) -> Answer:
        """One request. Every thread keeps a connection of its own."""
        text = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            try:
                return _asked(connection, method, path, text, headers)
            except (http.client.RemoteDisconnected, ConnectionError):
                pass  # the server closes what is idle
        connection = http.client.HTTPSConnection(
            "localhost", self.port, timeout=60, context=self._trust
        )
        self._local.connection = connection
        self._connections.append(connection)
        return _asked(connection, method, path, text, headers)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            connection.close()

    def get(self, path: str) -> Json:
        """An object that has to be there."""
        answer = self.ask("GET", path)
        assert answer.status == http.HTTPStatus.OK, f"{path}: {answer}"
        return answer.body

    def audited(self, name: str) -> dict[str, str]:
        """The annotations that the audit log holds of a Deployment's creation."""
        lines = (self.folder / "audit.log").read_text(encoding="utf-8").splitlines(keepends=True)
        events = [json.loads(line) for line in lines if line.endswith("\n")]
        (found,) = [one for one in events if one["objectRef"].get("name") == name] or [{}]
        return dict(found.get("annotations", {}))

    def kubectl(
        self, *arguments: str, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl, whatever comes of it."""
        return subprocess.run(
            [tools.path("kubectl"), *arguments],
            input=given,
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig), "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def apply(self, *arguments: str, given: str | None = None) -> str:
        """`kubectl apply` of what has to be taken; what it said."""
        done = self.kubectl("apply", *arguments, given=given)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def apply_documents(self, *documents: Mapping[str, Json]) -> str:
        """The same with objects that a program holds."""
        return self.apply("-f", "-", given="\n---\n".join(json.dumps(one) for one in documents))


def _asked(
    connection: http.client.HTTPSConnection,
    method: str,
    path: str,
    text: bytes | None,
    headers: Mapping[str, str],
) -> Answer:
    try:
        connection.request(method, path, text, dict(headers))
        response = connection.getresponse()
        content = response.read()
    except (http.client.HTTPException, OSError):
        connection.close()
        raise
    return Answer(response.status, _json(content))


def _json(content: bytes) -> Json:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """Start etcd and the API server in a folder, and end them with the block."""
    certificates.write(folder)
    etcd, peer, port = free_ports(3)
    (folder / "tokens.csv").write_text(f"{TOKEN},admin,admin,system:masters\n")
    _write_kubeconfig(folder, port)
    (folder / "audit-policy.json").write_text(json.dumps(_AUDITED))
    with (
        running(_etcd(folder, etcd, peer), folder / "etcd.log"),
        running(_api_server(folder, etcd, port), folder / "api-server.log") as server,
    ):
        cluster = Cluster(folder, port)
        server.wait_until(lambda: _is_ready(cluster), "the API server is ready")
        try:
            yield cluster
        finally:
            cluster.close()


def _etcd(folder: Path, port: int, peer: int) -> Sequence[str | Path]:
    at, between = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    return [
        tools.path("etcd"),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={at}",
        f"--advertise-client-urls={at}",
        f"--listen-peer-urls={between}",
        f"--initial-advertise-peer-urls={between}",
        f"--initial-cluster=default={between}",
        "--unsafe-no-fsync",  # nobody restarts it
    ]


def _api_server(folder: Path, etcd: int, port: int) -> Sequence[str | Path]:
    return [
        tools.path("kube-apiserver"),
        f"--etcd-servers=http://127.0.0.1:{etcd}",
        f"--service-account-key-file={folder / 'sa.key'}",
        f"--service-account-signing-key-file={folder / 'sa.key'}",
        "--service-account-issuer=https://localhost",
        f"--secure-port={port}",
        "--bind-address=127.0.0.1",
        f"--tls-cert-file={folder / 'tls.crt'}",
        f"--tls-private-key-file={folder / 'tls.key'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        f"--audit-policy-file={folder / 'audit-policy.json'}",
        f"--audit-log-path={folder / 'audit.log'}",
        # There is no controller that would make service accounts.
        "--disable-admission-plugins=ServiceAccount",
    ]


def _is_ready(cluster: Cluster) -> bool:
    try:
        ready = cluster.ask("GET", "/readyz").status == http.HTTPStatus.OK
        return (
            ready and cluster.ask("GET", "/api/v1/namespaces/default").status == http.HTTPStatus.OK
        )
    except OSError:
        return False


def _write_kubeconfig(folder: Path, port: int) -> None:
    at = {"server": f"https://localhost:{port}", "certificate-authority": str(folder / "ca.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "e2e", "cluster": at}],
        "users": [{"name": "admin", "user": {"token": TOKEN}}],
        "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "admin"}}],
        "current-context": "e2e",
    }
    (folder / "kubeconfig").write_text(json.dumps(config))
