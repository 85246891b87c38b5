"""Every example sent to the API server, and what became of it.

Each is sent strictly, and not kept. What the API demands and no rule reads is put in, such as a
name; the engine in process has to say the same with and without it. A kind that nobody serves is
registered as a custom resource that may hold anything. What the API refuses by itself, before it
asks anybody, is counted by its reason. What the webhook is not asked about has to get in.
"""

from __future__ import annotations

import functools
import http
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from policylib import examples
from policylib import rules as rule_files
from policylib.engine.regorus import RegorusEngine
from policylib.examples import Case
from policylib.parity.peers import LibraryPeer, Outcome, Verdict
from tests import tools
from tests.e2e.cluster import WEBHOOKS, Answer, Cluster
from tests.e2e.completing import completed
from tests.e2e.processes import wait_until

Json = Any


def is_built_in(document: Json) -> bool:
    """Whether a document is of a kind that Kubernetes itself serves, if it is served at all."""
    version = document.get("apiVersion") if isinstance(document, dict) else None
    return isinstance(version, str) and "." not in version.partition("/")[0]


RULES = rule_files.load()
GROUPS = {
    # A cluster asks every rule: what switches some off elsewhere saves nothing here.
    group.name: replace(
        group,
        settings={
            key: value
            for key, value in group.settings.items()
            if key not in {"enforcement", "environment"}
        },
    )
    for group in examples.groups(tools.ROOT / "fixtures", RULES)
    if any(is_built_in(document) for document in group.documents)
}
# The API drops a null before it asks anybody, so that a rule says the same in other words.
REWRITTEN = {
    "fixtures/bypass/tier/budgets.yaml: null-spec",
    "fixtures/bypass/tier/labels.yaml: null-label",
}
SENDERS = 4
_WEBHOOK = 'webhook "'
_DENIED = re.compile(r'admission webhook "[\w.]+" denied the request: ')
_GROUP = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]*", re.ASCII)
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]+)?")
_ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


@dataclass(frozen=True)
class Kind:
    """What the API serves a kind as."""

    path: str
    plural: str
    namespaced: bool

    @property
    def group(self) -> str:
        """The group of the API; the core has none."""
        return self.path.removeprefix("/apis/").rpartition("/")[0].removeprefix("/api")


@dataclass
class Tally:
    """How many documents were compared, and why others were not."""

    compared: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The tally, to be read."""
        yield ", ".join(f"{count} {what}" for what, count in sorted(self.compared.items()))
        yield from (f"  {count} not asked: {why}" for why, count in self.refused.most_common())


class Registry:
    """The kinds that an API server serves, and those that it is taught."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._read()

    def find(self, document: Json) -> Kind | None:
        """What a document's kind is served as."""
        if not isinstance(document, dict):
            return None
        version, kind = document.get("apiVersion"), document.get("kind")
        if not isinstance(version, str) or not isinstance(kind, str):
            return None
        return self._kinds.get((version, kind))

    def teach(self, documents: Sequence[Json]) -> None:
        """Register what is not served as a custom resource that may hold anything."""
        wanted: dict[tuple[str, str], set[str]] = {}
        for document in documents:
            if not isinstance(document, dict) or self.find(document) is not None:
                continue
            group, _, version = str(document.get("apiVersion")).partition("/")
            kind = str(document.get("kind"))
            if _GROUP.fullmatch(group) and _VERSION.fullmatch(version) and _KIND.fullmatch(kind):
                wanted.setdefault((group, kind), set()).add(version)
        if wanted:
            self._cluster.apply_documents(
                *(_definition(group, kind, sorted(of)) for (group, kind), of in wanted.items())
            )
            names = {(f"{group}/{v}", kind) for (group, kind), of in wanted.items() for v in of}
            wait_until(
                lambda: not self._missing(names),
                "custom resources are served",
                said=lambda: str(self._missing(names)),
            )

    def _missing(self, names: set[tuple[str, str]]) -> set[tuple[str, str]]:
        self._read()
        return names - self._kinds.keys()

    def _read(self) -> None:
        versions = [("api/v1", "v1")]
        for group in self._cluster.get("/apis")["groups"]:
            found = [one["groupVersion"] for one in group["versions"]]
            versions += [(f"apis/{version}", version) for version in found]
        for path, version in versions:
            answer = self._cluster.ask("GET", f"/{path}")
            if answer.status != http.HTTPStatus.OK:
                continue  # a definition that was just made is announced before it is served
            for one in answer.body["resources"] or ():
                if "/" not in one["name"] and "create" in one["verbs"]:
                    kind = Kind(f"/{path}", one["name"], one["namespaced"])
                    self._kinds[version, one["kind"]] = kind


def _definition(group: str, kind: str, versions: list[str]) -> Json:
    # One example is of a kind that is called as another's plural.
    singular = f"{kind.lower()}-object"
    plural = f"{singular}s"
    served = [
        {
            "name": version,
            "served": True,
            "storage": version == versions[0],
            "schema": {"openAPIV3Schema": _ANYTHING},
        }
        for version in versions
    ]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": singular},
            "scope": "Namespaced",
            "versions": served,
        },
    }


def is_list(document: Json) -> bool:
    """Whether kubectl would take a document apart: by its items, whatever its kind."""
    return isinstance(document, dict) and isinstance(document.get("items"), list)


def parts(document: Json) -> Iterator[Json]:
    """The objects that kubectl would send of a document: a list goes item by item."""
    if is_list(document):
        for item in document["items"]:
            yield from parts(item)
    else:
        yield document


def namespace(document: Json) -> str:
    """The namespace that a document is sent to."""
    metadata = document.get("metadata")
    given = metadata.get("namespace") if isinstance(metadata, dict) else None
    return given if isinstance(given, str) else "default"


def send(cluster: Cluster, kind: Kind, document: Json) -> Answer:
    """What the API server says of a document of a kind."""
    where = ""
    if kind.namespaced:
        where = f"/namespaces/{quote(namespace(document), safe='')}"
    path = f"{kind.path}{where}/{kind.plural}?dryRun=All&fieldValidation=Strict"
    return cluster.ask("POST", path, document)


@dataclass(frozen=True)
class Expected:
    """One object to send, and what the engine in process says of it with and without its name."""

    case: Case
    part: Json
    document: Json
    outcome: Outcome
    plain: Outcome


@functools.cache
def expected(name: str) -> tuple[Expected, ...]:
    """What is to become of each object of a group."""
    group = GROUPS[name]
    sent = [
        (case, part, completed(part))
        for case in group.cases
        for doc in case.documents
        for part in parts(doc)
    ]
    data = {"settings": group.settings, "facts": group.facts or {}}
    library = LibraryPeer(RegorusEngine(RULES.modules, data))
    outcomes = library.judge([document for _, _, document in sent])
    plain = iter(library.judge([part for _, part, document in sent if part != document]))
    return tuple(
        Expected(case, part, document, outcome, outcome if part == document else next(plain))
        for (case, part, document), outcome in zip(sent, outcomes, strict=True)
    )


def is_asked(rules: Sequence[Json], kind: Kind) -> bool:
    """Whether the rules of a webhook are about a kind."""
    return any(
        {kind.group, "*"} & set(rule["apiGroups"]) and {kind.plural, "*"} & set(rule["resources"])
        for rule in rules
    )


def compare(cluster: Cluster, registry: Registry, name: str, mark: dict[str, str]) -> Tally:
    """Send all of a group, and compare each denial with what the engine in process says.

    `mark` is what stands before the messages of each rule.
    """
    tally = Tally()
    webhooks = [one for held in cluster.get(WEBHOOKS)["items"] for one in held["webhooks"]]
    rules = [rule for one in webhooks for rule in one["rules"]]
    served: list[tuple[Expected, Kind]] = []
    for one in expected(name):
        kind = registry.find(one.document)
        if kind is None:
            tally.refused[_unserved(one.part)] += 1
        else:
            served.append((one, kind))
    with ThreadPoolExecutor(SENDERS) as pool:
        answers = pool.map(lambda sent: send(cluster, sent[1], sent[0].document), served)
        for (one, kind), answer in zip(served, answers, strict=True):
            _weigh(tally, one, answer, mark if is_asked(rules, kind) else None)
    return tally


def _places(outcome: Outcome) -> set[tuple[str, str]]:
    """Which rules speak, and of what."""
    return {(b.rule, b.path) for b in outcome.breaches} if isinstance(outcome, Verdict) else set()


def _weigh(tally: Tally, sent: Expected, answer: Answer, mark: dict[str, str] | None) -> None:
    """Compare one answer with the violations that were expected; without `mark` nobody is asked."""
    case, outcome = sent.case, sent.outcome
    if not isinstance(outcome, Verdict) or _places(outcome) != _places(sent.plain):
        tally.wrong.append(f"{case.name}: the engine says {outcome}, as it stands {sent.plain}")
        return
    speaks = any(b.rule == case.rule for b in outcome.breaches)
    alone = len(case.documents) == 1 and not case.refused and not is_list(case.documents[0])
    if alone and case.verdict != examples.AGREE and speaks != (case.verdict == "deny"):
        tally.wrong.append(f"{case.name}: {case.rule} speaks: {speaks}")
    denied = _DENIED.match(answer.message)
    if answer.status in {200, 201} or (answer.status == http.HTTPStatus.FORBIDDEN and denied):
        said = answer.message[denied.end() :] if denied else ""
        lines = [
            f"{mark[b.rule]}{b.message}"
            for b in outcome.breaches
            if mark is not None and b.enforcement == "deny"
        ]
        unasked = " unasked" if mark is None else ""
        tally.compared[("denied" if denied else "admitted") + unasked] += 1
        # Messages may have lines of their own: all of them, once each, and nothing else.
        if not (_is_all(said, lines) or (case.name in REWRITTEN and said and lines)):
            tally.wrong.append(f"{case.name}: it says {said!r}, not {lines!r}")
    elif answer.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR or _WEBHOOK in answer.message:
        # Whoever was to be asked has failed, or said no in a form that is not ours.
        tally.wrong.append(f"{case.name}: {answer.status} {answer.message}")
    else:
        tally.refused[_reason(answer)] += 1


def _is_all(text: str, lines: list[str]) -> bool:
    for line in sorted(lines, key=len, reverse=True):
        if line not in text:
            return False
        text = text.replace(line, "", 1)
    return not text.strip("\n")


def _unserved(document: Json) -> str:
    if not isinstance(document, dict):
        return "it is no object"
    served = isinstance(document.get("apiVersion"), str) and isinstance(document.get("kind"), str)
    return "the API serves no such kind" if served else "it has no kind or no apiVersion"


def _reason(answer: Answer) -> str:
    """Why the API itself refused, in a word and without names."""
    if answer.status == http.HTTPStatus.UNPROCESSABLE_ENTITY:
        causes = answer.body.get("details", {}).get("causes", [])
        return f"invalid: {re.sub(r'[0-9]+', 'N', causes[0]['field'])}" if causes else "invalid"
    if answer.status == http.HTTPStatus.BAD_REQUEST:
        return "not of the kind's form"
    return f"{answer.status} {answer.message[:200]}"
