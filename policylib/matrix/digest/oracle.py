"""What the section `digest` of the settings promises, read anew and without the rules' code.

It knows the cells by their names. What it cannot make sense of permits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from policylib.matrix.interface import At, Word

Settings = Mapping[str, Any]

TOLD: Final = "images that are told"
BYSTANDERS: Final = "kinds that run nothing"
REGISTRIES: Final = "registries"
"""Panels that are judged otherwise than the rest."""

_KNOWN: Final = ("sha256", "sha512")
_ELSEWHERE: Final = {
    "other registry": "digest.registries does not allow it",
    "look-alike registry": "digest.registries allows what it looks like, and not this",
    "other path": "digest.registries allows another path there, and not this",
}
_UNPINNED: Final = {
    "no digest": "without a digest nobody can say what runs",
    "wrong length": "a digest of another length is no digest",
    "wrong digits": "the digits of a digest are 0-9 and a-f, in lower case",
    "other algorithm": "digest.algorithms can only accept sha256 and sha512",
    "template": "nobody can say what a template or a variable comes to",
    "malformed": "this is no reference of one image",
    "missing": "what runs has to name its image",
    "out of sight": "what is not seen cannot be known to be pinned",
    "digest taken away": "without its digest the tag of the chart decides",
}


def promised(settings: Settings, at: At) -> Word:
    """What the settings say of an image: its state (`image`), its `place`, and what that is `in`.

    Raises `KeyError` for a state that it does not know.
    """
    section = settings.get("digest", {})
    if not isinstance(section, Mapping):
        return Word("deny", "digest is no section, and permits nothing")
    if at["in"] == BYSTANDERS:
        return Word("allow", "nothing runs it")
    if at["in"] == TOLD:
        return _told(section, at["image"])
    if at["image"] in _ELSEWHERE:
        return _from(section, at["image"])
    if at["image"] == "out of sight" and (at["in"], at["place"]) == ("Flux", "values"):
        return _values_from(section)
    return _pinned(section, at["image"])


def _told(section: Settings, state: str) -> Word:
    """An image that a container is told of, which counts where the settings ask for it."""
    asked = section.get("env_images", False)
    if asked is False:
        return Word("allow", "digest.env_images is off")
    if state in _ELSEWHERE:
        return Word("allow", "it is pinned, and the registries of these are not judged")
    return _pinned(section, state)


def _from(section: Settings, state: str) -> Word:
    if "registries" not in section:
        return Word("allow", "it is pinned, and digest.registries restricts nothing")
    return Word("deny", _ELSEWHERE[state])


def _values_from(section: Settings) -> Word:
    if section.get("trust_values_from", False) is True:
        return Word("allow", "digest.trust_values_from is on")
    return Word("deny", _UNPINNED["out of sight"])


def _pinned(section: Settings, state: str) -> Word:
    if state not in _KNOWN:
        return Word("deny", _UNPINNED[state])
    accepted = algorithms(section)
    listed = ", ".join(accepted) or "nothing"
    if state in accepted:
        return Word("allow", f"it is pinned, and digest.algorithms accepts {listed}")
    return Word("deny", f"digest.algorithms accepts {listed}")


def algorithms(section: Settings) -> Sequence[str]:
    """The algorithms that the section accepts: sha256 where it does not say."""
    listed = section.get("algorithms", ["sha256"])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return ()
    return [name for name in _KNOWN if name in listed]
