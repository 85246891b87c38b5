"""Sound settings of the digest family."""

from __future__ import annotations

from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Settings

ENTRIES = (
    "ghcr.io/org/",
    "registry.example.com/",
    "docker.io/library/busybox",
    "registry.internal:5000/team/",
    "nginx",
    "GHCR.io/example/app",
    "index.docker.io/bitnami/",
    "quay.io:443/org/tools/",
    "[::1]:5000/",
    "localhost/",
)
"""Entries of `digest.registries`: hosts, what is below them, and whole repositories."""


def settings(choices: Choices) -> Settings:
    """What Rego may read as settings: `{}` at its simplest."""
    section: dict[str, Any] = {}
    if once_in(choices, 3):
        entries = (choices.one_of(ENTRIES) for _ in range(choices.integer(1, 3)))
        section["registries"] = list(dict.fromkeys(entries))
    if once_in(choices, 3):
        section["algorithms"] = choices.one_of((["sha256"], ["sha256", "sha512"], ["sha512"]))
    if once_in(choices, 3):
        section["env_images"] = choices.one_of((True, True, False))
    if once_in(choices, 4):
        section["trust_values_from"] = choices.one_of((True, False))
    return {"digest": section} if section or once_in(choices, 4) else {}
