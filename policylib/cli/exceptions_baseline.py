"""Record today's denied violations as exceptions, so that a team can start.

Each entry is as narrow as it can be: one workload, one image or place in it, one message. Whatever
is not there today is denied. A file that is there is not overwritten and never grows by itself:
--prune drops the entries that nothing needs any more, --force records anew.

For example:
  $ rc exceptions baseline --expires 2026-12-31 --ticket OPS-7 --approver ada@example.com .
  $ rc exceptions baseline --prune --output exceptions.yaml deploy/

exit codes: 0 everything denied is recorded, 1 something has no name to record, 2 an error
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policylib import exceptions, instants
from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.errors import SettingsError
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policylib.evaluate import Policy
    from policylib.models import PolicyException, Report, Violation

_REASON = "It was there before the rule."
_WORDS = ("expires", "ticket", "approver")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to check, and on whose word it is let through."""
    common.add_paths(parser)
    common.add_settings(parser)
    common.add_rules(parser)
    common.add_facts(parser)
    common.add_packages(parser)
    parser.add_argument(
        "--expires", metavar="DATE", type=_end, help="when the exceptions end, such as 2026-12-31"
    )
    parser.add_argument("--ticket", metavar="TICKET", help="where this is followed up")
    parser.add_argument("--approver", metavar="WHO", help="who answers for it")
    parser.add_argument("--reason", metavar="TEXT", help=f"why it has to be (default: {_REASON})")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        default=Path("exceptions.yaml"),
        help="the file to write (default: exceptions.yaml)",
    )
    parser.add_argument(
        "--prune", action="store_true", help="drop what nothing needs from the file; add nothing"
    )
    parser.add_argument("--force", action="store_true", help="record anew, in place of the file")


def _end(text: str) -> str:
    try:
        instants.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def run(names: argparse.Namespace) -> Outcome:
    """Check, and write the file; or say why not."""
    return _prune(names) if names.prune else _record(names)


def _record(names: argparse.Namespace) -> Outcome:
    for word in _WORDS:
        if not (getattr(names, word) or "").strip():
            raise SettingsError(
                f"--{word} is missing", remedy="somebody has to answer for what is let through"
            )
    if instants.parse(names.expires) <= datetime.now(UTC):
        raise SettingsError(f"{names.expires} has passed: nothing would be let through")
    remedy = "--prune drops what nothing needs any more, --force records anew"
    common.refuse_existing(names.output, SettingsError, remedy, force=names.force)
    policy = common.load_policy(names)
    # Anew: what the file covers so far has to be covered again.
    own = set(_entries(names.output, policy) if os.path.lexists(names.output) else ())
    others = tuple(one for one in policy.settings.exceptions if one not in own)
    report = _report(names, policy, others)
    if common.complained(report.errors):
        return Outcome(2)
    entries, left = exceptions.baseline(
        report.violations,
        reason=names.reason or _REASON,
        ticket=names.ticket,
        approver=names.approver,
        expires=names.expires,
    )
    said = f"Wrote {count(len(entries), 'exception')} to {escape(str(names.output))}\n"
    return Outcome(
        1 if left else 0, exceptions.dump(entries), names.output, "".join((*_left(left), said))
    )


def _left(violations: Iterable[Violation]) -> Iterator[str]:
    """Why something is denied all the same."""
    for one in violations:
        place = escape(f"{one.file}:{one.line}:{one.column}")
        yield f"{place}: not recorded: {escape(f'{one.rule}: {one.message}')}\n"
        yield "  help: an exception names its object: give it a kind and a name, or repair it\n"


def _prune(names: argparse.Namespace) -> Outcome:
    if any(getattr(names, word) is not None for word in (*_WORDS, "reason")) or names.force:
        raise SettingsError("--prune only drops entries and takes no other words for them")
    policy = common.load_policy(names)
    entries = _entries(names.output, policy)
    if names.output.read_bytes() != exceptions.dump(entries).encode("utf-8"):
        raise SettingsError(
            "the file was edited by hand, and its comments would be lost",
            where=str(names.output),
            remedy="drop the entries yourself: `rc exceptions list PATH…` names the unused ones",
        )
    others = tuple(one for one in policy.settings.exceptions if one not in entries)
    report = _report(names, policy, (*others, *entries))
    if common.complained(report.errors):
        return Outcome(2)
    kept = exceptions.still_used(entries, report.violations)
    dropped = count(len(entries) - len(kept), "exception")
    said = f"Dropped {dropped} from {escape(str(names.output))}, kept {len(kept)}\n"
    return Outcome(0, exceptions.dump(kept), names.output, said)


def _entries(file: Path, policy: Policy) -> tuple[PolicyException, ...]:
    from policylib import settings

    return settings.exceptions(file, policy.rules.known())


def _report(
    names: argparse.Namespace, policy: Policy, entries: tuple[PolicyException, ...]
) -> Report:
    chosen = policy.settings.model_copy(update={"exceptions": entries})
    collection = common.collect(names, policy.settings.exclude)
    return replace(policy, settings=chosen).check_collection(collection)
