"""The examples and the bypasses in fixtures/, each with the verdict that it deserves.

FAMILY/RULE/{allow,deny}/*.yaml are examples of one rule, judged under FAMILY/settings.yaml and with
the facts in FAMILY/facts.yaml, where they are. bypass/FAMILY/*.yaml are lists of cases; a file may
bring settings of its own. parity/*.yaml are what engines differed on, each a document with its
settings and facts: the engines have to agree on it, whatever it deserves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import ValidationError, model_validator

from policylib import facts, reading
from policylib._native import normalise, place, read
from policylib.errors import InputError
from policylib.inputs.interface import shown
from policylib.models import Model
from policylib.pointers import pointer
from policylib.rules import RuleSet, root
from policylib.settings import Known, files

AGREE = "agree"
"""The verdict of a case that the engines merely have to agree on."""

LAYOUT = "examples are FAMILY/RULE/allow/*.yaml and FAMILY/RULE/deny/*.yaml"
BYPASS = "bypass"
KEPT = "parity"


@dataclass(frozen=True)
class Case:
    """One input: the documents that the reader made of it, or none where it refused."""

    name: str
    rule: str
    verdict: str
    why: str
    documents: tuple[Any, ...]
    refused: bool = False


@dataclass(frozen=True)
class Group:
    """Cases that are judged under the same settings, with the same facts."""

    name: str
    settings: dict[str, Any]
    facts: dict[str, Any] | None
    cases: list[Case] = field(default_factory=list)

    @property
    def documents(self) -> list[Any]:
        """Every document of every case, in order."""
        return [document for case in self.cases for document in case.documents]


class _CaseFile(Model):
    """A case as a file has it: a document, or a text for the reader."""

    name: str
    rule: str
    verdict: Literal["allow", "deny"]
    why: str
    document: Any = None
    text: str | None = None
    file: str = "input.yaml"

    @model_validator(mode="after")
    def _hold_one(self) -> _CaseFile:
        if ("document" in self.model_fields_set) == (self.text is not None):
            raise ValueError("a case holds either a document or a text")
        return self


class _BypassFile(Model):
    """A file of cases, which may bring settings of its own."""

    about: Any = None
    settings: dict[str, Any] | None = None
    cases: tuple[_CaseFile, ...]


class _KeptFile(Model):
    """A document that engines differed on."""

    why: str
    settings: dict[str, Any]
    facts: dict[str, Any] | None
    document: Any


_Shape = TypeVar("_Shape", bound=Model)


def home() -> Path:
    """The folder of the examples that travel with policylib, or of the checkout's own."""
    return root().parent / "fixtures"


def groups(folder: Path, rules: RuleSet) -> list[Group]:
    """All cases in a folder, by family and by settings.

    Raises `InputError` where there is none, or one cannot be read.
    """
    found = [group for family in families(folder) for group in _groups(folder, family, rules)]
    found += [_kept(path) for path in sorted((folder / KEPT).glob("*.yaml"))]
    if not found:
        raise InputError("there are no examples here", where=str(folder), remedy=LAYOUT)
    return found


def cases(folder: Path) -> Iterator[Case]:
    """All cases in a folder, whatever they are judged under.

    Raises `InputError` where one cannot be read.
    """
    for family in families(folder):
        yield from _examples(folder, family)
        for _, _, found in _bypasses(folder, family):
            yield from found
    for path in sorted((folder / KEPT).glob("*.yaml")):
        yield from _kept(path).cases


def families(folder: Path) -> list[str]:
    """The families that have examples or bypasses."""
    ways = (path for way in ("allow", "deny") for path in folder.glob(f"*/*/{way}"))
    bypasses = folder.glob(f"{BYPASS}/*/*.yaml")
    return sorted({path.parts[-3] for path in ways} | {path.parent.name for path in bypasses})


def _groups(folder: Path, family: str, rules: RuleSet) -> list[Group]:
    given = settings(folder / family, rules.known())
    frame = {key: value for key, value in given.items() if key in {"catalog", "labels"}}
    common = Group(family, given, facts_of(folder / family), list(_examples(folder, family)))
    apart: list[Group] = []
    for path, own, found in _bypasses(folder, family):
        if own is None:
            common.cases.extend(found)
        else:
            asked = _alone({case.rule for case in found}, rules)
            name = f"{family}/{path.stem}"
            apart.append(Group(name, {**frame, **own, **asked}, common.facts, found))
    return [group for group in (common, *apart) if group.cases]


def _alone(asked: set[str], rules: RuleSet) -> dict[str, Any]:
    """Settings under which only some rules are asked: gator takes a second for each other one."""
    others = dict.fromkeys(sorted(rules.rules.keys() - asked), "off")
    return {"environment": "alone", "enforcement": {"alone": others}}


def settings(folder: Path, known: Known) -> dict[str, Any]:
    """What Rego reads as settings while a family's examples are judged."""
    path = folder / "settings.yaml"
    return files.parse(path, known).data(None) if path.exists() else {}


def facts_of(folder: Path) -> dict[str, Any] | None:
    """What Rego reads as facts then."""
    path = folder / "facts.yaml"
    return facts.load(path) if path.exists() else None


def documents(path: Path) -> tuple[Any, ...]:
    """The documents of an example; raises `InputError` when it cannot be read or has none."""
    found, problems = normalise(shown(path), _content(path))
    for line, column, message in problems:
        raise InputError(message, where=f"{shown(path)}:{line}:{column}")
    if not found:
        raise InputError("there is nothing in it to judge", where=shown(path))
    return tuple(map(json.loads, found))


def _examples(folder: Path, family: str) -> Iterator[Case]:
    for path in sorted((folder / family).glob("*/*/*.yaml")):
        rule, verdict = f"{family}.{path.parts[-3]}", path.parts[-2]
        name = shown(path.relative_to(folder.parent))
        yield Case(name, rule, verdict, "", documents(path))


def _bypasses(
    folder: Path, family: str
) -> Iterator[tuple[Path, dict[str, Any] | None, list[Case]]]:
    """The files of bypasses of a family: each with its own settings, if any, and its cases."""
    for path in sorted((folder / BYPASS / family).glob("*.yaml")):
        raw = _shaped(path, _BypassFile)
        yield path, raw.settings, [_case(path, one) for one in raw.cases]


def _case(path: Path, raw: _CaseFile) -> Case:
    found, refused = (raw.document,), False
    if raw.text is not None:
        texts, problems = normalise(raw.file, raw.text.encode())
        found, refused = tuple(map(json.loads, texts)), bool(problems)
    name = f"{shown('/'.join(path.parts[-4:]))}: {raw.name}"
    return Case(name, raw.rule, raw.verdict, raw.why, found, refused)


def _kept(path: Path) -> Group:
    raw = _shaped(path, _KeptFile)
    case = Case(shown(f"{KEPT}/{path.name}"), "", AGREE, raw.why, (raw.document,))
    return Group(f"{KEPT}/{path.stem}", raw.settings, raw.facts, [case])


def _shaped(path: Path, shape: type[_Shape]) -> _Shape:
    """The one mapping in a file; raises `InputError` where it has another shape."""
    content = _content(path)
    texts, problems = read(shown(path), content)
    for line, column, message in problems:
        raise InputError(message, where=f"{shown(path)}:{line}:{column}")
    raw = json.loads(texts[0]) if len(texts) == 1 else None
    if not isinstance(raw, dict):
        raise InputError("this is to be exactly one mapping", where=shown(path))
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        names = [str(part) for part in first["loc"]]
        line, column = place(shown(path), content, 0, pointer(names))
        what = f"{'.'.join(names)}: {first['msg'].removeprefix('Value error, ')}"
        raise InputError(what, where=f"{shown(path)}:{line}:{column}") from error


def _content(path: Path) -> bytes:
    try:
        return reading.read(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=shown(path)) from error
