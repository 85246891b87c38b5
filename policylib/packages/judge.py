"""Asks the rules of packages about documents, and turns their answers into violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policylib.engine.interface import Engine, Failure
from policylib.inputs.interface import Place, Source
from policylib.models import Enforcement, Problem, Resource, Severity, Violation
from policylib.packages import documents as files
from policylib.packages.checks import EXCEPTION, Rule
from policylib.packages.documents import Document
from policylib.settings.levels import of_rule

DRIVER = "policylib_conftest"
_ASK = f"data.{DRIVER}.answer"
_BATCH = 500
_PREFIXES = ("violation", "deny", "warn")
Json = Mapping[str, Any]


@dataclass
class Said:
    """What packages say of documents; `failure` is the first reason why an engine said nothing."""

    documents: int = 0
    violations: list[Violation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    excepted: Counter[str] = field(default_factory=Counter)
    failure: str = ""

    def notes(self) -> tuple[str, ...]:
        """What an exception of a package's own has let through."""
        return tuple(
            f"{rule}: an exception in its own package covers {count} of its messages"
            for rule, count in sorted(self.excepted.items())
        )


def driver(rules: Sequence[Rule], excepting: Iterable[tuple[str, ...]]) -> str:
    """A module that asks everything at once; what is undefined is an empty list in its answer."""
    paths = [rule.path for rule in rules]
    paths += [".".join(("data", *package, EXCEPTION)) for package in excepting]
    asked = "".join(f'\t"{path}": [value | value := {path}],\n' for path in paths)
    return (
        f"package {DRIVER}\n\nimport rego.v1\n\nanswers := {{\n{asked}}}\n\n"
        "answer := value if {\n\tvalue := answers with input as input.document "
        "with data.conftest.file as input.file\n}\n"
    )


def ask(engine: Engine, rules: Sequence[Rule], sources: Iterable[Source], levels: Json) -> Said:
    """Ask the rules about every document of the sources; `levels` are the settings' of a run."""
    said = Said()
    for batch in _batches(sources, said):
        inputs = [{"document": one.value, "file": files.file_of(one.source)} for one in batch]
        for document, answer in zip(batch, engine.evaluate(_ASK, inputs), strict=True):
            if isinstance(answer, Failure):
                said.failure = said.failure or answer.message
                said.problems.append(_problem(document, answer.message))
            else:
                said.documents += 1
                for rule in rules:
                    _take(document, rule, answer.value, levels, said)
    return said


def probe(engine: Engine) -> None:
    """Have the modules compiled; raises `EngineError` where they do not."""
    engine.evaluate(_ASK, [{"document": {}, "file": {"name": "", "dir": ""}}])


def _batches(sources: Iterable[Source], said: Said) -> Iterator[list[Document]]:
    """The documents of the sources in portions, so that memory stays bounded."""
    batch: list[Document] = []
    for source in sources:
        found, problems = files.documents(source)
        said.problems += problems
        batch += found
        while len(batch) >= _BATCH:
            yield batch[:_BATCH]
            batch = batch[_BATCH:]
    if batch:
        yield batch


def _take(document: Document, rule: Rule, answers: Json, levels: Json, said: Said) -> None:
    messages, complaints = _messages(rule, answers)
    said.problems += [_problem(document, complaint) for complaint in complaints]
    if messages and _suffix(rule.name) in _exceptions(rule, answers):
        said.excepted[rule.id] += len(messages)
    elif (level := of_rule(levels, rule.id)) != "off":
        made = Enforcement(level)
        said.violations += [_violation(document, rule, one, made) for one in messages]


def _messages(rule: Rule, answers: Json) -> tuple[list[Json], list[str]]:
    """The messages of a rule, and what in its answer conftest would pass in silence."""
    [value] = answers[rule.path] or [[]]
    if not isinstance(value, list):
        return [], [f"{rule.path} is no set of messages: conftest passes it in silence"]
    messages, complaints = [], []
    for one in value:
        spoken = {"msg": one} if isinstance(one, str) else one
        text = spoken.get("msg") if isinstance(spoken, dict) else None
        if isinstance(text, str) and text:
            messages.append(spoken)
        else:
            complaints.append(f"{rule.path} holds something that is no message")
    return messages, complaints


def _exceptions(rule: Rule, answers: Json) -> set[str]:
    """What the package excepts: the names of rules without their prefix."""
    path = ".".join(("data", *rule.package, EXCEPTION))
    return {
        name
        for value in answers.get(path, [])
        for names in _items(value)
        for name in _items(names)
        if isinstance(name, str)
    }


def _items(value: Any) -> Iterable[Any]:  # noqa: ANN401 - it is JSON
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _suffix(name: str) -> str:
    """What conftest calls a rule in an exception: its name without what says how much it counts."""
    if name in _PREFIXES:
        return ""
    for prefix in _PREFIXES:
        name = name.removeprefix(f"{prefix}_")
    return name


def _violation(document: Document, rule: Rule, spoken: Json, level: Enforcement) -> Violation:
    details = {key: value for key, value in spoken.items() if key not in {"msg", "_loc"}}
    pointer = details.get("path")
    pointer = pointer if isinstance(pointer, str) and pointer.startswith("/") else ""
    place = _place(document, pointer, spoken.get("_loc"), details)
    remediation = details.get("remediation")
    return Violation(
        rule=rule.id,
        severity=Severity.MEDIUM,
        enforcement=level,
        message=spoken["msg"],
        remediation=remediation if isinstance(remediation, str) else "",
        file=place.file,
        document=document.index,
        line=place.line,
        column=place.column,
        path=document.base + pointer,
        resource=_resource(document.value),
        details={**details, "path": document.base + pointer},
    )


def _place(document: Document, pointer: str, stated: object, details: dict[str, Any]) -> Place:
    """The place that the pointer leads to, or the line that the rule states of this very file."""
    here = document.place(pointer)
    if stated is None:
        return here
    line = stated.get("line") if isinstance(stated, dict) else None
    file = stated.get("file", here.file) if isinstance(stated, dict) else None
    if isinstance(line, int) and line > 0 and file == here.file and not pointer:
        return here._replace(line=line, column=1)
    details["_loc"] = stated
    return here


def _resource(value: object) -> Resource:
    root = value if isinstance(value, dict) else {}
    metadata = root.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    named = {
        "api_version": root.get("apiVersion"),
        "kind": root.get("kind"),
        "namespace": metadata.get("namespace"),
        "name": metadata.get("name"),
    }
    return Resource(**{key: text for key, text in named.items() if isinstance(text, str)})


def _problem(document: Document, message: str) -> Problem:
    place = document.place("")
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        document=document.index,
        message=f"the packages gave no verdict: {message}",
    )
