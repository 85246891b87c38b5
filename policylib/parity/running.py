"""Running an engine's program on many documents at once, and finding those that it fails on."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from policylib.errors import EngineError
from policylib.parity.outcomes import Outcome, Refusal, Unreadable

TIMEOUT = 300.0
"""Seconds that one run of a program may take."""

Run = Callable[[Sequence[Any]], list[Outcome] | Refusal]

# What a Go program says when it dies instead of answering.
_DEATH = re.compile(r"^(?:panic: |fatal error: |SIG[A-Z]+: )|^goroutine \d+ \[", re.MULTILINE)


def crashed(said: str) -> bool:
    """Whether a program's last words are those of a crash."""
    return _DEATH.search(said) is not None


def where_readable(
    documents: Sequence[Any], unreadable: Callable[[Any], str], run: Run
) -> list[Outcome]:
    """The outcome of each document; only those without a reason against it are run on."""
    reasons = [unreadable(document) for document in documents]
    readable = [d for d, reason in zip(documents, reasons, strict=True) if not reason]
    found = iter(bisect(run, readable))
    return [Unreadable(reason) if reason else next(found) for reason in reasons]


def bisect(run: Run, documents: Sequence[Any]) -> list[Outcome]:
    """Run on all; when the program fails, on each half, down to the document it fails on."""
    if not documents:
        return []
    outcomes = run(documents)
    if not isinstance(outcomes, Refusal):
        return outcomes
    if len(documents) == 1:
        return [outcomes]
    half = len(documents) // 2
    return bisect(run, documents[:half]) + bisect(run, documents[half:])


@contextmanager
def files(documents: Sequence[Any]) -> Iterator[list[str]]:
    """Each document as a JSON file in one temporary folder."""
    with tempfile.TemporaryDirectory(prefix="policylib-parity-") as folder:
        names = [f"{folder}/{index:06}.json" for index in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            Path(name).write_text(json.dumps(document), encoding="utf-8")
        yield names


def call(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str] | Refusal:
    """Run a program; a `Refusal` when it does not end or is killed.

    Raises `EngineError` when it cannot be started.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Refusal(f"no answer within {TIMEOUT:g} seconds", crashed=True)
    except OSError as error:
        raise EngineError(f"it does not run: {error}", where=str(command[0])) from error
    if done.returncode < 0:
        return Refusal(f"it was ended by signal {-done.returncode}", crashed=True)
    return done


def refusal(done: subprocess.CompletedProcess[str]) -> Refusal:
    """Why a program gave no answer."""
    said = done.stderr.strip() or done.stdout.strip() or f"it ended with {done.returncode}"
    return Refusal(said, crashed(said))
