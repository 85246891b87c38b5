"""The digests of a bundle's files as OPA computes them.

Of `.manifest` and data files OPA hashes what they mean: the JSON without spaces, keys in order,
numbers as they are written. Of all other files it hashes the bytes. Where JSON could mean two
things to two readers it is refused, so that a digest stands for one meaning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Final, NoReturn, TypeAlias

from policylib.bundle.reasons import Reason, refused

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
_WEAK: Final = frozenset({"MD5", "SHA-1", "SHA-224", "SHA-512-224"})


class Number(str):
    """A number as it is written: OPA hashes and keeps it so."""

    __slots__ = ()


Json: TypeAlias = "bool | Number | str | Sequence[Json] | Mapping[str, Json] | None"


def is_structured(name: str) -> bool:
    """Whether OPA hashes what the file means."""
    return name.rpartition("/")[2] in {".manifest", "data.json", "data.yaml", "data.yml"}


def digest(name: str, content: bytes, algorithm: str = ALGORITHM) -> str:
    """The hexadecimal digest of a file of the bundle.

    Raises `SignatureError` for an algorithm that is weaker than SHA-256 or not known, and for
    structured files that are no strict JSON.
    """
    if algorithm not in _STRONG:
        weak = algorithm in _WEAK
        what = "is weaker than SHA-256" if weak else "is not known"
        reason = Reason.HASH_WEAK if weak else Reason.HASH_UNKNOWN
        raise refused(reason, f"the hash algorithm {algorithm!r} {what}", name)
    hasher = hashlib.new(_STRONG[algorithm], usedforsecurity=True)
    if is_structured(name):
        _walk(parse(content, name), hasher.update)
    else:
        hasher.update(content)
    return hasher.hexdigest()


def parse(content: bytes, where: str) -> Json:
    """Strict JSON: UTF-8, no key twice, no NaN, neither too deep nor of too many values."""
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
        _measure(value, where)
    except RecursionError as error:
        raise _too_deep(where) from error
    except ValueError as error:
        raise refused(Reason.JSON_MALFORMED, f"it is no JSON: {error}", where) from error
    return value


def _measure(value: Json, where: str, depth: int = 1) -> None:
    """Refuse what is too deep, and text that is none (halves of surrogate pairs)."""
    if depth > DEEPEST:
        raise _too_deep(where)
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            key.encode("utf-8")
            _measure(item, where, depth + 1)
    elif isinstance(value, Sequence):
        for item in value:
            _measure(item, where, depth + 1)


def _too_deep(where: str) -> Exception:
    return refused(Reason.JSON_TOO_DEEP, f"it nests more than {DEEPEST} levels", where)


def _walk(value: Json, write: Callable[[bytes], None]) -> None:
    if isinstance(value, Mapping):
        write(b"{")
        for place, (key, item) in enumerate(sorted(value.items(), key=_key)):
            write((b"," if place else b"") + _text(key) + b":")
            _walk(item, write)
        write(b"}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        write(b"[")
        for place, item in enumerate(value):
            if place:
                write(b",")
            _walk(item, write)
        write(b"]")
    else:
        write(_primitive(value))


def _key(pair: tuple[str, Json]) -> str:
    # In the order of code points, which is that of their UTF-8.
    return pair[0]


def _primitive(value: Json) -> bytes:
    if isinstance(value, Number):
        return value.encode("ascii")
    if isinstance(value, str):
        return _text(value)
    return {None: b"null", True: b"true", False: b"false"}[value]  # type: ignore[index]


def _text(value: str) -> bytes:
    """Text as Go writes it without HTML escapes: these two are escaped all the same."""
    quoted = encode_basestring(value)
    return quoted.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029").encode("utf-8")
