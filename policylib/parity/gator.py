"""gator on the Gatekeeper resources, whose match is taken away: all kinds are judged.

The API server takes a list apart before admission sees its items, and so does this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policylib import bundle
from policylib.parity import running
from policylib.parity.outcomes import Breach, Outcome, Refusal, Verdict
from policylib.rules import RuleSet

Json = Any

# How deep policylib.lib.reviews takes lists apart.
_DEEPEST = 5


class GatorPeer:
    """`gator test` on templates and constraints."""

    name = "gator"

    def __init__(
        self,
        rules: RuleSet,
        settings: Mapping[str, Any],
        facts: Mapping[str, Any] | None,
        folder: Path,
        program: Path,
    ) -> None:
        self._program = program
        self._folder = folder
        self._rules = {
            rule.gatekeeper["kind"]: rule.id for rule in rules.rules.values() if rule.gatekeeper
        }
        self._asked = frozenset(self._rules.values())
        files = bundle.build(bundle.Target.GATEKEEPER, _everywhere(rules), settings, facts)
        folder.mkdir(parents=True)
        for path, content in files.items():
            # gator would compile a template that no constraint asks for.
            if path.replace("templates/", "constraints/") in files:
                (folder / path.replace("/", "-")).write_bytes(content)

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        """See `Peer.judge`."""
        return running.where_readable(documents, _unreadable, self._verdicts)

    def hears(self, breach: Breach) -> bool:
        """See `Peer.hears`: a rule without a template is not asked."""
        return breach.rule in self._asked

    def _verdicts(self, documents: Sequence[Any]) -> list[Outcome]:
        parts = [
            (index, prefix, item)
            for index, document in enumerate(documents)
            for prefix, item in _items(document)
        ]
        found: list[Outcome] = [Verdict(frozenset())] * len(documents)
        outcomes = running.bisect(self._run, [item for _, _, item in parts])
        for (index, prefix, _), outcome in zip(parts, outcomes, strict=True):
            found[index] = _joined(found[index], outcome, prefix)
        return found

    def _run(self, documents: Sequence[Any]) -> list[Outcome] | Refusal:
        with running.files(documents) as names:
            folder = Path(names[0]).parent
            done = running.call(
                [self._program, "test", f"-f={self._folder}", f"-f={folder}", "-o=json"]
            )
        if isinstance(done, Refusal):
            return done
        if done.returncode not in {0, 1} or not done.stdout:
            return running.refusal(done)
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


def _everywhere(rules: RuleSet) -> RuleSet:
    """The rules without what narrows their constraints to some kinds."""
    wide = {
        id_: rule.model_copy(
            update={"gatekeeper": {k: v for k, v in rule.gatekeeper.items() if k != "match"}}
        )
        for id_, rule in rules.rules.items()
    }
    return replace(rules, rules=wide)


def _unreadable(document: Json) -> str:
    for prefix, item in _items(document):
        if not _identified(item):
            return "gator takes a resource with a kind and an apiVersion"
        if prefix.count("/items/") > _DEEPEST:
            return "the API server takes lists apart that the decision refuses for their depth"
    return ""


def _identified(item: Json) -> bool:
    if not isinstance(item, dict):
        return False
    kind, version = item.get("kind"), item.get("apiVersion")
    named = isinstance(kind, str) and kind and isinstance(version, str) and version
    return bool(named) and str(version).count("/") < 2


def _items(document: Json, prefix: str = "") -> Iterator[tuple[str, Json]]:
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


def _identity(document: Json) -> str:
    """A document as text, whole numbers alike however they are written."""

    def plain(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return json.dumps(plain(document), sort_keys=True)
