"""What docs/guide/sidecar.md shows is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.bundle import sidecar
from tests import tools
from tests.cli.program import RC
from tests.consumers.sidecar.servers import Site
from tests.consumers.sidecar.sidecar import Opa, review, signed, started, written
from tests.e2e.processes import free_ports, running

GUIDE = (tools.ROOT / "docs/guide/sidecar.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def shell(folder: Path, *commands: str) -> str:
    path = f"{RC.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e"],
        input="\n".join(commands),
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "policylib.yaml").write_text("version: 1\n")
    first, second, *_ = blocks("console")
    commands = re.findall(r"^\$ (.*)$", first, re.MULTILINE)
    assert "Accepted build/bundle.tar.gz" in shell(tmp_path, *commands)
    *_, configure = re.findall(r"^\$ (.*)$", second, re.MULTILINE)
    assert shell(tmp_path, configure) == second.partition(f"{configure}\n")[2]


def test_an_api_for_decisions_alone(site: Site, authority: Path, tmp_path: Path) -> None:
    (tmp_path / "authz.rego").write_text(blocks("rego")[0])
    flags = re.search(r"add `(--authorization=.*?) authz.rego`", GUIDE)
    assert flags
    site.content = signed(1)
    config = written(tmp_path, site.url, f"--ca={authority}/ca.crt")
    with started(config, *flags[1].split(), str(tmp_path / "authz.rego")) as opa:
        opa.wait_for(1)
        assert opa.denies("nginx")
        assert not opa.admits("nginx")
        assert opa.ask("/v1/data/system/main", {"input": {"request": review("nginx")}})[0] == 200
        for method, path in (
            ("PUT", "/v1/data/facts"),
            ("PUT", "/v1/policies/x"),
            ("POST", "/v1/data"),
            ("POST", "/v1/data/policylib/decision"),
            ("POST", "/v1/query"),
            ("POST", "/v1/compile"),
            ("GET", "/v1/data/settings"),
            ("GET", "/v1/config"),
            ("DELETE", "/v1/data/facts"),
        ):
            body: object = None if method in {"GET", "DELETE"} else {"input": {}}
            assert opa.ask(path, body, method)[0] == 401, path


def test_the_pod(site: Site, authority: Path, tmp_path: Path) -> None:
    pod: Any = yaml.safe_load(blocks("yaml")[0])
    (opa,) = pod["spec"]["initContainers"]
    _, *usual = sidecar.command("/etc/policylib/opa.yaml")
    assert set(usual) <= set(opa["args"])
    probe = opa["readinessProbe"]["httpGet"]
    site.content = signed(1)
    config = written(tmp_path, site.url, f"--ca={authority}/ca.crt", f"--persist={tmp_path}/kept")
    port, health = free_ports(2)
    places = {
        "--config-file=/etc/policylib/opa.yaml": f"--config-file={config}",
        "--addr=127.0.0.1:8181": f"--addr=127.0.0.1:{port}",
        f"--diagnostic-addr=0.0.0.0:{probe['port']}": f"--diagnostic-addr=127.0.0.1:{health}",
    }
    assert places.keys() <= set(opa["args"])
    command = [tools.path("opa"), *(places.get(one, one) for one in opa["args"])]
    with running(command, tmp_path / "opa.log") as server:
        decides = Opa(port, server)
        decides.wait_for(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{health}{probe['path']}") as answer:
            assert answer.status == 200
        assert decides.denies("nginx")
        for path in ("", "v1/data/settings", "v1/config", "v1/status"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://127.0.0.1:{health}/{path}")
