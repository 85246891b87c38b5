"""The command line: arguments, output and exit codes, nothing else.

Exit codes: 0 clean, 1 violations, 2 an error or wrong usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from policylib.cli import output
from policylib.cli.parser import command_of, program
from policylib.errors import PolicylibError

__all__ = ["main"]

FAILED = 2
INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments (default: the process's) name; return its exit code.

    Whatever goes wrong, the answer is not 0. `SystemExit` is raised for `--help` and wrong usage.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except PolicylibError as error:
        output.complain(error.what, error.where, error.remedy)
    except KeyboardInterrupt:
        output.complain("interrupted")
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("POLICYLIB_TRACEBACK"):
            raise
        output.complain(
            f"policylib itself failed: {type(error).__name__}: {error}",
            remedy="this is a defect; please report it with what POLICYLIB_TRACEBACK=1 shows",
        )
    return FAILED


def _run(arguments: Sequence[str]) -> int:
    command, rest = command_of(program(), arguments)
    outcome = command.run(rest)
    try:
        output.deliver(outcome)
    except BrokenPipeError:
        return outcome.code or _BROKEN_PIPE
    return outcome.code
