"""List exceptions: which are active, expire soon, have expired, or cover nothing.

With paths these are checked, so that unused exceptions show. Nothing is judged by it: `rc check`
says what is denied.

For example:
  $ rc exceptions list
  $ rc exceptions list deploy/ charts/app --settings ci/policylib.yaml --within 30d
  $ rc exceptions list . --strict --format json

exit codes: 0 fine, 1 with --strict when one has expired or is unused, 2 something cannot be read
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from policylib import instants
from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.report.plain import count, escape
from policylib.settings import FILE_NAME

if TYPE_CHECKING:
    from policylib.models import ListedException


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the settings, what to check, and how to say it."""
    common.add_paths(parser, optional=True)
    common.add_settings(parser, default=Path(FILE_NAME))
    common.add_rules(parser)
    common.add_facts(parser)
    common.add_packages(parser)
    parser.add_argument(
        "--within",
        metavar="TIME",
        type=common.duration,
        default="14d",
        help="what expires within this time is called expiring (default: 14d)",
    )
    common.add_format(parser)
    parser.add_argument(
        "--strict", action="store_true", help="an expired or unused exception gives exit code 1"
    )


def run(names: argparse.Namespace) -> Outcome:
    """Write one exception a line, and how many there are of each kind."""
    from policylib import exceptions

    policy = common.load_policy(names)
    listed = exceptions.listed(policy.settings.exceptions, ())
    if names.paths:
        report = policy.check_collection(common.collect(names, policy.settings.exclude))
        if common.complained(report.errors):
            return Outcome(2)
        listed = report.exceptions
    now = datetime.now(UTC)
    rows = [_Row(one, _time(one, names.within, now), bool(names.paths)) for one in listed]
    rows.sort(key=lambda row: (instants.parse(row.one.expires), row.one.rule, str(row.one.target)))
    failing = names.strict and any(row.time == "expired" or row.use == "unused" for row in rows)
    text = _json(rows) if names.format == "json" else "".join(_text(rows))
    return Outcome(1 if failing else 0, text)


class _Row(NamedTuple):
    one: ListedException
    time: str
    checked: bool

    @property
    def use(self) -> str:
        """What it covers of what was checked."""
        if not self.checked:
            return ""
        covered = self.one.violations
        return f"covers {count(covered, 'violation')}" if covered else "unused"


def _time(one: ListedException, within: float, now: datetime) -> str:
    from policylib import exceptions

    if exceptions.has_expired(one, now):
        return "expired"
    return "expiring" if exceptions.expires_within(one, within, now) else "active"


def _json(rows: Sequence[_Row]) -> str:
    described = [
        {
            **row.one.model_dump(mode="json", exclude={"state", "violations"}, exclude_none=True),
            "time": row.time,
            "violations": row.one.violations if row.checked else None,
        }
        for row in rows
    ]
    return json.dumps(described, indent=2) + "\n"


def _text(rows: Sequence[_Row]) -> Iterator[str]:
    for row in rows:
        one = row.one
        use = f" ({row.use})" if row.use else ""
        yield f"{row.time:8}  {escape(one.expires)}  {escape(f'{one.rule}: {one.target}')}{use}\n"
        said = f"{one.ticket}, approved by {one.approver}: {one.reason}"
        yield f"          {escape(said)}\n"
    times = Counter(row.time for row in rows)
    parts = [f"{times[time]} {time}" for time in ("active", "expiring", "expired")]
    if unused := sum(row.use == "unused" for row in rows):
        parts.append(f"{unused} unused")
    yield f"{count(len(rows), 'exception')}: {', '.join(parts)}\n"
