"""What was planted, and what differs, in words that every form of a matrix shares."""

from __future__ import annotations

from policylib.matrix.model import Matrix, Planted
from policylib.report.plain import count


def verdict(matrix: Matrix) -> str:
    """How much differs; nothing if all is as promised."""
    wrong = len(matrix.differing) + len(matrix.missing)
    cells = len(matrix.cells) + len(matrix.missing)
    planted = len(matrix.differing_planted)
    said = [_of(wrong, count(cells, "cell"))] if wrong else []
    said += [_of(planted, kinds(len(matrix.planted)))] if planted else []
    return " and ".join(said)


def _of(wrong: int, every: str) -> str:
    return f"{wrong} of {every} {'differs' if wrong == 1 else 'differ'}"


def kinds(number: int) -> str:
    """How many kinds of planted inputs.

    >>> kinds(1), kinds(2)
    ('1 kind of planted inputs', '2 kinds of planted inputs')
    """
    return f"{count(number, 'kind')} of planted inputs"


def by_rule(matrix: Matrix) -> list[tuple[str, tuple[Planted, ...]]]:
    """What was planted for each rule."""
    rules: dict[str, list[Planted]] = {}
    for one in matrix.planted:
        rules.setdefault(one.drawn_for, []).append(one)
    return [(rule, tuple(planted)) for rule, planted in rules.items()]


def told(planted: tuple[Planted, ...]) -> str:
    """What was planted for a rule, in one line."""
    parts = [count(sum(bool(one.defect) for one in planted), "defect")]
    around = sum(bool(one.circumstance) for one in planted)
    parts += [count(around, "circumstance")] if around else []
    drawn = count(sum(one.inputs for one in planted), "input")
    differing = [name(one) for one in planted if one.differs]
    word = f"differs: {', '.join(differing)}" if differing else "as promised"
    return ", ".join([*parts, drawn, word])


def name(one: Planted) -> str:
    """What sort of inputs these are.

    >>> what = {"drawn_for": "a.x", "rule": "a.x", "what": "…", "promised": "deny"}
    >>> name(Planted(**what, defect="tag", enforced="deny", inputs=1))
    'defect "tag"'
    """
    if one.circumstance:
        return f'circumstance "{one.circumstance}"'
    return f'defect "{one.defect}"' if one.defect else "sound inputs"


def promised(one: Planted) -> str:
    """What has to be done with them, and why."""
    if one.circumstance:
        return f"promised {one.promised}: {one.what}"
    who = "no rule of the family denies it" if not one.defect else f"{one.rule} denies it"
    return f"promised {one.promised}, {who}: {one.what}"


def inputs(one: Planted) -> str:
    """How many there are."""
    return count(one.inputs, "input")
