"""What `docker login` leaves behind."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any


def basic(user: str, password: str = "secret") -> str:
    """A name and a password as HTTP's Basic scheme has them."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def logged_in(folder: Path, host: str, user: str, password: str = "secret", **more: Any) -> None:
    """A Docker configuration in that folder, with credentials for this registry."""
    folder.mkdir(exist_ok=True)
    said = {"auths": {host: {"auth": basic(user, password)}}, **more}
    (folder / "config.json").write_text(json.dumps(said))
