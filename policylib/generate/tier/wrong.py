"""What is wrong with a service: a name, the rule that denies it, and how to make it so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from policylib.generate.catalogs import Demands
from policylib.generate.choices import Choices
from policylib.generate.sample import Doc

Spoil = Callable[[Choices, Demands, Doc], None]
"""Changes a sound service in place."""


def anyway(_: Demands) -> bool:
    """Whatever the tier demands."""
    return True


@dataclass(frozen=True)
class Wrong:
    """A way to spoil a service; `matters` says whether a tier with such demands denies it."""

    name: str
    rule: str
    what: str
    spoil: Spoil
    matters: Callable[[Demands], bool] = anyway


NOTHING = ("TODO", "tbd", "n/a", "-", " ", "", "${OWNER}", "<owner>", "unknown", "\u200b")
"""Text that says nothing."""

YES = True
"""A truth where something else belongs."""


def letting_all_go(copies: int) -> tuple[object, ...]:
    """Values of `maxUnavailable` that let all of so many copies go; a percentage is rounded up."""
    least = (copies - 1) * 100 // copies + 1
    return copies, f"{least}%", copies + 1, "100%"


NO_DURATIONS = ("1 h", "PT1H", "1.5h", "5M", "soon", "", "-5m", "300", "1m1h", 60, ["5m"], True)


def drops(*path: str) -> Spoil:
    """Leave out what stands at a path."""

    def spoil(_choices: Choices, _wanted: Demands, found: Doc) -> None:
        for key in path[:-1]:
            found = found[key]
        found.pop(path[-1], None)

    return spoil


def puts(key: str, *values: object) -> Spoil:
    """Put one of some values under a key."""

    def spoil(choices: Choices, _wanted: Demands, found: Doc) -> None:
        found[key] = choices.one_of(values)

    return spoil


def always(rule: str, *wrongs: tuple[str, str, Spoil]) -> tuple[Wrong, ...]:
    """What a rule of the family denies whatever the tier."""
    return tuple(Wrong(name, f"tier.{rule}", what, spoil) for name, what, spoil in wrongs)


def demanded(
    rule: str, matters: Callable[[Demands], bool], *wrongs: tuple[str, str, Spoil]
) -> tuple[Wrong, ...]:
    """What a rule denies where the demands of the tier matter to it."""
    return tuple(Wrong(n, f"tier.{rule}", what, spoil, matters) for n, what, spoil in wrongs)


HIDDEN = (
    *("\u200b", "\u202e", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800", "\u061c"),
    *("\x00", "\n", "\x1b", "\x7f"),
)
"""Characters that show nothing, or turn around what does."""

_FILLERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters, to Python
_OPENINGS = ("changeme", "fixme", "placeholder", "tba", "tbc", "tbd", "todo", "xxx")
_WORDS = frozenset(
    (
        *("empty", "example", "false", "fillmein", "na", "nil", "no", "nobody", "none", "noone"),
        *("notapplicable", "notyet", "null", "off", "on", "somebody", "someone", "tobedecided"),
        *("tobedefined", "tobedone", "true", "unassigned", "undefined", "unknown", "unowned"),
        *("unset", "wip", "xx", "yes"),
    )
)


def says(text: object) -> bool:
    """Whether a text certainly names somebody: of what is in doubt no sound input is made."""
    if not isinstance(text, str) or not re.fullmatch(r"[#@]?[^\W_](?:[\w .@+/:&-]*[^\W_])?", text):
        return False
    word = re.sub("[^a-z0-9]", "", text.lower())
    if word in _WORDS or word.startswith(_OPENINGS) or not any(c.isalnum() for c in text):
        return False
    return not any(filler in text for filler in _FILLERS)


def hides(key: str) -> Spoil:
    """Put a character that does not show into a text."""

    def spoil(choices: Choices, _wanted: Demands, found: Doc) -> None:
        text = str(found[key])
        at = choices.integer(1, len(text) - 1)
        found[key] = text[:at] + choices.one_of(HIDDEN) + text[at:]

    return spoil
