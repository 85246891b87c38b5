"""A real API server takes the reports for a cluster as kubectl applies them, and drops nothing."""

from __future__ import annotations

import http
import json
from collections.abc import Iterator
from typing import Any

import pytest

from policylib.models import Enforcement, Report, Resource
from policylib.report import reporter
from tests.e2e.cluster import Cluster
from tests.e2e.processes import wait_until
from tests.report.crds import FILES, crd
from tests.report.samples import EXCEPTED, PROBLEM, RULES, SKIPPED, listed, report, violation

NAMESPACES = ("reports-a", "reports-b")
HOSTILE = "<&>\x00\x1b[31m\u202e\U0001f600|`"


def _violations(number: int) -> list[Any]:
    enforcements = (Enforcement.DENY, Enforcement.WARN, Enforcement.LOG)
    return [
        violation(
            line=n + 1,
            enforcement=enforcements[n % 3],
            message=HOSTILE * (n % 40),
            resource=Resource(
                api_version="apps/v1",
                kind="Deployment",
                namespace=(*NAMESPACES, "", "No Namespace")[n % 4],
                name=f"app-{n}",
            ),
        )
        for n in range(number)
    ]


FULL = report(
    *_violations(1_000),
    violation(**EXCEPTED, resource=Resource(kind="Pod", namespace=NAMESPACES[0], name="web")),
    errors=[PROBLEM],
    skipped=[SKIPPED],
    notes=[HOSTILE],
    exceptions=[listed("unused")],
    unconfigured=["tier"],
    environment="prod",
)


@pytest.fixture(scope="module")
def cluster(api: Cluster) -> Iterator[Cluster]:
    """A cluster that knows both kinds of reports."""
    names = [str(crd(kind)["metadata"]["name"]) for kind in FILES]
    api.apply_documents(
        *(crd(kind) for kind in FILES),
        *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": n}} for n in NAMESPACES),
    )
    wait_until(lambda: all(_served(api, kind) for kind in FILES), "reports are served")
    yield api
    api.kubectl("delete", "crd", *names)
    api.kubectl("delete", "namespace", "--wait=false", *NAMESPACES)


def _served(api: Cluster, kind: str) -> bool:
    return api.ask("GET", _path(kind)).status == http.HTTPStatus.OK


def _path(kind: str, namespace: str = "", name: str = "") -> str:
    spec = crd(kind)["spec"]
    parts = ["/apis", spec["group"], spec["versions"][0]["name"]]
    parts += ["namespaces", namespace] if namespace else []
    return "/".join([*parts, spec["names"]["plural"], *([name] if name else [])])


@pytest.mark.parametrize("name", ["policyreport", "openreports"])
@pytest.mark.parametrize(
    "found", [FULL, report(), report(documents=0)], ids=["full", "clean", "empty"]
)
def test_what_kubectl_applies_is_what_the_cluster_holds(
    cluster: Cluster, name: str, found: Report
) -> None:
    text = reporter(name)(found, RULES)
    cluster.apply("--validate=strict", "-f", "-", given=text)
    for item in json.loads(text)["items"]:
        metadata = item["metadata"]
        held = cluster.get(_path(item["kind"], metadata.get("namespace", ""), metadata["name"]))
        for key in item.keys() - {"metadata"}:
            assert held[key] == item[key]
        assert metadata["labels"] == held["metadata"]["labels"]
    again = cluster.apply("-f", "-", given=text)
    assert {line.split()[-1] for line in again.splitlines()} == {"unchanged"}


def test_their_label_finds_all_of_them(cluster: Cluster) -> None:
    text = reporter("policyreport")(FULL, RULES)
    cluster.apply("-f", "-", given=text)
    kinds = "policyreports.wgpolicyk8s.io,clusterpolicyreports.wgpolicyk8s.io"
    selector = ("--all-namespaces", "--selector", "app.kubernetes.io/managed-by=policylib")
    done = cluster.kubectl("delete", kinds, *selector)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= len(json.loads(text)["items"])
    left = cluster.kubectl("get", kinds, *selector, "-o", "name")
    assert (left.returncode, left.stdout) == (0, "")
