"""Whether an artifact is signed, as the real cosign says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from policylib.errors import BundleError, SignatureError
from policylib.oci import talk
from policylib.oci.reference import Reference

# What says where signatures lie. All else that cosign takes from its environment may change what
# it verifies.
_KEPT: Final = {"COSIGN_REPOSITORY", "COSIGN_DOCKER_MEDIA_TYPES"}
_OPTIONS: Final = (
    "--insecure-ignore-tlog=true",  # the key says who signed; no log is asked, nor the network
    "--check-claims=true",
    "--output=json",
)


def verify(reference: Reference, key: str) -> None:
    """Have cosign verify that a key signed the artifact of a digest.

    Parameters
    ----------
    key
        A file with a public key, or what else cosign takes for one (`awskms://…`).

    Raises
    ------
    SignatureError
        cosign does not say so, for whatever reason.
    BundleError
        There is no cosign, or no key.
    """
    where = str(reference)
    program = shutil.which("cosign")
    if program is None:
        raise BundleError(
            "cosign is missing, which verifies signatures",
            where=where,
            remedy="put cosign 3 on your PATH, or verify in another way and name no key",
        )
    if "://" not in key and not Path(key).is_file():
        raise BundleError("there is no such key", where=key, remedy="name a file: cosign.pub")
    name = f"{reference.registry}/{reference.repository}@{reference.digest}"
    command = [program, "verify", f"--key={key}", *_OPTIONS, name]
    environment = {k: v for k, v in os.environ.items() if k in _KEPT or k[:7] != "COSIGN_"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=talk.PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"cosign does not answer: {error}", where=where) from error
    if done.returncode != 0 or reference.digest not in _vouched(done.stdout):
        raise SignatureError(
            f"cosign does not vouch for it: {_last(done.stderr)}",
            reason="cosign-refused",
            where=where,
            remedy=f"cosign verify --key {key} {_OPTIONS[0]} {name}",
        )


def _vouched(said: bytes) -> set[str]:
    """The digests of artifacts that cosign says are signed."""
    try:
        return {one["critical"]["image"]["docker-manifest-digest"] for one in json.loads(said)}
    except (ValueError, TypeError, KeyError, RecursionError):
        return set()


def _last(said: bytes) -> str:
    """The last thing that cosign said, without what it says before every error."""
    lines = said.decode(errors="replace").strip().splitlines() or ["it says nothing"]
    return lines[-1].removeprefix("error during command execution: ")
