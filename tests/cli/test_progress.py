"""The progress bar, on a terminal and elsewhere."""

from __future__ import annotations

import io
import os
import pty
import select
from collections.abc import Iterator
from typing import TextIO

import pytest

from policylib.cli import progress


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TextIO, int]]:
    """A terminal to write to, and its other end."""
    primary, secondary = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(secondary, "w") as stream:
        yield stream, primary
    os.close(primary)


def seen(end: int) -> bytes:
    """All that was written: a terminal hands it on in pieces, a moment later."""
    shown = b""
    while select.select([end], [], [], 1)[0]:
        shown += os.read(end, 100_000)
    return shown


def test_what_takes_long_shows_a_bar_and_leaves_no_trace_in_the_end(
    terminal: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    stream, end = terminal
    with progress.progress(stream) as tell:
        assert tell is not None
        tell(1, 20)
        tell(20, 20)
    shown = seen(end)
    assert b"checking" in shown
    assert b"20/20" in shown
    assert shown.endswith(b"\x1b[2K")


def test_what_is_quick_shows_nothing(
    terminal: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 1e9)
    stream, end = terminal
    with progress.progress(stream) as tell:
        assert tell is not None
        tell(1, 2)
    assert seen(end) == b""


def test_nobody_is_told_where_nobody_looks(
    terminal: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    for stream in (terminal[0], io.StringIO(), None):
        with progress.progress(stream) as tell:
            assert tell is None
