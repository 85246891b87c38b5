"""Writing a bundle: whole or not at all, and never over somebody else's files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from policylib.bundle import folder
from policylib.errors import BundleError
from tests.disk import Disk, held


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != folder.MARKER
    }


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    folder.write({"a/b.txt": b"1", "c.txt": b"2"}, tmp_path / "x" / "y")
    assert tree(tmp_path / "x" / "y") == {"a/b.txt": b"1", "c.txt": b"2"}
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["y"]


def test_an_earlier_bundle_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder.write({"old.txt": b"1"}, tmp_path / "out")
    folder.write({"new.txt": b"2"}, tmp_path / "out")
    assert tree(tmp_path / "out") == {"new.txt": b"2"}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    folder.write({"a": b"1"}, tmp_path)
    assert tree(tmp_path) == {"a": b"1"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    folder.write({"a": b"1"}, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == {"a": b"1"}


def test_a_foreign_folder_is_refused_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(BundleError, match="did not write"):
        folder.write({"a": b"1"}, tmp_path)
    assert tree(tmp_path) == {"mine.txt": b"precious"}
    folder.write({"a": b"1"}, tmp_path, force=True)
    assert tree(tmp_path) == {"a": b"1"}


@pytest.mark.parametrize("name", ["more.txt", "sub/more.txt", "old.txt", "link", "pipe"])
def test_a_bundle_that_somebody_added_to_is_refused_unless_forced(
    tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    folder.write({"old.txt": b"1", "sub/a": b"2"}, out)
    match name:
        case "link":
            (out / name).symlink_to("sub")
        case "pipe":
            os.mkfifo(out / name)
        case _:
            (out / name).write_text("precious")
    with pytest.raises(BundleError, match=f"did not write: {name}"):
        folder.write({"new.txt": b"2"}, out)
    assert (out / "old.txt").exists()
    folder.write({"new.txt": b"2"}, out, force=True)
    assert tree(out) == {"new.txt": b"2"}


@pytest.mark.parametrize("marker", ["", "[]", "{}", '{"mine.txt": null}', "Written by somebody"])
def test_a_marker_vouches_for_nothing_but_what_it_names(tmp_path: Path, marker: str) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    (tmp_path / folder.MARKER).write_text(marker)
    with pytest.raises(BundleError, match=r"did not write: mine\.txt"):
        folder.write({"a": b"1"}, tmp_path)


def test_a_name_that_is_too_long_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="too long"):
        folder.write({"a": b"1"}, tmp_path / ("n" * 300))
    folder.write({"a": b"1"}, tmp_path / ("n" * 255))


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BundleError, match="the output is a file"):
        folder.write({"a": b"1"}, tmp_path / "file", force=True)


def test_a_failure_leaves_the_earlier_bundle(tmp_path: Path) -> None:
    folder.write({"a": b"1"}, tmp_path / "out")
    with pytest.raises(BundleError, match="cannot write"):
        folder.write({"a": b"2", "a/b": b"not possible beside a file a"}, tmp_path / "out")
    assert tree(tmp_path / "out") == {"a": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_all_is_stored_before_it_is_said_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk.watched(monkeypatch)
    out = tmp_path / "x" / "y" / "out"
    folder.write({"a/b.txt": b"1", "c.txt": b"2"}, out)
    stored = dict(disk.stored)
    for path in (out, *out.rglob("*")):
        assert stored[path.stat().st_ino] == held(path)
    for above in (out, *out.parents[:2]):
        assert above.name in stored[above.parent.stat().st_ino]


def test_a_disk_that_fails_leaves_the_earlier_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write({"a": b"1"}, tmp_path / "out")
    Disk.watched(monkeypatch).fails_with = errno.EIO
    with pytest.raises(BundleError, match="cannot write the bundle: Input/output error"):
        folder.write({"a": b"2"}, tmp_path / "out")
    assert tree(tmp_path / "out") == {"a": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("moment", [1, 2])
def test_an_interruption_leaves_the_earlier_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    folder.write({"a": b"1"}, tmp_path / "out")
    rename, calls = Path.rename, iter((1, 2, 3))

    def interrupted(path: Path, target: Path) -> Path:
        done = rename(path, target)
        if next(calls) == moment:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        folder.write({"a": b"2"}, tmp_path / "out")
    assert tree(tmp_path / "out") == {"a": str(moment).encode()}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_earlier_bundle_that_cannot_be_put_back_is_kept_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write({"a": b"1"}, tmp_path / "out")
    rename = Path.rename

    def full(path: Path, target: Path) -> Path:
        if target.name == "out":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(BundleError, match="No space left"):
        folder.write({"a": b"2"}, tmp_path / "out")
    [aside] = tmp_path.iterdir()
    assert tree(aside / "last") == {"a": b"1"}
