"""Begin a rule: its source, its test, its METADATA, and an example of each verdict.

The rule works as it is written: change what it says, what it asks for, and its examples. Nothing
that is there already is written to.

For example:
  $ rc new rule acme/owner_named --rules our-rules
  $ rc check fixtures/acme/owner_named/deny --rules our-rules
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli.output import Outcome
from policylib.errors import RuleError
from policylib.report.plain import escape

if TYPE_CHECKING:
    from policylib.scaffold import Scaffold


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the rule's name and the folder of rules."""
    parser.add_argument("name", metavar="FAMILY/NAME", help="the rule's family and its own name")
    parser.add_argument(
        "--rules",
        metavar="DIR",
        type=Path,
        help="the folder of your rules (default: this checkout's own)",
    )


def run(names: argparse.Namespace) -> Outcome:
    """Write the rule, and say what comes next."""
    from policylib import scaffold

    folder = names.rules or _checkout()
    made = scaffold.rule(names.name, folder)
    lines = [f"Wrote {escape(_near(path))}" for path in made.files]
    if made.missing_line:
        lines += ["", f"Add to {escape(_near(made.decision))}:", f"  {made.missing_line}"]
    return Outcome(text="\n".join([*lines, "", "Next:", *_next(names.rules, made)]) + "\n")


def _checkout() -> Path:
    from policylib.rules import root

    folder = root()
    if not (folder.parent / "pyproject.toml").is_file():
        raise RuleError(
            "the rules that travel with policylib are not for changing",
            where=str(folder),
            remedy="name the folder of your own rules with --rules DIR",
        )
    return folder


def _next(rules: Path | None, made: Scaffold) -> list[str]:
    from policylib.rules import root

    ours = root()
    folders = [ours] if rules is None else [rules, ours / "policylib" / "lib"]
    tested = " ".join(shlex.quote(_near(folder)) for folder in folders)
    examples = next(path.parent for path in made.files if path.parent.name == "deny")
    option = "" if rules is None else f" --rules {shlex.quote(str(rules))}"
    return [
        f"  opa test {escape(tested)} --run {examples.parent.name}",
        f"  rc check {escape(shlex.quote(_near(examples)))}{escape(option)}",
    ]


def _near(path: Path) -> str:
    """A path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
