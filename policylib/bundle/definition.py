"""Bundle definitions: what goes into a bundle, and for which enforcement point, in a file.

Nothing but the file and what it names counts: not the folder that a build runs in, nor settings
that happen to lie there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from policylib import facts, reading
from policylib.bundle import Target
from policylib.errors import BundleError, SettingsError
from policylib.evaluate import Policy, load_rules
from policylib.models import Filled, Model
from policylib.rules import RuleSet
from policylib.settings import Settings, checks, files, schema
from policylib.settings.checks import Mistake

VERSION: Final = 1
"""The form of definitions that this policylib reads."""

_TEXT: Final[schema.Schema] = {"type": "string", "pattern": r"\S"}


class Definition(Model):
    """What a file says of a bundle; the paths in it are relative to the file.

    Without `families` every family is in the bundle; without `settings`, `digest`
    alone is asked, at its strictest.
    """

    version: Literal[1]
    target: Target
    name: Filled | None = None
    families: tuple[Filled, ...] | None = None
    settings: Filled | None = None
    environment: Filled | None = None
    facts: Filled | None = None
    rules: Filled | None = None


@dataclass(frozen=True)
class Defined:
    """A definition with all that it names, ready to be built.

    `left_out` has the families that the settings would have asked, were they not left out.
    """

    name: str
    target: Target
    policy: Policy
    facts: Mapping[str, Any] | None
    left_out: tuple[str, ...]


def load(path: Path, content: bytes | None = None) -> Defined:
    """Read a definition, and the rules, settings and facts that it names.

    A family that is named has to be configured, and an environment has to be in the settings: a
    slip in either would let through what nobody meant to. `content` stands for that of the file.

    Raises
    ------
    BundleError
        It cannot be read, or something is wrong in it: all of that at once, each with its place.
    PolicylibError
        What it names cannot be used.
    """
    document = _document(path, content)
    said = _definition(document)
    rules, known = load_rules(_beside(path, said.rules))
    named = _beside(path, said.settings)
    settings = Settings() if named is None else files.parse(named, known, pipes=True)
    _refuse(document, _unknown(said, rules, settings))
    given = _beside(path, said.facts)
    found = None if given is None else facts.load(given)
    policy = Policy(rules, settings, said.environment, found or {})
    chosen = rules.families if said.families is None else said.families
    _refuse(document, _unasked(said, policy.unconfigured))
    return Defined(
        name=said.name or path.stem,
        target=said.target,
        policy=replace(policy, rules=rules.narrowed(chosen)),
        facts=found,
        left_out=tuple(sorted({*rules.families} - {*policy.unconfigured, *chosen})),
    )


def published() -> dict[str, str]:
    """The text of the schema that is published for editors, by its file's name."""
    return {"bundle.schema.json": schema.text("bundle", "A bundle definition", _schema())}


def _schema() -> schema.Schema:
    """What a definition may hold, as far as it can be said without the rules."""
    path = "relative to this one."
    properties: dict[str, schema.Schema] = {
        "version": {"description": "The form of this file.", "type": "integer", "enum": [VERSION]},
        "target": {
            "description": "The enforcement point that the bundle is for.",
            "type": "string",
            "enum": [str(target) for target in Target],
        },
        "name": {
            **_TEXT,
            "description": "What `build --format json` calls the bundle: by default, as its file.",
        },
        "families": {
            "description": (
                "The families of rules in the bundle (all, unless some are named). Each has to be "
                "configured."
            ),
            "type": "array",
            "items": _TEXT,
            "minItems": 1,
            "uniqueItems": True,
        },
        "settings": {
            **_TEXT,
            "description": (
                f"The file of settings, {path} Without one `digest` alone is asked, at its "
                "strictest."
            ),
        },
        "environment": {
            **_TEXT,
            "description": (
                "The environment of the settings whose enforcement holds. Without one the "
                "strictest holds."
            ),
        },
        "facts": {**_TEXT, "description": f"The file of facts about images, {path}"},
        "rules": {
            **_TEXT,
            "description": f"A folder of rules of one's own, which policylib's join, {path}",
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "target"],
        "properties": properties,
    }


def _document(path: Path, content: bytes | None) -> files.Document:
    try:
        given = reading.read(path, pipes=True) if content is None else content
        return files.Document(path, given)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        reason = getattr(error, "strerror", None) or str(error)
        raise BundleError(f"the definition cannot be read: {reason}", where=str(path)) from error
    except SettingsError as error:
        raise BundleError(error.what, where=error.where, remedy=error.remedy) from error


def _definition(document: files.Document) -> Definition:
    raw = document.raw
    version = raw.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        what = f"version {version} is newer than {VERSION}, the newest that this policylib reads"
        _refuse(document, [Mistake(("version",), what, "use a policylib that is as new")])
    _refuse(document, checks.mistakes(raw, _schema()))
    return Definition.model_validate(raw)


def _unknown(said: Definition, rules: RuleSet, settings: Settings) -> Iterator[Mistake]:
    """What a definition names and nobody knows."""
    for index, family in enumerate(said.families or ()):
        if family not in rules.families:
            remedy = checks.advice(family, rules.families)
            yield Mistake(("families", index), f"no family is called {family!r}", remedy)
    try:
        settings.require_environment(said.environment, "")
    except SettingsError as error:
        yield Mistake(("environment",), error.what, error.remedy)


def _unasked(said: Definition, unconfigured: Iterable[str]) -> Iterator[Mistake]:
    """The families that a definition names and that its bundle would never ask."""
    for index, family in enumerate(said.families or ()):
        if family in unconfigured:
            what = f"the settings have no section for {family}, so that it would never be asked"
            yield Mistake(("families", index), what, "give them one, or leave the family out here")


def _refuse(document: files.Document, mistakes: Iterable[Mistake]) -> None:
    """Raise `BundleError` for all of the mistakes at once, if there are any."""
    errors = document.errors(mistakes)
    if not errors:
        return
    first, *others = errors
    if not others:
        raise BundleError(first.what, where=first.where, remedy=first.remedy)
    raise BundleError(
        "\n".join([f"{len(errors)} mistakes", *(f"  {error}" for error in errors)]),
        where=str(document.path),
    )


def _beside(path: Path, name: str | None) -> Path | None:
    return None if name is None else path.parent / name
