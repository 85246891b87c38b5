"""tools/regions, on published data of our own making, and the tables that it has written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIB = ROOT / "rego" / "policylib" / "lib"

PARTITIONS = [
    {
        "id": "aws",
        "regions": {
            "us-east-1": {"description": "US East (N. Virginia)"},
            "aws-global": {"description": "aws global region"},
        },
    },
    {"id": "aws-x", "regions": {"x-north-1": {"description": "X (North)"}}},
]
ENDPOINTS = [{"partition": "aws", "regions": {"eu-west-9": {"description": "Europe (Rome)"}}}]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The tool with the libraries that it writes, and packages with the data that it reads."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "regions", tmp_path / "tools" / "regions")
    for library in ("regions_aws", "regions_google"):
        folder = tmp_path / "rego" / "policylib" / "lib" / library
        folder.mkdir(parents=True)
        shutil.copy(LIB / library / f"{library}.rego", folder)
    package(tmp_path, "botocore", "9.8.7", "data/partitions.json", {"partitions": PARTITIONS})
    package(tmp_path, "botocore", "9.8.7", "data/endpoints.json", {"partitions": ENDPOINTS})
    package(tmp_path, "c7n_gcp", "6.5.4", "regions.json", ["us-east1", "asia-east1"])
    return tmp_path


def package(root: Path, name: str, version: str, path: str, content: object) -> None:
    """One file of an installed package."""
    file = root / "site" / name / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    (root / "site" / name / "__init__.py").touch()
    about = root / "site" / f"{name}-{version}.dist-info" / "METADATA"
    about.parent.mkdir(exist_ok=True)
    about.write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n")


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "tools" / "regions"), *arguments],
        env={**os.environ, "PYTHONPATH": str(checkout / "site")},
        capture_output=True,
        text=True,
        check=False,
    )


def library(checkout: Path, name: str) -> str:
    return (checkout / "rego" / "policylib" / "lib" / name / f"{name}.rego").read_text()


def table(source: str, name: str) -> list[str]:
    found = re.search(rf"^{name} := `\n([^`]*)`$", source, re.MULTILINE)
    assert found is not None
    return found[1].splitlines()


def test_it_writes_what_is_published(checkout: Path) -> None:
    done = run(checkout)
    assert (done.returncode, done.stdout.split()) == (0, ["regions_aws", "regions_google"])
    aws = library(checkout, "regions_aws")
    assert table(aws, "table") == [
        "eu-west-9=europe (rome)",
        "us-east-1=us east (n. virginia)",
        "x-north-1=x (north)",
    ]
    assert table(aws, "worldwide") == ["aws-global"]
    assert "# Written by tools/regions from botocore 9.8.7" in aws
    google = library(checkout, "regions_google")
    assert table(google, "table") == ["asia-east1", "us-east1"]
    assert "# Written by tools/regions from c7n-gcp 6.5.4." in google


def test_it_leaves_the_rest_alone(checkout: Path) -> None:
    run(checkout)
    for name in ("regions_aws", "regions_google"):
        before, after = (LIB / name / f"{name}.rego").read_text(), library(checkout, name)
        pattern = r"^(?:table|worldwide) := `[^`]*`$|^# Written by tools/regions.*$"
        before, after = (re.sub(pattern, "", text, flags=re.MULTILINE) for text in (before, after))
        assert before == after


def test_a_second_run_writes_nothing(checkout: Path) -> None:
    run(checkout)
    done = run(checkout)
    assert (done.returncode, done.stdout) == (0, "nothing is stale\n")
    assert run(checkout, "--check").returncode == 0


def test_check_only_tells(checkout: Path) -> None:
    before = library(checkout, "regions_aws")
    done = run(checkout, "--check")
    assert (done.returncode, done.stdout.split()) == (1, ["regions_aws", "regions_google"])
    assert library(checkout, "regions_aws") == before


def test_a_table_that_is_gone_is_an_error(checkout: Path) -> None:
    path = checkout / "rego" / "policylib" / "lib" / "regions_google" / "regions_google.rego"
    path.write_text(path.read_text().replace("table :=", "names :="))
    done = run(checkout)
    assert done.returncode == 1
    assert "there is no single text called table" in done.stderr


@pytest.mark.parametrize(
    ("name", "source"), [("regions_aws", "botocore"), ("regions_google", "c7n-gcp")]
)
def test_the_tables_say_where_they_come_from(name: str, source: str) -> None:
    written = library(ROOT, name)
    assert re.search(
        rf"^# Written by tools/regions from {source} [0-9.]+[0-9]", written, re.MULTILINE
    )
    lines = table(written, "table")
    assert lines == sorted(set(lines))


def test_the_table_of_azure_says_where_it_comes_from() -> None:
    written = library(ROOT, "regions_azure")
    assert "https://learn.microsoft.com/azure/reliability/regions-list" in written
    entries = [line.split("=") for line in table(written, "table")]
    names = [name for name, _, _ in entries]
    assert names == sorted(set(names))
    assert all(name == display.replace(" ", "") for name, display, _ in entries)
