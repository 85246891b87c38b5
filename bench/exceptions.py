"""A workload that is denied and one that is allowed, under more and more exceptions.

    python -m bench.exceptions
    python -m bench.exceptions --exceptions 0 10 100 1000 --json out.json

Every document is judged under all of them, so what one costs is what a thousand manifests pay a
thousand times. The milliseconds are of the processor, for one document; the first exception is the
one that covers what is denied.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policylib import rules
from policylib.engine.interface import DECISION
from policylib.engine.regorus import RegorusEngine

ROUNDS = 5
_DOCUMENTS = 100
_PINNED = f"registry.example.com/app@sha256:{'a' * 64}"


def deployment(*images: str) -> dict[str, Any]:
    """A Deployment with a container for each image."""
    containers = [{"name": f"c{n}", "image": image} for n, image in enumerate(images)]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web-0", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


def exception(number: int) -> dict[str, Any]:
    """An exception for one Deployment."""
    return {
        "rule": "digest.image_pinned",
        "target": {"kind": "Deployment", "namespace": "shop", "name": f"web-{number}"},
        "reason": "the vendor publishes no digest",
        "ticket": f"OPS-{number}",
        "approver": "security@example.com",
        "expires": "2099-01-01",
    }


DOCUMENTS = {
    "allowed": deployment(_PINNED, _PINNED),
    "excepted": deployment("nginx:1.27", "redis:7"),
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
    parser.add_argument("--exceptions", type=int, nargs="+", default=[0, 10, 100, 1000])
    parser.add_argument("--json", type=Path)
    names = parser.parse_args(arguments)
    modules, results = rules.load().modules, []
    print(f"{'document':10}{'exceptions':>11}{'ms':>9}")
    for number in names.exceptions:
        settings = {"exceptions": [exception(n) for n in range(number)]}
        engine = RegorusEngine(modules, {"settings": settings})
        for name, document in DOCUMENTS.items():
            seconds = measure(engine, document)
            print(f"{name:10}{number:11}{seconds * 1e3:9.2f}")
            results.append({"document": name, "exceptions": number, "seconds": seconds})
    if names.json:
        names.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
