"""Reading a file without reading more than its limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policylib._native import read_file
from policylib.engine.regorus import RegorusEngine
from policylib.errors import InputError

DECISION = {"x.rego": "package policylib.decision\nviolations := set()"}


def test_a_file_up_to_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: \xff")
    assert read_file(file) == read_file(os.fspath(file), 4) == b"a: \xff"
    with pytest.raises(InputError, match=r"a\.yaml: the file has more than the limit of 3 bytes"):
        read_file(file, 3)


def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.yaml"
    Path(os.fsdecode(name)).write_bytes(b"a: 1")
    assert read_file(os.fsdecode(name)) == b"a: 1"


def test_what_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)


def test_a_file_that_does_not_end_is_an_error() -> None:
    with pytest.raises(InputError, match="more than the limit"):
        read_file("/dev/zero", 1000)
    outcome = RegorusEngine(DECISION, {}).check([("/dev/zero", None)])
    assert "more than the limit" in outcome["errors"][0]["message"]
