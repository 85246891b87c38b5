"""Runs programs that may misbehave: bounded in time and output, and stopped with all they start."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

TIME_LIMIT = 60.0
"""Seconds that one program may take."""
LARGEST = 128 * 1024 * 1024
"""Bytes that one program may write."""


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it wrote to standard output and standard error."""

    code: int
    text: bytes
    words: bytes
    late: bool

    @property
    def excessive(self) -> bool:
        """Whether it was stopped for writing too much."""
        return max(len(self.text), len(self.words)) > LARGEST


class Programs:
    """Programs that run side by side, and can all be stopped at once; safe to share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> Ended:
        """Run a program to its end, without input; raises `OSError` when it does not start."""
        late = threading.Event()
        with self._started(command, environment) as process:

            def stop() -> None:
                late.set()
                _kill(process)

            watch = threading.Timer(TIME_LIMIT, stop)
            watch.start()
            try:
                text, words = _written(process)
                process.wait()
            except BaseException:
                _kill(process)
                raise
            finally:
                watch.cancel()
        return Ended(process.returncode, text, words, late.is_set())

    def stop(self) -> None:
        """End every program that runs, and any that is started from now on."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            _kill(process)

    @contextlib.contextmanager
    def _started(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that all it starts can be stopped with it
        )
        with self._lock:
            self._running.add(process)
            stopped = self._stopped
        try:
            if stopped:
                _kill(process)
            with process:
                yield process
        finally:
            with self._lock:
                self._running.discard(process)


def _written(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Both streams at once, each no more than a byte above the cap."""

    def read(stream: IO[bytes] | None) -> bytes:
        text = stream.read(LARGEST + 1) if stream else b""
        if len(text) > LARGEST:
            _kill(process)
        return text

    with ThreadPoolExecutor(1) as pool:
        words = pool.submit(read, process.stderr)
        try:
            text = read(process.stdout)
        except BaseException:
            _kill(process)  # or the other stream would be waited for
            raise
        return text, words.result()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program and its whole group, which keeps its number until the program is awaited."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
