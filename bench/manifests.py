"""Realistic manifests to measure on: what a platform team's repository holds, about 4 KB each."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml

KINDS = ("Deployment", "Deployment", "Deployment", "StatefulSet", "CronJob", "Service", "ConfigMap")


def write(folder: Path, count: int, seed: int = 1) -> int:
    """Write `count` files of one document each; the same for the same seed. Returns their bytes."""
    chosen = random.Random(seed)
    size = 0
    for index in range(count):
        document = _document(chosen, index)
        text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)
        path = folder / f"team-{index % 40:02}" / f"{index:06}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        size += len(text)
    return size


def _document(chosen: random.Random, index: int) -> dict[str, Any]:
    kind = chosen.choice(KINDS)
    name = f"service-{index}"
    labels = {f"example.com/{key}": f"{key}-{index}" for key in ("team", "tier", "cost", "part-of")}
    metadata = {"name": name, "namespace": f"team-{index % 40}", "labels": labels}
    if kind == "Service":
        ports = [{"name": f"p{n}", "port": 8000 + n, "targetPort": 8000 + n} for n in range(30)]
        return _object("v1", kind, metadata, {"spec": {"selector": labels, "ports": ports}})
    if kind == "ConfigMap":
        lines = "".join(f"option.{n} = value {n} of {name}\n" for n in range(100))
        return _object("v1", kind, metadata, {"data": {"application.properties": lines}})
    template = {"metadata": {"labels": labels}, "spec": _pod_spec(chosen, name)}
    if kind == "CronJob":
        job = {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": template}}}
        return _object("batch/v1", kind, metadata, {"spec": job})
    workload = {"replicas": 3, "selector": {"matchLabels": labels}, "template": template}
    return _object("apps/v1", kind, metadata, {"spec": workload})


def _object(
    version: str, kind: str, metadata: dict[str, Any], rest: dict[str, Any]
) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def _pod_spec(chosen: random.Random, name: str) -> dict[str, Any]:
    containers = [_container(chosen, f"{name}-{n}") for n in range(chosen.choice((1, 2, 2, 3)))]
    return {
        "serviceAccountName": name,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "initContainers": [{"name": "migrate", "image": _image(chosen), "args": ["up"]}],
        "containers": containers,
        "volumes": [{"name": f"v{n}", "configMap": {"name": f"{name}-{n}"}} for n in range(4)],
    }


def _container(chosen: random.Random, name: str) -> dict[str, Any]:
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10}
    return {
        "name": name,
        "image": _image(chosen),
        "env": [{"name": f"SETTING_{n}", "value": f"value {n} of {name}"} for n in range(20)],
        "ports": [{"name": "http", "containerPort": 8080}],
        "livenessProbe": probe,
        "readinessProbe": probe,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "1Gi"}},
        "volumeMounts": [{"name": f"v{n}", "mountPath": f"/etc/app/{n}"} for n in range(4)],
    }


def _image(chosen: random.Random) -> str:
    """One image in five has no digest."""
    digest = f"@sha256:{chosen.getrandbits(256):064x}" if chosen.random() < 0.8 else ""
    return f"registry.example.com/team/app-{chosen.randrange(50)}:1.{chosen.randrange(20)}{digest}"
