"""A folder of manifests for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import PINNED, pod


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    """good.yaml passes, bad.yaml is denied, note.yaml is skipped, all in m/."""
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "good.yaml").write_text(pod(PINNED))
    (folder / "bad.yaml").write_text(pod("nginx:1.27"))
    (folder / "note.yaml").write_text("hello: world\n")
    return tmp_path
