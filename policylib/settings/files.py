"""Reads `policylib.yaml` and what it names: each mistake has a place and a remedy."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policylib import reading
from policylib._native import place, read
from policylib.errors import SettingsError
from policylib.models import PolicyException
from policylib.pointers import pointer
from policylib.settings import checks, schema
from policylib.settings.checks import Mistake
from policylib.settings.model import VERSION, Known, Settings

Keys = Iterable[str | int]


class Document:
    """One YAML document that is a mapping; knows the place of each value.

    `content` stands for that of the file. Raises `SettingsError` when it is anything else.
    """

    def __init__(self, path: Path, content: bytes | None = None, *, pipes: bool = False) -> None:
        self.path = path
        self.content = _content(path, pipes=pipes) if content is None else content
        documents, problems = read(str(path), self.content)
        for line, column, message in problems:
            raise SettingsError(message, where=f"{path}:{line}:{column}")
        if len(documents) != 1:
            raise SettingsError("this is to be exactly one YAML document", where=str(path))
        raw = json.loads(documents[0])
        if not isinstance(raw, dict):
            raise SettingsError("this is to be a mapping of keys", where=str(path))
        self.raw: dict[str, Any] = raw

    def place(self, keys: Keys) -> tuple[int, int]:
        """The line and column of a value, or of what is nearest to it."""
        return place(str(self.path), self.content, 0, pointer(keys))

    def where(self, keys: Keys) -> str:
        """The place of a value, for people."""
        line, column = self.place(keys)
        return f"{self.path}:{line}:{column}"

    def error(self, mistake: Mistake) -> SettingsError:
        """A mistake with its place."""
        name = ".".join(map(str, mistake.path))
        what = mistake.what if mistake.what.endswith(name) else f"{name}: {mistake.what}"
        return SettingsError(what, where=self.where(mistake.path), remedy=mistake.remedy)

    def errors(self, mistakes: Iterable[Mistake]) -> list[SettingsError]:
        """All mistakes, in the order of their places."""
        return [self.error(one) for one in sorted(mistakes, key=lambda m: self.place(m.path))]


@dataclass(frozen=True)
class Examined:
    """A file with all that is wrong in it and in what it names; the settings when nothing is."""

    document: Document
    exceptions: Document | None
    catalog: Document | None
    mistakes: tuple[SettingsError, ...]
    settings: Settings | None


def parse(path: Path, known: Known, *, pipes: bool = False, found: bool = False) -> Settings:
    """The settings in a file, with the exceptions and the catalog that it names.

    Raises `SettingsError` with the place of the first mistake.
    """
    examined = examine(path, known, pipes=pipes, found=found)
    if examined.settings is None:
        raise _first(examined.mistakes)
    return examined.settings


def examine(path: Path, known: Known, *, pipes: bool = False, found: bool = False) -> Examined:
    """All mistakes in a settings file and in what it names.

    `pipes` permits what is no regular file; `found` says that nobody vouches for this one, so that
    it names files in its own folder only.
    Raises `SettingsError` for what is no document of settings at all.
    """
    document = Document(path, pipes=pipes)
    mistakes = document.errors(_mistakes(document, known))
    named: dict[str, Document] = {}
    if not mistakes:
        for key, expected in (("exceptions", schema.exceptions), ("catalog", None)):
            try:
                file = _beside(document, key, found=found)
                if file is None:
                    continue
                named[key] = file
                seen = known.beside(file.raw)
                wrong = _catalog(file) if expected is None else _listed(file, expected(seen))
                mistakes += file.errors(wrong)
            except SettingsError as error:
                mistakes.append(error)
    settings = None if mistakes else _settings(document.raw, named, known)
    return Examined(
        document, named.get("exceptions"), named.get("catalog"), tuple(mistakes), settings
    )


def exceptions(path: Path, known: Known) -> tuple[PolicyException, ...]:
    """The exceptions in a file; raises `SettingsError` with the place of the first mistake."""
    file = Document(path)
    if mistakes := file.errors(_listed(file, schema.exceptions(known.beside(file.raw)))):
        raise _first(mistakes)
    return tuple(map(PolicyException.model_validate, file.raw.get("exceptions", ())))


def _first(mistakes: Iterable[SettingsError]) -> SettingsError:
    first, *others = mistakes
    if others:
        more = f"and {len(others)} more: `rc settings validate` lists them"
        first.remedy = f"{first.remedy}; {more}" if first.remedy else more
    return first


def _mistakes(document: Document, known: Known) -> Iterator[Mistake]:
    raw = document.raw
    version = raw.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        what = f"version {version} is newer than {VERSION}, the newest that this policylib reads"
        yield Mistake(("version",), what, "use a policylib that is as new as the file")
        return  # what else a newer file may say is not known here
    yield from checks.mistakes(raw, schema.settings(known.beside(raw)))
    enforcement = raw.get("enforcement")
    for name in enforcement if isinstance(enforcement, dict) else ():
        if not name.strip():
            yield Mistake(("enforcement", name), "an environment has a name")
        elif name in {"true", "false"}:
            remedy = "YAML takes on, off, yes and no for booleans: write the name in quotes"
            yield Mistake(("enforcement", name), f"no environment is called {name}", remedy)


def _listed(file: Document, expected: schema.Schema) -> Iterator[Mistake]:
    wrong = list(checks.mistakes(file.raw, expected))
    yield from wrong
    if wrong:
        return
    for index, entry in enumerate(file.raw.get("exceptions", ())):
        try:
            PolicyException.model_validate(entry)
        except ValidationError as error:
            for one in error.errors():
                message = one["msg"].removeprefix("Value error, ")
                yield Mistake(("exceptions", index, *one["loc"]), message)


def _catalog(file: Document) -> Iterator[Mistake]:
    services = file.raw.get("services")
    if not isinstance(services, dict) or not services:
        yield Mistake(("services",), "a catalog maps each service to what is said of it")


def _beside(document: Document, key: str, *, found: bool) -> Document | None:
    """The file that a key names, relative to the settings."""
    name = document.raw.get(key)
    if name is None:
        return None
    path = document.path.parent / name
    if found and not _is_below(path, document.path.parent):
        remedy = "only a file that you vouch for (--settings) may name others elsewhere"
        raise document.error(Mistake((key,), "it lies outside the folder of this file", remedy))
    return Document(path)


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a path leads to something in a folder, whatever links it follows."""
    try:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    except (OSError, ValueError):
        return False


def _settings(raw: dict[str, Any], named: dict[str, Document], known: Known) -> Settings:
    plain = ("version", "exclude", "enforcement", "labels")
    given: dict[str, Any] = {key: raw[key] for key in plain if key in raw}
    given["families"] = {key: raw[key] for key in known.families if key in raw}
    if "exceptions" in named:
        given["exceptions"] = named["exceptions"].raw.get("exceptions", ())
    if "catalog" in named:
        given["catalog"] = named["catalog"].raw["services"]
    return Settings.model_validate(given)


def _content(path: Path, *, pipes: bool) -> bytes:
    try:
        return reading.read(path, pipes=pipes)
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be read: {error.strerror}", where=str(path)
        ) from error
    except ValueError as error:  # no file can have such a name
        raise SettingsError(f"the settings cannot be read: {error}", where=str(path)) from error
