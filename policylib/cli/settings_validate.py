"""Say what is wrong with a settings file and with what it names, all of it at once.

What is valid and still makes no sense is warned of: what has expired, regions that nobody knows.

For example:
  $ rc settings validate
  $ rc settings validate ci/policylib.yaml --env prod --strict

exit codes: 0 valid, 1 warnings with --strict, 2 mistakes
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.errors import SettingsError
from policylib.report.plain import count, escape
from policylib.settings import Settings, files, tighter

if TYPE_CHECKING:
    from policylib.rules import RuleSet
    from policylib.settings import Known


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file."""
    common.add_settings_file(parser)
    parser.add_argument("--env", metavar="ENV", help="an environment that it should name")
    common.add_rules(parser)
    parser.add_argument("--strict", action="store_true", help="warnings give exit code 1")


def run(names: argparse.Namespace) -> Outcome:
    """Write each mistake, or each warning and what the file holds."""
    from policylib.evaluate import load_rules

    rules, known = load_rules(names.rules)
    try:
        examined = files.examine(names.file, known, pipes=True)
    except SettingsError as error:
        return Outcome(2, _mistake(error))
    if examined.mistakes:
        total = f"{escape(str(names.file))}: {count(len(examined.mistakes), 'mistake')}\n"
        return Outcome(2, "".join([*map(_mistake, examined.mistakes), total]))
    warnings = list(_warnings(examined, rules, known, names.env))
    return Outcome(
        1 if warnings and names.strict else 0,
        "".join([*warnings, _holds(names.file, examined, len(warnings)), _counts(examined, known)]),
    )


def _mistake(error: SettingsError) -> str:
    place = f"{escape(error.where)}: " if error.where else ""
    remedy = f"  help: {escape(error.remedy)}\n" if error.remedy else ""
    return f"{place}error: {escape(error.what)}\n{remedy}"


def _warnings(
    examined: files.Examined, rules: RuleSet, known: Known, environment: str | None
) -> Iterator[str]:
    from policylib import advice

    settings = examined.settings
    if settings is None:
        return
    said = [(examined.document, advice.on_settings(examined.document.raw, rules))]
    if environment is not None:
        said.append((examined.document, advice.on_environment(settings, environment)))
    if examined.exceptions is not None:
        said.append((examined.exceptions, advice.on_exceptions(settings, known)))
    for document, found in said:
        for keys, text in sorted(found, key=lambda one: document.place(one[0])):
            name = ".".join(map(str, keys))
            yield f"{escape(document.where(keys))}: warning: {escape(f'{name}: {text}')}\n"


def _holds(file: Path, examined: files.Examined, warnings: int) -> str:
    settings = examined.settings
    if settings is None:
        return ""
    parts = [", ".join(sorted(settings.families)) or "no family"]
    if examined.exceptions is not None:
        parts.append(count(len(settings.exceptions), "exception"))
    if settings.catalog is not None:
        parts.append(count(len(settings.catalog), "service"))
    parts.append(count(warnings, "warning"))
    return f"{escape(str(file))} is valid: {'; '.join(map(escape, parts))}\n"


def _counts(examined: files.Examined, known: Known) -> str:
    """Whether the file would count where nobody vouches for it."""
    weak = tighter.weakenings(Settings(), examined.settings or Settings(), known)
    if not weak:
        return ""
    named = escape(", ".join(weak))
    return f"It counts only when passed with --settings, since it weakens the defaults: {named}\n"
