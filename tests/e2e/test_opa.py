"""An OPA with our bundle as the admission webhook, as `rc webhook` registers it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import samples
from tests.e2e.cluster import Cluster
from tests.e2e.gatekeeper import rc
from tests.e2e.opa import Opa
from tests.e2e.processes import wait_until
from tests.e2e.samples import DENIAL, PINNED, UNPINNED

EXEMPT = "kube-system"
PREFIX = "admission.policylib.dev/"
SETTINGS: dict[str, Any] = {
    "version": 1,
    "digest": {"algorithms": ["sha256", "sha512"]},
    "enforcement": {"dev": {"digest": "log"}, "stage": {"digest": "warn"}, "prod": {}},
    "exceptions": "exceptions.yaml",
}
EXCEPTION = {
    "rule": "digest.image_pinned",
    "target": {"kind": "Deployment", "namespace": "default", "name": "opa-excepted"},
    "reason": "the vendor publishes no digest",
    "ticket": "OPS-1",
    "approver": "ada@example.com",
    "expires": "2099-12-31",
}
SHA512 = "registry.example.com/web@sha512:" + "0a" * 64
KINDS = [
    samples.deployment,
    samples.stateful_set,
    samples.cron_job,
    samples.pod,
    samples.image_volume,
]
Make = Callable[[str, str], Any]


class Bundles:
    """Bundles by environment, and one that lacks settings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.settings = folder / "policylib.yaml"
        self.settings.write_text(json.dumps(SETTINGS))
        listed = {"version": 1, "exceptions": [EXCEPTION]}
        (folder / "exceptions.yaml").write_text(json.dumps(listed))

    def built(self, env: str | None) -> Path:
        """The archive for an environment; None for one without any settings."""
        output = self._folder / (env or "bare")
        given = [f"--settings={self.settings}", f"--env={env}"] if env else []
        rc("bundle", "build", "--target=opa", f"--output={output}", *given)
        return output / "bundle.tar.gz"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    return Bundles(tmp_path_factory.mktemp("bundles"))


@pytest.fixture(scope="module")
def registered(opa: Opa, bundles: Bundles) -> Opa:
    """The API server asks OPA, whether or not one is running."""
    told = rc(
        *("webhook", f"--settings={bundles.settings}", "--env=prod", *opa.arguments),
        *(f"--exempt-namespace={EXEMPT}", f"--output={bundles.settings.parent / 'webhook.yaml'}"),
    )
    assert f"Exempt, so that anything gets in there: {EXEMPT}\n" in told
    opa.cluster.apply("-f", str(bundles.settings.parent / "webhook.yaml"))
    return opa


def tried(api: Cluster, document: Any, *more: str) -> subprocess.CompletedProcess[str]:
    return api.kubectl("apply", *more, "-f", "-", given=json.dumps(document))


def denied(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert 'admission webhook "admission.policylib.dev" denied the request' in done.stderr
    return done.stderr


@pytest.fixture(scope="class")
def prod(registered: Opa, bundles: Bundles) -> Iterator[Cluster]:
    with registered.running(bundles.built("prod")):
        yield registered.cluster


class TestProd:
    """With the settings of production."""

    @pytest.mark.parametrize("make", KINDS, ids=[make.__name__ for make in KINDS])
    def test_what_is_not_pinned_is_denied(self, prod: Cluster, make: Make) -> None:
        said = denied(tried(prod, make(UNPINNED, "denied")))
        assert said.count(f"[digest.image_pinned] {DENIAL}") == 1

    @pytest.mark.parametrize("make", KINDS, ids=[make.__name__ for make in KINDS])
    def test_what_is_pinned_is_admitted(self, prod: Cluster, make: Make) -> None:
        name = f"opa-{make.__name__.replace('_', '-')}"
        said = prod.apply_documents(make(PINNED, name))
        assert "created" in said
        assert "Warning" not in said

    def test_debugging_with_an_unpinned_image_is_denied(self, prod: Cluster) -> None:
        prod.apply_documents(samples.pod(PINNED, "opa-debugged"))
        debug = ("debug", "opa-debugged", "--attach=false", "--container=shell")
        assert DENIAL in denied(prod.kubectl(*debug, f"--image={UNPINNED}"))
        done = prod.kubectl(*debug, f"--image={PINNED}")
        assert done.returncode == 0, done.stderr

    def test_the_bundle_brings_its_settings(self, prod: Cluster) -> None:
        assert tried(prod, samples.pod(SHA512, "wide"), "--dry-run=server").returncode == 0

    def test_an_exempt_namespace_takes_anything(self, prod: Cluster) -> None:
        prod.apply_documents(samples.pod(UNPINNED, "opa-exempt", EXEMPT))


def test_warn_warns_and_admits(registered: Opa, bundles: Bundles) -> None:
    with registered.running(bundles.built("stage")):
        said = registered.cluster.apply_documents(samples.deployment(UNPINNED, "opa-warned"))
    assert f"Warning: [digest.image_pinned] {DENIAL}" in said


def noted(api: Cluster, name: str) -> dict[str, str]:
    """What the audit log says of a Deployment, once it has it."""
    wait_until(lambda: api.audited(name) != {}, f"{name} is in the audit log")
    return api.audited(name)


def test_what_is_admitted_in_silence_is_in_the_audit_log(registered: Opa, bundles: Bundles) -> None:
    api = registered.cluster
    wanted = {
        "opa-silent": {},
        "opa-logged": {"logged": f"[digest.image_pinned] {DENIAL}"},
        "opa-excepted": {
            "excepted": "[digest.image_pinned] until 2099-12-31, OPS-1, approved by "
            f"ada@example.com: {DENIAL}"
        },
    }
    with registered.running(bundles.built("dev")):
        for name, told in wanted.items():
            said = api.apply_documents(samples.deployment(UNPINNED if told else PINNED, name))
            assert "Warning" not in said
    for name, told in wanted.items():
        found = noted(api, name).items()
        of_webhook = {key: text for key, text in found if key.startswith(PREFIX)}
        assert of_webhook == {f"{PREFIX}{key}": text for key, text in told.items()}


def test_a_bundle_without_settings_is_at_its_strictest(registered: Opa, bundles: Bundles) -> None:
    with registered.running(bundles.built(None)):
        denied(tried(registered.cluster, samples.pod(SHA512, "strict")))
        done = tried(registered.cluster, samples.pod(PINNED, "strict"), "--dry-run=server")
        assert done.returncode == 0, done.stderr


def test_an_opa_without_a_policy_denies(registered: Opa) -> None:
    with registered.running(None):
        done = tried(registered.cluster, samples.pod(PINNED, "unjudged"))
    assert done.returncode == 1
    assert 'failed calling webhook "admission.policylib.dev"' in done.stderr


def test_without_opa_nothing_gets_in(registered: Opa, bundles: Bundles) -> None:
    pod = samples.pod(PINNED, "unasked")
    with registered.running(bundles.built("prod")) as server:
        assert tried(registered.cluster, pod, "--dry-run=server").returncode == 0
        server.kill()
        done = tried(registered.cluster, pod)
    assert done.returncode == 1
    assert 'failed calling webhook "admission.policylib.dev"' in done.stderr
