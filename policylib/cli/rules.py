"""List the rules.

For example:
  $ rc rules
  $ rc rules --format json
"""

from __future__ import annotations

import argparse
import json

from policylib.cli import common
from policylib.cli.output import Outcome
from policylib.report.plain import escape


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whose rules to list, and how."""
    common.add_rules(parser)
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Write one rule a line, or everything about each as JSON."""
    from policylib.rules import load

    rules = load(names.rules).rules.values()
    if names.format == "json":
        described = [rule.model_dump(mode="json") for rule in rules]
        return Outcome(text=json.dumps(described, indent=2) + "\n")
    width = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:{width}}  {rule.severity:8}  {escape(rule.title)}\n" for rule in rules]
    return Outcome(text="".join(lines))
