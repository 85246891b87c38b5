"""Reads `policylib.yaml` and what it names: each mistake has a place and a remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from policylib import reading
from policylib._native import place, read
from policylib.errors import SettingsError
from policylib.models import Model
from policylib.settings import checks
from policylib.settings.model import Known, PolicyException, PolicyExceptions, Settings

_FRAME = ("version", "exclude", "enforcement", "labels", "catalog", "exceptions")
_AnyModel = TypeVar("_AnyModel", bound=Model)


def parse(path: Path, known: Known, *, pipes: bool = False) -> Settings:
    """The settings in a file, with the exceptions and the catalog that it names.

    Raises `SettingsError` with the place of the mistake.
    """
    return _SettingsFile(path, known, pipes=pipes).settings()


def exceptions(path: Path, known: Known) -> tuple[PolicyException, ...]:
    """The exceptions in a file.

    Raises `SettingsError` with the place of the mistake.
    """
    file = _File(path)
    found = file.model(PolicyExceptions, file.mapping(PolicyExceptions.model_fields)).exceptions
    for index, one in enumerate(found):
        if one.rule not in known.rules:
            raise file.unknown(("exceptions", index, "rule"), one.rule, known.rules, "rule")
    return found


class _File:
    """One YAML document that is a mapping; knows the place of each value."""

    def __init__(self, path: Path, *, pipes: bool = False) -> None:
        self.path = path
        self.content = _content(path, pipes=pipes)
        documents, problems = read(str(path), self.content)
        for line, column, message in problems:
            raise SettingsError(message, where=f"{path}:{line}:{column}")
        if len(documents) != 1:
            raise SettingsError("settings are exactly one YAML document", where=str(path))
        self.raw = json.loads(documents[0])
        if not isinstance(self.raw, dict):
            raise SettingsError("settings are a mapping", where=str(path))

    def mapping(self, known: Iterable[str]) -> dict[str, Any]:
        """The document, whose keys are all known."""
        for key in self.raw:
            if key not in known:
                raise self.unknown((key,), key, known)
        found: dict[str, Any] = self.raw
        return found

    def model(self, shape: type[_AnyModel], raw: Mapping[str, Any]) -> _AnyModel:
        """The document as a model."""
        try:
            return shape.model_validate(raw)
        except ValidationError as error:
            raise self._invalid(error) from error

    def _invalid(self, error: ValidationError) -> SettingsError:
        first = error.errors()[0]
        where = tuple(part for part in first["loc"] if part != "families")
        if first["type"] == "extra_forbidden":
            fields = _fields(first["loc"])
            return self.unknown(where, str(where[-1]), fields)
        # YAML takes the bare word for a boolean.
        off = where[0] == "enforcement" and first["input"] is False
        message = first["msg"].removeprefix("Value error, ")
        return self.error(message, where, "quote it: 'off'" if off else "")

    def unknown(
        self, path: tuple[str | int, ...], word: str, known: Iterable[str], what: str = "key"
    ) -> SettingsError:
        """A word that settings do not know, and the one that may have been meant."""
        close = difflib.get_close_matches(word, list(known), n=1)
        advice = f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(known))}"
        name = ".".join(map(str, path)) if what == "key" else word
        return self.error(f"unknown {what} {name}", path, advice)

    def error(self, what: str, path: Iterable[str | int], remedy: str = "") -> SettingsError:
        """A mistake at a path of keys."""
        segments = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
        pointer = "".join(f"/{segment}" for segment in segments)
        line, column = place(str(self.path), self.content, 0, pointer)
        name = ".".join(segments)
        return SettingsError(
            what if name in what else f"{name}: {what}",
            where=f"{self.path}:{line}:{column}",
            remedy=remedy,
        )


class _SettingsFile(_File):
    def __init__(self, path: Path, known: Known, *, pipes: bool) -> None:
        super().__init__(path, pipes=pipes)
        self._known = known

    def settings(self) -> Settings:
        families = self._known.families
        raw = self.mapping((*_FRAME, *families))
        for family in families.keys() & raw.keys():
            self._check_family(family, raw[family])
        settings = self.model(
            Settings,
            {key: raw[key] for key in ("version", "exclude", "enforcement", "labels") if key in raw}
            | {"families": {key: raw[key] for key in families if key in raw}}
            | {"exceptions": self._exceptions(), "catalog": self._catalog()},
        )
        self._check_enforcement(settings)
        return settings

    def _check_family(self, family: str, section: object) -> None:
        schema = self._known.families[family]
        if found := checks.unknown_key(section, schema):
            path, properties = found
            raise self.unknown((family, *path), str(path[-1]), properties)
        if found := checks.mistake(section, schema):
            path, message = found
            raise self.error(message, (family, *path))

    def _check_enforcement(self, settings: Settings) -> None:
        names = {*self._known.families, *self._known.rules}
        for environment, levels in settings.enforcement.items():
            if not environment:
                raise self.error("an environment has a name", ("enforcement", environment))
            for name in levels.keys() - names:
                raise self.unknown(("enforcement", environment, name), name, names)

    def _exceptions(self) -> tuple[PolicyException, ...]:
        path = self._beside("exceptions")
        return exceptions(path, self._known) if path else ()

    def _catalog(self) -> dict[str, Any] | None:
        path = self._beside("catalog")
        if path is None:
            return None
        file = _File(path)
        services = file.raw.get("services")
        if not isinstance(services, dict) or not services:
            raise file.error("a catalog holds a mapping of services", ("services",))
        return services

    def _beside(self, key: str) -> Path | None:
        """The file that a key names, relative to this one."""
        name = self.raw.get(key)
        if name is None:
            return None
        if not isinstance(name, str) or not name.strip():
            raise self.error("this is the path of a file, relative to this one", (key,))
        return self.path.parent / name


def _content(path: Path, *, pipes: bool) -> bytes:
    try:
        return reading.read(path, pipes=pipes)
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be read: {error.strerror}", where=str(path)
        ) from error
    except ValueError as error:  # no file can have such a name
        raise SettingsError(f"the settings cannot be read: {error}", where=str(path)) from error


def _fields(location: tuple[str | int, ...]) -> list[str]:
    """The keys that a model knows where an unknown one stands."""
    shape: Any = {"labels": "Labels", "target": "Target"}.get(str(location[-2]), "")
    from policylib.settings import model

    return list(getattr(model, shape or "PolicyException").model_fields)
