"""References of images as anybody might write them: pinned, tagged, malformed, hostile."""

from __future__ import annotations

from policylib.generate import images
from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.odd import ODD_CHARACTERS, Json, odd

_BROKEN = (
    "sha256:" + "a" * 63,
    "sha256:" + "a" * 65,
    "sha256:" + "A" * 64,
    "sha256:" + "g" * 64,
    "sha512:" + "a" * 64,
    "sha256:" + "a" * 64 + "\n",
    "SHA256:" + "a" * 64,
    "md5:" + "a" * 32,
    *("foo:bar", "latest:latest", "sha256:", "sha256", ""),
)
NAMES = (
    *("nginx", "library/nginx", "ghcr.io/org/app", "localhost/app", "host:5000/team/app"),
    *("[::1]:5000/app", "registry.example.com/a/b/c-d__e.f", "GHCR.io/org/app"),
    *("ghcr.io/Org/app", "ghcr.io//app", "-app", "a" * 256, ""),
)
_TAGS = ("", "", ":1.2.3", ":latest", ":", ":a b", ":" + "t" * 129, ":{{ v }}")
_WRAPS = ("{}",) * 12 + ("docker://{}", " {}", "{} ", "{}:tag", "{}@x", "{}?q", "{}#f")
_INSERTED = (*ODD_CHARACTERS, "$(X)", "${X}", "{{ x }}")


def digests(choices: Choices) -> str:
    """What stands behind an @: whole digests and broken ones."""
    algorithm = weighted(choices, (6, "sha256"), (2, "sha512"), (3, ""))
    return images.digest(choices, algorithm) if algorithm else choices.one_of(_BROKEN)


def names(choices: Choices) -> str:
    """Names of repositories, most of them valid."""
    return choices.one_of(NAMES)


def references(choices: Choices) -> str:
    """Any text that may stand where an image does."""
    digest = f"@{digests(choices)}" if weighted(choices, (1, False), (3, True)) else ""
    text = choices.one_of(_WRAPS).format(names(choices) + choices.one_of(_TAGS) + digest)
    if once_in(choices, 12):
        at = choices.integer(0, len(text))
        text = text[:at] + choices.one_of(_INSERTED) + text[at:]
    return text


def anything(choices: Choices) -> Json:
    """What stands at `image`: nearly always a reference, and mostly a sound one."""
    make = weighted(choices, (16, images.pinned), (8, references), (1, odd))
    return make(choices)
