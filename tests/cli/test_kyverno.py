"""`rc kyverno`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cli.program import rc

SETTINGS = """\
version: 1
digest: {registries: [ghcr.io/org/]}
provenance:
  signers: [{issuer: https://accounts.google.com, identity: release@example.com}]
tier: {}
enforcement:
  dev: {digest: warn, provenance: "off"}
  stage: {digest.image_pinned: log}
"""
RULE = """\
# METADATA
# title: A rule of one's own
# description: Says no.
# custom:
#   severity: low
#   remediation: Do it.
package policylib.{family}.owned

import rego.v1

violation contains {{"msg": "no", "details": {{"path": ""}}}} if true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policylib.yaml").write_text(SETTINGS)
    return tmp_path


def test_policies_are_written_and_what_is_left_out_is_said(folder: Path) -> None:
    done = rc("kyverno", "--settings", "policylib.yaml", "-o", "out", cwd=folder)
    assert (done.code, done.err) == (0, "")
    names = sorted(path.stem for path in (folder / "out" / "policies").iterdir())
    assert [name for name in names if not name.endswith("-custom")] == [
        "digest.image_pinned",
        "digest.registry_allowed",
        "provenance.attested",
        "provenance.builder_trusted",
        "provenance.sbom_present",
        "provenance.signed",
        "provenance.source_expected",
    ]
    assert re.search(
        r"^missing: .*tier\.slo_defined.*: Kyverno has no service catalog$", done.out, re.MULTILINE
    )
    assert "missing: digest.values_pinned: " in done.out
    assert done.out.endswith("Wrote 15 files to out\nNot configured, so not asked: residency\n")
    notes = (folder / "out" / "NOTES.txt").read_text()
    assert notes.split("\n\n", 1)[1] == done.out.rpartition("Wrote")[0]


def test_the_environment_decides_what_a_violation_does(folder: Path) -> None:
    written = {
        "dev": {"digest.image_pinned": ["Warn"], "digest.registry_allowed": ["Warn"]},
        "stage": {"digest.image_pinned": ["Audit"], "digest.registry_allowed": ["Deny"]},
    }
    for environment, expected in written.items():
        at = ("--settings", "policylib.yaml", "--env", environment)
        assert rc("kyverno", *at, "-o", environment, cwd=folder).code == 0
        policies = {
            path.stem: yaml.safe_load(path.read_text())["spec"]["validationActions"]
            for path in (folder / environment / "policies").iterdir()
        }
        assert {id_: policies.get(id_) for id_ in expected} == expected
        assert ("provenance.signed" in policies) is (environment == "stage")


def test_the_same_settings_give_the_same_bytes(folder: Path) -> None:
    for name in ("a", "b"):
        rc("kyverno", "--settings", "policylib.yaml", "-o", name, cwd=folder)
    files = sorted(p.relative_to(folder / "a") for p in (folder / "a").rglob("*") if p.is_file())
    assert len(files) == 16  # and the marker
    assert all((folder / "a" / p).read_bytes() == (folder / "b" / p).read_bytes() for p in files)


def test_a_program_reads_json(folder: Path) -> None:
    at = ("--settings", "policylib.yaml", "-o", "out", "--format", "json")
    said = json.loads(rc("kyverno", *at, cwd=folder).out)
    found = {p.relative_to(folder / "out").as_posix() for p in (folder / "out").rglob("*.*")}
    assert set(said["files"]) == {name for name in found if not name.startswith(".")}
    assert {note["effect"] for note in said["notes"]} == {"missing", "stricter"}
    assert {note["about"] for note in said["notes"]} >= {"tier.slo_defined", "provenance.signed"}
    assert said["unconfigured"] == ["residency"]


@pytest.mark.parametrize("required", ["tier", "residency", "nothing"])
def test_a_family_that_kyverno_is_not_given_may_be_required(folder: Path, required: str) -> None:
    at = ("--settings", "policylib.yaml", "-o", "out", "--require", required)
    done = rc("kyverno", *at, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert required in done.err
    assert not (folder / "out").exists()


def test_a_family_that_it_is_given_may_be_required(folder: Path) -> None:
    at = ("--settings", "policylib.yaml", "-o", "out")
    assert rc("kyverno", *at, "--require", "provenance", cwd=folder).code == 0


def test_a_family_that_is_off_is_not_given(folder: Path) -> None:
    at = ("--settings", "policylib.yaml", "-o", "out", "--env", "dev")
    done = rc("kyverno", *at, "--require", "provenance", cwd=folder)
    assert done.code == 2
    assert "no policy of the family provenance" in done.err


def test_a_folder_with_foreign_files_is_refused(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "mine.yaml").write_text("kind: Pod\n")
    at = ("--settings", "policylib.yaml", "-o", "out")
    done = rc("kyverno", *at, cwd=folder)
    assert done.code == 2
    assert "mine.yaml" in done.err
    assert [p.name for p in (folder / "out").iterdir()] == ["mine.yaml"]
    assert rc("kyverno", *at, "--force", cwd=folder).code == 0


@pytest.mark.parametrize("name", ["", "Kyverno", "a b", "x/y", "a" * 64, "a\n"])
def test_exceptions_need_a_namespace_that_can_be(folder: Path, name: str) -> None:
    at = ("--settings", "policylib.yaml", "-o", "out", "--exceptions-namespace", name)
    done = rc("kyverno", *at, cwd=folder)
    assert done.code == 2
    assert "is no namespace" in done.err


def test_settings_that_are_malformed_are_refused(folder: Path) -> None:
    (folder / "policylib.yaml").write_text("version: 1\ndigest: {registries: [ghcr.io]}\n")
    done = rc("kyverno", "--settings", "policylib.yaml", "-o", "out", cwd=folder)
    assert done.code == 2
    assert not (folder / "out").exists()


EXCEPTIONS = """\
version: 1
exceptions:
  - rule: digest.image_pinned
    target: {kind: Deployment, namespace: shop, name: web}
    reason: the vendor publishes no digest
    ticket: OPS-1
    approver: security@example.com
    expires: 2098-12-31
"""


def test_everything_has_the_label_that_it_is_pruned_by(folder: Path) -> None:
    (folder / "policylib.yaml").write_text(f"{SETTINGS}exceptions: exceptions.yaml\n")
    (folder / "exceptions.yaml").write_text(EXCEPTIONS)
    assert rc("kyverno", "--settings", "policylib.yaml", "-o", "out", cwd=folder).code == 0
    written = [yaml.safe_load(path.read_text()) for path in (folder / "out").glob("*/*.yaml")]
    assert {one["kind"] for one in written} == {
        "ValidatingPolicy",
        "ImageValidatingPolicy",
        "PolicyException",
    }
    for one in written:
        assert one["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "policylib"}


@pytest.mark.parametrize("family", ["digest", "tier"])
def test_a_rule_of_ones_own_is_noted_as_such(folder: Path, family: str) -> None:
    module = folder / "own" / "policylib" / family / "owned" / "owned.rego"
    module.parent.mkdir(parents=True)
    module.write_text(RULE.format(family=family))
    at = ("--settings", "policylib.yaml", "-o", "out", "--rules", "own", "--format", "json")
    said = json.loads(rc("kyverno", *at, cwd=folder).out)
    (why,) = (one["why"] for one in said["notes"] if one["about"] == f"{family}.owned")
    assert why == "it is a rule of your own, and Kyverno runs no Rego"
