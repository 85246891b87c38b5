"""An independent word on real manifests: Kubernetes' own libraries read, a few lines judge."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import tools

PINNED = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}", re.ASCII)
POD_SPECS = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
BUILT_IN = re.compile(r"v1|(apps|batch)/\w+")


@dataclass(frozen=True)
class Reading:
    """What the Kubernetes libraries made of a file; `error` is empty when they read it whole."""

    documents: tuple[Any, ...]
    error: str


def read(files: Sequence[Path]) -> dict[Path, Reading]:
    """Read files as kubectl and the API server do."""
    lines = b"".join(base64.b64encode(path.read_bytes()) + b"\n" for path in files)
    done = subprocess.run([tools.path("kubeyaml")], input=lines, capture_output=True, check=True)
    answers = map(json.loads, done.stdout.splitlines())
    return {
        path: Reading(tuple(answer["documents"]), answer.get("error", ""))
        for path, answer in zip(files, answers, strict=True)
    }


def unpinned(documents: Sequence[Any]) -> list[str]:
    """The images of built-in workloads that no digest pins, in order of place."""
    return [
        image
        for document in documents
        for item in _resources(document)
        for image in _images(item)
        if PINNED.fullmatch(image) is None
    ]


def is_workload(resource: Any) -> bool:
    """A built-in kind that runs pods."""
    return (
        isinstance(resource, dict)
        and resource.get("kind") in POD_SPECS
        and BUILT_IN.fullmatch(str(resource.get("apiVersion"))) is not None
    )


def _resources(document: Any) -> Iterator[Any]:
    if isinstance(document, dict) and document.get("kind") == "List":
        for item in document.get("items") or []:
            yield from _resources(item)
    elif is_workload(document):
        yield document


def _images(resource: Any) -> Iterator[str]:
    spec = resource
    for key in POD_SPECS[resource["kind"]]:
        spec = (spec or {}).get(key)
    for group in ("containers", "initContainers", "ephemeralContainers"):
        for container in (spec or {}).get(group) or []:
            yield container.get("image") or ""
