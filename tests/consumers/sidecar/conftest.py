"""Servers that all tests of sidecars share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.consumers.sidecar import servers
from tests.e2e import certificates


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.crt, which signs the servers' certificate."""
    folder = tmp_path_factory.mktemp("tls")
    certificates.write(folder)
    return folder


@pytest.fixture
def site(authority: Path) -> Iterator[servers.Site]:
    """A static server for one test."""
    with servers.site(authority) as made:
        yield made
