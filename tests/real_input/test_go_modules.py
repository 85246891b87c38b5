"""YAML that others released, inside the Go modules that tools/ downloads anyway."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

import policylib
from policylib.models import Report
from tests import tools
from tests.real_input import oracle

# Component → the module that its program is in, and how many YAML files there are at the least.
MODULES = {
    "gator": ("github.com/open-policy-agent/gatekeeper/v3", 300),
    "conftest": ("github.com/open-policy-agent/conftest", 20),
    "opa": ("github.com/open-policy-agent/opa", 1000),
    "helm": ("helm.sh/helm/v4", 50),
}


@cache
def module(component: str) -> Path:
    """The folder of a downloaded module."""
    command = ["go", "mod", "download", "-json", MODULES[component][0]]
    done = subprocess.run(
        command, cwd=tools.ROOT / "tools" / component, capture_output=True, text=True, check=True
    )
    return Path(json.loads(done.stdout)["Dir"])


def manifests(root: Path) -> list[Path]:
    """The YAML files below a folder that are no part of a Helm chart."""
    charts = {path.parent for path in root.rglob("Chart.yaml")}
    return sorted(
        path
        for pattern in ("*.yaml", "*.yml")
        for path in root.rglob(pattern)
        if path.is_file() and charts.isdisjoint(path.parents)
    )


def denied(report: Report) -> Counter[tuple[str, str]]:
    """File and image of each violation of a built-in workload."""
    return Counter(
        (violation.file, violation.details["image"])
        for violation in report.violations
        if violation.rule == "digest.image_pinned"
        and oracle.is_workload(violation.resource.model_dump(by_alias=True))
    )


def expected(
    readings: dict[Path, oracle.Reading], files: Sequence[Path]
) -> Counter[tuple[str, str]]:
    """What the oracle says of the same files."""
    return Counter(
        (str(file), image) for file in files for image in oracle.unpinned(readings[file].documents)
    )


@pytest.fixture(scope="module")
def policy() -> policylib.Policy:
    return policylib.load()


@pytest.mark.parametrize("component", MODULES)
def test_released_manifests_are_read_and_judged(component: str, policy: policylib.Policy) -> None:
    files = manifests(module(component))
    assert len(files) >= MODULES[component][1]
    readings = oracle.read(files)
    report = policy.check(files)
    unread = {problem.file: problem.message for problem in report.errors}
    refused = {f: why for f, why in unread.items() if not readings[Path(f)].error}
    assert {f: why for f, why in refused.items() if not deliberate(why)} == {}
    readable = [file for file in files if str(file) not in unread]
    found = Counter({key: n for key, n in denied(report).items() if key[0] not in unread})
    assert found == expected(readings, readable)


def deliberate(reason: str) -> bool:
    """What we refuse although kubectl reads it: a duplicate key."""
    return "is there twice" in reason


@pytest.mark.parametrize("chart", ["charts/gatekeeper", "manifest_staging/charts/gatekeeper"])
def test_a_released_chart_is_rendered_and_judged(
    chart: str, policy: policylib.Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tools.path("helm").parent), prepend=":")
    source = tmp_path / "gatekeeper"
    shutil.copytree(module("gator") / chart, source)
    command: list[str | Path] = [
        tools.path("helm"),
        "template",
        "release-name",
        source,
        "--include-crds",
    ]
    rendered = tmp_path / "rendered.yaml"
    rendered.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    reading = oracle.read([rendered])[rendered]
    assert not reading.error
    report = policy.check(source)
    assert report.errors == ()
    images = Counter(image for (_, image), n in denied(report).items() for _ in range(n))
    assert images == Counter(oracle.unpinned(reading.documents))
    assert images
    # Places point into the chart that a person would edit.
    assert all(Path(v.file).is_relative_to(source) for v in report.violations)
