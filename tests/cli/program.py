"""The installed program, run as users run it."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

RC = Path(sysconfig.get_path("scripts")) / "rc"
PINNED = f"registry.example/app:1@sha256:{'a' * 64}"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def rc(*arguments: str | Path, cwd: Path, stdin: bytes = b"", **environment: str) -> Done:
    """Run `rc` in `cwd`; the environment is what it inherits, without wishes about colours."""
    inherited = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    done = subprocess.run(
        [RC, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=inherited | environment,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def pod(image: str, name: str = "web") -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec:
  containers:
    - name: web
      image: {image}
"""
