"""Without Gatekeeper nothing gets in."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e import samples
from tests.e2e.gatekeeper import Gatekeeper, rc


def test_without_gatekeeper_nothing_gets_in(installed: Gatekeeper, tmp_path: Path) -> None:
    api = installed.cluster
    text = json.dumps(samples.deployment(samples.PINNED, "unasked"))
    try:
        with installed.running(audit=False) as server:
            rc("gatekeeper", f"--output={tmp_path / 'out'}", *installed.arguments)
            installed.enforce(tmp_path / "out")
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
