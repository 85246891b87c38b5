"""The OPA bundle, loaded and served by a real OPA."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import bundle, evaluate, rules
from policylib.archive import read
from policylib.errors import BundleError
from tests import tools
from tests.bundle.samples import PINNED, RELAXED, SHA512, UNPINNED
from tests.e2e.processes import running

DENIAL = 'image "nginx:1.27" has no digest'


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opa") / "bundle"
    bundle.write(bundle.Target.OPA, folder, rules.load(), {})
    return folder / "bundle.tar.gz"


def violations(archive: Path, document: dict[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [tools.path("opa"), "eval", "-b", archive, "-I", "data.policylib.decision.violations"],
        input=json.dumps({"review": {"object": document}}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    return found


def test_it_is_a_bundle_in_strict_mode(archive: Path) -> None:
    subprocess.run([tools.path("opa"), "check", "--strict", "--bundle", archive], check=True)


def test_its_members_are_relative_and_nobodys(archive: Path) -> None:
    with tarfile.open(archive) as members:
        found = members.getmembers()
    names = [member.name for member in found]
    assert names == sorted(names)
    assert {".manifest", "settings/data.json"} <= set(names)
    assert not any(name.startswith(("/", "..")) or "_test" in name for name in names)
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in found} == {
        (0, 0, 0, "", "", 0o644)
    }


def manifest_of(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dict(read(content, "it", 1 << 24, 1000))[".manifest"])
    return found


def test_its_manifest_owns_what_it_fills(archive: Path) -> None:
    manifest = manifest_of(archive.read_bytes())
    assert manifest["roots"] == ["main", "policylib", "residency", "settings", "system"]
    assert manifest["rego_version"] == 1
    assert manifest["revision"] == f"0+{evaluate.revision(rules.load(), {})}"
    assert manifest["metadata"] == {"policylib": {"rules": sorted(rules.load().rules)}}


def test_opa_denies_from_it(archive: Path) -> None:
    assert [violation["msg"] for violation in violations(archive, UNPINNED)] == [DENIAL]
    assert violations(archive, PINNED) == []


def test_settings_travel_in_it(archive: Path, tmp_path: Path) -> None:
    bundle.write(bundle.Target.OPA, tmp_path / "relaxed", rules.load(), RELAXED)
    assert violations(archive, SHA512) != []
    assert violations(tmp_path / "relaxed" / "bundle.tar.gz", SHA512) == []


FACTS = tools.ROOT / "fixtures" / "provenance" / "facts.yaml"
OWN_SETTINGS = tools.ROOT / "fixtures" / "provenance" / "settings.yaml"


def test_the_revision_is_a_number_and_the_digest_of_reports() -> None:
    policy = policylib.load(settings=OWN_SETTINGS, facts=FACTS)
    files = bundle.build(bundle.Target.OPA, policy.rules, policy.data, policy.facts, number=42)
    manifest = manifest_of(files["bundle.tar.gz"])
    assert manifest["revision"] == f"42+{policy.check(b'a: 1').revision}"


def test_the_digest_tells_settings_and_facts_apart() -> None:
    found = rules.load()
    contents: list[Any] = [
        ({}, None),
        (RELAXED, None),
        ({}, {"images": {}}),
        (RELAXED, {"images": {}}),
    ]
    assert len({evaluate.revision(found, *content) for content in contents}) == len(contents)
    assert evaluate.revision(found, {}, {}) == evaluate.revision(found, {})


def test_a_module_of_ones_own_is_packed_whatever_spaces_its_package_has(tmp_path: Path) -> None:
    (tmp_path / "policylib/lib/ours").mkdir(parents=True)
    (tmp_path / "policylib/lib/ours/ours.rego").write_text("package  policylib.lib.ours\n")
    shutil.copytree(rules.root(), tmp_path, dirs_exist_ok=True)
    files = bundle.build(bundle.Target.OPA, rules.load(tmp_path), {})
    assert "policylib" in manifest_of(files["bundle.tar.gz"])["roots"]


@pytest.mark.parametrize("number", [-1, 10**15, True, 1.5, "7"])
def test_what_is_no_number_is_refused(number: Any) -> None:
    for target in bundle.Target:
        with pytest.raises(BundleError, match="is no number of a bundle"):
            bundle.build(target, rules.load(), {}, number=number)


@dataclass(frozen=True)
class Opa:
    """An OPA that listens on a socket in a folder, which none else can take."""

    socket: Path

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """The status of an answer, and what it says."""
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(30)
            stream.connect(str(self.socket))
            connection = http.client.HTTPConnection("localhost")
            connection.sock = stream
            connection.request(method, path, json.dumps(body))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")

    @property
    def is_ready(self) -> bool:
        """Whether it has the bundle."""
        try:
            return self.ask("GET", "/health?bundles")[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def server(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opa]:
    folder = tmp_path_factory.mktemp("server")
    opa = Opa(folder / "opa.sock")
    command: list[str | Path] = [tools.path("opa"), "run", "--server", "-b", archive]
    command += ["--skip-version-check", f"--addr=unix://{opa.socket}"]
    with running(command, folder / "opa.log") as process:
        process.wait_until(lambda: opa.is_ready, "OPA has the bundle")
        yield opa


def test_a_server_answers_the_decision(server: Opa) -> None:
    path = "/v1/data/policylib/decision/violations?strict-builtin-errors=true"
    _, answer = server.ask("POST", path, {"input": {"review": {"object": UNPINNED}}})
    assert [violation["msg"] for violation in answer["result"]] == [DENIAL]


@pytest.mark.parametrize(("document", "allowed"), [(UNPINNED, False), (PINNED, True)])
def test_a_server_answers_an_admission_review(
    server: Opa, document: dict[str, Any], allowed: bool
) -> None:
    request = {"uid": "u-1", "operation": "CREATE", "object": document}
    # The default decision of an OPA webhook is data.system.main.
    _, answer = server.ask("POST", "/", {"kind": "AdmissionReview", "request": request})
    assert answer["kind"] == "AdmissionReview"
    assert answer["response"]["uid"] == "u-1"
    assert answer["response"]["allowed"] is allowed
