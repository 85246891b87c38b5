"""A cluster that takes what `rc gatekeeper` says, as it says it; and then loses Gatekeeper."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests import tools
from tests.e2e import samples
from tests.e2e.cluster import Cluster
from tests.e2e.gatekeeper import Gatekeeper, in_force, rc
from tests.e2e.processes import wait_until


def shell(api: Cluster, command: str) -> None:
    """Run a command as it was printed, by a shell that finds kubectl."""
    path = f"{tools.path('kubectl').parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "KUBECONFIG": str(api.kubeconfig), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_without_gatekeeper_nothing_gets_in(installed: Gatekeeper, tmp_path: Path) -> None:
    api, output = installed.cluster, tmp_path / "the output"
    text = json.dumps(samples.deployment(samples.PINNED, "unasked"))
    try:
        with installed.running(audit=False) as server:
            said = rc("gatekeeper", f"--output={output}", "--format=json", *installed.arguments)
            for step in json.loads(said)["apply"]:
                shell(api, step)
            wait_until(lambda: in_force(api), "constraints")
            done = api.kubectl("apply", "--dry-run=server", "-f", "-", given=text)
            assert done.returncode == 0, done.stderr
            server.kill()
            done = api.kubectl("apply", "-f", "-", given=text)
            assert done.returncode == 1
            assert 'failed calling webhook "validation.gatekeeper.sh"' in done.stderr
            found = api.ask("GET", "/apis/apps/v1/namespaces/default/deployments/unasked")
            assert found.status == 404
    finally:
        installed.forget()
