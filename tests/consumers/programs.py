"""OPA, conftest and gator, each given one artifact in a registry, by digest."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tests import tools

Said: TypeAlias = set[tuple[str, str, str]]
"""What is said of a document: rule, path and message."""


@contextmanager
def opa(reference: str, folder: Path) -> Iterator[str]:
    """A real OPA that pulls the artifact; yields its address once it is ready to decide."""
    host, _, resource = reference.removeprefix("oci://").partition("/")
    configuration = {
        "services": {"registry": {"url": f"http://{host}", "type": "oci"}},
        "bundles": {"policylib": {"service": "registry", "resource": f"{host}/{resource}"}},
        "status": {"console": False, "prometheus": False},
    }
    file, log = folder / "opa.json", folder / "opa.log"
    file.write_text(json.dumps(configuration))
    address = f"127.0.0.1:{_free_port()}"
    command = [
        str(tools.path("opa")),
        "run",
        "--server",
        "--disable-telemetry",
        f"--addr={address}",
    ]
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [*command, "--disable-telemetry", f"--config-file={file}"],
            cwd=folder,
            stdout=said,
            stderr=said,
        ) as process,
    ):
        try:
            _wait(f"http://{address}/health?bundles", process, log)
            yield f"http://{address}"
        finally:
            process.kill()


def ask(url: str, body: object | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=30) as answer:
        return json.load(answer)


def decided(server: str, document: Any) -> Said:
    """What OPA's decision says, over HTTP."""
    url = f"{server}/v1/data/policylib/decision/violations?strict-builtin-errors=true"
    found = ask(url, {"input": {"review": {"object": document}}})["result"]
    return {(v["rule"], v["path"], v["msg"]) for v in found}


def pulled(reference: str, folder: Path) -> Path:
    """The folder that `conftest pull` writes."""
    command = [str(tools.path("conftest")), "pull", "--policy", "pulled", reference]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "pulled"


def conftest(policy: Path, files: Sequence[Path]) -> tuple[int, list[Said]]:
    """The exit code of `conftest test`, and what it says of each file."""
    options = ["--output=json", "--show-builtin-errors", f"--policy={policy}"]
    done = subprocess.run(
        [tools.path("conftest"), "test", *options, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    by_file = {entry["filename"]: entry for entry in json.loads(done.stdout)}
    found = []
    for file in files:
        entry = by_file[str(file)]
        failures = entry.get("failures", [])
        assert entry["successes"] + len(failures) > 0  # it has looked
        found.append({(v["metadata"]["rule"], v["metadata"]["path"], v["msg"]) for v in failures})
    return done.returncode, found


def gator(reference: str, files: Sequence[Path], rule_of: dict[str, str]) -> tuple[int, list[Said]]:
    """The exit code of `gator test --image`, and what it says of each file's object."""
    image = f"--image={reference.removeprefix('oci://')}"
    done = subprocess.run(
        [
            str(tools.path("gator")),
            "test",
            image,
            "--output=json",
            *(f"-f={file}" for file in files),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    said: dict[str, Said] = {}
    for result in json.loads(done.stdout) or []:
        rule = rule_of[result["constraint"]["kind"]]
        said.setdefault(_text(result["violatingObject"]), set()).add(
            (rule, result["metadata"]["details"]["path"], result["msg"])
        )
    return done.returncode, [said.get(_text(json.loads(f.read_text())), set()) for f in files]


def _text(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            ask(url)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"OPA does not become ready: {log.read_text()}")
