"""A cluster that takes what `rc gatekeeper` says, as it says it; and then loses Gatekeeper."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests import tools
from tests.e2e import gatekeeper as manager
from tests.e2e import samples
from tests.e2e.cluster import WEBHOOKS, Cluster
from tests.e2e.gatekeeper import Gatekeeper, rc
from tests.e2e.processes import wait_until

CONFIGURATION = "gatekeeper-validating-webhook-configuration"
WEBHOOK = "validation.gatekeeper.sh"


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


def spare(api: Cluster, url: str) -> None:
    """The webhook as somebody else installed it, who has it spare everything."""
    rule = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*"]}
    common: dict[str, Any] = {
        "admissionReviewVersions": ["v1"],
        "clientConfig": {"url": url},
        "failurePolicy": "Ignore",
        "sideEffects": "None",
        "rules": [rule],
        "matchConditions": [{"name": "spare", "expression": "false"}],
    }
    webhooks = [{"name": name, **common} for name in (WEBHOOK, "check-ignore-label.gatekeeper.sh")]
    document = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": CONFIGURATION},
        "webhooks": webhooks,
    }
    created = ("create", "--field-manager=helm", "-f", "-")
    done = api.kubectl(*created, given=json.dumps(document))
    assert done.returncode == 0, done.stderr


def tried(api: Cluster, image: str, *more: str) -> subprocess.CompletedProcess[str]:
    text = json.dumps(samples.deployment(image, "unasked"))
    return api.kubectl("apply", *more, "-f", "-", given=text)


def test_without_gatekeeper_nothing_gets_in(installed: Gatekeeper, tmp_path: Path) -> None:
    api, output = installed.cluster, tmp_path / "the output"
    said = rc("gatekeeper", f"--output={output}", "--format=json", *installed.arguments)
    steps = json.loads(said)["apply"]
    try:
        spare(api, f"https://localhost:{installed.port}/v1/admit")
        with installed.running(audit=False) as server:
            for step in steps:
                shell(api, step)
            wanted = manager.written(output / "constraints")
            wait_until(lambda: manager.in_force(api, wanted), "constraints")
            (held,) = api.get(WEBHOOKS)["items"]
            (webhook,) = held["webhooks"]
            assert (webhook["name"], webhook["failurePolicy"]) == (WEBHOOK, "Fail")
            assert webhook["matchPolicy"] == "Equivalent"
            assert "matchConditions" not in webhook
            done = tried(api, samples.PINNED, "--dry-run=server")
            assert done.returncode == 0, done.stderr
            done = tried(api, samples.UNPINNED, "--dry-run=server")
            assert f'admission webhook "{WEBHOOK}" denied the request' in done.stderr
            server.kill()
            done = tried(api, samples.PINNED)
            assert done.returncode == 1
            assert f'failed calling webhook "{WEBHOOK}"' in done.stderr
            found = api.ask("GET", "/apis/apps/v1/namespaces/default/deployments/unasked")
            assert found.status == 404
    finally:
        installed.forget()


def test_the_printed_steps_make_a_webhook_where_there_is_none_and_may_be_run_again(
    installed: Gatekeeper, tmp_path: Path
) -> None:
    api, output = installed.cluster, tmp_path / "out"
    said = rc("gatekeeper", f"--output={output}", "--format=json", *installed.arguments)
    steps = [step for step in json.loads(said)["apply"] if "webhook.yaml" in step]
    try:
        for step in (*steps, *steps):
            shell(api, step)
        (held,) = api.get(WEBHOOKS)["items"]
        assert held["metadata"]["name"] == CONFIGURATION
    finally:
        installed.forget()
