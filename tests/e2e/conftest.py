"""One cluster for all of these tests that run in one process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e import agreement, cluster
from tests.e2e.agreement import GROUPS, Registry
from tests.e2e.cluster import Cluster
from tests.e2e.gatekeeper import Gatekeeper, forget_webhooks
from tests.e2e.opa import Opa


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster.started(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture(scope="session")
def installed(api: Cluster) -> Gatekeeper:
    """Gatekeeper's own resources in the cluster; the manager is not running yet."""
    found = Gatekeeper(api)
    found.install()
    return found


@pytest.fixture(scope="module")
def gatekeeper(installed: Gatekeeper, request: pytest.FixtureRequest) -> Iterator[Gatekeeper]:
    """A manager that runs for the tests of one module; its webhook goes with it.

    It audits where the module says `AUDITS = True`.
    """
    with installed.running(audit=getattr(request.module, "AUDITS", False)):
        try:
            yield installed
        finally:
            installed.forget()


@pytest.fixture(scope="module")
def opa(api: Cluster) -> Iterator[Opa]:
    """Where an OPA may run for the tests of one module; its webhook goes with it."""
    try:
        yield Opa(api)
    finally:
        forget_webhooks(api)


@pytest.fixture(scope="session")
def registry(api: Cluster) -> Registry:
    """An API server that serves the kinds of the examples and has their namespaces."""
    found = Registry(api)
    parts = [
        part
        for group in GROUPS.values()
        for document in group.documents
        for part in agreement.parts(document)
        if isinstance(part, dict)
    ]
    found.teach(parts)
    for name in sorted({agreement.namespace(part) for part in parts}):
        api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    return found
