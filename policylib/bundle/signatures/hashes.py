"""The digests of a bundle's files as OPA computes them.

Of `.manifest` and data files OPA hashes what they mean: the JSON without spaces, keys in order,
numbers as they are written. Of all other files it hashes the bytes. Where JSON could mean two
things to two readers it is refused, so that a digest stands for one meaning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring
from typing import Final, NoReturn, TypeAlias

from policylib.bundle.signatures.reasons import Reason, refused

ALGORITHM: Final = "SHA-256"
DEEPEST: Final = 200
"""Levels of nesting in JSON."""
MOST_VALUES: Final = 1_000_000
"""Values in one JSON document, counted by the marks between them."""

_STRONG: Final[Mapping[str, str]] = {
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
    "SHA-512-256": "sha512_256",
}
_PIECES: Final = 4096
_WEAK: Final = frozenset({"MD5", "SHA-1", "SHA-224", "SHA-512-224"})


class Number(str):
    """A number as it is written: OPA hashes and keeps it so."""

    __slots__ = ()


Json: TypeAlias = "bool | Number | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True)
class File:
    """A file of a bundle; what it means is read once."""

    name: str
    content: bytes

    @property
    def value(self) -> Json:
        """What a structured file means; raises `SignatureError` unless it is strict JSON."""
        return self._document.value

    def digest(self, algorithm: str = ALGORITHM) -> str:
        """The hexadecimal digest, as OPA computes it.

        Raises `SignatureError` for an algorithm that is weaker than SHA-256 or not known, and for
        structured files that are no strict JSON.
        """
        if algorithm not in _STRONG:
            weak = algorithm in _WEAK
            what = "is weaker than SHA-256" if weak else "is not known"
            reason = Reason.HASH_WEAK if weak else Reason.HASH_UNKNOWN
            raise refused(reason, f"the hash algorithm {algorithm!r} {what}", self.name)
        if not _is_structured(self.name):
            return hashlib.new(_STRONG[algorithm], self.content).hexdigest()
        if algorithm == ALGORITHM:
            return self._document.digest
        return _digest(_written(self.value, self.name), algorithm)

    @cached_property
    def _document(self) -> _Document:
        if not self.name.endswith((".json", ".manifest")):
            what = "YAML means different things to its readers"
            remedy = "write it as data.json, as `opa build` does"
            raise refused(Reason.YAML_DATA, what, self.name, remedy)
        return _read(self.content, self.name)


@dataclass(frozen=True)
class _Document:
    value: Json
    digest: str


def parse(content: bytes, where: str) -> Json:
    """Strict JSON: UTF-8, no key twice, no NaN, neither too deep nor of too many values."""
    return _read(content, where).value


def _is_structured(name: str) -> bool:
    """Whether OPA hashes what the file means."""
    return name.rpartition("/")[2] in {".manifest", "data.json", "data.yaml", "data.yml"}


def _read(content: bytes, where: str) -> _Document:
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise refused(Reason.TOO_LARGE, f"it has more than {MOST_VALUES} values", where)

    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise refused(Reason.JSON_DUPLICATE_KEY, "a key stands twice in one object", where)
        return found

    def constant(text: str) -> NoReturn:
        raise refused(Reason.JSON_NOT_A_NUMBER, f"{text} is no JSON number", where)

    try:
        value: Json = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=unique,
            parse_constant=constant,
            parse_int=Number,
            parse_float=Number,
        )
        # Halves of surrogate pairs, which are no text, cannot be encoded.
        return _Document(value, _digest(_written(value, where), ALGORITHM))
    except RecursionError as error:
        raise _too_deep(where) from error
    except ValueError as error:
        raise refused(Reason.JSON_MALFORMED, f"it is no JSON: {error}", where) from error


def _too_deep(where: str) -> Exception:
    return refused(Reason.JSON_TOO_DEEP, f"it nests more than {DEEPEST} levels", where)


def _digest(pieces: Sequence[str], algorithm: str) -> str:
    hasher = hashlib.new(_STRONG[algorithm])
    for start in range(0, len(pieces), _PIECES):
        hasher.update("".join(pieces[start : start + _PIECES]).encode("utf-8"))
    return hasher.hexdigest()


def _written(value: Json, where: str) -> list[str]:
    """What is hashed of a document, in pieces."""
    pieces: list[str] = []
    _write(value, pieces.append, where, 1)
    return pieces


def _write(value: Json, put: Callable[[str], None], where: str, depth: int) -> None:
    if depth > DEEPEST:
        raise _too_deep(where)
    if isinstance(value, Number):
        put(value)
    elif isinstance(value, str):
        put(_text(value))
    elif isinstance(value, Mapping):
        put("{")
        # The order of code points is that of their UTF-8.
        for place, key in enumerate(sorted(value)):
            put(f"{',' if place else ''}{_text(key)}:")
            _write(value[key], put, where, depth + 1)
        put("}")
    elif isinstance(value, Sequence):
        put("[")
        for place, item in enumerate(value):
            if place:
                put(",")
            _write(item, put, where, depth + 1)
        put("]")
    else:
        put("null" if value is None else "true" if value else "false")


def _text(value: str) -> str:
    """Text as Go writes it without HTML escapes: these two are escaped all the same."""
    quoted = encode_basestring(value)
    if quoted.isascii():
        return quoted
    return quoted.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")
