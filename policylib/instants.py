"""Instants as rules read them: an RFC 3339 timestamp, or a date that stands for its day's end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_HOUR = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_FORM = re.compile(
    r"(?:19[7-9]|2[01][0-9])[0-9]-[0-9]{2}-[0-9]{2}"
    rf"(?:T{_HOUR}:[0-5][0-9](?:\.[0-9]{{1,9}})?(?:Z|[+-]{_HOUR}))?"
)


def parse(text: str) -> datetime:
    """The instant that a text names, in UTC; of a date, the end of that day.

    The form is that of lib/clock: years 1970 to 2199, `T`, `Z` and the offset's colon as in
    RFC 3339. Raises `ValueError` for anything else.

    >>> parse("2026-03-02").isoformat()
    '2026-03-03T00:00:00+00:00'
    >>> parse("2026-03-02T12:00:00+02:00").isoformat()
    '2026-03-02T10:00:00+00:00'
    """
    if not isinstance(text, str) or _FORM.fullmatch(text) is None:
        raise ValueError(f"{text!r} is neither a date such as 2026-12-31 nor an RFC 3339 timestamp")
    if len(text) == len("2026-03-02"):
        day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        return day + timedelta(days=1)
    # Python counts microseconds.
    return datetime.fromisoformat(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)).astimezone(UTC)
