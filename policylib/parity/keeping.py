"""Differences as files that later runs ask about: parity/*.yaml in a folder of examples."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from policylib.bundle import yaml
from policylib.errors import PolicylibError
from policylib.parity.work import Difference


def keep(one: Difference, folder: Path, command: str) -> Path:
    """Write a difference into a folder; the same one twice makes one file.

    Raises `PolicylibError` where the file cannot be written.
    """
    raw = {
        "why": f"Engines differed on this: {', '.join(one.said)}. Found by `{command}`.",
        "settings": dict(one.settings),
        "facts": dict(one.facts),
        "document": one.document,
    }
    same = json.dumps([raw["settings"], raw["facts"], raw["document"]], sort_keys=True)
    path = folder / f"{hashlib.sha256(same.encode()).hexdigest()[:12]}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(raw), encoding="utf-8", errors="surrogatepass")
    except OSError as error:
        what = f"the difference cannot be kept: {error.strerror}"
        raise PolicylibError(what, where=str(path)) from error
    return path
