"""Objects that kubectl applies in these tests, each with one image."""

from __future__ import annotations

from typing import Any

DIGEST = "sha256:" + "0a" * 32
PINNED = f"registry.example.com/web@{DIGEST}"
UNPINNED = "registry.example.com/web:1.27"
DENIAL = f'image "{UNPINNED}" has no digest'
Json = Any


def pod_spec(image: str, **more: Json) -> Json:
    """A pod spec of one container."""
    return {"containers": [{"name": "web", "image": image}], **more}


def pod(image: str, name: str = "web", namespace: str = "default") -> Json:
    """A Pod of one container."""
    return _object("v1", "Pod", name, namespace, pod_spec(image))


def image_volume(image: str, name: str = "data", namespace: str = "default") -> Json:
    """A Pod that mounts an image as a volume."""
    volume = {"name": "model", "image": {"reference": image}}
    return _object("v1", "Pod", name, namespace, pod_spec(PINNED, volumes=[volume]))


def deployment(image: str, name: str = "web", namespace: str = "default") -> Json:
    """A Deployment of one container."""
    return _object("apps/v1", "Deployment", name, namespace, _templated(image))


def stateful_set(image: str, name: str = "web", namespace: str = "default") -> Json:
    """A StatefulSet of one container."""
    spec = {**_templated(image), "serviceName": "web"}
    return _object("apps/v1", "StatefulSet", name, namespace, spec)


def cron_job(image: str, name: str = "web", namespace: str = "default") -> Json:
    """A CronJob of one container."""
    template = {"spec": pod_spec(image, restartPolicy="Never")}
    spec = {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}
    return _object("batch/v1", "CronJob", name, namespace, spec)


def clone_set(image: str, name: str = "web", namespace: str = "default") -> Json:
    """A custom resource that creates Pods and that no rule knows."""
    return _object("apps.kruise.io/v1alpha1", "CloneSet", name, namespace, _templated(image))


def _templated(image: str) -> Json:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": pod_spec(image)}
    return {"selector": {"matchLabels": labels}, "template": template}


def _object(version: str, kind: str, name: str, namespace: str, spec: Json) -> Json:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
