"""Explain one rule: what it asks for, why, what to do, and an example of each verdict.

For example:
  $ rc explain digest.image_pinned
"""

from __future__ import annotations

import argparse
import json
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.cli.parser import suggestion
from policylib.errors import RuleError
from policylib.report.plain import escape

if TYPE_CHECKING:
    from policylib.models import Rule

_WIDTH = 88


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the rule."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id, as `rules` lists them")
    common.add_rules(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Write what the rule's METADATA says, and an example that it allows and one it denies.

    Raises `RuleError` for an id that is not a rule's.
    """
    from policylib.rules import load, root

    rules = load(names.rules).rules
    rule = rules.get(names.rule)
    if rule is None:
        close = suggestion(names.rule, rules)
        raise RuleError(
            f"unknown rule: {names.rule}",
            remedy=f"did you mean {close}?" if close else f"known: {', '.join(rules)}",
        )
    home = (names.rules or root()).parent
    lines = [*_described(rule), *_page(home, rule), *_examples(home, rule)]
    return Outcome(text="\n".join(lines))


def _described(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({rule.severity}): {escape(rule.title)}\n"
    yield _wrapped(rule.description)
    yield _wrapped(f"What to do: {rule.remediation}")
    if settings := rule.parameters.get("properties"):
        yield f"Settings, below `{rule.family}:` in policylib.yaml:"
        yield from (_setting(key, schema) for key, schema in settings.items())
        yield ""
    for title, entries in (("Controls", rule.controls), ("See also", rule.references)):
        if entries:
            yield "\n".join([f"{title}:", *(f"  {escape(entry)}" for entry in entries), ""])


def _wrapped(text: str) -> str:
    return textwrap.fill(escape(" ".join(text.split())), _WIDTH, break_on_hyphens=False) + "\n"


def _setting(key: str, schema: dict[str, object]) -> str:
    default = json.dumps(schema["default"]) if "default" in schema else "none"
    heading = f"  {escape(key)} ({schema.get('type', 'any')}, default {escape(default)})"
    meaning = escape(" ".join(str(schema.get("description", "")).split()))
    lines = textwrap.wrap(meaning, _WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([heading, *lines])


def _page(home: Path, rule: Rule) -> Iterator[str]:
    """Where the rule's page is; nothing where the rules came without pages."""
    page = home / "docs" / "rules" / rule.family / f"{rule.name}.md"
    if page.is_file():
        yield f"Page: {escape(os.path.relpath(page))}\n"


def _examples(home: Path, rule: Rule) -> Iterator[str]:
    """The two examples that differ least, so that the difference is what the rule is about.

    Nothing where the rules came without examples.
    """
    from policylib import pages

    found = pages.example(home / "fixtures" / rule.family / rule.name)
    shown = (("Allowed:", found.after), ("Denied:", found.before)) if found else ()
    for title, file in shown:
        lines = pages.text(file).splitlines()
        yield f"{title}\n" + "".join(f"  {escape(line)}\n" for line in lines)
