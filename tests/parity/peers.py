"""The engines that must agree, each asked about many documents at once."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from policylib import bundle
from policylib.engine.interface import DECISION, Engine, Value
from policylib.engine.opa import OpaEngine
from policylib.engine.regorus import RegorusEngine
from policylib.rules import RuleSet
from tests import tools

TIMEOUT = 300


@dataclass(frozen=True, order=True)
class Breach:
    """What engines must agree on about a violation."""

    rule: str
    path: str
    message: str
    enforcement: str


@dataclass(frozen=True)
class Verdict:
    """An engine's word on one document; none means that it is allowed."""

    breaches: frozenset[Breach]


@dataclass(frozen=True)
class Refusal:
    """The engine failed on the document, so whoever asked it must refuse the document."""

    reason: str


@dataclass(frozen=True)
class Unreadable:
    """The engine cannot be given this document at all, for a reason that lies in its input."""

    reason: str


Outcome = Verdict | Refusal | Unreadable


class Peer(Protocol):
    """One engine with rules and settings."""

    name: str

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        """One outcome a document, in order."""


class LibraryPeer:
    """An engine of policylib's own, asked for the decision."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        inputs = [{"review": {"object": document}} for document in documents]
        answers = self._engine.evaluate(DECISION, inputs)
        return [
            Verdict(frozenset(_breaches(answer.value)))
            if isinstance(answer, Value)
            else Refusal(answer.message)
            for answer in answers
        ]


def _breaches(violations: Sequence[Mapping[str, Any]]) -> Iterator[Breach]:
    """What is excepted is left out: conftest and Gatekeeper keep no trace of it."""
    return (_breach(v) for v in violations if v["enforcement"] != "excepted")


def _breach(violation: Mapping[str, Any]) -> Breach:
    return Breach(violation["rule"], violation["path"], violation["msg"], violation["enforcement"])


class ConftestPeer:
    """`conftest test` on the conftest folder."""

    name = "conftest"

    def __init__(
        self,
        rules: RuleSet,
        settings: Mapping[str, Any],
        folder: Path,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        bundle.write(bundle.Target.CONFTEST, folder, rules, settings, facts)
        self._folder = folder

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        return _where_readable(documents, self._unreadable, self._verdicts)

    def _unreadable(self, document: Any) -> str:
        if isinstance(document, list):
            return "conftest takes a top-level array for several documents"
        bare = isinstance(document, dict) and not {"apiVersion", "kind"} & document.keys()
        return "the entrypoint gives a bare document its envelope first" if bare else ""

    def _verdicts(self, documents: Sequence[Any]) -> list[Outcome]:
        return _bisect(self._run, documents)

    def _run(self, documents: Sequence[Any]) -> list[Outcome] | str:
        with _files(documents) as names:
            options = ["--output=json", "--no-fail", "--show-builtin-errors"]
            done = _call([tools.path("conftest"), "test", f"-p={self._folder}", *options, *names])
        if done.returncode != 0:
            return done.stderr
        by_file = {entry["filename"]: entry for entry in json.loads(done.stdout)}
        return [self._outcome(by_file[name]) for name in names]

    def _outcome(self, entry: Mapping[str, Any]) -> Outcome:
        failures, warnings = entry.get("failures", []), entry.get("warnings", [])
        if entry["successes"] + len(failures) + len(warnings) == 0:
            return Refusal("conftest ran no test")
        levels = [(failure, "deny") for failure in failures] + [(w, "warn") for w in warnings]
        return Verdict(
            frozenset(
                Breach(v["metadata"]["rule"], v["metadata"]["path"], v["msg"], level)
                for v, level in levels
            )
        )


class GatorPeer:
    """`gator test` on the Gatekeeper resources, whose match is taken away: all kinds are judged.

    The API server takes a list apart before admission sees its items, and so does this.
    """

    name = "gator"

    def __init__(
        self,
        rules: RuleSet,
        settings: Mapping[str, Any],
        folder: Path,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self._rules: dict[str, str] = {}
        files = bundle.build(bundle.Target.GATEKEEPER, rules, settings, facts)
        for path, content in files.items():
            if path.replace("templates/", "constraints/") not in files:
                continue  # gator would compile what nothing asks
            resource = yaml.load(content, Loader=yaml.CSafeLoader)
            resource["spec"].pop("match", None)
            (folder / path.replace("/", "-")).write_text(yaml.safe_dump(resource))
            if path.startswith("constraints/"):
                self._rules[resource["kind"]] = path.removeprefix("constraints/")[: -len(".yaml")]
        self._folder = folder

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        return _where_readable(documents, self._unreadable, self._verdicts)

    def _unreadable(self, document: Any) -> str:
        return (
            "gator takes a resource with a kind and an apiVersion"
            if any(not _identified(item) for _, item in _items(document))
            else ""
        )

    def _verdicts(self, documents: Sequence[Any]) -> list[Outcome]:
        parts = [
            (index, prefix, item)
            for index, document in enumerate(documents)
            for prefix, item in _items(document)
        ]
        found: list[Outcome] = [Verdict(frozenset())] * len(documents)
        outcomes = _bisect(self._run, [item for _, _, item in parts])
        for (index, prefix, _), outcome in zip(parts, outcomes, strict=True):
            found[index] = _joined(found[index], outcome, prefix)
        return found

    def _run(self, documents: Sequence[Any]) -> list[Outcome] | str:
        with _files(documents) as names:
            folder = Path(names[0]).parent
            done = _call(
                [tools.path("gator"), "test", f"-f={self._folder}", f"-f={folder}", "-o=json"]
            )
        if done.returncode not in {0, 1} or not done.stdout:
            return done.stderr
        breaches: dict[str, set[Breach]] = {}
        for result in json.loads(done.stdout) or []:
            breaches.setdefault(_identity(result["violatingObject"]), set()).add(
                self._breach(result)
            )
        return [Verdict(frozenset(breaches.get(_identity(doc), ()))) for doc in documents]

    def _breach(self, result: Mapping[str, Any]) -> Breach:
        return Breach(
            self._rules[result["constraint"]["kind"]],
            result["metadata"]["details"]["path"],
            result["msg"],
            {"dryrun": "log"}.get(result["enforcementAction"], result["enforcementAction"]),
        )


def engines(
    rules: RuleSet, settings: dict[str, Any], facts: dict[str, Any] | None, folder: Path
) -> list[Peer]:
    """The four engines, with the same rules, settings and facts."""
    data = {"settings": settings, "facts": facts or {}}
    (folder / "gator").mkdir()
    return [
        LibraryPeer(RegorusEngine(rules.modules, data)),
        LibraryPeer(OpaEngine(rules.modules, data, tools.path("opa"))),
        ConftestPeer(rules, settings, folder / "conftest", facts),
        GatorPeer(rules, settings, folder / "gator", facts),
    ]


def _identified(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    kind, version = item.get("kind"), item.get("apiVersion")
    named = isinstance(kind, str) and kind and isinstance(version, str) and version
    return bool(named) and str(version).count("/") < 2


def _items(document: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The resources in a document and where they stand, as `kubectl apply` would send them."""
    if isinstance(document, dict) and document.get("kind") == "List":
        if set(document) <= {"apiVersion", "kind", "metadata", "items"} and isinstance(
            document.get("items"), list
        ):
            for index, item in enumerate(document["items"]):
                yield from _items(item, f"{prefix}/items/{index}")
            return
        yield prefix, None
    elif isinstance(document, dict) and "items" in document:
        yield prefix, None
    else:
        yield prefix, document


def _joined(so_far: Outcome, outcome: Outcome, prefix: str) -> Outcome:
    if not isinstance(so_far, Verdict) or not isinstance(outcome, Verdict):
        return outcome if isinstance(so_far, Verdict) else so_far
    moved = {Breach(b.rule, prefix + b.path, b.message, b.enforcement) for b in outcome.breaches}
    return Verdict(so_far.breaches | moved)


def _identity(document: Any) -> str:
    """A document as text, whole numbers alike however they are written."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return json.dumps(plain(document), sort_keys=True)


def _where_readable(
    documents: Sequence[Any],
    unreadable: Callable[[Any], str],
    verdicts: Callable[[Sequence[Any]], list[Outcome]],
) -> list[Outcome]:
    reasons = [unreadable(document) for document in documents]
    readable = [d for d, reason in zip(documents, reasons, strict=True) if not reason]
    found = iter(verdicts(readable))
    return [Unreadable(reason) if reason else next(found) for reason in reasons]


def _bisect(
    run: Callable[[Sequence[Any]], list[Outcome] | str], documents: Sequence[Any]
) -> list[Outcome]:
    """Run on all; when the program fails, on each half, down to the document it fails on."""
    if not documents:
        return []
    outcomes = run(documents)
    if not isinstance(outcomes, str):
        return outcomes
    if len(documents) == 1:
        return [Refusal(outcomes.strip())]
    half = len(documents) // 2
    return _bisect(run, documents[:half]) + _bisect(run, documents[half:])


@contextmanager
def _files(documents: Sequence[Any]) -> Iterator[list[str]]:
    """Each document as a JSON file in one temporary folder."""
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        names = [f"{folder}/{index:06}.json" for index in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            Path(name).write_text(json.dumps(document), encoding="utf-8")
        yield names


def _call(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
