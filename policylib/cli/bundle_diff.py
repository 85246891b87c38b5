"""Say what differs from one bundle to another: rules, settings, and verdicts.

A and B are each a bundle.tar.gz, a folder that `rc bundle build` wrote, a definition, or
oci://REGISTRY/REPOSITORY:TAG. Both judge every example of the rules, and the files of --inputs,
each under the settings and facts that it carries.

For example:
  $ rc bundle diff build/opa/bundle.tar.gz bundles/opa.yaml
  $ rc bundle diff oci://registry.example/policy:prod build/policy --inputs deploy/
  $ rc bundle diff last/ next/ --format markdown   for a pull request
  $ rc bundle diff last/ next/ --no-fixtures --inputs deploy/ --inputs charts/shop

exit codes: 0 the same, 1 they differ, 2 one of them cannot be read, or something not be judged
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policylib.cli import common
from policylib.cli.output import Outcome, colored
from policylib.cli.progress import progress
from policylib.errors import InputError

if TYPE_CHECKING:
    from policylib.bundle.diff import Difference, Document
    from policylib.bundle.diff.model import Unjudged

_FORMATS: Final = ("text", "json", "markdown")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two bundles, and what they are asked about."""
    parser.add_argument("before", metavar="A", help="a bundle: a file, a folder, or oci://…")
    parser.add_argument("after", metavar="B", help="the bundle to compare it with")
    parser.add_argument(
        "--inputs",
        metavar="PATH",
        action="append",
        default=[],
        help="judge these too: a file, folder, glob or Helm chart; may be repeated",
    )
    parser.add_argument(
        "--fixtures",
        metavar="DIR",
        type=Path,
        help="the examples to judge (default: those that travel with policylib)",
    )
    parser.add_argument("--no-fixtures", action="store_true", help="judge no examples")
    common.add_format(parser, _FORMATS)
    common.add_output(parser)
    parser.add_argument("--all", action="store_true", help="show every verdict that differs")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def run(names: argparse.Namespace) -> Outcome:
    """Read both, judge by both, and write what differs."""
    from policylib.bundle import loaded
    from policylib.bundle.diff import diff

    documents, errors = _documents(names)
    before, after = loaded.load(names.before), loaded.load(names.after)
    with progress(None if names.quiet else sys.stderr) as tell:
        found = diff(before, after, documents, errors, progress=tell)
    return Outcome(found.exit_code, _written(found, names), names.output)


def _documents(names: argparse.Namespace) -> tuple[list[Document], list[Unjudged]]:
    from policylib import examples
    from policylib.bundle import diff
    from policylib.inputs import files

    if names.no_fixtures and names.fixtures is not None:
        raise InputError("--fixtures and --no-fixtures exclude each other")
    folder = names.fixtures or examples.home()
    if names.fixtures is not None and not folder.is_dir():
        raise InputError("there is no folder of examples here", where=str(folder))
    documents = [] if names.no_fixtures else diff.fixtures(folder)
    own, errors = diff.collected(files.collect(names.inputs))
    return [*documents, *own], errors


def _written(found: Difference, names: argparse.Namespace) -> str:
    if names.format == "json":
        return found.as_json()
    if names.format == "markdown":
        from policylib.bundle.diff import markdown

        return markdown.write(found)
    from policylib.bundle.diff import text

    color = colored("auto", None if names.output else sys.stdout)
    return text.write(found, color=color, full=names.all)
