"""The real gator, asked about a folder of resources."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests import tools


def judged(folder: Path) -> list[Any]:
    """What `gator test` says of all that lies in a folder."""
    done = subprocess.run(
        [tools.path("gator"), "test", f"-f={folder}", "-o=json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: list[Any] = json.loads(done.stdout) or []
    return found
