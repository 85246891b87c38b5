"""`policylib.yaml`: one typed model, and what Rego reads of it as `data.settings`."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from policylib import reading
from policylib._native import place, read
from policylib.errors import SettingsError
from policylib.models import Model

FILE_NAME = "policylib.yaml"

Level = Literal["off", "log", "warn", "deny"]


@dataclass(frozen=True)
class Known:
    """What settings may speak of: each family with the JSON Schema of its section, and rule ids."""

    families: Mapping[str, dict[str, Any]]
    rules: Collection[str]


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a version is a number")  # noqa: TRY004 - what pydantic takes for a refusal
    return value


class Settings(Model):
    """What a team decides.

    `exclude` holds globs of files that are not checked. `families` holds each family's section,
    checked against the JSON Schema that its rules' METADATA declare. `enforcement` maps an
    environment to levels by rule or family; what is not named denies.
    """

    version: Annotated[Literal[1], BeforeValidator(_no_boolean)] = 1
    exclude: tuple[str, ...] = ()
    enforcement: dict[str, dict[str, Level]] = Field(default_factory=dict)
    families: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def data(self, environment: str | None) -> dict[str, Any]:
        """What Rego reads as `data.settings`; without an environment the strictest holds.

        Raises `SettingsError` for an environment that is empty or no text.
        """
        if environment is not None and not (isinstance(environment, str) and environment):
            raise SettingsError(
                f"no environment is called {environment!r}",
                where="environment",
                remedy="name one of the settings' environments, or none for the strictest",
            )
        named = {"environment": environment} if environment is not None else {}
        return {**self.families, "enforcement": self.enforcement, **named}

    def weakenings(self, known: Known) -> tuple[str, ...]:
        """The keys that let through what the rules alone would deny."""
        levels = (
            f"enforcement.{environment}.{name}"
            for environment, levels in self.enforcement.items()
            for name, level in levels.items()
            if level != "deny"
        )
        keys = (
            f"{family}.{key}"
            for family, section in self.families.items()
            for key, value in section.items()
            if value != known.families[family]["properties"][key].get("default")
        )
        return (*(("exclude",) if self.exclude else ()), *levels, *keys)


def load(path: Path | None, known: Known) -> Settings:
    """The settings in `path`, which the caller vouches for; without one, the strict defaults.

    A `policylib.yaml` in the current folder is read when no path is given, but it may come with
    what it should judge: it is refused where it weakens anything.

    Raises `SettingsError` with the place of the mistake.
    """
    if path is not None:
        return _parse(path, known, pipes=True)
    found = Path(FILE_NAME)
    settings = _parse(found, known) if _exists(found) else Settings()
    if weak := settings.weakenings(known):
        raise SettingsError(
            f"it weakens the policy ({', '.join(weak)}), which a file that is merely found may not",
            where=str(found),
            remedy=f"if you vouch for this file, pass --settings {found}",
        )
    return settings


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unreadable(path, error) from error
    return True


def _unreadable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(f"the settings cannot be read: {error.strerror}", where=str(path))


def _parse(path: Path, known: Known, *, pipes: bool = False) -> Settings:
    try:
        content = reading.read(path, pipes=pipes)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # no file can have such a name
        raise SettingsError(f"the settings cannot be read: {error}", where=str(path)) from error
    documents, problems = read(str(path), content)
    for line, column, message in problems:
        raise SettingsError(message, where=f"{path}:{line}:{column}")
    if len(documents) != 1:
        raise SettingsError("settings are exactly one YAML document", where=str(path))
    raw = json.loads(documents[0])
    if not isinstance(raw, dict):
        raise SettingsError("settings are a mapping", where=str(path))
    return _Checker(path, content, known).settings(raw)


class _Checker:
    """Checks one file against the model and the rules' schemas; knows the place of each key."""

    def __init__(self, path: Path, content: bytes, known: Known) -> None:
        self._path = path
        self._content = content
        self._known = known

    def settings(self, raw: dict[str, Any]) -> Settings:
        frame = {"version", "exclude", "enforcement"}
        families = self._known.families
        for key in raw.keys() - frame - set(families):
            raise self._unknown((key,), sorted(frame | set(families)))
        for family in set(families) & raw.keys():
            self._check_family(family, raw[family])
        try:
            settings = Settings.model_validate(
                {key: raw[key] for key in frame & raw.keys()}
                | {"families": {key: raw[key] for key in families if key in raw}}
            )
        except ValidationError as error:
            first = error.errors()[0]
            # YAML takes the bare word for a boolean.
            off = first["loc"][0] == "enforcement" and first["input"] is False
            remedy = "quote it: 'off'" if off else ""
            raise self._error(first["msg"], first["loc"], remedy) from error
        self._check_enforcement(settings)
        return settings

    def _check_family(self, family: str, section: object) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import best_match

        schema = self._known.families[family]
        for key in section if isinstance(section, dict) else ():
            if key not in schema["properties"]:
                raise self._unknown((family, key), schema["properties"])
        if error := best_match(Draft202012Validator(schema).iter_errors(section)):
            raise self._error(error.message, (family, *error.absolute_path))

    def _check_enforcement(self, settings: Settings) -> None:
        names = {*self._known.families, *self._known.rules}
        for environment, levels in settings.enforcement.items():
            if not environment:
                raise self._error("an environment has a name", ("enforcement", environment))
            for name in levels.keys() - names:
                raise self._unknown(("enforcement", environment, name), names)

    def _unknown(self, path: tuple[str, ...], known: Iterable[str]) -> SettingsError:
        close = difflib.get_close_matches(path[-1], list(known), n=1)
        advice = f"did you mean {close[0]}?" if close else f"known: {', '.join(sorted(known))}"
        return self._error(f"unknown key {'.'.join(path)}", path, advice)

    def _error(self, what: str, path: Iterable[str | int], remedy: str = "") -> SettingsError:
        segments = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
        pointer = "".join(f"/{segment}" for segment in segments)
        line, column = place(str(self._path), self._content, 0, pointer)
        name = ".".join(segments)
        return SettingsError(
            what if name in what else f"{name}: {what}",
            where=f"{self._path}:{line}:{column}",
            remedy=remedy,
        )
