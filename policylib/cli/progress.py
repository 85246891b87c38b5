"""A progress bar on a terminal, for what takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from policylib.cli.output import terminal

_PATIENCE = 1.0


@contextmanager
def progress(*, wanted: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that is told (done, total), or None where nobody would see the bar."""
    if not wanted or not terminal(sys.stderr):
        yield None
        return
    with ExitStack() as stack:
        yield _teller(stack)


def _teller(stack: ExitStack) -> Callable[[int, int], None]:
    start = time.monotonic()
    show: Callable[[int, int], None] | None = None

    def tell(done: int, total: int) -> None:
        nonlocal show
        if show is None and time.monotonic() - start >= _PATIENCE:
            show = _bar(stack)
        if show is not None:
            show(done, total)

    return tell


def _bar(stack: ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task("checking", total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)
