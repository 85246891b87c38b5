"""Processes that work through tasks. One that dies or does not end loses its task and no other.

An engine in process may take its process along, so nothing is judged in the one that counts.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

from policylib.errors import PolicylibError

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Lost:
    """What became of a process instead of an answer."""

    reason: str


@dataclass(frozen=True)
class _Failed:
    """An exception that the work raised."""

    error: PolicylibError | None
    trace: str


class _Worker(Generic[Task, Result]):
    """One process, and the task that it has."""

    def __init__(self, work: Callable[[Task], Result]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_serve, args=(work, theirs))
        self.process.start()
        theirs.close()
        self.task: Task | None = None
        self._since = 0.0

    def give(self, task: Task) -> None:
        self.task = task
        self._since = time.monotonic()
        with suppress(BrokenPipeError):  # it died idle: the next look finds that out
            self.connection.send(task)

    def left(self, seconds: float) -> float:
        """How long it may go on."""
        return max(self._since + seconds - time.monotonic(), 0.0)

    def take(self, *, ready: bool) -> Result | Lost:
        """Its answer, where there is one to read; else it is ended."""
        if not ready:
            self.end()
            return Lost("no answer in time")
        try:
            answer: Result | _Failed = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            code = self.process.exitcode or 0
            return Lost(f"it was ended by signal {-code}" if code < 0 else f"it ended with {code}")
        if isinstance(answer, _Failed):
            raise answer.error or RuntimeError(answer.trace)
        return answer

    def end(self) -> None:
        """End it with all that it started."""
        if self.process.is_alive() and self.process.pid is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:  # it leads no group yet
                self.process.kill()
        self.process.join()
        self.connection.close()


def run(
    work: Callable[[Task], Result], tasks: deque[Task], jobs: int, seconds: float
) -> Iterator[tuple[Task, Result | Lost]]:
    """Work through the tasks on some processes; yields each with its answer, as it comes.

    Parameters
    ----------
    work
        A function that another process can import, or an object of which it can make a copy.
    tasks
        What is to be done. The caller may add to it while answers come.
    jobs
        How many processes there are.
    seconds
        How long a task may take.

    Raises
    ------
    PolicylibError
        The one that the work raised.
    """
    workers: list[_Worker[Task, Result]] = []
    try:
        while True:
            _employ(work, workers, tasks, jobs)
            busy = [worker for worker in workers if worker.task is not None]
            if not busy:
                return
            for worker, ready in _reported(busy, seconds):
                task = worker.task
                assert task is not None  # noqa: S101 - it is busy
                answer = worker.take(ready=ready)
                worker.task = None
                if isinstance(answer, Lost):
                    workers.remove(worker)
                    worker.end()
                yield task, answer
    finally:
        for worker in workers:
            worker.end()


def _employ(
    work: Callable[[Task], Result],
    workers: list[_Worker[Task, Result]],
    tasks: deque[Task],
    jobs: int,
) -> None:
    idle = [worker for worker in workers if worker.task is None]
    while tasks and (idle or len(workers) < jobs):
        if not idle:
            workers.append(_Worker(work))
            idle.append(workers[-1])
        idle.pop().give(tasks.popleft())


def _reported(
    busy: list[_Worker[Task, Result]], seconds: float
) -> Iterator[tuple[_Worker[Task, Result], bool]]:
    """The workers that have an answer, or whose time is over."""
    ready = wait(
        [worker.connection for worker in busy], min(worker.left(seconds) for worker in busy)
    )
    for worker in busy:
        if worker.connection in ready:
            yield worker, True
        elif not worker.left(seconds):
            yield worker, False


def _serve(work: Callable[[Task], Result], connection: Connection) -> None:
    os.setpgrp()  # whoever ends this process ends the programs that it runs
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        answer: Result | _Failed
        try:
            answer = work(task)
        except PolicylibError as error:
            answer = _Failed(error, "")
        except Exception:  # noqa: BLE001 - it is raised where the answer is read
            answer = _Failed(None, traceback.format_exc())
        connection.send(answer)
