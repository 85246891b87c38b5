"""Documents and settings that every target is tried on."""

from __future__ import annotations

from typing import Any


def deployment(image: str) -> dict[str, Any]:
    """A Deployment of one container."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": [{"name": "web", "image": image}]}}},
    }


UNPINNED = deployment("nginx:1.27")
PINNED = deployment("nginx:1.27@sha256:" + "0a" * 32)
SHA512 = deployment("nginx@sha512:" + "0a" * 64)

RELAXED: dict[str, Any] = {"digest": {"algorithms": ["sha256", "sha512"]}}
