"""What is wrong with facts: a name, the rule that denies it, and how to make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policylib.generate.choices import Choices
from policylib.generate.facts import STRANGER, Trust
from policylib.generate.sample import Doc

Spoil = Callable[[Choices, Trust, int, Doc], None]
"""Changes sound facts in place, for a workload that needs a level."""


@dataclass(frozen=True)
class Wrong:
    """A way to spoil facts. `travels` is False where a document of facts cannot show it."""

    name: str
    rule: str
    what: str
    spoil: Spoil
    travels: bool = True


def of(rule: str, *wrongs: tuple[str, str, Spoil]) -> tuple[Wrong, ...]:
    """What a rule of the family denies."""
    return tuple(Wrong(name, f"provenance.{rule}", what, spoil) for name, what, spoil in wrongs)


def subject(found: Doc) -> str:
    """The digest that facts are about."""
    return str(found["image"].split("@")[1])


def another(digest: str) -> str:
    """Another digest that looks like one."""
    last = "0" if digest[-1] != "0" else "1"
    return digest[:-1] + last


def not_allowed(choices: Choices, known: Trust, signers: Sequence[Mapping[str, str]]) -> Doc:
    """One of the signers that nobody allows, else a stranger."""
    left = [one for one in signers if not known.allows(one)]
    return dict(choices.one_of(left)) if left else dict(STRANGER)


def misspelt(text: str) -> list[str]:
    """What looks like a text."""
    similar = {"o": "0", "l": "1", "i": "1", "e": "3", "m": "rn", "a": "4", "s": "5"}
    found = [text[:at] + similar[c] + text[at + 1 :] for at, c in enumerate(text) if c in similar]
    upper = text[:-1] + text[-1].swapcase()
    return [*found[-3:], *([upper] if upper != text else [])] or [text + "0"]
