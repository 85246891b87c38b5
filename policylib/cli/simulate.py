"""Say what another policy would deny of what runs today, before anyone enforces it.

For example:
  $ kubectl get deploy,sts,pod -A -o json | rc simulate --new policylib.yaml -
  $ rc simulate --new policylib.yaml cluster.json      nothing is enforced today
  $ rc simulate --old today/ --new proposed/ deploy/   two folders with a policylib.yaml
  $ rc simulate --old policylib.yaml --old-env dev --new policylib.yaml --new-env prod deploy/
  $ rc simulate --new policylib.yaml --decisions decisions.jsonl.gz
  $ rc simulate --old a.yaml --new b.yaml deploy/ --format markdown   for a pull request

--old and --new name a settings file, or a folder that holds policylib.yaml, and in rules/ maybe
rules of its own. Without --old nothing is denied today.

exit codes: 0 nothing is newly denied, 1 something is, 2 something could not be judged
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.cli.progress import progress
from policylib.errors import InputError, SettingsError
from policylib.inputs import files
from policylib.inputs.interface import Collection
from policylib.settings import FILE_NAME

if TYPE_CHECKING:
    from policylib.simulation import Named, Simulation
    from policylib.simulation.decisions import Log
    from policylib.simulation.dumps import Dump
    from policylib.simulation.judging import Batch

_FORMATS = ("text", "json", "markdown")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to judge, and the two policies."""
    common.add_paths(parser, optional=True)
    for side, what, required in (
        ("old", "what holds today: settings, or a folder with them", False),
        ("new", "what is to hold: settings, or a folder with them", True),
    ):
        parser.add_argument(f"--{side}", metavar="POLICY", type=Path, required=required, help=what)
        parser.add_argument(
            f"--{side}-env", metavar="ENV", help="its environment (default: the strictest)"
        )
        parser.add_argument(
            f"--{side}-rules",
            metavar="DIR",
            type=Path,
            help="its rules (default: those in its folder, else those of policylib)",
        )
    parser.add_argument(
        "--decisions",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="judge what a decision log of OPA holds (may be gzipped); may be repeated",
    )
    parser.add_argument(
        "--facts",
        metavar="FILE",
        type=Path,
        help="what was verified of images (ImageFacts), for both policies",
    )
    common.add_format(parser, _FORMATS)
    common.add_output(parser)
    parser.add_argument("--all", action="store_true", help="show every workload and every change")
    parser.add_argument(
        "--allow-empty", action="store_true", help="finding nothing to judge is fine"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def run(names: argparse.Namespace) -> Outcome:
    """Judge by both policies, and say what differs."""
    from policylib.simulation import simulate

    if not (names.paths or names.decisions):
        raise InputError(
            "there is nothing to judge", remedy="name files, folders or --decisions FILE"
        )
    old, new = _policies(names)
    log = _log(names.decisions)
    with progress(None if names.quiet else sys.stderr) as tell:
        found = _found(names, old, new)
        total = (found.weight + (len(log.entries) if log else 0)) * (1 if old is None else 2)
        simulation = simulate(
            old,
            new,
            chain(found.batches(allow_empty=names.allow_empty), _decisions(log)),
            recorded=None if log is None else log.recorded,
            progress=None if tell is None else lambda done: tell(min(done, total), total),
        )
    _refuse_input(names, found)
    return Outcome(simulation.exit_code, _written(simulation, names), names.output)


def _refuse_input(names: argparse.Namespace, found: _Found) -> None:
    """Refuse an output that is an input, which a slip would destroy."""
    output = names.output
    if output is None or not os.path.isfile(output):  # noqa: PTH113 - never raises
        return
    policies = [one for one in (names.old, names.new) if one is not None]
    own = [*policies, *(one / FILE_NAME for one in policies)]
    own += [] if names.facts is None else [names.facts]
    read = [one.file for one in found.dumps]
    read += [one.name for one in found.collection.sources if one.content is None]
    if any(_same(one, output) for one in (*own, *names.decisions, *read)):
        raise InputError(
            "the output is one of the inputs",
            where=str(output),
            remedy="write the answer elsewhere, or leave that file out with --exclude",
        )


def _same(file: str | Path, output: Path) -> bool:
    try:
        return os.path.samefile(file, output)  # noqa: PTH121 - a name may be any text
    except (OSError, ValueError):  # gone meanwhile, or no name of a file
        return False


def _policies(names: argparse.Namespace) -> tuple[Named | None, Named]:
    from policylib.simulation import load

    if names.old is None and (names.old_env or names.old_rules):
        raise SettingsError(
            "--old-env and --old-rules say more about --old, which is not there",
            remedy="name the settings with --old too",
        )
    new = load(names.new, rules=names.new_rules, environment=names.new_env, facts=names.facts)
    if names.old is None:
        return None, new
    old = load(names.old, rules=names.old_rules, environment=names.old_env, facts=names.facts)
    return old, new


@dataclass(frozen=True)
class _Found:
    """What the paths name: dumps to cut, everything else, and what the old policy leaves out."""

    collection: Collection
    dumps: Sequence[Dump]
    unseen: Container[str]

    @property
    def weight(self) -> int:
        return len(self.collection.sources) + sum(one.parts for one in self.dumps)

    def batches(self, *, allow_empty: bool) -> Iterator[Batch]:
        from policylib.simulation.judging import Files, parts_of

        seen = [one for one in self.collection.sources if one.name not in self.unseen]
        others = tuple(one for one in self.collection.sources if one.name in self.unseen)
        empty = allow_empty or bool(self.dumps or others) or not self.collection.asked
        yield Files(replace(self.collection, sources=tuple(seen)), empty)
        if others:
            yield Files(Collection(self.collection.asked, others), empty, unseen=True)
        for dump in self.dumps:
            yield from parts_of(dump, unseen=dump.file in self.unseen)


def _found(names: argparse.Namespace, old: Named | None, new: Named) -> _Found:
    from policylib.simulation.dumps import dump_of

    if not names.paths:
        return _Found(Collection((), ()), (), frozenset())
    exclude = new.policy.settings.exclude
    collection = common.collect(names, exclude)
    unseen: Container[str] = frozenset()
    if old is not None and set(old.policy.settings.exclude) - set(exclude):
        both = (*exclude, *old.policy.settings.exclude)
        paths = [path for path in names.paths if path != common.STDIN]
        seen = {one.name for one in files.collect(paths, exclude=(*both, *names.exclude)).sources}
        unseen = {one.name for one in collection.sources} - seen - {names.stdin_filename}
    dumps = [(source, dump_of(source)) for source in collection.sources]
    rest = tuple(source for source, dump in dumps if dump is None)
    return _Found(
        replace(collection, sources=rest), [one for _, one in dumps if one is not None], unseen
    )


def _log(files: Sequence[Path]) -> Log | None:
    if not files:
        return None
    from policylib.simulation.decisions import Log

    log = Log()
    for file in files:
        log.read(file)
    return log


def _decisions(log: Log | None) -> Iterator[Batch]:
    from policylib.simulation.judging import decisions_in

    if log is not None:
        yield from decisions_in(list(log.entries.values()), log.problems, log.files)


def _written(simulation: Simulation, names: argparse.Namespace) -> str:
    if names.format == "json":
        return simulation.as_json()
    if names.format == "markdown":
        from policylib.simulation import markdown

        return markdown.write(simulation)
    from policylib.simulation import text

    return text.write(simulation, full=names.all)
