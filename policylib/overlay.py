"""Rules of one's own, laid over those that travel with policylib."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policylib import heads
from policylib.errors import RuleError

DECISION = "policylib/decision/decision.rego"
_EXTENDED = ("policylib", "decision")

Modules = Mapping[str, str]


def over(theirs: Modules, ours: Callable[[], Modules], where: str) -> dict[str, str]:
    """The modules to load: theirs over ours, or theirs alone where they bring a decision.

    Nothing of ours is replaced, and no package of ours is added to but the decision, by which a
    family of one's own is asked.

    Raises `RuleError`.
    """
    if DECISION in theirs:
        return dict(theirs)
    base = ours()
    packages = {heads.package(text) for text in base.values()} - {_EXTENDED}
    for path, text in theirs.items():
        package = heads.package(text)
        if package is None:
            raise RuleError(heads.UNREADABLE, where=f"{where}/{path}", remedy=heads.REMEDY)
        if path in base or package in packages:
            raise RuleError(
                "this stands where policylib has a module of its own",
                where=f"{where}/{path}",
                remedy="give it another name; what policylib brings is not changed from outside",
            )
    return {**base, **theirs}
