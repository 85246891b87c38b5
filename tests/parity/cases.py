"""The examples and the bypasses in fixtures/, each with the verdict that it deserves.

fixtures/FAMILY/RULE/{allow,deny}/*.yaml are examples of one rule, judged under
fixtures/FAMILY/settings.yaml and with the facts in fixtures/FAMILY/facts.yaml, where they are.
fixtures/bypass/FAMILY/*.yaml are lists of cases; a file may bring a section of settings of its own.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policylib import _native, facts, rules
from policylib.settings import files
from tests import tools

FIXTURES = tools.ROOT / "fixtures"
BYPASS = FIXTURES / "bypass"
NOT_FAMILIES = {"bypass", "sprint34"}


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


def _alone(asked: set[str]) -> dict[str, Any]:
    """Settings under which only some rules are asked: gator takes a second for each other one."""
    others = dict.fromkeys(sorted(rules.load().rules.keys() - asked), "off")
    return {"environment": "alone", "enforcement": {"alone": others}}


def families() -> list[str]:
    """The families that have examples."""
    return sorted(p.name for p in FIXTURES.iterdir() if p.is_dir() and p.name not in NOT_FAMILIES)


@functools.cache
def groups() -> list[Group]:
    """All cases, by family and by settings."""
    return [group for family in families() for group in _groups(family)]


def _groups(family: str) -> Iterator[Group]:
    common = Group(family, settings_of(family), facts_of(family))
    common.cases.extend(_examples(family))
    yield common
    for path in sorted((BYPASS / family).glob("*.yaml")):
        raw = contents(path)
        cases = [_case(path, one) for one in raw["cases"]]
        if "settings" in raw:
            frame = {k: v for k, v in common.settings.items() if k in {"catalog", "labels"}}
            asked = _alone({case.rule for case in cases})
            name = f"{family}/{path.stem}"
            yield Group(name, {**frame, **raw["settings"], **asked}, common.facts, cases)
        else:
            common.cases.extend(cases)


def contents(path: Path) -> dict[str, Any]:
    """A file of bypasses."""
    [text], problems = _native.read(str(path), path.read_bytes())
    assert not problems, (path, problems)
    raw: dict[str, Any] = json.loads(text)
    return raw


def settings_of(family: str) -> dict[str, Any]:
    """What Rego reads as settings while a family's examples are judged."""
    path = FIXTURES / family / "settings.yaml"
    if not path.exists():
        return {}
    return files.parse(path, rules.load().known()).data(None)


def facts_of(family: str) -> dict[str, Any] | None:
    """What Rego reads as facts then."""
    path = FIXTURES / family / "facts.yaml"
    return facts.load(path) if path.exists() else None


def _examples(family: str) -> Iterator[Case]:
    for path in sorted((FIXTURES / family).glob("*/*/*.yaml")):
        documents, problems = _native.normalise(str(path), path.read_bytes())
        assert documents, path
        assert not problems, (path, problems)
        name = path.relative_to(tools.ROOT).as_posix()
        rule, verdict = f"{family}.{path.parts[-3]}", path.parts[-2]
        yield Case(name, rule, verdict, "", tuple(map(json.loads, documents)))


def _case(path: Path, raw: dict[str, Any]) -> Case:
    documents, refused = (raw.get("document"),), False
    if "text" in raw:
        texts, problems = _native.normalise(raw.get("file", "input.yaml"), raw["text"].encode())
        documents, refused = tuple(map(json.loads, texts)), bool(problems)
    name = f"{path.relative_to(tools.ROOT).as_posix()}: {raw['name']}"
    return Case(name, raw["rule"], raw["verdict"], raw["why"], documents, refused)
