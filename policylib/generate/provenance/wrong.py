"""What is wrong with facts: a name, the rule that denies it, and how to make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policylib.generate.choices import Choices
from policylib.generate.sample import Doc
from policylib.generate.trust import Bound, Trust

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
    return dict(choices.one_of(left)) if left else known.stranger


def selves(known: Trust, level: int) -> list[Bound]:
    """Builders of a level that sign in their own name, although their entries name somebody."""
    return [
        Bound(entry["id"], {"issuer": issuer, "identity": entry["id"]}, entry["level"])
        for entry in known.builders
        if "identity" in entry and entry["level"] >= level
        for issuer in ([entry["issuer"]] if "issuer" in entry else _issuers(known))
    ]


def _issuers(known: Trust) -> list[str]:
    return list(dict.fromkeys(entry["issuer"] for entry in known.signers))


def nobody(known: Trust) -> Bound:
    """A builder that nobody trusts, signed by a stranger."""
    return Bound(known.nobody, known.stranger, 0)


def attested(one: Doc, bound: Bound) -> Doc:
    """Provenance by another builder and signer."""
    return {**one, "builder": bound.builder, "signer": dict(bound.signer)}


def altered(choices: Choices, text: str, marks: str = "./-_:@") -> list[str]:
    """A text with another character in the place of one of its marks, in some ways.

    Where it has none, any character is in question.
    """
    places = [at for at, c in enumerate(text) if c in marks] or list(range(len(text)))
    at = choices.one_of(places)
    return [text[:at] + c + text[at + 1 :] for c in "xX0-_." if c != text[at]]


def misspelt(text: str) -> list[str]:
    """What looks like a text."""
    similar = {"o": "0", "l": "1", "i": "1", "e": "3", "m": "rn", "a": "4", "s": "5"}
    found = [text[:at] + similar[c] + text[at + 1 :] for at, c in enumerate(text) if c in similar]
    upper = text[:-1] + text[-1].swapcase()
    return [*found[-3:], *([upper] if upper != text else [])] or [text + "0"]
