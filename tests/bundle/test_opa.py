"""The OPA bundle, loaded and served by a real OPA."""

from __future__ import annotations

import json
import socket
import subprocess
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import bundle, evaluate, rules
from policylib.archive import read
from policylib.errors import BundleError
from tests import tools
from tests.bundle.samples import PINNED, RELAXED, SHA512, UNPINNED

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


@pytest.mark.parametrize("number", [-1, 10**15, True, 1.5, "7"])
def test_what_is_no_number_is_refused(number: Any) -> None:
    for target in bundle.Target:
        with pytest.raises(BundleError, match="is no number of a bundle"):
            bundle.build(target, rules.load(), {}, number=number)


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command: list[str | Path] = [
        tools.path("opa"),
        "run",
        "--server",
        "--addr",
        address,
        "-b",
        archive,
    ]
    with subprocess.Popen(
        [*command, "--disable-telemetry"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(f"http://{address}/health?bundles", process)
            yield f"http://{address}"
        finally:
            process.kill()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "OPA ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("OPA does not become ready")


def post(url: str, body: object) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_a_server_answers_the_decision(server: str) -> None:
    body = {"input": {"review": {"object": UNPINNED}}}
    answer = post(
        f"{server}/v1/data/policylib/decision/violations?strict-builtin-errors=true", body
    )
    assert [violation["msg"] for violation in answer["result"]] == [DENIAL]


@pytest.mark.parametrize(("document", "allowed"), [(UNPINNED, False), (PINNED, True)])
def test_a_server_answers_an_admission_review(
    server: str, document: dict[str, Any], allowed: bool
) -> None:
    request = {"uid": "u-1", "operation": "CREATE", "object": document}
    # The default decision of an OPA webhook is data.system.main.
    answer = post(f"{server}/", {"kind": "AdmissionReview", "request": request})
    assert answer["kind"] == "AdmissionReview"
    assert answer["response"]["uid"] == "u-1"
    assert answer["response"]["allowed"] is allowed
