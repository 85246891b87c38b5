"""Files are read within bounds, and what is none is told by its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policylib import reading


def handles() -> set[str]:
    """What this process has open."""
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough


@pytest.mark.parametrize("pipes", [False, True])
def test_a_folder_is_told_by_its_name_and_left_closed(tmp_path: Path, pipes: bool) -> None:
    before = handles()
    with pytest.raises(IsADirectoryError) as caught:
        reading.read(tmp_path, pipes=pipes)
    assert caught.value.filename == str(tmp_path)
    assert handles() == before


def test_a_pipe_is_read_only_where_it_may_be_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file") as caught:
        reading.read(tmp_path / "pipe")
    assert caught.value.filename == str(tmp_path / "pipe")
    assert reading.read(Path("/dev/null"), pipes=True) == b""


def test_a_folder_that_cannot_be_searched_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: str) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    # Root may search every folder, so permissions alone do not bring this about everywhere.
    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(PermissionError):
        list(reading.walk(tmp_path))
