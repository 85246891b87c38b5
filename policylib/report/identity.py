"""What makes a finding the same one in the next run, whatever was written above it meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from policylib.models import Violation
from policylib.report.links import uri


class Fingerprints:
    """Hands out fingerprints; each is given once, and the same in each run."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, *identity: str) -> str:
        """Return the fingerprint of what `identity` names, or of its next occurrence."""
        text = json.dumps(identity)
        occurrence = self._seen[text]
        self._seen[text] += 1
        return hashlib.sha256(f"{text} {occurrence}".encode()).hexdigest()


def name(violation: Violation) -> str:
    """Name the value that a violation is about: its resource, and the path into it."""
    resource = violation.resource
    parts = (resource.api_version, resource.kind, resource.namespace, resource.name)
    return "/".join(part for part in parts if part) + f"#{violation.path}"


def identity(violation: Violation, root: Path | None) -> tuple[str, str, str]:
    """What stays the same when lines are added above: rule, file, resource and path."""
    return violation.rule, uri(violation.file, root), name(violation)
