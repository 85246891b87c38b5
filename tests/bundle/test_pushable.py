"""What is pushed: what was built, whole and unchanged; an OPA bundle; and nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from policylib import bundle, rules
from policylib.bundle import artifact
from policylib.bundle.folder import MARKER
from policylib.errors import BundleError
from tests.packages import registry


def built(folder: Path, settings: dict[str, Any]) -> Path:
    bundle.write(bundle.Target.ARTIFACT, folder, rules.load(), settings)
    return folder


def changed(folder: Path) -> None:
    (folder / "settings" / "settings.rego").write_text("package settings\n")


def added(folder: Path) -> None:
    (folder / "policylib" / "more.rego").write_text("package more\n")


def linked(folder: Path) -> None:
    (folder / "settings" / "settings.rego").unlink()
    (folder / "settings" / "settings.rego").symlink_to("/etc/hostname")


def gone(folder: Path) -> None:
    (folder / "constraints" / "digest.image_pinned.yaml").unlink()


def unmarked(folder: Path) -> None:
    (folder / MARKER).unlink()


def marked_by_another(folder: Path) -> None:
    (folder / MARKER).write_text('{"../../etc/hostname": "0"}')


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (changed, "settings/settings.rego was changed"),
        (added, "policylib/more.rego was not written by policylib"),
        (linked, "settings/settings.rego was changed"),
        (gone, "constraints/digest.image_pinned.yaml is gone"),
        (unmarked, "policylib wrote nothing here"),
        (marked_by_another, "was not written by policylib"),
    ],
)
def test_what_was_changed_is_not_pushed(change: Any, complaint: str, tmp_path: Path) -> None:
    folder = built(tmp_path / "built", {})
    change(folder)
    with pytest.raises(BundleError, match=complaint):
        artifact.read(folder)


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        (bundle.Target.CONFTEST, "lacks Gatekeeper's resources"),
        (bundle.Target.GATEKEEPER, "lacks a manifest and settings as Rego"),
    ],
)
def test_what_one_of_three_would_find_empty_is_not_pushed(
    target: bundle.Target, missing: str, tmp_path: Path
) -> None:
    bundle.write(target, tmp_path / "built", rules.load(), {})
    with pytest.raises(BundleError, match=missing):
        artifact.read(tmp_path / "built")


WHOLE = (registry.file(".manifest", b'{"revision": "a"}'), registry.file("b.rego", b"package b\n"))


def damaged() -> bytes:
    """A bundle with a header whose checksum is wrong."""
    return gzip.compress(gzip.decompress(registry.archive(*WHOLE)).replace(b"b.rego", b"c.rego"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"no archive", "cannot be read"),
        (damaged(), "stands what is no file"),
        (registry.archive(*WHOLE, WHOLE[0]), ".manifest is in it twice"),
        (registry.archive(registry.file("a.rego", b"package a\n")), "has no manifest"),
        (registry.archive(registry.file(".manifest", b"{")), "is not JSON"),
        (registry.archive(registry.file(".manifest", b"[]")), "says no revision"),
        (registry.archive(registry.file(".manifest", b'{"revision": "a\\u001bb"}')), "no revision"),
        (registry.archive(registry.file("../.manifest", b"{}")), "no path below its root"),
    ],
)
def test_what_is_no_bundle_is_not_pushed(content: bytes, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "bundle.tar.gz").write_bytes(content)
    with pytest.raises(BundleError, match=complaint):
        artifact.read(tmp_path / "bundle.tar.gz")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        artifact.read(tmp_path / "nothing")
