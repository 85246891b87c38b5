"""`rc bundle build`: by a definition, or by options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policylib.archive import read
from tests import tools
from tests.cli.own_rules import own_rules
from tests.cli.program import rc

SETTINGS = "version: 1\nprovenance: {}\ntier: {}\nenforcement: {prod: {}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A definition in a folder of its own, with settings beside it."""
    (tmp_path / "bundles").mkdir()
    (tmp_path / "bundles/policylib.yaml").write_text(SETTINGS)
    define(tmp_path, "target: opa")
    return tmp_path


def define(folder: Path, *lines: str) -> None:
    text = "\n".join(("version: 1", "settings: policylib.yaml", *lines, ""))
    (folder / "bundles/mine.yaml").write_text(text)


def revision(archive: Path) -> str:
    manifest = dict(read(archive.read_bytes(), "it", 1 << 24, 1000))[".manifest"]
    said: str = json.loads(manifest)["revision"]
    return said


def test_a_definition_is_built(folder: Path) -> None:
    done = rc("bundle", "build", "bundles/mine.yaml", "-o", "out", "--number", "42", cwd=folder)
    assert (done.code, done.err) == (0, "")
    built = revision(folder / "out/bundle.tar.gz")
    assert done.out == (
        f"Wrote 1 file to out\nrevision {built}\nnot configured, so not asked: residency\n"
    )
    manifest = folder / "pod.yaml"
    manifest.write_text("apiVersion: v1\nkind: Service\n")
    checked = rc(
        *("check", "pod.yaml", "--format", "json", "--settings", "bundles/policylib.yaml"),
        cwd=folder,
    )
    assert built == f"42+{json.loads(checked.out)['revision']}"


def test_what_a_definition_leaves_out_is_said(folder: Path) -> None:
    define(folder, "target: conftest", "families: [digest, tier]")
    done = rc("bundle", "build", "bundles/mine.yaml", "-o", "out", cwd=folder)
    assert "\nleft out by the definition, so not asked: provenance\n" in done.out
    assert "\nnot configured, so not asked: residency\n" in done.out


def test_a_program_reads_the_same(folder: Path) -> None:
    define(folder, "target: opa", "families: [tier]", "name: ours")
    done = rc("bundle", "build", "bundles/mine.yaml", "-o", "out", "-f", "json", cwd=folder)
    told = json.loads(done.out)
    assert told.pop("revision") == revision(folder / "out/bundle.tar.gz")
    assert told == {
        "name": "ours",
        "target": "opa",
        "families": ["tier"],
        "left_out": ["digest", "provenance"],
        "unconfigured": ["residency"],
        "without_template": [],
        "output": "out",
        "files": ["bundle.tar.gz"],
    }


def test_the_place_of_the_build_does_not_matter(folder: Path) -> None:
    one = rc("bundle", "build", "bundles/mine.yaml", "-o", "one", cwd=folder)
    (folder / "policylib.yaml").write_text("version: 1\nresidency: {}\n")
    two = rc("bundle", "build", "mine.yaml", "-o", "../two", cwd=folder / "bundles")
    assert (one.code, two.code) == (0, 0)
    other = rc("bundle", "build", "bundles/mine.yaml", "-o", "three", cwd=folder)
    assert other.code == 0
    contents = {(folder / name / "bundle.tar.gz").read_bytes() for name in ("one", "two", "three")}
    assert len(contents) == 1


def test_gatekeepers_resources_have_no_revision(folder: Path) -> None:
    define(folder, "target: gatekeeper")
    arguments = ("bundle", "build", "bundles/mine.yaml", "-o", "out", "--number", "3")
    assert "revision" not in rc(*arguments, cwd=folder).out
    assert json.loads(rc(*arguments, "-f", "json", cwd=folder).out)["revision"] is None


@pytest.mark.parametrize("target", ["gatekeeper", "artifact"])
def test_a_rule_that_gatekeeper_is_not_asked_is_named(folder: Path, target: str) -> None:
    own = own_rules(folder)
    arguments = ("bundle", "build", "--target", target, "-o", "out", *own)
    said = rc(*arguments, cwd=folder)
    assert "\nwithout a template, so not asked by Gatekeeper: digest.owned\n" in said.out
    told = json.loads(rc(*arguments, "-f", "json", cwd=folder).out)
    assert told["without_template"] == ["digest.owned"]
    refused = rc(*arguments, "--require", "digest", cwd=folder)
    assert refused.code == 2
    assert "no template of digest.owned, whose family is required" in refused.err


def test_a_rule_without_a_template_is_carried_to_others(folder: Path) -> None:
    own = own_rules(folder)
    done = rc(
        "bundle", "build", "--target", "opa", "-o", "out", *own, "--require", "digest", cwd=folder
    )
    assert (done.code, done.err) == (0, "")
    assert "template" not in done.out


@pytest.mark.parametrize(
    "option",
    [
        ("--target", "opa"),
        ("--settings", "bundles/policylib.yaml"),
        ("--env", "prod"),
        ("--rules", "rego"),
        ("--facts", "facts.yaml"),
    ],
)
def test_options_do_not_contradict_a_definition(folder: Path, option: tuple[str, str]) -> None:
    done = rc("bundle", "build", "bundles/mine.yaml", "-o", "out", *option, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert f"bundles/mine.yaml: {option[0]} says what the definition says" in done.err
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("families", "required", "said"),
    [
        ("[tier]", "provenance", "is required, and the definition leaves it out"),
        ("[tier]", "residency", "is required, and the definition leaves it out"),
        ("[tier, provenance]", "tear", "no family is called 'tear'"),
    ],
)
def test_a_family_that_is_required_has_to_be_asked(
    folder: Path, families: str, required: str, said: str
) -> None:
    define(folder, "target: opa", f"families: {families}")
    arguments = ("bundle", "build", "bundles/mine.yaml", "-o", "out", "--require")
    done = rc(*arguments, required, cwd=folder)
    assert done.code == 2
    assert said in done.err
    assert rc(*arguments, "tier", cwd=folder).code == 0


def test_a_whole_definition_does_not_have_to_name_what_is_required(folder: Path) -> None:
    arguments = ("bundle", "build", "bundles/mine.yaml", "-o", "out", "--require")
    assert rc(*arguments, "tier", cwd=folder).code == 0
    done = rc(*arguments, "residency", cwd=folder)
    assert done.code == 2
    assert "required and not configured" in done.err


def test_something_has_to_say_what_is_built(folder: Path) -> None:
    done = rc("bundle", "build", "-o", "out", cwd=folder)
    assert done.code == 2
    assert "name a definition, or a --target" in done.err


@pytest.mark.parametrize("number", ["-1", "1.5", "x", "", "٣", "1000000000000000", "9" * 5000])
def test_a_number_is_a_whole_one(folder: Path, number: str) -> None:
    done = rc("bundle", "build", "bundles/mine.yaml", "-o", "out", "--number", number, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert "number" in done.err
    assert "Traceback" not in done.err
    assert not (folder / "out").exists()


def test_every_shipped_definition_is_built(tmp_path: Path) -> None:
    for path in sorted((tools.ROOT / "bundles").glob("*.yaml")):
        done = rc("bundle", "build", path, "-o", path.stem, cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
