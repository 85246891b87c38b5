"""What may be wrong with facts as a whole, and with the image that they are about."""

from __future__ import annotations

from policylib.generate.choices import Choices
from policylib.generate.provenance.wrong import Spoil, Wrong, another, subject
from policylib.generate.sample import Doc
from policylib.generate.trust import Trust


def _puts(*changes: Doc) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del known, level
        found.update(choices.one_of(changes))

    return spoil


def _drops(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del known, level
    keys = ("signers", "attestations", "sbom", "errors", "verified_at", "expires_at", "apiVersion")
    del found[choices.one_of(keys)]


def _gone(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del choices, known, level
    found.clear()


def _digest(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del choices, known, level
    found["image"] = found["image"].split("@")[0] + "@" + another(subject(found))


def _name(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del known, level
    name, digest = found["image"].split("@")
    found["image"] = choices.one_of((f"evil.example/{name}@{digest}", f"{name}2@{digest}"))


def _part(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """An item of a list that is not written as it ought to be."""
    del known, level
    key = choices.one_of(("signers", "attestations", "sbom"))
    items = list(found[key]) or [{}]
    odd = choices.one_of((None, {}, "x", {**items[0], "note": "x"}, {**items[0], "signer": "ana"}))
    found[key] = [*items, odd]


def _noted(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """A key that is unknown, in what an item holds."""
    del known, level
    key, inner = choices.one_of(
        (("attestations", "source"), ("attestations", "signer"), ("sbom", "signer"))
    )
    found[key] = [
        {**one, inner: {**one[inner], "note": "x"}} if inner in one else one for one in found[key]
    ]


_ALL: tuple[tuple[str, str, Spoil, bool], ...] = (
    ("missing", "Nobody verified the image.", _gone, False),
    (
        "expired",
        "The facts no longer hold.",
        _puts({"expires_at": "2025-07-01T00:00:00Z"}, {"expires_at": "2021-02-28T23:59:59+01:00"}),
        True,
    ),
    (
        "from the future",
        "The facts do not hold yet.",
        _puts({"verified_at": "2096-02-29T00:00:00Z", "expires_at": "2099-01-01T00:00:00Z"}),
        True,
    ),
    ("with an error", "It could not be verified.", _puts({"errors": ["no log entry"]}), True),
    (
        "with an odd error",
        "An error says nothing.",
        _puts({"errors": [""]}, {"errors": [None]}),
        True,
    ),
    ("about another digest", "They are about another image.", _digest, False),
    ("about another name", "They are about another image.", _name, False),
    ("lacking a key", "A key is missing.", _drops, True),
    (
        "of another version",
        "Nobody knows how to read them.",
        _puts({"apiVersion": "policylib.dev/v2"}, {"apiVersion": "example.com/v1"}),
        True,
    ),
    (
        "with an unknown key",
        "A key is misspelt.",
        _puts({"error": []}, {"Signers": []}, {"sboms": []}),
        True,
    ),
    (
        "with a day for a timestamp",
        "Nobody knows when they hold.",
        _puts({"expires_at": "2098-01-01"}, {"verified_at": "2025-01-01"}, {"expires_at": "soon"}),
        True,
    ),
    (
        "with no list",
        "What should be a list is none.",
        _puts({"errors": None}, {"errors": {}}, {"signers": "ana"}, {"sbom": {}}),
        True,
    ),
    ("with an odd item", "An item is not written as it should be.", _part, True),
    ("with an unknown key within", "A key of a signer or a source is misspelt.", _noted, True),
)


def holding(rule: str) -> tuple[Wrong, ...]:
    """What is wrong with facts as a whole, which every rule of the family denies."""
    return tuple(Wrong(name, rule, what, spoil, travels) for name, what, spoil, travels in _ALL)


def images(choices: Choices, image: str) -> list[tuple[str, object]]:
    """References in the place of an image that nobody can have verified, by name."""
    name, digest = image.split("@")
    return [
        ("a tag alone", f"{name}:1.2.3"),
        ("no digest", name),
        ("a short digest", f"{name}@{digest[:-1]}"),
        ("a digest in capitals", f"{name}@sha256:{'A' * 64}"),
        ("another algorithm", f"{name}@sha512:{'a' * 128}"),
        ("two digests", f"{name}@{digest}@{digest}"),
        ("no image", choices.one_of(("", " ", 7))),
    ]
