"""What is wrong with a service: a name, the rule that denies it, and how to make it so."""

from __future__ import annotations

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


def says(text: object) -> bool:
    """Whether a text names somebody, as far as the settings' catalog goes."""
    return isinstance(text, str) and text.strip().lower() not in {x.lower() for x in NOTHING}
