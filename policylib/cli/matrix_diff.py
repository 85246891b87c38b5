"""Say which cells are promised or enforced otherwise: in two matrices, or under two settings.

BEFORE and AFTER are matrices that `rc matrix … --format json` wrote or, with --kind, settings
files, whose matrices are drawn and compared. Either may be REVISION:FILE, a file of a git revision.

For example:
  $ rc matrix diff approved.json matrix.json
  $ rc matrix diff --kind residency main:policylib.yaml policylib.yaml
  $ rc matrix diff --kind tier --env prod old.yaml new.yaml --format markdown

exit codes: 0 the same, 1 they differ, 2 one of them cannot be read or drawn
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from policylib.cli import common, matrix_shared
from policylib.cli.output import Outcome, colored
from policylib.cli.parser import one_of
from policylib.cli.progress import progress
from policylib.errors import EngineError

if TYPE_CHECKING:
    from policylib.matrix.model import Matrix

FORMATS: Final = ("text", "json", "markdown")
_KINDS: Final = ("residency", "digest", "provenance", "tier")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two sides, and how to draw them where they are settings."""
    parser.add_argument("before", metavar="BEFORE", help="a matrix or settings, or REVISION:FILE")
    parser.add_argument("after", metavar="AFTER", help="what to compare it with")
    parser.add_argument(
        "--kind",
        metavar="KIND",
        type=one_of("kind", _KINDS),
        help=f"both are settings: draw this matrix of each ({', '.join(_KINDS)})",
    )
    parser.add_argument(
        "--env",
        metavar="ENV",
        help="with --kind: the environment whose enforcement holds (default: the strictest)",
    )
    common.add_rules(parser)
    matrix_shared.add_inputs(parser)
    common.add_format(parser, FORMATS)
    common.add_output(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Compare, and write what changes."""
    from policylib.matrix import changes
    from policylib.matrix.diff import diff

    sides = (names.before, names.after)
    before, after = (_matrix(side, names) for side in sides)
    found = diff(before, after, sides)
    writers = {"json": changes.as_json, "markdown": changes.as_markdown}
    if names.format in writers:
        text = writers[names.format](found)
    else:
        text = changes.as_text(found, color=colored("auto", None if names.output else sys.stdout))
    return Outcome(found.exit_code, text, names.output)


def _matrix(side: str, names: argparse.Namespace) -> Matrix:
    """The matrix that a side is, or that its settings make."""
    from policylib.cli import matrix_revisions
    from policylib.matrix import files

    with TemporaryDirectory(prefix="policylib-matrix-") as folder:
        path = matrix_revisions.checked_out(side, Path(folder), settings=names.kind is not None)
        if names.kind is None:
            return files.parse(files.content(path), side)
        return _drawn(path, names)


def _drawn(path: Path, names: argparse.Namespace) -> Matrix:
    from policylib import matrix
    from policylib.evaluate import Policy, load_rules
    from policylib.matrix.run import run as draw
    from policylib.settings import files

    rules, known = load_rules(names.rules)
    policy = Policy(rules, files.parse(path, known, pipes=True), names.env)
    policy.settings.require_environment(policy.environment, str(path))
    with progress(sys.stderr) as tell:
        found = draw(
            matrix.kind(names.kind),
            policy,
            inputs=names.inputs,
            seed=names.seed,
            engines=matrix_shared.engines(names),
            shrink=False,
            progress=tell,
        )
    if found.exit_code == 2:
        raise EngineError(
            "an engine failed on inputs of the matrix",
            where=str(path),
            remedy=f"`rc matrix {names.kind} --settings {path}` says on which",
        )
    return found
