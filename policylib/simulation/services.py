"""Which service the resources of a document say they belong to, as the rules themselves read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policylib import reach, rules
from policylib._native import Engine
from policylib.engine.regorus import TIME_LIMIT
from policylib.errors import EngineError
from policylib.inputs.interface import Source
from policylib.models import Violation
from policylib.simulation.compare import homes
from policylib.simulation.model import UNKNOWN

Services = Mapping[tuple[str, int, str], str]
"""File, document and the pointer to the resource → the service that the resource names."""

_ITEMS = re.compile(r"(?:/items/\d+)*")
_RULE = "data.policylib.simulation.belonging"
_NAME = "policylib/simulation.rego"
_MODULE = """
package policylib.simulation

import rego.v1

import data.policylib.lib.review.document
import data.policylib.lib.reviews
import data.policylib.lib.service

belonging contains {"path": "", "service": service.named} if {
	not reviews.is_list(document)
	service.named != ""
}

belonging contains {"path": item.path, "service": named} if {
	reviews.is_list(document)
	some item in reviews.expand(document)
	named := service.named with input as {"review": item.review}
	named != ""
}
"""


@dataclass(frozen=True)
class Reader:
    """Reads services by the labels in `data`, which is what Rego reads as `data.settings`."""

    data: Mapping[str, Any]

    @cached_property
    def _engine(self) -> Engine:
        modules = reach.Index({**rules.load().modules, _NAME: _MODULE}).closure([_NAME])
        settings = {"labels": self.data.get("labels", {})}
        return Engine(sorted(modules.items()), json.dumps({"settings": settings}), TIME_LIMIT)

    def of_sources(self, sources: Sequence[Source], violations: Iterable[Violation]) -> Services:
        """The services in the sources that hold these violations.

        Raises `EngineError` when a document gives no answer.
        """
        held = {(name, one.document) for one in violations for name in homes(one.file)}
        files = {name for name, _ in held}
        wanted = [source for source in sources if source.name in files]
        asked = [(source.name, source.content) for source in wanted]
        outcome = json.loads(self._engine.check(_RULE, asked))
        for error in outcome["errors"]:
            name, document = wanted[error["source"]].name, error["document"]
            if document is None or (name, document) in held:
                raise EngineError(f"the service cannot be read: {error['message']}", where=name)
        return {
            (wanted[one["source"]].name, one["document"], one["path"]): one["service"]
            for one in outcome["violations"]
        }

    def of_objects(self, file: str, objects: Mapping[int, bytes]) -> Services:
        """The services of reviews (as JSON), each the document of a number in `file`.

        Raises `EngineError` when one gives no answer.
        """
        found = {}
        answers = self._engine.evaluate(_RULE, list(objects.values()))
        for document, (text, reason) in zip(objects, answers, strict=True):
            if text is None:
                raise EngineError(f"the service cannot be read: {reason}", where=file)
            for one in json.loads(text):
                found[file, document, one["path"]] = one["service"]
        return found


def service_of(violation: Violation, services: Services) -> str:
    """The service of the resource that a violation is about; empty when it names none."""
    said = violation.details.get("service")
    if isinstance(said, str) and said:
        return said
    items = resource_of(violation.path)
    while True:
        for name in homes(violation.file):
            if found := services.get((name, violation.document, items)):
                return found
        if not items:
            return ""
        items = items.rpartition("/items/")[0]


def resource_of(path: str) -> str:
    """The pointer to the resource of a list that a path leads into.

    >>> resource_of("/items/3/spec/containers/0"), resource_of("/spec")
    ('/items/3', '')
    """
    found = _ITEMS.match(path)
    return found[0] if found else ""


@dataclass(frozen=True)
class Catalog:
    """The services of both settings; where both know one, the new ones hold."""

    services: Mapping[str, Any]

    def team(self, service: str, namespace: str) -> str:
        """Who answers for a service: its owner, else the namespace that it runs in."""
        return self._said(service, "owner") or (f"namespace {namespace}" if namespace else UNKNOWN)

    def tier(self, service: str) -> str:
        """The tier of a service of the catalog."""
        return self._said(service, "tier") or UNKNOWN

    def _said(self, service: str, key: str) -> str:
        entry = self.services.get(service)
        said = entry.get(key) if isinstance(entry, Mapping) else None
        return said.strip() if isinstance(said, str) else ""
