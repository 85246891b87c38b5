"""Where text goes: standard output, a file, or standard error."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from policylib import replacing
from policylib.errors import PolicylibError
from policylib.report.plain import escape

_STREAMS: Final = {"/dev/stdout": "/dev/fd/1", "/dev/stderr": "/dev/fd/2"}
_DESCRIPTOR: Final = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")


@dataclass(frozen=True)
class Outcome:
    """What a command answers: its exit code, and text for standard output or a file.

    `said` goes to standard output once the file is written.
    """

    code: int = 0
    text: str = ""
    file: Path | None = None
    said: str = ""


def deliver(outcome: Outcome) -> None:
    """Write the text where it belongs.

    Raises
    ------
    PolicylibError
        If it cannot be written: an answer that nobody can read is not an answer.
    BrokenPipeError
        If the reader of standard output has gone.
    """
    if outcome.file is not None:
        _replace(outcome.file, outcome.text.encode("utf-8"))
        if outcome.said:
            _print(outcome.said)
    elif outcome.text:
        _print(outcome.text)


def complain(what: str, where: str = "", remedy: str = "") -> None:
    """Say on standard error what went wrong, where, and what to do."""
    place = f"{escape(where)}: " if where else ""
    lines = [f"error: {place}{_joined(what)}"]
    if remedy:
        lines.append(_joined(f"  help: {remedy}"))
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()
    except OSError:  # nobody can be told; the exit code says it all the same
        _discard(sys.stderr)


def _joined(text: str) -> str:
    return "\n".join(escape(line) for line in text.splitlines())


def colored(choice: str, stream: TextIO | None) -> bool:
    """Decide about colours: `always`, `never`, or by the environment and the stream.

    `NO_COLOR` (not empty) outranks `FORCE_COLOR` (not empty, not 0); both outrank the terminal.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal(stream)


def terminal(stream: TextIO | None) -> bool:
    """Say whether a stream is a terminal that understands control sequences."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _print(text: str) -> None:
    """Write UTF-8, or on a terminal what its encoding can show."""
    if sys.stdout is None:
        raise PolicylibError("standard output is closed", remedy="use --output FILE")
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    try:
        sys.stdout.buffer.write(text.encode(encoding, errors="backslashreplace"))
        sys.stdout.flush()
    except OSError as error:
        _discard(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise PolicylibError(f"standard output cannot be written: {error.strerror}") from error


def _discard(stream: TextIO) -> None:
    """Send what is still buffered nowhere; the interpreter would fail on it again as it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _replace(file: Path, data: bytes) -> None:
    """Write a file in one step: a reader sees what was there before or all of the answer.

    A stream that this process has, such as /dev/stdout, may lead to a file that others append to.
    """
    try:
        if (number := _descriptor(file)) is not None:
            with os.fdopen(os.dup(number), "wb") as stream:
                stream.write(data)
        else:
            replacing.replace(file, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolicylibError(f"the output cannot be written: {reason}", where=str(file)) from error


def _descriptor(file: Path) -> int | None:
    """The number of the stream that a path stands for, if it stands for one."""
    found = _DESCRIPTOR.fullmatch(_STREAMS.get(str(file), str(file)))
    return int(found[1]) if found else None
