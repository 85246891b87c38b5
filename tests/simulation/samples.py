"""Policies and clusters to simulate on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policylib.inputs import files
from policylib.simulation import Named, Simulation, load, simulate
from policylib.simulation.judging import Files

PINNED = f"registry.example/app:1@sha256:{'a' * 64}"
CATALOG = """\
services:
  checkout: {tier: gold, owner: payments}
  search: {tier: silver, owner: discovery}
"""
NEW = """\
version: 1
catalog: catalog.yaml
residency: {allowed_regions: {pii: [us-east-1], logs: [us-west-2]}}
enforcement:
  dev: {digest: warn, residency: log}
  prod: {}
"""


def pod(
    name: str,
    image: str = PINNED,
    *,
    service: str = "",
    region: str = "us-east-1",
    data_class: str = "pii",
) -> dict[str, Any]:
    labels = {"policylib.dev/region": region, "policylib.dev/data-class": data_class}
    if service:
        labels["policylib.dev/service"] = service
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "labels": labels},
        "spec": {"containers": [{"name": "app", "image": image}]},
    }


def listed(objects: Sequence[object], indent: int | None = 4) -> str:
    whole = {
        "apiVersion": "v1",
        "items": objects,
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }
    return json.dumps(whole, indent=indent)


def policy(folder: Path, text: str, **options: str) -> Named:
    folder.mkdir(exist_ok=True)
    (folder / "policylib.yaml").write_text(text)
    (folder / "catalog.yaml").write_text(CATALOG)
    return load(folder, **options)  # type: ignore[arg-type]


def over(old: Named | None, new: Named, *paths: Path) -> Simulation:
    return simulate(old, new, [Files(files.collect(paths))])
