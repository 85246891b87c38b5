"""The conftest folder, given to a real conftest."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policylib import bundle, evaluate, overlay, rules
from policylib.errors import BundleError
from tests import tools
from tests.bundle.samples import PINNED, RELAXED, SHA512, UNPINNED

OWN_DECISION = """\
package policylib.decision

import rego.v1

violations contains object.union(v, said) if {
	some rule
	some v in data.policylib.digest[rule].violation
	said := {"rule": concat(".", ["digest", rule]), "path": v.details.path, "enforcement": "warn"}
}
"""


def conftest(
    tmp_path: Path, settings: dict[str, Any], document: dict[str, Any], own: Path | None = None
) -> subprocess.CompletedProcess[str]:
    bundle.write(bundle.Target.CONFTEST, tmp_path / "policy", rules.load(own), settings)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(document))
    command: list[str | Path] = [
        tools.path("conftest"),
        "test",
        "-p",
        tmp_path / "policy",
        "-o",
        "json",
    ]
    return subprocess.run(
        [*command, "--show-builtin-errors", manifest], capture_output=True, text=True, check=False
    )


def test_it_denies(tmp_path: Path) -> None:
    done = conftest(tmp_path, {}, UNPINNED)
    assert done.returncode == 1
    (entry,) = json.loads(done.stdout)
    (failure,) = entry["failures"]
    assert failure["msg"] == 'image "nginx:1.27" has no digest'
    assert failure["metadata"]["rule"] == "digest.image_pinned"
    assert failure["metadata"]["path"] == "/spec/template/spec/containers/0/image"


def test_it_allows_and_has_looked(tmp_path: Path) -> None:
    done = conftest(tmp_path, {}, PINNED)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["successes"] > 0


@pytest.mark.parametrize(("settings", "code"), [({}, 1), (RELAXED, 0)])
def test_a_setting_changes_the_verdict(tmp_path: Path, settings: dict[str, Any], code: int) -> None:
    assert conftest(tmp_path, settings, SHA512).returncode == code


@pytest.mark.parametrize(
    ("level", "code", "key"), [("deny", 1, "failures"), ("warn", 0, "warnings"), ("off", 0, "")]
)
def test_the_environment_decides_what_a_violation_does(
    tmp_path: Path, level: str, code: int, key: str
) -> None:
    settings = {"environment": "dev", "enforcement": {"dev": {"digest": level}}}
    done = conftest(tmp_path, settings, UNPINNED)
    assert done.returncode == code
    (entry,) = json.loads(done.stdout)
    assert [name for name in ("failures", "warnings") if entry.get(name)] == ([key] if key else [])


def test_it_is_rego_and_a_manifest() -> None:
    files = bundle.build(bundle.Target.CONFTEST, rules.load(), RELAXED, number=7)
    manifest = json.loads(files.pop(".manifest"))
    assert all(name.endswith(".rego") and not name.endswith("_test.rego") for name in files)
    assert manifest["revision"] == f"7+{evaluate.revision(rules.load(), RELAXED)}"


def test_opa_takes_it_for_a_bundle(tmp_path: Path) -> None:
    bundle.write(bundle.Target.CONFTEST, tmp_path / "policy", rules.load(), RELAXED)
    command: list[str | Path] = [tools.path("opa"), "eval", "-b", tmp_path / "policy", "-I"]
    done = subprocess.run(
        [*command, "--format=raw", "data.policylib.decision.violations"],
        input=json.dumps({"review": {"object": UNPINNED}}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [violation["rule"] for violation in json.loads(done.stdout)] == ["digest.image_pinned"]


def test_a_key_that_is_no_name_is_refused() -> None:
    with pytest.raises(BundleError, match="no Rego name"):
        bundle.build(bundle.Target.CONFTEST, rules.load(), {"a b": {}})


def test_a_decision_of_ones_own_may_warn_as_it_likes(tmp_path: Path) -> None:
    own = tmp_path / "rego"
    shutil.copytree(rules.root(), own)
    shutil.rmtree(own / "policylib" / "decision")
    decision = own / overlay.DECISION
    decision.parent.mkdir()
    decision.write_text(OWN_DECISION)
    done = conftest(tmp_path, {}, UNPINNED, own)
    assert done.returncode == 0
    (entry,) = json.loads(done.stdout)
    assert [warning["msg"] for warning in entry["warnings"]] == ['image "nginx:1.27" has no digest']
