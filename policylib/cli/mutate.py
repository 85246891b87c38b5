"""Change rules one step at a time, and list the changes that no test notices.

For example:
  $ rc mutate our-rules                          every mutant of a folder of Rego and tests
  $ rc mutate our-rules --fixtures fixtures      judged by examples of rules too
  $ rc mutate policy --only deny.rego            of one module, in a folder of conftest packages
  $ rc mutate policy --operator comparison       other comparisons only
  $ rc mutate policy --equivalent known.yaml     without those that make no difference

exit codes: 0 all are noticed or listed, 1 some survive, 2 something could not be judged
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.cli.parser import one_of, suggestion
from policylib.cli.progress import long_progress
from policylib.errors import InputError

if TYPE_CHECKING:
    from policylib.mutation.judge import Judge
    from policylib.mutation.syntax import Module

_STDERR = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to change and how, what may notice it, and how to say so."""
    from policylib.mutation.mutants import OPERATORS

    parser.add_argument("folder", metavar="DIR", type=Path, help="Rego, with its *_test.rego")
    parser.add_argument(
        "--only",
        metavar="PATH",
        action="append",
        help="change this module or folder only, named from DIR; may be repeated",
    )
    parser.add_argument(
        "--operator",
        metavar="NAME",
        action="append",
        type=one_of("operator", OPERATORS),
        help=f"try these changes only: {', '.join(OPERATORS)}; may be repeated",
    )
    _add_judges(parser)
    common.add_format(parser)
    common.add_output(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def _add_judges(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fixtures",
        metavar="DIR",
        type=Path,
        help="examples that may notice it: FAMILY/RULE/{allow,deny}/*.yaml",
    )
    parser.add_argument(
        "--equivalent", metavar="FILE", type=Path, help="survivors that make no difference, and why"
    )
    parser.add_argument(
        "--rules",
        metavar="DIR",
        type=Path,
        help="what the rules import (default: what travels with policylib)",
    )
    parser.add_argument(
        "--data",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="data that they read, as conftest's --data; may be repeated",
    )
    parser.add_argument(
        "--opa", metavar="FILE", type=Path, help="the OPA to use (default: on PATH)"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=_count, help="mutants at once (default: one for each core)"
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_count,
        default=10,
        help="what one test may take; a change that takes longer is noticed (default: 10)",
    )


def run(names: argparse.Namespace) -> Outcome:
    """Judge every mutant and report the survivors."""
    from policylib.mutation import equivalents, report
    from policylib.mutation.mutants import OPERATORS
    from policylib.mutation.opa import Opa
    from policylib.mutation.run import Mutation
    from policylib.mutation.syntax import program

    opa = program(names.opa)
    judge = _judge(names, opa)
    listed = equivalents.load(names.equivalent) if names.equivalent else equivalents.NONE
    operators = tuple(names.operator or OPERATORS)
    mutation = Mutation(judge, Opa(opa, judge.project.data), listed, operators, names.jobs)
    modules = _chosen(judge.project.modules, names.only, names.folder)
    with (
        _remarks_of_the_engine_silenced() as stream,
        long_progress(None if names.quiet else stream) as tell,
    ):
        outcome = mutation.run(modules, tell)
    if names.format == "json":
        text = report.as_json(outcome)
    else:
        text = report.text(outcome, os.path.join(names.folder, ""))  # noqa: PTH118 - ends in /
    code = 2 if outcome.stale else 1 if outcome.survivors else 0
    return Outcome(code, text, names.output)


@contextmanager
def _remarks_of_the_engine_silenced() -> Iterator[TextIO | None]:
    """Give another way to standard error: regorus writes there of names that a mutant lost."""
    if sys.stderr is None:
        yield None
        return
    sys.stderr.flush()
    with os.fdopen(os.dup(_STDERR), "w") as stream, Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), _STDERR)
        try:
            yield stream
        finally:
            stream.flush()
            os.dup2(stream.fileno(), _STDERR)


def _judge(names: argparse.Namespace, opa: str) -> Judge:
    from policylib import rules
    from policylib.mutation import fixtures, project
    from policylib.mutation.judge import Judge

    loaded = project.load(names.folder, rules.load(names.rules).modules, names.data, opa)
    examples = []
    if names.fixtures is not None:
        if not names.fixtures.is_dir():
            raise InputError("there is no folder of examples here", where=str(names.fixtures))
        known = rules.load(names.folder).known()
        examples = fixtures.load(names.fixtures, known)
    return Judge(loaded, examples, names.time_limit)


def _chosen(modules: list[Module], only: list[str] | None, folder: Path) -> list[Module]:
    """The modules at or below one of the paths; raises `InputError` for a path with none."""
    if only is None:
        return modules
    chosen = []
    for path in only:
        name = path.rstrip("/")
        found = [one for one in modules if one.path == name or one.path.startswith(f"{name}/")]
        if not found:
            close = suggestion(name, [one.path for one in modules])
            raise InputError(
                f"there is no module {name}",
                where=str(folder),
                remedy=f"did you mean {close}?" if close else "name it from there",
            )
        chosen += [one for one in found if one not in chosen]
    return chosen


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)
