"""A progress bar on a terminal, for what takes longer than a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from policylib.cli.output import terminal

_PATIENCE = 1.0


@contextmanager
def progress(stream: TextIO | None) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that is told (done, total), or None where nobody would see the bar."""
    if stream is None or not terminal(stream):
        yield None
        return
    with ExitStack() as stack:
        yield _teller(stream, stack)


def _teller(stream: TextIO, stack: ExitStack) -> Callable[[int, int], None]:
    start = time.monotonic()
    show: Callable[[int, int], None] | None = None

    def tell(done: int, total: int) -> None:
        nonlocal show
        if show is None and time.monotonic() - start >= _PATIENCE:
            show = _bar(stream, stack)
        if show is not None:
            show(done, total)

    return tell


def _bar(stream: TextIO, stack: ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(file=stream), transient=True))
    task = bar.add_task("checking", total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)
