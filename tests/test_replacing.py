"""A file that was replaced is the whole of what it should be, whenever the power goes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from policylib import replacing
from tests.disk import Disk


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk.watched(monkeypatch)


def test_a_file_and_its_folder_are_stored_before_it_is_said_to_be_written(
    tmp_path: Path, disk: Disk
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"earlier")
    replacing.replace(file, b"later")
    assert file.read_bytes() == b"later"
    assert disk.stored == [(file.stat().st_ino, b"later"), (tmp_path.stat().st_ino, ["file"])]


@pytest.mark.parametrize(("mode", "kept"), [(None, 0o640), (0o755, 0o755)])
def test_its_mode_is_stored_with_it(
    tmp_path: Path, disk: Disk, mode: int | None, kept: int
) -> None:
    file = tmp_path / "file"
    if mode is not None:
        file.touch()
        file.chmod(mode)
    mask = os.umask(0o027)
    try:
        replacing.replace(file, b"x")
    finally:
        os.umask(mask)
    assert disk.modes[file.stat().st_ino] == kept


def test_a_disk_that_fails_leaves_the_earlier_file(tmp_path: Path, disk: Disk) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"earlier")
    disk.fails_with = errno.EIO
    with pytest.raises(OSError, match="Input/output error"):
        replacing.replace(file, b"later")
    assert file.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("code", "is_folder", "is_left"),
    [
        (errno.EINVAL, True, True),
        (errno.EACCES, True, True),
        (errno.EIO, True, False),
        (errno.EINVAL, False, False),
    ],
)
def test_a_folder_that_cannot_be_stored_by_itself_is_left_to_the_system(
    tmp_path: Path, disk: Disk, code: int, is_folder: bool, is_left: bool
) -> None:
    file = tmp_path / "file"
    file.touch()
    disk.fails_with = code
    path = tmp_path if is_folder else file
    if is_left:
        replacing.settle(path)
    else:
        with pytest.raises(OSError, match=os.strerror(code)):
            replacing.settle(path)


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replacing.replace(pipe, b"x")
        assert os.read(reader, 10) == b"x"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
