"""The API server takes Kyverno's resources, by the schemas that Kyverno installs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

import policylib
from policylib.bundle import kyverno
from tests import tools
from tests.consumers.kyverno_cli import load
from tests.consumers.test_kyverno_exceptions import BY_DIGEST, NARROW, WORKLOAD
from tests.e2e.cluster import Cluster

CRDS = "config/crds/policies.kyverno.io"
SERVED = ("validatingpolicies", "imagevalidatingpolicies", "policyexceptions")


@pytest.fixture(scope="module")
def taught(api: Cluster) -> Iterator[Cluster]:
    """The API server with Kyverno's own definitions, out of its module."""
    root = tools.source("kyverno") / CRDS
    for name in SERVED:
        api.kubectl("apply", "--server-side", "-f", str(root / f"policies.kyverno.io_{name}.yaml"))
        api.kubectl("wait", "--for=condition=Established", f"crd/{name}.policies.kyverno.io")
    api.apply_documents({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kyverno"}})
    yield api
    for name in SERVED:
        gone = api.kubectl("delete", f"crd/{name}.policies.kyverno.io")
        assert gone.returncode == 0, gone.stderr


def documents() -> list[str]:
    """What is written of the examples, where nobody is trusted, and of exceptions."""
    examples = [
        policylib.load(settings=tools.ROOT / "fixtures" / family / "settings.yaml")
        for family in ("digest", "provenance")
    ]
    families = {"digest": {"registries": ["ghcr.io/"]}, "provenance": {}}
    nobody = load(families=families, exceptions=(WORKLOAD, BY_DIGEST, NARROW))
    made = [kyverno.files(policy).files for policy in (*examples, nobody)]
    return [
        text.decode() for files in made for name, text in files.items() if name.endswith(".yaml")
    ]


def test_every_resource_is_taken_strictly(taught: Cluster) -> None:
    kinds = {yaml.safe_load(text)["kind"] for text in documents()}
    assert kinds == {"ValidatingPolicy", "ImageValidatingPolicy", "PolicyException"}
    for text in documents():
        said = taught.apply("--dry-run=server", "--validate=strict", "-f", "-", given=text)
        assert "created (server dry run)" in said


def test_it_would_tell_what_is_not_sound(taught: Cluster) -> None:
    broken = documents()[0].replace("validationActions", "validationAction")
    done = taught.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", given=broken)
    assert done.returncode != 0
    assert "unknown field" in done.stderr
