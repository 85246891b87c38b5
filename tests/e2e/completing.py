"""What the API demands of an object and no rule reads, put into examples that leave it out."""

from __future__ import annotations

import copy
from typing import Any

_LABELS = {"completed": "e2e"}
_SELECTING = {"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
Json = Any


def completed(document: Json) -> Json:
    """A document with a name, a selector, names of containers and the like where it has none."""
    if not isinstance(document, dict):
        return document
    found = copy.deepcopy(document)
    found.setdefault("metadata", {})
    if "generateName" not in _at(found, "metadata"):
        _at(found, "metadata").setdefault("name", "unnamed")
    kind, group = str(found.get("kind")), str(found.get("apiVersion")).partition("/")[0]
    if kind in _SELECTING and group == "apps":
        _select(_at(found, "spec"))
    if kind == "PersistentVolumeClaim":
        _claim(found)
    if kind == "PersistentVolume":
        _at(found, "spec").setdefault("accessModes", ["ReadWriteOnce"])
        _at(found, "spec").setdefault("capacity", {"storage": "1Gi"})
    if kind == "CronJob":
        _at(found, "spec").setdefault("schedule", "0 3 * * *")
    if group in {"v1", "apps", "batch"}:
        for spec in _pod_specs(found):
            _complete_pod(spec, ends=group == "batch")
    return found


def _select(spec: dict[str, Json]) -> None:
    if "selector" not in spec and isinstance(spec.get("template"), dict):
        spec["selector"] = {"matchLabels": _LABELS}
        metadata = spec["template"].setdefault("metadata", {})
        if isinstance(metadata, dict):
            labels = metadata.setdefault("labels", {})
            if isinstance(labels, dict):
                labels.update(_LABELS)
    for claim in _list(spec, "volumeClaimTemplates"):
        _claim(claim)


def _claim(claim: Json) -> None:
    spec = _at(claim, "spec")
    spec.setdefault("accessModes", ["ReadWriteOnce"])
    spec.setdefault("resources", {"requests": {"storage": "1Gi"}})


def _pod_specs(document: dict[str, Json]) -> list[dict[str, Json]]:
    spec = _at(document, "spec")
    job = _at(spec, "jobTemplate")
    own = [spec] if document.get("kind") == "Pod" else []
    return [*own, _at(spec, "template", "spec"), _at(job, "spec", "template", "spec")]


def _complete_pod(spec: dict[str, Json], *, ends: bool) -> None:
    if spec and ends:
        spec.setdefault("restartPolicy", "Never")
    for key in ("containers", "initContainers"):
        for index, container in enumerate(_list(spec, key)):
            if isinstance(container, dict):
                container.setdefault("name", f"{key.lower()}-{index}")
    for volume in _list(spec, "volumes"):
        template = _at(volume, "ephemeral", "volumeClaimTemplate")
        if template:
            _claim(template)


def _at(document: Json, *keys: str) -> dict[str, Json]:
    """The object at the end of some keys; one that nobody has where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _list(document: dict[str, Json], key: str) -> list[Json]:
    found = document.get(key)
    return found if isinstance(found, list) else []
