"""`rc gatekeeper` in a cluster: what kubectl applies is denied, warned of, logged or admitted."""

from __future__ import annotations

import datetime as dt
import functools
import json
import operator
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.bundle import gatekeeper as resources
from policylib.bundle.webhook import Webhook
from tests import tools
from tests.e2e import gatekeeper as manager
from tests.e2e import samples
from tests.e2e.agreement import GROUPS, RULES, Registry
from tests.e2e.cluster import Cluster
from tests.e2e.gatekeeper import Gatekeeper, rc
from tests.e2e.processes import wait_until
from tests.e2e.samples import DENIAL, PINNED, UNPINNED

SETTINGS: dict[str, Any] = {
    "version": 1,
    "enforcement": {"dev": {"digest": "log"}, "stage": {"digest": "warn"}, "prod": {}},
}
AUDITS = True
EXEMPT = "kube-system"
KINDS = [
    samples.deployment,
    samples.stateful_set,
    samples.cron_job,
    samples.pod,
    samples.image_volume,
]
RULE = "digest.image_pinned"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "policylib.yaml"
    path.write_text(json.dumps(SETTINGS))
    return path


def enforced(
    gatekeeper: Gatekeeper, settings: Path, output: Path, *more: str, env: str = "prod"
) -> str:
    """Have an environment's level in force; what the command said."""
    said = rc(
        *("gatekeeper", f"--settings={settings}", f"--env={env}", f"--output={output}"),
        *gatekeeper.arguments,
        *more,
    )
    gatekeeper.enforce(output)
    return said


@pytest.fixture(scope="module")
def prod(
    gatekeeper: Gatekeeper, settings: Path, tmp_path_factory: pytest.TempPathFactory
) -> Gatekeeper:
    """All of it in force, with one namespace that is exempt and told to be."""
    api = gatekeeper.cluster
    api.apply_documents(samples.pod(UNPINNED, "old"), samples.pod(PINNED, "debugged"))
    output = tmp_path_factory.mktemp("prod")
    said = enforced(gatekeeper, settings, output, f"--exempt-namespace={EXEMPT}")
    assert f"Exempt, so that anything gets in there: {EXEMPT}\n" in said
    return gatekeeper


def denied(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert 'admission webhook "validation.gatekeeper.sh" denied the request' in done.stderr
    return done.stderr


@pytest.mark.parametrize("make", KINDS, ids=[make.__name__ for make in KINDS])
def test_what_is_not_pinned_is_denied(prod: Gatekeeper, make: Callable[[str, str], Any]) -> None:
    done = prod.cluster.kubectl("apply", "-f", "-", given=json.dumps(make(UNPINNED, "denied")))
    assert denied(done).count(DENIAL) == 1
    assert "[digest-image-pinned]" in done.stderr


@pytest.mark.parametrize("make", KINDS, ids=[make.__name__ for make in KINDS])
def test_what_is_pinned_is_admitted(prod: Gatekeeper, make: Callable[[str, str], Any]) -> None:
    said = prod.cluster.apply_documents(make(PINNED, f"pinned-{make.__name__.replace('_', '-')}"))
    assert "created" in said
    assert "Warning" not in said


def test_what_is_there_cannot_be_changed_for_the_worse(prod: Gatekeeper) -> None:
    prod.cluster.apply_documents(samples.deployment(PINNED, "changed"))
    worse = samples.deployment(UNPINNED, "changed")
    assert DENIAL in denied(prod.cluster.kubectl("apply", "-f", "-", given=json.dumps(worse)))


def test_debugging_with_an_unpinned_image_is_denied(prod: Gatekeeper) -> None:
    debug = ("debug", "debugged", "--attach=false", "--container=shell")
    done = prod.cluster.kubectl(*debug, f"--image={UNPINNED}")
    assert DENIAL in denied(done)
    done = prod.cluster.kubectl(*debug, f"--image={PINNED}")
    assert done.returncode == 0, done.stderr
    found = prod.cluster.get("/api/v1/namespaces/default/pods/debugged")
    assert [one["image"] for one in found["spec"]["ephemeralContainers"]] == [PINNED]


def test_deleting_is_never_denied(prod: Gatekeeper) -> None:
    prod.cluster.apply_documents(samples.deployment(PINNED, "gone"))
    done = prod.cluster.kubectl("delete", "deployment", "gone")
    assert done.returncode == 0, done.stderr


def test_an_exempt_namespace_takes_anything_and_no_other_does(prod: Gatekeeper) -> None:
    prod.cluster.apply_documents(samples.pod(UNPINNED, "exempt", EXEMPT))
    labelled = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "clever", "labels": {"admission.gatekeeper.sh/ignore": "true"}},
    }
    prod.cluster.apply_documents(labelled)
    pod = samples.pod(UNPINNED, "clever", "clever")
    denied(prod.cluster.kubectl("apply", "-f", "-", given=json.dumps(pod)))


def constraint(api: Cluster, rule: str = RULE) -> Any:
    name = rule.replace(".", "-").replace("_", "-")
    return next(one for one in manager.constraints(api) if one["metadata"]["name"] == name)


def listed(api: Cluster, name: str) -> list[Any]:
    """What the audit lists of an object."""
    found = constraint(api).get("status", {}).get("violations", [])
    return [one for one in found if one["name"] == name]


def test_the_audit_lists_what_already_runs(prod: Gatekeeper) -> None:
    wait_until(lambda: listed(prod.cluster, "old") != [], "the audit sees the old Pod")
    (found,) = listed(prod.cluster, "old")
    assert found["message"] == DENIAL
    assert found["enforcementAction"] == "deny"
    assert (found["kind"], found["namespace"]) == ("Pod", "default")


def test_pods_of_an_unknown_kind_are_judged_before_it_creates_them(prod: Gatekeeper) -> None:
    Registry(prod.cluster).teach([samples.clone_set(PINNED)])
    done = prod.cluster.kubectl("apply", "-f", "-", given=json.dumps(samples.clone_set(UNPINNED)))
    assert denied(done).count(DENIAL) == 1
    assert "[Implied by cloneset-apps-kruise-io]" in done.stderr
    prod.cluster.apply_documents(samples.clone_set(PINNED))


def test_every_resource_that_the_webhook_of_all_families_names_is_served(api: Cluster) -> None:
    """A name that is wrong is one that is never asked about."""
    sections = [GROUPS[family].settings for family in RULES.families]
    settings = functools.reduce(operator.or_, sections)
    at = Webhook(configuration="all", name="all.policylib.dev", at="https://localhost", path="/")
    files = resources.files(RULES, settings, None, resources.Cluster(webhook=at))
    judged = [rule for rule in RULES.rules.values() if rule.gatekeeper]
    assert {f"constraints/{rule.id}.yaml" for rule in judged} <= files.keys()
    api.apply("--dry-run=server", "-f", "-", given=files["webhook.yaml"].decode())
    (webhook,) = yaml.safe_load(files["webhook.yaml"])["webhooks"]
    preferred = {
        one["name"]: f"apis/{one['preferredVersion']['groupVersion']}"
        for one in api.get("/apis")["groups"]
    }
    named = {
        (group, resource)
        for rule in webhook["rules"]
        for group in rule["apiGroups"]
        for resource in set(rule["resources"]) - {"*"}
    }
    served = {
        (group, one["name"])
        for group in {group for group, _ in named}
        for one in api.get(f"/{preferred.get(group, 'api/v1')}")["resources"]
    }
    assert named - served == set()
    assert {group for group, _ in named} >= {"", "apps", "autoscaling", "batch", "policy"}


def test_warn_warns_and_admits(gatekeeper: Gatekeeper, settings: Path, tmp_path: Path) -> None:
    enforced(gatekeeper, settings, tmp_path / "out", env="stage")
    said = gatekeeper.cluster.apply_documents(samples.deployment(UNPINNED, "warned"))
    assert "created" in said
    assert f"Warning: [digest-image-pinned] {DENIAL}" in said


def test_log_admits_in_silence_and_the_audit_counts(
    gatekeeper: Gatekeeper, settings: Path, tmp_path: Path
) -> None:
    enforced(gatekeeper, settings, tmp_path / "out", env="dev")
    said = gatekeeper.cluster.apply_documents(samples.deployment(UNPINNED, "logged"))
    assert "created" in said
    assert "Warning" not in said
    wait_until(lambda: listed(gatekeeper.cluster, "logged") != [], "the audit sees it")
    assert constraint(gatekeeper.cluster)["status"]["totalViolations"] >= 1
    assert {one["enforcementAction"] for one in listed(gatekeeper.cluster, "logged")} == {"dryrun"}


def test_an_exception_holds_until_it_expires(gatekeeper: Gatekeeper, tmp_path: Path) -> None:
    api, path = gatekeeper.cluster, tmp_path / "policylib.yaml"
    path.write_text(json.dumps({**SETTINGS, "exceptions": "exceptions.yaml"}))

    def except_until(ends: dt.datetime) -> None:
        entry = {
            "rule": RULE,
            "target": {"kind": "Deployment", "namespace": "default", "name": "excepted"},
            "reason": "the vendor publishes no digest",
            "ticket": "OPS-1",
            "approver": "security@example.com",
            "expires": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        text = yaml.safe_dump({"version": 1, "exceptions": [entry]})
        (tmp_path / "exceptions.yaml").write_text(text)
        enforced(gatekeeper, path, tmp_path / "out")

    def tried(name: str) -> subprocess.CompletedProcess[str]:
        text = json.dumps(samples.deployment(UNPINNED, name))
        return api.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", given=text)

    began = _now()
    except_until(began + dt.timedelta(days=1))
    assert tried("excepted").returncode == 0
    denied(tried("another"))
    # Long enough for a machine that needs as long for it once more.
    ends = _now() + 2 * (_now() - began) + dt.timedelta(seconds=5)
    except_until(ends)
    assert tried("excepted").returncode == 0
    wait_until(lambda: tried("excepted").returncode == 1, "the exception ends")
    assert _now() >= ends
    denied(tried("excepted"))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def test_the_plans_constraint_verbatim_covers_deployments_only(
    gatekeeper: Gatekeeper, settings: Path, tmp_path: Path
) -> None:
    """As the plan has it: our template, its constraint, and our webhook, which asks about more."""
    enforced(gatekeeper, settings, tmp_path / "out")
    manager.remove(gatekeeper.cluster)
    plan = tools.ROOT / "fixtures" / "sprint34" / "policy" / "require-digest.yaml"
    gatekeeper.cluster.apply("-f", str(plan))
    only = {("K8sRequireImageDigest", "require-digest")}
    wait_until(lambda: manager.in_force(gatekeeper.cluster, only), "the plan's constraint")
    text = json.dumps(samples.deployment(UNPINNED, "plan"))
    done = gatekeeper.cluster.kubectl("apply", "-f", "-", given=text)
    assert f"[require-digest] {DENIAL}" in denied(done)
    gatekeeper.cluster.apply_documents(samples.deployment(PINNED, "plan"))
    for make in (samples.stateful_set, samples.cron_job, samples.pod, samples.image_volume):
        assert "created" in gatekeeper.cluster.apply_documents(
            make(UNPINNED, f"uncovered-{make.__name__.replace('_', '-')}")
        )
