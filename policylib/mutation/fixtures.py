"""Examples of rules, and what a rule has to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policylib import examples
from policylib.engine.interface import Answer, Failure
from policylib.errors import RuleError
from policylib.mutation.syntax import Name
from policylib.settings import Known

VERDICTS = ("allow", "deny")
LISTS: Name = ("policylib", "lib", "reviews")
"""The package that takes lists of resources apart."""

DRIVER = "data.policylib_examples.violation"
"""What is asked for an example: a rule, of each resource in the document."""

_DRIVER = """package policylib_examples

import rego.v1

import data.policylib.lib.reviews

violation contains v if {{
	not reviews.is_list(input.review.object)
	some v in data.{package}.violation
}}

violation contains v if {{
	reviews.is_list(input.review.object)
	some item in reviews.expand(input.review.object)
	some v in data.{package}.violation with input as {{"review": item.review}}
}}
"""


@dataclass(frozen=True)
class Example:
    """A file of examples: its name, whether the rule has to deny it, and its documents."""

    name: str
    denied: bool
    documents: tuple[dict[str, Any], ...]

    def failure(self, answers: Sequence[Answer]) -> str:
        """What is wrong with the answers to the documents; empty when nothing is.

        An example of a denial is denied when one of its documents is.
        """
        values = []
        for answer in answers:
            if isinstance(answer, Failure):
                return answer.message
            values.append(answer.value)
        if any(values) == self.denied:
            return ""
        return "it is allowed" if self.denied else "it is denied"


@dataclass(frozen=True)
class Examples:
    """The examples of one rule; `data` is what the rule reads while they are judged."""

    rule: str
    data: dict[str, Any]
    examples: tuple[Example, ...]

    @property
    def package(self) -> Name:
        """The package of the rule."""
        return ("policylib", *self.rule.split("."))

    @property
    def driver(self) -> dict[str, str]:
        """The module that asks the rule of each resource, by its path."""
        return {"policylib_examples.rego": _DRIVER.format(package=".".join(self.package))}


def load(folder: Path, known: Known) -> list[Examples]:
    """Read FAMILY/RULE/{allow,deny}/*.yaml below a folder.

    They are judged under FAMILY/settings.yaml, with the facts in FAMILY/facts.yaml, where these
    are. Folders that hold something else are left out.

    Raises `RuleError` where there is no example, `InputError` or `SettingsError` for a file that
    cannot be read.
    """
    rules = sorted({path.parent for verdict in VERDICTS for path in folder.glob(f"*/*/{verdict}")})
    found = [_examples(rule, known) for rule in rules]
    if not found:
        layout = "FAMILY/RULE/allow/*.yaml and FAMILY/RULE/deny/*.yaml"
        raise RuleError("there are no examples here", where=str(folder), remedy=layout)
    return found


def _examples(rule: Path, known: Known) -> Examples:
    family = rule.parent
    data: dict[str, Any] = {"settings": examples.settings(family, known)}
    if (found := examples.facts_of(family)) is not None:
        data["facts"] = found
    paths = [
        (path, verdict) for verdict in VERDICTS for path in sorted((rule / verdict).glob("*.yaml"))
    ]
    read = (
        Example(str(path), verdict == "deny", examples.documents(path)) for path, verdict in paths
    )
    return Examples(f"{family.name}.{rule.name}", data, tuple(read))
