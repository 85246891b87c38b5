"""Arguments that several commands share, and what they stand for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policylib import durations, reading
from policylib.cli import output
from policylib.cli.parser import one_of
from policylib.errors import InputError, PolicylibError, RuleError

if TYPE_CHECKING:
    from policylib.evaluate import Policy
    from policylib.inputs.interface import Collection
    from policylib.models import Problem
    from policylib.packages import Packages

STDIN = "-"


def add_paths(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Declare what to read; with `optional` naming nothing is fine."""
    parser.set_defaults(paths_optional=optional)
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a file, folder, glob or Helm chart; - is standard input",
    )
    parser.add_argument(
        "--stdin-filename",
        metavar="FILE",
        default=STDIN,
        help="the name of what comes through standard input",
    )
    parser.add_argument(
        "--exclude",
        metavar="GLOB",
        action="append",
        default=[],
        help="leave out files that match; may be repeated",
    )


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Declare the rules to use."""
    parser.add_argument(
        "--rules",
        metavar="DIR",
        type=Path,
        help="use the rules in this folder (default: those that travel with policylib)",
    )


def add_packages(parser: argparse.ArgumentParser) -> None:
    """Declare conftest packages of one's own, to judge beside policylib's rules."""
    parser.add_argument(
        "--policy",
        metavar="DIR",
        help="ask your own conftest packages too: a folder, or oci://REGISTRY/REPOSITORY:TAG",
    )
    parser.add_argument(
        "--policy-namespace",
        metavar="NAME",
        action="append",
        help="a namespace to ask in them (default: main); may be repeated",
    )
    parser.add_argument(
        "--policy-data",
        metavar="PATH",
        action="append",
        default=[],
        help="data that they read, as conftest's --data; may be repeated",
    )


def add_settings_file(parser: argparse.ArgumentParser) -> None:
    """Declare the settings file that a command is about."""
    from policylib.settings import FILE_NAME

    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        type=Path,
        default=Path(FILE_NAME),
        help=f"the settings file (default: {FILE_NAME})",
    )


def add_settings(parser: argparse.ArgumentParser, default: Path | None = None) -> None:
    """Declare the settings and the environment."""
    usual = f" (default: {default})" if default else ""
    parser.add_argument(
        "--settings",
        metavar="FILE",
        type=Path,
        default=default,
        help=f"a settings file that you vouch for{usual}",
    )
    parser.add_argument(
        "--env",
        metavar="ENV",
        help="the environment whose enforcement holds (default: the strictest)",
    )


def add_format(parser: argparse.ArgumentParser, formats: Sequence[str] = ("text", "json")) -> None:
    """Declare a choice of formats, of which text comes first and is the default."""
    *others, last = formats[1:]
    listed = ", ".join(["text (default)", *others])
    parser.add_argument(
        "-f",
        "--format",
        choices=formats,
        type=one_of("format", formats),
        default="text",
        help=f"{listed} or {last}",
    )


def add_number(parser: argparse.ArgumentParser) -> None:
    """Declare the number that tells a later bundle from an earlier one."""
    parser.add_argument(
        "--number",
        metavar="N",
        type=whole,
        help="the number of what is built, greater than that of the last (default: 0)",
    )


def whole(text: str) -> int:
    """A whole number as it is usually written, and not too long to be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0")
    return int(text)


def duration(text: str) -> float:
    """A span of time, as an argument's type."""
    try:
        return durations.seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare a file to write to instead of standard output."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write to a file, in one step"
    )


def add_color(parser: argparse.ArgumentParser) -> None:
    """Declare when there is colour."""
    choices = ("auto", "always", "never")
    parser.add_argument(
        "--color",
        choices=choices,
        type=one_of("choice", choices),
        default="auto",
        help="auto (default), always or never; NO_COLOR and FORCE_COLOR count too",
    )


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Declare what was verified elsewhere, and the families that have to be asked."""
    parser.add_argument(
        "--facts",
        metavar="FILE",
        type=Path,
        help="what was verified of images (ImageFacts), from a file that you vouch for",
    )
    parser.add_argument(
        "--require",
        metavar="FAMILY",
        action="append",
        default=[],
        help="fail unless what you vouch for configures this family of rules; may be repeated",
    )


def load_policy(names: argparse.Namespace) -> Policy:
    """Load the rules, settings and facts that the arguments name."""
    from policylib.evaluate import load

    policy = load(
        settings=names.settings,
        environment=names.env,
        rules=names.rules,
        facts=names.facts,
        require=names.require,
    )
    packages = _packages(names)
    return policy if packages is None else replace(policy, packages=packages)


def load_named(names: argparse.Namespace) -> Policy:
    """Load as `load_policy` does, and refuse an environment that the settings do not name.

    For what is kept: a slip would be enforced, or shown, long after it was made.
    """
    policy = load_policy(names)
    policy.settings.require_environment(
        policy.environment, str(names.settings) if names.settings else ""
    )
    return policy


def _packages(names: argparse.Namespace) -> Packages | None:
    reference = getattr(names, "policy", None)
    if reference is None:
        if getattr(names, "policy_namespace", None) or getattr(names, "policy_data", None):
            raise RuleError(
                "--policy-namespace and --policy-data say more about --policy, which is not there",
                remedy="name the packages with --policy too",
            )
        return None
    from policylib import packages

    return packages.load(reference, names.policy_namespace or ("main",), names.policy_data)


def refuse_existing(file: Path, error: type[PolicylibError], remedy: str, *, force: bool) -> None:
    """Refuse to overwrite a file that is there, unless that was asked for."""
    if not force and os.path.lexists(file):
        raise error("the file is there already", where=str(file), remedy=remedy)


def collect(names: argparse.Namespace, exclude: Sequence[str]) -> Collection:
    """Find what the paths name; `exclude` adds to the globs of the arguments.

    Raises `InputError` when standard input cannot be read.
    """
    from policylib.inputs import files, objects
    from policylib.inputs.interface import Collection

    paths = [path for path in names.paths if path != STDIN]
    found = files.collect(paths, exclude=(*exclude, *names.exclude))
    if STDIN not in names.paths:
        return found
    given = objects.from_bytes(_stdin(), names.stdin_filename)
    return Collection(
        tuple(names.paths), (*given.sources, *found.sources), (*given.problems, *found.problems)
    )


def complained(problems: Sequence[Problem]) -> bool:
    """Say on standard error what could not be read or judged, if anything."""
    for problem in problems:
        output.complain(problem.message, f"{problem.file}:{problem.line}:{problem.column}")
    return bool(problems)


def _stdin() -> bytes:
    if sys.stdin is None:
        raise InputError("standard input is closed", where=STDIN)
    try:
        return reading.drain(sys.stdin.buffer)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=STDIN) from error
