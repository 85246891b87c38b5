"""Decision logs of OPA: what was asked, each object once.

A log is JSON lines or one JSON array, plain or gzipped; what OPA's console says between decisions
is passed over. What policylib's entrypoints were asked is
asked again, by the same entrypoint, so that an input means what it meant. An entry whose input was
erased, masked or never recorded cannot be judged, and is a problem.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from policylib import reading
from policylib.engine.interface import DECISION
from policylib.errors import InputError
from policylib.inputs.interface import shown
from policylib.models import Problem
from policylib.simulation.model import Recorded

MAIN: Final = "data.main.decided"
SYSTEM: Final = "data.system.decided"
RESIDENCY: Final = "data.residency.decided"

MOST = 4 * reading.LARGEST
"""Bytes of JSON that the distinct inputs of all logs may have together."""
IDS = 5
"""Ids that are kept of the decisions about one object."""
PROBLEMS = 500
"""Problems that are kept one by one; what is beyond is counted."""

_LONGEST: Final = 200
"""Characters of an id, or of a pointer, that are kept."""

_GZIP = b"\x1f\x8b"
_OURS = {
    "main": MAIN,
    "system": SYSTEM,
    "system/main": SYSTEM,
    "residency": RESIDENCY,
    "policylib/decision": DECISION,
}


@dataclass
class Entry:
    """An object that was decided about: the rule that was asked, its input, and how often.

    `file` and `line` say where the first of these decisions stands.
    """

    rule: str
    input: bytes
    file: str
    line: int
    occurrences: int = 0
    decisions: list[str] = field(default_factory=list)

    @property
    def given(self) -> Any:  # noqa: ANN401 - any JSON
        """The input."""
        return json.loads(self.input)

    @property
    def review(self) -> bytes:
        """The object as a review, for whoever asks about the object alone."""
        return _json({"review": {"object": _subject(self.rule, self.given)}})


@dataclass
class Log:
    """What decision logs hold, gathered from file after file."""

    entries: dict[bytes, Entry] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    beyond: int = 0
    count: int = 0
    deletions: int = 0
    others: int = 0
    files: int = 0
    size: int = 0

    @property
    def recorded(self) -> Recorded:
        """The figures of it."""
        return Recorded(
            entries=self.count,
            distinct=len(self.entries),
            deletions=self.deletions,
            others=self.others,
        )

    @property
    def problems(self) -> list[Problem]:
        """What cannot be judged; the last stands for all that there is no room for."""
        if not self.beyond:
            return self.refused
        message = f"entries that cannot be judged, from here on: {self.beyond}"
        return [*self.refused[:-1], self.refused[-1].model_copy(update={"message": message})]

    def read(self, path: Path) -> None:
        """Add a log; raises `InputError` when it cannot be read or holds too much."""
        file, before = shown(path), self.count
        try:
            with path.open("rb") as stream:
                for line, text in _texts(_plain(stream), file):
                    self._line(file, line, text)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"the decision log cannot be read: {reason}", where=file) from error
        self.files += 1
        if self.count == before:
            self._refuse(file, 1, "there is no decision in this log")

    def _line(self, file: str, line: int, text: bytes) -> None:
        try:
            value = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            self.count += 1
            return self._refuse(file, line, f"this is no JSON: {error}")
        for entry in value if isinstance(value, list) else [value]:
            if _is_chatter(entry):
                continue
            self.count += 1
            self._add(file, line, entry)
        return None

    def _refuse(self, file: str, line: int, message: str) -> None:
        if len(self.refused) <= PROBLEMS:
            self.refused.append(Problem(file=file, line=line, column=1, message=message))
        if len(self.refused) > PROBLEMS:
            self.beyond += 1

    def _add(self, file: str, line: int, entry: object) -> None:
        if not isinstance(entry, dict):
            return self._refuse(file, line, "this is no entry of a decision log")
        rule = _asked(entry)
        if rule is None and _is_about_something_else(entry):
            self.others += 1
            return None
        id_ = _id(entry)
        name = f" {id_}" if id_ else ""
        if why := _unusable(entry, rule):
            return self._refuse(file, line, f"the decision{name} cannot be judged: {why}")
        given = entry["input"]
        if rule == SYSTEM and _operation(given) == "DELETE":
            self.deletions += 1
            return None
        try:
            text = _json(given)
        except (ValueError, RecursionError) as error:
            return self._refuse(file, line, f"the decision{name} cannot be judged: {error}")
        return self._keep(Entry(str(rule), text, file, line), _subject(str(rule), given), id_)

    def _keep(self, entry: Entry, subject: object, id_: str) -> None:
        key = hashlib.sha256(_json([entry.rule, subject])).digest()
        known = self.entries.setdefault(key, entry)
        if known is entry:
            self.size += len(entry.input)
            if self.size > MOST:
                raise InputError(
                    f"the decisions are about more than {MOST} bytes of distinct objects",
                    where=entry.file,
                    remedy="split the log",
                )
        known.occurrences += 1
        if id_ and len(known.decisions) < IDS:
            known.decisions.append(id_)


def _is_chatter(entry: object) -> bool:
    """Whether this is a line of the server's own log: each decision has an id."""
    return (
        isinstance(entry, dict) and {"level", "msg"} <= entry.keys() and "decision_id" not in entry
    )


def _id(entry: dict[str, Any]) -> str:
    """The id of a decision; nothing for one that no report could hold."""
    id_ = entry.get("decision_id")
    if not isinstance(id_, str) or len(id_) > _LONGEST:
        return ""
    return id_ if id_ == _writable(id_) else ""


def _writable(text: str) -> str:
    """A text with its lone surrogates escaped, which JSON may hold and UTF-8 may not."""
    return text.encode(errors="backslashreplace").decode()


def _asked(entry: dict[str, Any]) -> str | None:
    """The rule that was asked: by the path of the decision, else by the form of its input."""
    path = str(entry.get("path") or "").strip("/").removeprefix("data/").replace(".", "/")
    parts = path.split("/")
    for name in (path, "/".join(parts[:2]), parts[0]):
        if name in _OURS and (name == path or name != "system"):
            return _OURS[name]
    given = entry.get("input")
    if not isinstance(given, dict):
        return None
    if given.get("kind") == "AdmissionReview" and isinstance(given.get("request"), dict):
        return SYSTEM
    if isinstance(given.get("review"), dict) and "object" in given["review"]:
        return DECISION
    typed = isinstance(given.get("apiVersion"), str) and isinstance(given.get("kind"), str)
    return MAIN if typed else None


def _is_about_something_else(entry: dict[str, Any]) -> bool:
    """Whether a readable input is of no form that policylib is asked about."""
    return bool(entry.get("path")) and "input" in entry and not _hidden(entry)


def _unusable(entry: dict[str, Any], rule: str | None) -> str:
    if hidden := _hidden(entry):
        return f"{', '.join(hidden)} of its input was removed before it was logged"
    if "input" not in entry:
        return "its input was not recorded"
    if rule is None:
        return "it does not say what was asked"
    given = entry["input"]
    if rule == SYSTEM and not _has(given, "request"):
        return "its input is no AdmissionReview"
    if rule == DECISION and not _has(given, "review"):
        return "its input holds no review"
    return ""


def _has(given: object, key: str) -> bool:
    return isinstance(given, dict) and isinstance(given.get(key), dict)


def _hidden(entry: dict[str, Any]) -> list[str]:
    """The pointers into the input that a mask of OPA erased or overwrote."""
    said = [entry.get("erased"), entry.get("masked")]
    pointers = [one for many in said if isinstance(many, list) for one in many]
    return [
        _writable(one[:_LONGEST])
        for one in pointers
        if isinstance(one, str) and one.startswith("/input")
    ]


def _operation(given: dict[str, Any]) -> object:
    return given["request"].get("operation")


def _subject(rule: str, given: Any) -> object:  # noqa: ANN401 - any JSON
    """What has to be equal for two decisions to be about the same object."""
    if rule == SYSTEM:
        return given["request"].get("object")
    return given["review"].get("object") if rule == DECISION else given


def _json(value: object) -> bytes:
    """The value as JSON; raises `ValueError` for text that UTF-8 cannot hold."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _plain(stream: io.BufferedReader) -> io.BufferedIOBase:
    return gzip.GzipFile(fileobj=stream) if stream.peek(2)[:2] == _GZIP else stream


def _texts(stream: io.BufferedIOBase, file: str) -> Iterator[tuple[int, bytes]]:
    """The JSON texts of a log with the lines that they start on: an array is one, else lines."""
    first, line = b"", 0
    while not first.strip():
        first, line = _limited(stream, file), line + 1
        if not first:
            return
    if first.lstrip().startswith(b"["):
        yield line, first + _rest(stream, file)
        return
    while first:
        if first.strip():
            yield line, first
        first, line = _limited(stream, file), line + 1


def _limited(stream: io.BufferedIOBase, file: str) -> bytes:
    text = stream.readline(reading.LARGEST + 1)
    if len(text) > reading.LARGEST:
        raise InputError(f"a line has more than {reading.LARGEST} bytes", where=file)
    return text


def _rest(stream: io.BufferedIOBase, file: str) -> bytes:
    text = stream.read(reading.LARGEST + 1)
    if len(text) > reading.LARGEST:
        what = f"the array has more than {reading.LARGEST} bytes"
        raise InputError(what, where=file, remedy="write one entry a line")
    return text
