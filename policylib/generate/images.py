"""Image references that are sound: pinned by digest, each with a digest of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from policylib.generate.choices import Choices, once_in

HEX = "0123456789abcdef"
LENGTHS = {"sha256": 64, "sha512": 128}

ANYWHERE = (
    "ghcr.io/org/app",
    "ghcr.io/org/team/proxy",
    "registry.example.com/app",
    "registry.example.com:5000/team/app-server",
    "docker.io/library/nginx",
    "nginx",
    "localhost/app",
    "[::1]:5000/team/a_b/c.d-e__f",
)
"""Names of repositories, for where every registry is allowed."""

TAGS = ("1.4.2", "v1", "latest", "2026.11_rc-1")
BELOW = ("app", "team/proxy", "a/b/c-d__e.f")


def digest(choices: Choices, algorithm: str = "sha256") -> str:
    """A whole digest. There are so many that no two of a bulk are alike."""
    return f"{algorithm}:{choices.text(HEX, LENGTHS[algorithm], LENGTHS[algorithm])}"


def repository(choices: Choices, registries: Sequence[str] = ()) -> str:
    """A repository's name, from one of `registries` where they are given.

    An entry that ends in a slash allows what is below it; any other is a repository.
    """
    if not registries:
        return choices.one_of(ANYWHERE)
    entry = choices.one_of(registries)
    return entry + choices.one_of(BELOW) if entry.endswith("/") else entry


def pinned(
    choices: Choices, registries: Sequence[str] = (), algorithms: Sequence[str] = ("sha256",)
) -> str:
    """A reference with a digest, and now and then a tag, from one of the registries if given."""
    name = repository(choices, registries)
    tag = f":{choices.one_of(TAGS)}" if once_in(choices, 3) else ""
    return f"{name}{tag}@{digest(choices, choices.one_of(algorithms))}"


class Parts(NamedTuple):
    """A reference taken apart: joined by a colon and an at, it is the same; empty is left out."""

    name: str
    tag: str
    digest: str


def parts(reference: str) -> Parts:
    """Take a reference apart, however flawed it is."""
    tagged, _, own = reference.partition("@")
    above, slash, last = tagged.rpartition("/")
    base, _, tag = last.partition(":")
    return Parts(f"{above}{slash}{base}", tag, own)
