"""What the commands that draw a matrix have in common."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from policylib.cli import common
from policylib.cli.output import Outcome, colored
from policylib.cli.parser import one_of
from policylib.cli.progress import progress
from policylib.errors import PolicylibError

if TYPE_CHECKING:
    from policylib.matrix.model import Approved, Matrix

FORMATS: Final = ("text", "json", "csv", "html")
ENGINES: Final = ("regorus", "opa", "conftest", "gator")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the settings, how many inputs, which engines, and how to say what came of it."""
    common.add_settings(parser)
    common.add_rules(parser)
    add_inputs(parser)
    parser.add_argument(
        "--cell",
        metavar="DIMENSION=VALUE",
        type=_pair,
        action="append",
        default=[],
        help="only cells with this value, and nothing that is planted; may be repeated",
    )
    parser.add_argument(
        "--rule",
        metavar="RULE",
        dest="planted",
        action="append",
        default=[],
        help="no cells: only what is planted for this rule; may be repeated",
    )
    parser.add_argument(
        "--approved",
        metavar="FILE",
        type=Path,
        help="an approved matrix (CSV or JSON, as written by this) that has to be promised",
    )
    common.add_format(parser, FORMATS)
    common.add_output(parser)
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no tables and no progress: what differs"
    )
    common.add_color(parser)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Declare the inputs that are generated, and who judges them."""
    parser.set_defaults(facts=None, require=())
    parser.add_argument(
        "--inputs",
        metavar="N",
        type=_number(1),
        default=20,
        help="inputs to generate for each cell, and 15 times as many for each rule (default: 20)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_number(0),
        default=0,
        help="what the inputs are drawn by (default: 0)",
    )
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        dest="engines",
        action="append",
        type=one_of("engine", ENGINES),
        help=f"ask this engine; may be repeated (default: regorus; known: {', '.join(ENGINES)})",
    )


def run(kind: str, names: argparse.Namespace) -> Outcome:
    """Draw the matrix, hold it to what is approved, and write it."""
    from policylib import matrix
    from policylib.matrix import files
    from policylib.matrix.run import run as draw

    policy = common.load_named(names)
    if names.planted and (names.cell or names.approved is not None):
        raise PolicylibError(
            "it asks about no cells, so neither --cell nor --approved goes with it", where="--rule"
        )
    drawn = matrix.kind(kind)
    axes = [dimension.name for dimension in drawn.dimensions(policy.data)]
    approved: tuple[Approved, ...] = ()
    if names.approved is not None:
        approved = files.approved(names.approved, kind, axes)
    where = _where(names.cell)
    with _scratch(), progress(None if names.quiet else sys.stderr) as tell:
        found = draw(
            drawn,
            policy,
            inputs=names.inputs,
            seed=names.seed,
            engines=engines(names),
            where=where,
            planted=None if where else names.planted,
            command=selecting(names),
            progress=tell,
        )
    if names.approved is not None:
        found = files.held_to(found, approved, where)
    return Outcome(found.exit_code, _written(found, names), names.output)


@contextmanager
def _scratch() -> Iterator[None]:
    """Give Hypothesis a place for its tables of Unicode, which is the current folder otherwise."""
    with TemporaryDirectory(prefix="policylib-matrix-") as folder:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", folder)
        yield


def engines(names: argparse.Namespace) -> tuple[str, ...]:
    """The engines that were asked for, each once."""
    return tuple(dict.fromkeys(names.engines or ("regorus",)))


def selecting(names: argparse.Namespace) -> Sequence[str]:
    """The words of a command line that select the same rules and settings."""
    options = (("--settings", names.settings), ("--env", names.env), ("--rules", names.rules))
    return [word for option, value in options if value for word in (option, str(value))]


def _written(found: Matrix, names: argparse.Namespace) -> str:
    from policylib.matrix import files, page, sheet, table

    writers: dict[str, Callable[[Matrix], str]] = {
        "json": files.write,
        "csv": sheet.write,
        "html": page.write,
    }
    if names.format in writers:
        return writers[names.format](found)
    stream = sys.stdout if names.output is None else None
    width = shutil.get_terminal_size((100, 24)).columns if stream else 100
    options = table.Options(width, colored(names.color, stream), panels=not names.quiet)
    return table.write(found, options)


def _where(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    where = dict(pairs)
    if len(where) < len(pairs):
        raise PolicylibError("a dimension is named twice", where="--cell")
    return where


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"a cell is named by DIMENSION=VALUE, not {text!r}")
    return name, value


def _number(least: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if text.isascii() and text.isdecimal() and least <= int(text) <= 10**9:
            return int(text)
        raise argparse.ArgumentTypeError(f"a number from {least} to 1000000000, not {text!r}")

    return convert
