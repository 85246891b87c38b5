"""A table of cases in YAML: documents, and what a policy is to say of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from policylib.errors import InputError, PolicylibError, SettingsError
from policylib.models import Enforcement, Report
from policylib.settings.checks import Mistake, advice, mistakes
from policylib.settings.files import Document
from policylib.testing.body import HEADER, Body
from policylib.testing.policies import Asked, Policies, Which
from policylib.testing.verdicts import lines

if TYPE_CHECKING:
    from policylib.settings.checks import Schema

VERSION: Final = 1
"""The form of tables that is read here."""

_FILLED: Final = {"type": "string", "pattern": r"\S"}
_NAME: Final = re.compile(r"(?!.*::)[^\W_](?:.*\S)?")
_CASE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": _FILLED,
        "document": {},
        "file": _FILLED,
        "allow": {"type": "boolean", "enum": [True]},
        "deny": {"type": "array", "items": _FILLED, "minItems": 1, "uniqueItems": True},
        "message": _FILLED,
    },
}
_TABLE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": [HEADER, "cases"],
    "properties": {
        HEADER: {"type": "integer", "enum": [VERSION]},
        **dict.fromkeys(("settings", "environment", "rules", "policy", "facts"), _FILLED),
        "namespaces": {"type": "array", "items": _FILLED, "minItems": 1},
        "cases": {"type": "array", "items": _CASE, "minItems": 1},
    },
}


@dataclass(frozen=True)
class Case:
    """One case: a document or a file, and what denies it (nothing: it is allowed).

    `message` is part of what one of the denials says. `line` counts from 1.
    """

    name: str
    line: int
    document: Any
    file: Path | None
    deny: tuple[str, ...]
    message: str | None


@dataclass(frozen=True)
class CaseTrial:
    """The policy says of a case what its table says."""

    table: Path
    case: Case
    asked: Asked

    def run(self, body: Body, request: pytest.FixtureRequest) -> None:  # noqa: ARG002 - see Trial
        """See `Trial.run`."""
        report = self.judge()
        given = body.call(case=self.case, report=report)
        if given is not None:
            what = f"{body.name} returns {given!r}, and nobody looks at that"
            pytest.fail(f"{self.case.name}: {what}", pytrace=False)

    def judge(self) -> Report:
        """Hold the policy to the case; a failure is `pytest.fail`."""
        report = self._report()
        if wrong := _wrong(self.case, report):
            denials = "\n    ".join(_said(report))
            pytest.fail(
                f"{self.table}:{self.case.line}: {self.case.name}: {wrong}\n\n"
                f"The policy says:\n\n    {denials}\n\nasked: {self.asked}",
                pytrace=False,
            )
        return report

    def _report(self) -> Report:
        if self.case.file is not None:
            return self.asked.policy.check(self.case.file)
        return self.asked.policy.check(json.dumps(self.case.document).encode(), name="case.json")


def _wrong(case: Case, report: Report) -> str:
    """In what a report is not what a case says; empty where it is."""
    denying = {violation.rule for violation in report.denials}
    if report.errors:
        return "the policy gives no verdict"
    if not report.documents:
        reasons = "; ".join(skipped.reason for skipped in report.skipped)
        return f"no rule knows the document: {reasons}"
    if unexpected := sorted(denying - set(case.deny)):
        return f"denied by {', '.join(unexpected)}, against the table"
    if missing := sorted(set(case.deny) - denying):
        return f"not denied by {', '.join(missing)}"
    if case.message and not any(case.message in v.message for v in report.denials):
        return f"no denial says {case.message!r}"
    return ""


def _said(report: Report) -> list[str]:
    errors = [f"error: {problem.message}" for problem in report.errors]
    heard = [v for v in report.violations if v.enforcement is not Enforcement.EXCEPTED]
    return errors or lines(heard)


def trials(path: Path, policies: Policies) -> list[CaseTrial]:
    """The cases in a table; raises `PolicylibError` with the place of the first mistake."""
    document = _document(path)
    raw = document.raw
    if wrong := document.errors([*mistakes(raw, _TABLE), *_beyond(raw)]):
        raise _input(wrong[0], len(wrong) - 1)
    which: Which = {key: raw[key] for key in Which.__annotations__ if key in raw}  # type: ignore[assignment]
    try:
        asked = policies.asked(which, path.parent)
    except PolicylibError as error:
        error.where = error.where or document.where(("environment",))
        raise
    if unknown := document.errors(_unknown(raw, asked)):
        raise _input(unknown[0], len(unknown) - 1)
    return [
        CaseTrial(path, _case(document, index, one), asked)
        for index, one in enumerate(raw["cases"])
    ]


def _document(path: Path) -> Document:
    try:
        return Document(path)
    except SettingsError as error:
        what = error.what.replace("the settings cannot", "the table cannot")
        raise InputError(what, where=error.where, remedy=error.remedy) from error


def _input(error: PolicylibError, others: int) -> InputError:
    remedy = "; ".join(filter(None, [error.remedy, f"and {others} more" if others else ""]))
    return InputError(error.what, where=error.where, remedy=remedy)


def _beyond(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    """What the schema does not say."""
    cases = raw.get("cases")
    seen: set[object] = set()
    for index, case in enumerate(cases if isinstance(cases, list) else ()):
        if not isinstance(case, dict):
            continue
        path = ("cases", index)
        for one, other in (("document", "file"), ("allow", "deny")):
            if (one in case) == (other in case):
                both = "both" if one in case else "neither"
                yield Mistake(path, f"{both} of {one} and {other} are there", "give one of them")
        if "message" in case and "deny" not in case:
            yield Mistake((*path, "message"), "only a denial has a message")
        name = case.get("name")
        if isinstance(name, str) and name.strip():
            if name in seen:
                yield Mistake((*path, "name"), f"two cases are called {name!r}")
            elif _NAME.fullmatch(name) is None or not name.isprintable():
                remedy = "begin with a letter or digit; no `::`, which pytest takes apart"
                yield Mistake((*path, "name"), f"a test cannot be called {name!r}", remedy)
            seen.add(name)


def _unknown(raw: Mapping[str, Any], asked: Asked) -> Iterator[Mistake]:
    """Rules that are not there, or that nobody asks."""
    for index, case in enumerate(raw["cases"]):
        for at, rule in enumerate(case.get("deny", ())):
            path = ("cases", index, "deny", at)
            if rule not in asked.policy.described:
                remedy = advice(rule, asked.policy.described)
                yield Mistake(path, f"no rule is called {rule!r}", remedy)
            elif (family := rule.partition(".")[0]) in asked.policy.unconfigured:
                remedy = f"give the settings a section `{family}:`"
                yield Mistake(path, f"the family {family} is not configured", remedy)


def _case(document: Document, index: int, raw: Mapping[str, Any]) -> Case:
    file = document.path.parent / raw["file"] if "file" in raw else None
    return Case(
        name=raw["name"],
        line=document.place(("cases", index))[0],
        document=raw.get("document"),
        file=file,
        deny=tuple(raw.get("deny", ())),
        message=raw.get("message"),
    )
