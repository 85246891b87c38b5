"""What can be wrong with the reference of an image, each with a name, by the state that it makes.

A state is what an image is by and large, and the columns of the matrix; a flaw is one way to be so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policylib.generate.choices import Choices
from policylib.generate.images import HEX, LENGTHS, TAGS, digest

NO_DIGEST = "no digest"
LENGTH = "wrong length"
DIGITS = "wrong digits"
ALGORITHM = "other algorithm"
TEMPLATE = "template"
MALFORMED = "malformed"

Write = Callable[[Choices, str, str], str]
"""Makes a flawed reference of a repository and an algorithm that are fine."""


@dataclass(frozen=True)
class Flaw:
    """One thing that makes a reference unpinned; `what` goes into a sentence after "the image"."""

    name: str
    state: str
    what: str
    write: Write


def _digits(choices: Choices, count: int) -> str:
    return choices.text(HEX, count, count)


def _tag(choices: Choices, name: str, _: str) -> str:
    return f"{name}:{choices.one_of(TAGS)}"


def _short(choices: Choices, name: str, algorithm: str) -> str:
    count = choices.one_of((LENGTHS[algorithm] - 1, 12, 7, 32, 1))
    return f"{name}@{algorithm}:{_digits(choices, count)}"


def _long(choices: Choices, name: str, algorithm: str) -> str:
    return f"{name}@{digest(choices, algorithm)}{_digits(choices, choices.one_of((1, 8)))}"


def _others_length(choices: Choices, name: str, algorithm: str) -> str:
    count = sum(LENGTHS.values()) - LENGTHS[algorithm]
    return f"{name}@{algorithm}:{_digits(choices, count)}"


def _capital(choices: Choices, name: str, algorithm: str) -> str:
    digits = _digits(choices, LENGTHS[algorithm] - 1)
    digits = choices.one_of((digits, digits.upper()))
    return f"{name}@{algorithm}:{digits}{choices.one_of('ABCDEF')}"


def _beyond(choices: Choices, name: str, algorithm: str) -> str:
    digits = _digits(choices, LENGTHS[algorithm] - 1)
    at = choices.integer(0, len(digits))
    return f"{name}@{algorithm}:{digits[:at]}{choices.one_of('gzO-_')}{digits[at:]}"


_ALGORITHMS = (("md5", 32), ("sha1", 40), ("sha384", 96), ("sha224", 56), ("blake3", 64))


def _other_algorithm(choices: Choices, name: str, _: str) -> str:
    algorithm, count = choices.one_of(_ALGORITHMS)
    return f"{name}@{algorithm}:{_digits(choices, count)}"


def _own_length(choices: Choices, name: str, algorithm: str) -> str:
    other = choices.one_of(("md5", "sha1", "sha3-256", "foo"))
    return f"{name}@{other}:{_digits(choices, LENGTHS[algorithm])}"


def _misspelt(choices: Choices, name: str, algorithm: str) -> str:
    wrong = choices.one_of((algorithm.upper(), algorithm.capitalize(), f"{algorithm[:3]}-256"))
    return f"{name}@{wrong}:{_digits(choices, LENGTHS[algorithm])}"


def _bare(choices: Choices, name: str, algorithm: str) -> str:
    return f"{name}@{_digits(choices, LENGTHS[algorithm])}"


def _twice(choices: Choices, name: str, algorithm: str) -> str:
    return f"{name}@{digest(choices, algorithm)}@{digest(choices, algorithm)}"


def _followed(choices: Choices, name: str, algorithm: str) -> str:
    return (
        f"{name}@{digest(choices, algorithm)}{choices.one_of((':latest', '?a', '#f', '/x', ':'))}"
    )


_TEMPLATES = ("{{ .Values.x }}", "${TAG}", "$(TAG)", "{{TAG}}")


def _templated(choices: Choices, name: str, algorithm: str) -> str:
    text = choices.one_of(_TEMPLATES)
    whole = digest(choices, algorithm)
    forms = (f"{name}:{text}", f"{name}@{text}", f"{name}:{text}@{whole}", f"{text}/{name}@{whole}")
    return choices.one_of(forms)


def _blank(choices: Choices, name: str, algorithm: str) -> str:
    text, blank = f"{name}@{digest(choices, algorithm)}", choices.one_of((" ", "\n", "\t", "\r\n"))
    return choices.one_of((f"{text}{blank}", f"{blank}{text}"))


_CHARACTERS = ("\u200b", "\u0430", "é", "\u00a0", "😀", "\x1b", "\x00", "\ufeff")


def _odd(choices: Choices, name: str, algorithm: str) -> str:
    text = f"{name}@{digest(choices, algorithm)}"
    at = choices.integer(1, len(text))
    return f"{text[:at]}{choices.one_of(_CHARACTERS)}{text[at:]}"


def _no_name(choices: Choices, name: str, algorithm: str) -> str:
    wrong = choices.one_of(
        (f"{name}/App", f"{name}//app", f"{name}-", f"{name}/../app", f"{name}/{'a' * 256}")
    )
    return f"{wrong}@{digest(choices, algorithm)}"


def _no_tag(choices: Choices, name: str, algorithm: str) -> str:
    tag = choices.one_of(("t" * 129, "a+b", "-a", "a:b"))
    return f"{name}:{tag}@{digest(choices, algorithm)}"


def _scheme(choices: Choices, name: str, algorithm: str) -> str:
    return f"{choices.one_of(('docker', 'oci'))}://{name}@{digest(choices, algorithm)}"


FLAWS: tuple[Flaw, ...] = (
    Flaw("tag", NO_DIGEST, "has a tag and no digest", _tag),
    Flaw("name-alone", NO_DIGEST, "is a name without a digest", lambda _c, name, _a: name),
    Flaw("short-digest", LENGTH, "has too short a digest", _short),
    Flaw("long-digest", LENGTH, "has too long a digest", _long),
    Flaw("length-of-another", LENGTH, "has a digest of another algorithm's length", _others_length),
    Flaw("empty-digest", LENGTH, "has a digest without digits", lambda _c, n, a: f"{n}@{a}:"),
    Flaw("capital-digits", DIGITS, "has capital letters in its digest", _capital),
    Flaw("not-hexadecimal", DIGITS, "has a digest that is not hexadecimal", _beyond),
    Flaw("other-algorithm", ALGORITHM, "has a digest of an unknown algorithm", _other_algorithm),
    Flaw("other-of-this-length", ALGORITHM, "has a digest of an unknown algorithm", _own_length),
    Flaw("misspelt-algorithm", ALGORITHM, "has a digest with a misspelt algorithm", _misspelt),
    Flaw("no-algorithm", ALGORITHM, "has digits without an algorithm", _bare),
    Flaw("two-digests", MALFORMED, "has two digests", _twice),
    Flaw("more-behind", MALFORMED, "has something behind its digest", _followed),
    Flaw("template", TEMPLATE, "holds a template or a variable", _templated),
    Flaw("blank", MALFORMED, "has a blank before or behind it", _blank),
    Flaw("odd-character", MALFORMED, "holds a character that no reference may hold", _odd),
    Flaw("bad-name", MALFORMED, "has a malformed name", _no_name),
    Flaw("bad-tag", MALFORMED, "has a malformed tag", _no_tag),
    Flaw("scheme", MALFORMED, "is a URL", _scheme),
)
"""Every flaw, by state, the plainest first."""

OF_NAMES = frozenset({"name-alone", "template", "blank", "odd-character", "bad-name", "scheme"})
"""Flaws that need a name, or may lie in it."""

STATES: tuple[str, ...] = tuple(dict.fromkeys(flaw.state for flaw in FLAWS))
