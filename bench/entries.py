"""A workload that is denied and one that is allowed, under longer and longer lists in the settings.

    python -m bench.entries
    python -m bench.entries --entries 0 10 100 1000 --json out.json

Every document is judged under all entries, so what one costs is what a thousand manifests pay a
thousand times. The milliseconds are of the processor, for one document. The exception that covers
what is denied and the registry that has what is allowed come first.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from policylib import rules
from policylib.engine.interface import DECISION
from policylib.engine.regorus import RegorusEngine

ROUNDS = 5
_DOCUMENTS = 100
_PINNED = f"registry-0.example.com/team/app@sha256:{'a' * 64}"


def deployment(*images: str) -> dict[str, Any]:
    """A Deployment with a container for each image."""
    containers = [{"name": f"c{n}", "image": image} for n, image in enumerate(images)]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web-0", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


def exceptions(count: int) -> dict[str, Any]:
    """Exceptions, each for one Deployment."""
    entries = [
        {
            "rule": "digest.image_pinned",
            "target": {"kind": "Deployment", "namespace": "shop", "name": f"web-{number}"},
            "reason": "the vendor publishes no digest",
            "ticket": f"OPS-{number}",
            "approver": "security@example.com",
            "expires": "2099-01-01",
        }
        for number in range(count)
    ]
    return {"exceptions": entries}


def registries(count: int) -> dict[str, Any]:
    """Registries that are allowed; none at all restrict nothing."""
    entries = [f"registry-{number}.example.com/team/" for number in range(count)]
    return {"digest": {"registries": entries}} if entries else {}


DOCUMENTS = {
    "allowed": deployment(_PINNED, _PINNED),
    "denied": deployment("nginx:1.27", "redis:7"),
}

LISTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "exceptions": exceptions,
    "registries": registries,
}


def measure(engine: RegorusEngine, document: dict[str, Any]) -> float:
    """The median of a few runs, in seconds a document."""
    inputs = [{"review": {"object": document}}] * _DOCUMENTS
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        engine.evaluate(DECISION, inputs)
        taken.append(time.process_time() - start)
    return statistics.median(taken) / _DOCUMENTS


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[0, 10, 100, 1000])
    parser.add_argument("--json", type=Path)
    names = parser.parse_args(arguments)
    modules, results = rules.load().modules, []
    print(f"{'list':11}{'entries':>8}  {'document':8}{'ms':>9}")
    for kind, settings in LISTS.items():
        for number in names.entries:
            engine = RegorusEngine(modules, {"settings": settings(number)})
            for name, document in DOCUMENTS.items():
                seconds = measure(engine, document)
                print(f"{kind:11}{number:8}  {name:8}{seconds * 1e3:9.2f}")
                row = {"list": kind, "entries": number, "document": name, "seconds": seconds}
                results.append(row)
    if names.json:
        names.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
