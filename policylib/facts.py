"""Facts about images: what somebody verified of them, and what Rego reads as `data.facts`.

The rules decide by facts and trust no file: whatever is malformed denies there too. Reading a file
here finds its mistakes where they stand, before anything is judged by it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from policylib import instants, pointers, reading
from policylib._native import place, read
from policylib.errors import InputError
from policylib.models import Model

_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:(?:{_DOMAIN}\.)+{_DOMAIN}|localhost|\[[A-Fa-f0-9:]+\]|{_DOMAIN}:[0-9]+)(?::[0-9]+)?"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DIGEST = r"sha256:[0-9a-f]{64}"
_IMAGE = re.compile(rf"(?=[^@]{{1,255}}@)(?:{_HOST}/)?{_PART}(?:/{_PART})*@{_DIGEST}")


def _plain(text: str) -> str:
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("this is visible ASCII without spaces")
    return text


def _image(text: str) -> str:
    if not _IMAGE.fullmatch(text):
        raise ValueError("this is a repository and a digest without a tag: NAME@sha256:<64 digits>")
    return text


def _digest(text: str) -> str:
    if not re.fullmatch(_DIGEST, text):
        raise ValueError("this is sha256: and 64 lower-case hexadecimal digits")
    return text


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text):
        raise ValueError("this is a commit: 40 or 64 lower-case hexadecimal digits")
    return text


def _timestamp(text: str) -> str:
    if "T" not in text:
        raise ValueError(f"{text!r} is no RFC 3339 timestamp such as 2026-12-31T12:00:00Z")
    instants.parse(text)
    return text


def _not_null(value: object) -> object:
    if value is None:
        raise ValueError("leave out what is not known")
    return value


Plain = Annotated[str, AfterValidator(_plain)]
Image = Annotated[str, AfterValidator(_image)]
Digest = Annotated[str, AfterValidator(_digest)]
Timestamp = Annotated[str, AfterValidator(_timestamp)]
_LeftOut = BeforeValidator(_not_null)


class Signer(Model):
    """Who signed, as the certificate says it: an identity, and the issuer that vouches for it."""

    issuer: Plain
    identity: Plain


class Source(Model):
    """What was built: a repository's URL, a full git ref, a commit."""

    repository: Plain
    ref: Annotated[Plain | None, _LeftOut] = None
    commit: Annotated[Annotated[str, AfterValidator(_commit)] | None, _LeftOut] = None


class Attestation(Model):
    """A verified in-toto statement about the image.

    `subject` is the digest that the statement is about. What follows `signer` is read from SLSA
    provenance, v1 or v0.2; other attestations have none of it.
    """

    statement_type: Plain
    predicate_type: Plain
    subject: Digest
    signer: Signer
    builder: Annotated[Plain | None, _LeftOut] = None
    build_type: Annotated[Plain | None, _LeftOut] = None
    source: Annotated[Source | None, _LeftOut] = None
    external_parameters: Annotated[dict[str, Any] | None, _LeftOut] = None


class Sbom(Model):
    """A verified attestation that carries a software bill of materials."""

    format: Plain
    predicate_type: Plain
    subject: Digest
    signer: Signer


class ImageFacts(Model):
    """All that was verified of one image, and for how long that holds.

    `image` is its repository and digest, without a tag. Any entry in `errors` makes the rules deny
    the image.
    """

    api_version: Literal["policylib.dev/v1"] = Field(alias="apiVersion")
    kind: Literal["ImageFacts"]
    metadata: Annotated[dict[str, Any] | None, _LeftOut] = None
    image: Image
    verified_at: Timestamp
    expires_at: Timestamp
    signers: tuple[Signer, ...]
    attestations: tuple[Attestation, ...]
    sbom: tuple[Sbom, ...]
    errors: tuple[str, ...]

    @model_validator(mode="after")
    def _hold_for_a_time(self) -> ImageFacts:
        if instants.parse(self.expires_at) <= instants.parse(self.verified_at):
            raise ValueError("expires_at is not after verified_at")
        return self

    def data(self) -> dict[str, Any]:
        """The facts as Rego reads them."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def load(path: Path) -> dict[str, Any]:
    """What Rego reads as `data.facts`: the facts in a file, by their image.

    The file holds documents of kind ImageFacts, or a List of them, in YAML or JSON. Whether facts
    hold at this time is judged by the rules, which have a clock.
    Raises `InputError` with the place of the mistake.
    """
    file = _File(path)
    images: dict[str, Any] = {}
    places: dict[str, str] = {}
    for document, pointer, raw in file.entries():
        facts = file.facts(document, pointer, raw)
        where = file.where(document, f"{pointer}/image")
        if facts.image in images:
            raise InputError(
                f"there are two facts about {facts.image}",
                where=where,
                remedy=f"the first are at {places[facts.image]}; keep the latest",
            )
        images[facts.image] = facts.data()
        places[facts.image] = where
    return {"images": images}


class _File:
    """The facts in a file, and the place of each value."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = _content(path)

    def where(self, document: int, pointer: str) -> str:
        """The place of a value: file, line, column."""
        line, column = place(str(self._path), self._content, document, pointer)
        return f"{self._path}:{line}:{column}"

    def entries(self) -> Iterator[tuple[int, str, Any]]:
        """Each document or item of a List: the document, the pointer to it, and what it holds."""
        documents, problems = read(str(self._path), self._content)
        for line, column, message in problems:
            raise InputError(message, where=f"{self._path}:{line}:{column}")
        if not documents:
            raise InputError("there are no facts in it", where=str(self._path))
        for index, text in enumerate(documents):
            raw = json.loads(text)
            if not (isinstance(raw, dict) and raw.get("kind") == "List"):
                yield index, "", raw
            elif isinstance(raw.get("items"), list):
                yield from ((index, f"/items/{i}", item) for i, item in enumerate(raw["items"]))
            else:
                raise InputError(
                    "the items of a List are a list", where=self.where(index, "/items")
                )

    def facts(self, document: int, pointer: str, raw: object) -> ImageFacts:
        """One entry as a model."""
        try:
            return ImageFacts.model_validate(raw)
        except ValidationError as error:
            raise self._invalid(document, pointer, error) from error

    def _invalid(self, document: int, pointer: str, error: ValidationError) -> InputError:
        # A misspelt key explains the one that is missing.
        errors = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        first = errors[0]
        names = [str(part) for part in first["loc"]]
        where = self.where(document, pointer + pointers.pointer(names))
        path = ".".join(names)
        if first["type"] == "extra_forbidden":
            known = _known(names)
            close = difflib.get_close_matches(names[-1], known, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
            return InputError(f"unknown key {path}", where=where, remedy=remedy)
        message = first["msg"].removeprefix("Value error, ")
        return InputError(f"{path}: {message}" if path else message, where=where)


_SHAPES: dict[str, type[Model]] = {
    "signers": Signer,
    "signer": Signer,
    "attestations": Attestation,
    "source": Source,
    "sbom": Sbom,
}


def _known(path: list[str]) -> list[str]:
    """The keys that may stand where the last one of a path does."""
    holders = [_SHAPES[name] for name in path[:-1] if name in _SHAPES]
    shape = holders[-1] if holders else ImageFacts
    return [field.alias or name for name, field in shape.model_fields.items()]


def _content(path: Path) -> bytes:
    try:
        return reading.read(path, pipes=True)
    except OSError as error:
        raise InputError(f"the facts cannot be read: {error.strerror}", where=str(path)) from error
    except ValueError as error:  # no file can have such a name
        raise InputError(f"the facts cannot be read: {error}", where=str(path)) from error
