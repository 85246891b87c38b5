"""Write manifests as strict JSON, one document after another, as the rules see them.

Documents are separated by a line that is exactly `---`, where every program splits. When
anything cannot be read, nothing is written and the exit code is 2.

For example:
  $ rc normalise deploy/ | conftest test --policy policy -
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from policylib import reading
from policylib.cli import common, output
from policylib.cli.output import Outcome

if TYPE_CHECKING:
    from policylib.inputs.interface import Source
    from policylib.models import Problem

_SEPARATOR = "\n---\n"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to read and where to write."""
    common.add_paths(parser)
    common.add_output(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Read everything first; write only when all of it could be read."""
    collection = common.collect(names, ())
    problems = list(collection.problems)
    documents: list[str] = []
    for source in collection.sources:
        texts, unreadable = _normalised(source)
        documents += texts
        problems += unreadable
    if not (problems or documents):
        output.complain("there is nothing to normalise here", ", ".join(names.paths))
        return Outcome(2)
    for problem in problems:
        output.complain(problem.message, f"{problem.file}:{problem.line}:{problem.column}")
    if problems:
        return Outcome(2)
    return Outcome(text=_SEPARATOR.join(documents) + "\n", file=names.output)


def _normalised(source: Source) -> tuple[list[str], list[Problem]]:
    from policylib._native import normalise
    from policylib.models import Problem

    try:
        # A pipe in a folder is none of the sources, so this one was named.
        content = source.content
        if content is None:
            content = reading.read(Path(source.name), pipes=True)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        return [], [Problem(file=source.name, line=1, column=1, message=message)]
    texts, unreadable = normalise(source.name, content)
    return texts, [
        Problem(file=source.name, line=line, column=column, message=message)
        for line, column, message in unreadable
    ]
