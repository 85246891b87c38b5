"""Spans of time as rules read them: 250ms, 5m, 1h30m, 90d."""

from __future__ import annotations

import re

_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_FORM = re.compile("".join(f"(?:([0-9]{{1,6}}){unit})?" for unit in _UNITS))


def seconds(text: str) -> float:
    """The length of a span: whole numbers of d, h, m, s and ms, the larger units first.

    Raises `ValueError` for anything else.

    >>> seconds("1h30m")
    5400.0
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) and text else None
    if found is None:
        raise ValueError(f"{text!r} is no duration such as 5m, 1h30m or 90d")
    return sum(int(n or 0) * unit for n, unit in zip(found.groups(), _UNITS.values(), strict=True))
