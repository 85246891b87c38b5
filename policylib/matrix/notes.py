"""What a reader of a matrix should know of the settings behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from policylib.evaluate import Policy
from policylib.exceptions import has_expired
from policylib.matrix.interface import Kind

_DOES = {"off": "are not asked", "log": "only log", "warn": "only warn"}


def notes(kind: Kind, policy: Policy) -> tuple[str, ...]:
    """What makes the policy do other than the family's settings say, and what was not asked."""
    settings = policy.settings
    labels = settings.labels.model_dump(exclude_unset=True)
    found = [*policy.notes, *_exceptions(kind, policy), *_weaker(kind, policy), *_others(policy)]
    if settings.exclude:
        found.append(f"`rc check` judges nothing in these files: {', '.join(settings.exclude)}")
    if labels:
        told = ", ".join(f"{what} by {key}" for what, key in labels.items())
        found.append(f"the settings name labels of their own: {told}")
    return tuple(found)


def _exceptions(kind: Kind, policy: Policy) -> Iterator[str]:
    now = datetime.now(UTC)
    rules = Counter(
        one.rule
        for one in policy.settings.exceptions
        if one.rule.startswith(f"{kind.family}.") and not has_expired(one, now)
    )
    for rule, number in sorted(rules.items()):
        yield f"{number} exception{'' if number == 1 else 's'} to {rule}: what they cover is let by"


def _weaker(kind: Kind, policy: Policy) -> Iterator[str]:
    """The rules of the family that do not deny, by what they do."""
    entering = policy.rules.entering()
    levels: dict[str, list[str]] = {}
    for rule in policy.rules.rules:
        if rule.startswith(f"{kind.family}."):
            level = policy.settings.level(policy.environment, rule, entering)
            levels.setdefault(level, []).append(rule)
    where = f"in {policy.environment}" if policy.environment else "without an environment"
    for level, does in _DOES.items():
        if level in levels:
            yield f"{where} these {does}: {', '.join(levels[level])}"


def _others(policy: Policy) -> Iterator[str]:
    if policy.unconfigured:
        yield f"not configured, so not asked: {', '.join(policy.unconfigured)}"
