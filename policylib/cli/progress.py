"""A progress bar on a terminal, for what takes longer than a second; lines for what takes hours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from policylib.cli.output import terminal

_PATIENCE = 1.0
_LINES_EVERY = 60.0

Teller = Callable[[int, int], None]


@contextmanager
def progress(stream: TextIO | None) -> Iterator[Teller | None]:
    """Give a function that is told (done, total), or None where nobody would see the bar."""
    if stream is None or not terminal(stream):
        yield None
        return
    with ExitStack() as stack:
        yield _teller(stream, stack)


@contextmanager
def long_progress(stream: TextIO | None) -> Iterator[Teller | None]:
    """The same for what may take an hour: with the time left, and in lines where there is no bar.

    Those who read a log see a line a minute, with the rate and the time left.
    """
    if stream is None:
        yield None
    elif terminal(stream):
        with ExitStack() as stack:
            yield _teller(stream, stack, timed=True)
    else:
        yield _writer(stream)


def _writer(stream: TextIO) -> Teller:
    start = last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _LINES_EVERY or not done:
            return
        last = now
        rate = done / (now - start)
        left = (total - done) / rate / 60
        stream.write(f"{done:,} of {total:,} done, {rate:,.0f} a second, {left:,.0f} min left\n")
        stream.flush()

    return tell


def _teller(stream: TextIO, stack: ExitStack, *, timed: bool = False) -> Teller:
    start = time.monotonic()
    show: Teller | None = None

    def tell(done: int, total: int) -> None:
        nonlocal show
        if show is None and time.monotonic() - start >= _PATIENCE:
            show = _bar(stream, stack, timed=timed)
        if show is not None:
            show(done, total)

    return tell


def _bar(stream: TextIO, stack: ExitStack, *, timed: bool) -> Teller:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [TextColumn("checking"), BarColumn(), MofNCompleteColumn()]
    if timed:
        rate = TextColumn("{task.fields[rate]:,.0f} a second,")
        columns += [rate, TimeRemainingColumn(), TextColumn("left")]
    bar = stack.enter_context(Progress(*columns, console=Console(file=stream), transient=True))
    task = bar.add_task("checking", total=None, rate=0.0)
    start = time.monotonic()
    begun: int | None = None

    def show(done: int, total: int) -> None:
        nonlocal begun
        begun = done if begun is None else begun
        rate = (done - begun) / max(time.monotonic() - start, 1e-9)
        bar.update(task, completed=done, total=total, rate=rate)

    return show
