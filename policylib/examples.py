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
from typing import Any

from policylib import facts, reading
from policylib._native import normalise, read
from policylib.errors import InputError
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
    for path in sorted((folder / BYPASS).glob("*/*.yaml")):
        yield from (_case(path, one) for one in contents(path, "cases")["cases"])
    for path in sorted((folder / KEPT).glob("*.yaml")):
        yield from _kept(path).cases


def families(folder: Path) -> list[str]:
    """The families that have examples."""
    found = (path for way in ("allow", "deny") for path in folder.glob(f"*/*/{way}"))
    return sorted({path.parts[-3] for path in found})


def _groups(folder: Path, family: str, rules: RuleSet) -> Iterator[Group]:
    known = rules.known()
    common = Group(family, settings(folder / family, known), facts_of(folder / family))
    common.cases.extend(_examples(folder, family))
    yield common
    for path in sorted((folder / BYPASS / family).glob("*.yaml")):
        raw = contents(path, "cases")
        found = [_case(path, one) for one in raw["cases"]]
        if "settings" in raw:
            frame = {k: v for k, v in common.settings.items() if k in {"catalog", "labels"}}
            asked = _alone({case.rule for case in found}, rules)
            name = f"{family}/{path.stem}"
            yield Group(name, {**frame, **raw["settings"], **asked}, common.facts, found)
        else:
            common.cases.extend(found)


def _alone(asked: set[str], rules: RuleSet) -> dict[str, Any]:
    """Settings under which only some rules are asked: gator takes a second for each other one."""
    others = dict.fromkeys(sorted(rules.rules.keys() - asked), "off")
    return {"environment": "alone", "enforcement": {"alone": others}}


def contents(path: Path, *keys: str) -> dict[str, Any]:
    """A file of cases; raises `InputError` when it is not one YAML mapping with these keys."""
    texts, problems = read(str(path), path.read_bytes())
    raw = json.loads(texts[0]) if len(texts) == 1 and not problems else None
    if not isinstance(raw, dict):
        why = problems[0][2] if problems else "this is to be exactly one mapping"
        raise InputError(why, where=str(path))
    if missing := [key for key in keys if key not in raw]:
        raise InputError(f"the key {missing[0]} is missing", where=str(path))
    return raw


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
    try:
        content = reading.read(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    found, problems = normalise(str(path), content)
    for line, column, message in problems:
        raise InputError(message, where=f"{path}:{line}:{column}")
    if not found:
        raise InputError("there is nothing in it to judge", where=str(path))
    return tuple(map(json.loads, found))


def _examples(folder: Path, family: str) -> Iterator[Case]:
    for path in sorted((folder / family).glob("*/*/*.yaml")):
        rule, verdict = f"{family}.{path.parts[-3]}", path.parts[-2]
        name = path.relative_to(folder.parent).as_posix()
        yield Case(name, rule, verdict, "", documents(path))


def _case(path: Path, raw: dict[str, Any]) -> Case:
    found, refused = (raw.get("document"),), False
    if "text" in raw:
        texts, problems = normalise(raw.get("file", "input.yaml"), raw["text"].encode())
        found, refused = tuple(map(json.loads, texts)), bool(problems)
    name = f"{'/'.join(path.parts[-4:])}: {raw['name']}"
    return Case(name, raw["rule"], raw["verdict"], raw["why"], found, refused)


def _kept(path: Path) -> Group:
    raw = contents(path, "why", "settings", "facts", "document")
    case = Case(f"{KEPT}/{path.name}", "", AGREE, raw["why"], (raw["document"],))
    return Group(f"{KEPT}/{path.stem}", raw["settings"], raw["facts"], [case])
