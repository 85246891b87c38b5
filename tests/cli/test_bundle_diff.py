"""`rc bundle diff`: what a user sees of two bundles, and what a pipeline reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import PINNED, pod, rc

BEFORE = "version: 1\ndigest: {algorithms: [sha256]}\n"
AFTER = "version: 1\ndigest: {algorithms: [sha256, sha512]}\n"
SHA512 = f"registry.example/app@sha512:{'a' * 128}"

DENIAL = f'image "{SHA512}" has a digest whose algorithm is not allowed (allowed: sha256)'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two definitions with settings of their own, what the first builds, and a folder to judge."""
    for name, settings in (("before", BEFORE), ("after", AFTER)):
        (tmp_path / f"{name}-settings.yaml").write_text(settings)
        text = f"version: 1\ntarget: conftest\nsettings: {name}-settings.yaml\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "deploy").mkdir()
    text = f"{pod(PINNED)}---\n{pod(SHA512)}"
    (tmp_path / "deploy/pods.yaml").write_text(text)
    done = rc("bundle", "build", "before.yaml", "-o", "built", "--number", "3", cwd=tmp_path)
    assert done.code == 0
    return tmp_path


OWN = ("--no-fixtures", "--inputs", "deploy")


def test_what_differs_is_told_for_people(folder: Path) -> None:
    done = rc("bundle", "diff", "built", "after.yaml", *OWN, cwd=folder)
    assert (done.code, done.err) == (1, "")
    first, second, *lines = done.out.splitlines()
    assert first.startswith("before: built (3+sha256:")
    assert second.startswith("after:  after.yaml (sha256:")
    assert lines == [
        "",
        "settings",
        '  + digest.algorithms[1]: "sha512"',
        "",
        "denied before, not after: 1 verdict",
        f"  - digest.image_pinned: deploy/pods.yaml#2: {DENIAL}",
        "",
        "They differ: 1 setting, 1 verdict (2 documents judged)",
    ]


def test_the_same_is_the_same(folder: Path) -> None:
    done = rc("bundle", "diff", "built", "before.yaml", *OWN, cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\nThe same (2 documents judged)\n")


def test_programs_and_pull_requests_read_it_too(folder: Path) -> None:
    arguments = ("bundle", "diff", "before.yaml", "after.yaml", *OWN)
    said = json.loads(rc(*arguments, "-f", "json", cwd=folder).out)
    assert [change["what"] for change in said["verdicts"]] == ["not denied"]
    assert said["settings"] == [
        {"path": ["digest", "algorithms", 1], "what": "added", "before": None, "after": "sha512"}
    ]
    done = rc(*arguments, "-f", "markdown", "-o", "comment.md", cwd=folder)
    assert (done.code, done.out) == (1, "")
    assert (folder / "comment.md").read_text().startswith("### Bundle diff\n\n**They differ: ")


def test_examples_are_judged_unless_none_are_wanted(folder: Path) -> None:
    example = folder / "fixtures/digest/image_pinned/deny"
    example.mkdir(parents=True)
    (example / "one.yaml").write_text(pod(SHA512))
    arguments = ("bundle", "diff", "before.yaml", "after.yaml", "--fixtures", "fixtures")
    assert "fixtures/digest/image_pinned/deny/one.yaml" in rc(*arguments, cwd=folder).out
    assert rc(*arguments, "--no-fixtures", cwd=folder).code == 2
    assert "(0 documents judged)" in rc(*arguments[:4], "--no-fixtures", cwd=folder).out


def test_what_cannot_be_judged_is_an_error_and_hides_nothing(folder: Path) -> None:
    (folder / "deploy/broken.yaml").write_text("a: 1\na: 2\n")
    done = rc("bundle", "diff", "before.yaml", "after.yaml", *OWN, cwd=folder)
    assert done.code == 2
    assert "\nnot judged\n  ! deploy/broken.yaml:2:1: " in done.out
    assert "1 setting, 1 verdict" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gone", "before.yaml"), "gone: the bundle cannot be read"),
        (("before.yaml", "deploy"), "deploy: there is no Rego in this bundle"),
        (("before.yaml", "deploy/pods.yaml"), "exactly one YAML document"),
        (("before.yaml", "after.yaml", "--fixtures", "gone"), "gone: there is no folder"),
        (("before.yaml", "after.yaml", "--fixtures", "deploy"), "no examples here"),
        (("before.yaml", "bad"), "its Rego does not load"),
        (("other", "before.yaml"), "policylib's rules and its decision are not in this bundle"),
    ],
)
def test_what_cannot_be_compared_is_an_error(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    (folder / "built").rename(folder / "bad")
    (folder / "bad/policylib/lib/read/read.rego").write_text("package a\n\nb :=\n")
    (folder / "other").mkdir()
    (folder / "other/a.rego").write_text("package a\n\nb := 1\n")
    more = () if "--fixtures" in arguments else ("--no-fixtures",)
    done = rc("bundle", "diff", *arguments, *more, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
