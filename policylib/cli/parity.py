"""Ask every engine about the same inputs, and compare what they say.

Verdicts, rules, paths and messages of OPA, conftest and gator are compared with those of the engine
in process, on examples and on generated inputs, under settings that vary.

For example:
  $ rc parity                                    examples, and some inputs for each family
  $ rc parity --inputs 1000000 --inputs conftest=50000 --inputs gator=50000
  $ rc parity --engine opa --family tier         one engine, one family
  $ rc parity --rules our-rules --fixtures fixtures --settings policylib.yaml
  $ rc parity --seed 7 --batch 3                 one batch of each family again

OPA 1.22.2, conftest 0.71.1 and gator 3.23.1 are looked for on PATH; one that is missing or another
version is an error. A difference ends the run: its smallest form is printed, with the command that
shows it again.

exit codes: 0 the engines agree, 1 they differ, 2 something could not be compared
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policylib.cli import common, output
from policylib.cli.output import Outcome
from policylib.cli.parser import one_of
from policylib.cli.progress import long_progress
from policylib.errors import EngineError, SettingsError

if TYPE_CHECKING:
    from policylib.parity.programs import Program
    from policylib.parity.run import Plan
    from policylib.parity.summary import Summary
    from policylib.parity.work import Difference

_ENGINES: Final = ("opa", "conftest", "gator")
_FAMILIES: Final = ("digest", "provenance", "residency", "tier")
_USUAL: Final = {"regorus": 20_000, "opa": 20_000, "conftest": 2_000, "gator": 2_000}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is asked of which engines, by which rules, and how to say what came of it."""
    _add_inputs(parser)
    common.add_rules(parser)
    common.add_settings(parser)
    parser.add_argument(
        "--facts", metavar="FILE", type=Path, help="what was verified of images (ImageFacts)"
    )
    _add_engines(parser)
    common.add_format(parser)
    common.add_output(parser)
    parser.add_argument(
        "--keep",
        metavar="DIR",
        type=Path,
        help="write each difference there, as an example: DIR/*.yaml",
    )
    parser.add_argument(
        "--keep-going", action="store_true", help="go on after a difference, to the end"
    )
    parser.add_argument(
        "--patience",
        metavar="SECONDS",
        type=_whole,
        default=60,
        help="how long a difference is made smaller (default: 60)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    usual = f"{_USUAL['opa']:,}, and {_USUAL['gator']:,} for conftest and gator"
    parser.add_argument(
        "--inputs",
        metavar="[ENGINE=]N",
        type=_inputs,
        action="append",
        default=[],
        help=(
            "inputs to generate in all, spread over the families; for one engine, or for regorus "
            f"and OPA (default: {usual}); may be repeated"
        ),
    )
    parser.add_argument(
        "--family",
        metavar="FAMILY",
        dest="families",
        action="append",
        type=one_of("family", _FAMILIES),
        help=f"generate inputs for this one ({', '.join(_FAMILIES)}); may be repeated",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_whole,
        default=0,
        help="what the inputs are drawn by (default: 0)",
    )
    parser.add_argument(
        "--batch", metavar="N", type=_whole, help="this batch of each family, and no examples"
    )
    parser.add_argument(
        "--fixtures",
        metavar="DIR",
        type=Path,
        help="the examples: FAMILY/RULE/{allow,deny}/*.yaml (default: policylib's own)",
    )
    parser.add_argument("--no-fixtures", action="store_true", help="ask about no examples")


def _add_engines(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        metavar="ENGINE",
        dest="engines",
        action="append",
        type=one_of("engine", _ENGINES),
        help=f"compare this one ({', '.join(_ENGINES)}); may be repeated (default: all)",
    )
    for name in _ENGINES:
        parser.add_argument(
            f"--{name}", metavar="FILE", type=Path, help=f"the {name} to ask (default: on PATH)"
        )
    parser.add_argument(
        "--any-version", action="store_true", help="ask other versions than the proven ones too"
    )
    parser.add_argument(
        "--jobs", metavar="N", type=_positive, help="processes (default: one for each core)"
    )


def run(names: argparse.Namespace) -> Outcome:
    """Compare the engines, keep what they differ on, and sum up."""
    from policylib.engine.regorus import RegorusEngine
    from policylib.parity import run as runs
    from policylib.parity import text

    programs = _programs(names)
    plan = _plan(names, programs)
    with long_progress(None if names.quiet else sys.stderr) as tell:
        summary = runs.run(plan, tell)
    again = [_again(names, one) for one in summary.differences]
    kept = list(_kept(names, summary, again))
    versions = {"regorus": RegorusEngine.version} | {p.name: p.version for p in programs}
    if names.format == "json":
        said = json.dumps(summary.data(versions, again), indent=2) + "\n"
    else:
        said = text.text(summary, versions, again)
        said += "".join(f"kept as {path}\n" for path in kept)
    return Outcome(0 if summary.agreed else 1, said, names.output)


def _kept(names: argparse.Namespace, summary: Summary, again: Sequence[str]) -> Iterator[Path]:
    from policylib.parity import keeping

    if names.keep is not None:
        for one, command in zip(summary.differences, again, strict=True):
            yield keeping.keep(one, names.keep, command)


def _programs(names: argparse.Namespace) -> list[Program]:
    """The programs of the engines to ask; every one that is missing is said."""
    from policylib.parity.programs import program

    found, wrong = [], []
    for name in names.engines or _ENGINES:
        try:
            found.append(program(name, getattr(names, name), any_version=names.any_version))
        except EngineError as error:
            wrong.append(error)
    for one in wrong[:-1]:
        output.complain(one.what, one.where, one.remedy)
    if wrong:
        raise wrong[-1]
    return found


def _plan(names: argparse.Namespace, programs: Sequence[Program]) -> Plan:
    from policylib.parity.run import Plan
    from policylib.parity.work import Setup

    settings, facts = _given(names)
    setup = Setup(
        str(names.seed),
        {one.name: one.path for one in programs},
        rules=names.rules,
        settings=settings,
        facts=facts,
        examples=names.fixtures,
        patience=names.patience,
    )
    return Plan(
        setup,
        _counts(names.inputs, [one.name for one in programs]),
        tuple(dict.fromkeys(names.families or _FAMILIES)),
        examples=not names.no_fixtures and names.batch is None,
        batch=names.batch,
        keep_going=names.keep_going,
        jobs=names.jobs or os.cpu_count() or 1,
    )


def _given(names: argparse.Namespace) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The settings and facts that are named; what is merely found beside them counts for nothing.

    Raises `SettingsError`, `InputError` or `RuleError` for what is not usable.
    """
    from policylib import facts
    from policylib.evaluate import Policy, load_rules
    from policylib.settings import files

    ruleset, known = load_rules(names.rules)
    known_facts = facts.load(names.facts) if names.facts else None
    if names.settings is None:
        if names.env is not None:
            raise SettingsError("no environment is known", remedy="name the settings too")
        return None, known_facts
    policy = Policy(ruleset, files.parse(names.settings, known, pipes=True), names.env)
    return policy.data, known_facts


def _counts(said: Sequence[tuple[str, int]], engines: Sequence[str]) -> Mapping[str, int]:
    """How many inputs each engine is asked about."""
    usual = dict(_USUAL)
    for name, count in said:
        for one in ("regorus", "opa") if not name else (name,):
            usual[one] = count
        if not name:
            usual |= {one: min(usual[one], count) for one in _ENGINES}
    usual |= {name: count for name, count in said if name}
    return {name: usual[name] for name in ("regorus", *engines)}


def _again(names: argparse.Namespace, one: Difference) -> str:
    """The command that shows a difference again."""
    from policylib.parity.work import Part

    words = ["rc", "parity"]
    if isinstance(one.task, Part):
        words += ["--seed", str(names.seed), "--family", one.task.family]
        words += ["--batch", str(one.task.number)]
    else:
        words += ["--inputs", "0"]
        words += ["--fixtures", str(names.fixtures)] if names.fixtures else []
    for name in one.said:
        words += ["--engine", name] if name in _ENGINES else []
    for option in ("rules", "settings", "env", "facts"):
        given = getattr(names, option)
        words += [f"--{option}", str(given)] if given is not None else []
    return shlex.join(words)


def _inputs(text: str) -> tuple[str, int]:
    name, _, count = text.rpartition("=")
    if name:
        one_of("engine", _ENGINES)(name)
    return name, _whole(count)


def _number(least: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        plain = text.replace("_", "")
        if not plain.isdecimal() or int(plain) < least:
            raise argparse.ArgumentTypeError(f"{text} is no whole number from {least} on")
        return int(plain)

    return convert


_whole = _number(0)
_positive = _number(1)
