"""What the files of the repository must and must not hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import policylib

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name]


def test_there_is_one_version() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    cargo = tomllib.loads((ROOT / "native" / "Cargo.toml").read_text())
    assert policylib.__version__ == pyproject["project"]["version"]
    assert policylib.__version__ == cargo["workspace"]["package"]["version"]


def test_the_engine_is_the_one_that_is_pinned() -> None:
    lock = tomllib.loads((ROOT / "native" / "Cargo.lock").read_text())
    [regorus] = [package for package in lock["package"] if package["name"] == "regorus"]
    assert policylib.load().engine.version == regorus["version"]


def test_locked_dependencies_have_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in entry for entry in entries)


def test_no_file_names_a_folder_of_one_machine() -> None:
    homes = re.compile(rb"/(?:home|Users)/[a-z]+/|/root[/]\.|/workspaces?/")
    offenders = [
        path.relative_to(ROOT)
        for path in tracked()
        if path.is_file() and path != Path(__file__) and homes.search(path.read_bytes())
    ]
    assert offenders == []


def test_every_decision_record_is_listed() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text()
    records = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert records
    assert all(f"({record.name})" in listed for record in records)


def test_every_family_has_owners() -> None:
    owners = (ROOT / "CODEOWNERS").read_text()
    families = {rule.family for rule in policylib.load().rules.rules.values()}
    assert all(f"/rego/policylib/{family}/**" in owners for family in families)


def test_links_between_documents_lead_somewhere() -> None:
    documents = [path for path in tracked() if path.suffix == ".md" and path.is_file()]
    links = [
        (path, target)
        for path in documents
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text())
    ]
    assert links
    assert [link for link in links if not (link[0].parent / link[1]).exists()] == []
