"""Say of each key of the settings what it means, what holds, and where that comes from.

KEY is a key such as digest.algorithms, or what several begin with, such as tier.gold.

For example:
  $ rc settings explain
  $ rc settings explain digest.algorithms
  $ rc settings explain enforcement --settings policylib.yaml --env dev
  $ rc settings explain --format json
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.cli.parser import suggestion
from policylib.errors import SettingsError
from policylib.report.plain import escape

if TYPE_CHECKING:
    from policylib.settings.explain import Key, RuleLevel

_WIDTH = 88


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the key and the settings."""
    parser.add_argument("key", nargs="?", metavar="KEY", help="a key (default: all of them)")
    common.add_settings(parser)
    common.add_rules(parser)
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Write the keys, and what each rule's violations do."""
    from policylib import settings
    from policylib.evaluate import Policy, load_rules
    from policylib.settings import explain

    rules, known = load_rules(names.rules)
    loaded = settings.load(names.settings, known)
    policy = Policy(rules, loaded.settings, names.env)
    file = str(names.settings) if names.settings else ""
    keys = list(explain.keys(loaded, known, file))
    levels = list(explain.levels(loaded.settings, known, names.env, rules.entering()))
    asked = {family: family not in policy.unconfigured for family in rules.families}
    if names.key is not None:
        keys, levels = _chosen(names.key, explain.names(known), keys, levels)
    if names.format == "json":
        return Outcome(text=_json(names.env, asked, keys, levels, loaded.notes))
    return Outcome(text="\n".join(_text(names.env, asked, keys, levels, loaded.notes)))


def _chosen(
    word: str, names: Sequence[str], keys: Sequence[Key], levels: Sequence[RuleLevel]
) -> tuple[list[Key], list[RuleLevel]]:
    found = [key for key in keys if f"{key.name}.".startswith(f"{word}.")]
    if not found:
        close = suggestion(word, names)
        remedy = f"did you mean {close}?" if close else "`rc settings explain` lists all keys"
        raise SettingsError(f"the settings have no key {word}", remedy=remedy)
    return found, list(levels) if word == "enforcement" else []


def _json(
    environment: str | None,
    asked: dict[str, bool],
    keys: Sequence[Key],
    levels: Sequence[RuleLevel],
    notes: Sequence[str],
) -> str:
    described: dict[str, Any] = {
        "environment": environment,
        "families": asked,
        "keys": [
            {
                "key": key.name,
                "value": key.value,
                "source": key.source,
                "type": key.kind,
                "description": key.meaning,
            }
            for key in keys
        ],
        "rules": [one._asdict() for one in levels],
        "notes": list(notes),
    }
    return json.dumps(described, indent=2) + "\n"


def _text(
    environment: str | None,
    asked: dict[str, bool],
    keys: Sequence[Key],
    levels: Sequence[RuleLevel],
    notes: Sequence[str],
) -> Iterator[str]:
    for note in notes:
        yield f"note: {escape(note)}\n"
    for key in keys:
        value = "none" if key.value is None else json.dumps(key.value, ensure_ascii=False)
        yield f"{escape(key.name)} = {escape(value)}  [{escape(key.source)}]"
        meaning = escape(" ".join(f"{key.meaning} Takes: {key.kind}.".split()))
        yield textwrap.fill(
            meaning, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
        yield ""
    if not levels:
        return
    where = f"in {escape(environment)}" if environment else "without an environment"
    yield f"What a violation does {where}:"
    width = max(len(one.rule) for one in levels)
    for one in levels:
        family = one.rule.partition(".")[0]
        level = one.level if asked[family] else "-"
        source = one.source if asked[family] else f"{family} is not configured"
        yield f"  {one.rule:{width}}  {level:4}  [{escape(source)}]"
    yield ""
