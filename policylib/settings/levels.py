"""What a violation does: the levels that an environment's enforcement has for names.

A name is that of a rule (`digest.image_pinned`, `conftest.main.deny_latest`) or of several: a
family (`digest`), a team's own packages (`conftest`), or a namespace of these (`conftest.main`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Level = Literal["off", "log", "warn", "deny"]

LEVELS: Final = ("off", "log", "warn", "deny")
"""What a violation may do, the weaker before the stricter."""

OWN: Final = "conftest"
"""What the names of a team's own packages begin with."""


def of_rule(levels: Mapping[str, str], rule: str, usual: str = "deny") -> str:
    """What a violation of a rule does; `usual` where nothing is said of it.

    The rule's own entry goes before what is said of several. Of a team's own packages that makes
    milder only: what is usual there is to deny, or to warn for a rule that is called warn.
    """
    namespace, _, name = rule.rpartition(".")
    family = rule.partition(".")[0]
    if family != OWN:
        return _said(levels, rule, family) or usual
    usual = "warn" if name.startswith("warn") else "deny"
    wider = _said(levels, namespace, OWN) or usual
    return _said(levels, rule) or min(usual, wider, key=LEVELS.index)


def strictest(levels: Mapping[str, str], name: str) -> str:
    """The strictest that a violation of anything with this name may do.

    A name alone does not tell a rule from a namespace, and a namespace takes nothing over from
    the one that its name begins with.
    """
    several = _said(levels, name, name.partition(".")[0]) or "deny"
    return max(several, of_rule(levels, name), key=LEVELS.index)


def _said(levels: Mapping[str, str], *names: str) -> str | None:
    """The level of the first of the names that has one."""
    return next((level for name in names if (level := levels.get(name)) in LEVELS), None)
