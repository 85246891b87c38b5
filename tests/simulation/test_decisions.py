"""Decision logs, as a real OPA writes them, and what cannot be judged of them."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from policylib import bundle, reading, rules
from policylib.errors import InputError
from policylib.simulation import Named, Simulation, decisions, judging, simulate
from policylib.simulation.decisions import Log
from policylib.simulation.judging import decisions_in
from tests import tools
from tests.simulation.samples import NEW, PINNED, pod, policy

FAR = pod("far", PINNED, service="checkout", region="eu-west-1")


def review(operation: str, document: object, uid: str = "1") -> dict[str, Any]:
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {"uid": uid, "operation": operation, "object": document},
    }


ASKED: list[tuple[str, object]] = [
    (
        "/v1/data/policylib/decision/violations",
        {"input": {"review": {"object": pod("web", "nginx")}}},
    ),
    ("/v1/data/main/deny", {"input": FAR}),
    ("/v1/data/main/deny", {"input": FAR}),
    ("/", review("CREATE", pod("api", "nginx"), "1")),
    ("/", review("UPDATE", pod("api", "nginx"), "2")),
    ("/v1/data/system/main", {"input": review("DELETE", None)}),
    (
        "/v1/data/residency/allow",
        {"input": {"request": {"region": "us-east-1", "data_class": "pii"}}},
    ),
    ("/v1/data/other/thing", {"input": {"user": "somebody"}}),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What OPA's console says about the questions above, under a bundle of today."""
    folder = tmp_path_factory.mktemp("log")
    bundle.write(bundle.Target.OPA, folder / "bundle", rules.load(), {})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [str(tools.path("opa")), "run", "--server", "--addr", address, "--skip-version-check"]
    command += ["-b", f"{folder}/bundle/bundle.tar.gz", "--set", "decision_logs.console=true"]
    command += ["--set", "decision_logs.mask_decision=/system/log/unmasked"]
    path = folder / "decisions.jsonl"
    with path.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            wait(f"http://{address}/health?bundles", process)
            for where, body in ASKED:
                post(f"http://{address}{where}", body)
        finally:
            process.terminate()  # it writes what it holds before it ends
            process.wait(30)
    return path


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "OPA ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("OPA does not become ready")


def post(url: str, body: object) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Named:
    return policy(tmp_path_factory.mktemp("policy") / "new", NEW)


def over(old: Named | None, new: Named, *paths: Path) -> Simulation:
    log = Log()
    for path in paths:
        log.read(path)
    batches = decisions_in(list(log.entries.values()), log.problems, log.files)
    return simulate(old, new, batches, recorded=log.recorded)


def written(path: Path, entries: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def test_what_opa_decided_is_judged_again_each_object_once(
    log: Path, new: Named, tmp_path: Path
) -> None:
    old = policy(tmp_path / "old", NEW.replace("[us-east-1]", "[us-east-1, eu-west-1]"))
    found = over(old, new, log)
    assert not found.errors
    assert found.recorded is not None
    assert found.recorded.model_dump() == {
        "entries": 8,
        "distinct": 4,
        "deletions": 1,
        "others": 1,
    }
    [denied] = {one.resource.name: one for one in found.newly_denied}.values()
    assert (denied.rule, denied.team, denied.tier) == (
        "residency.region_allowed",
        "payments",
        "gold",
    )
    assert denied.occurrences == 2
    assert len(set(denied.decisions)) == 2
    line = log.read_text().splitlines()[denied.line - 1]
    assert json.loads(line)["decision_id"] == denied.decisions[0]
    assert {one.resource.name for one in found.still_denied} == {"web", "api"}


def test_without_an_old_policy_all_denials_are_new(log: Path, new: Named) -> None:
    found = over(None, new, log)
    assert {one.resource.name for one in found.newly_denied} == {"web", "api", "far"}
    assert found.exit_code == 1


@pytest.mark.parametrize("form", ["array", "gzip", "gzipped array", "batches"])
def test_forms_of_a_log(
    log: Path, new: Named, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in log.read_text().splitlines() if "decision_id" in line]
    text = f"[{','.join(lines)}]" if "array" in form else "\n".join(lines)
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(text.encode()) if "gzip" in form else text.encode())
    if form == "batches":
        monkeypatch.setattr(judging, "ENTRIES", 1)
    found, usual = over(None, new, path), over(None, new, log)
    assert found.groups == usual.groups
    assert found.recorded == usual.recorded
    assert found.documents == 4


def entry(**changes: object) -> dict[str, object]:
    usual = {"decision_id": "d1", "path": "main/deny", "input": pod("a"), "result": []}
    return {key: value for key, value in {**usual, **changes}.items() if value != "absent"}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (entry(erased=["/input/spec"]), "/input/spec of its input was removed"),
        (entry(masked=["/input/metadata/name"]), "was removed before it was logged"),
        (entry(input="absent"), "its input was not recorded"),
        (entry(path="system/main"), "no AdmissionReview"),
        (entry(path="policylib/decision/violations"), "holds no review"),
        (entry(path="other", erased=["/input"], input="absent"), "was removed"),
        (entry(path="absent", input={"user": "x"}), "does not say what was asked"),
        (entry(input={**pod("a"), "x": "\ud800"}), "surrogates"),
        ([1], "no entry of a decision log"),
        ("text", "no entry of a decision log"),
    ],
)
def test_what_cannot_be_judged_is_an_error(
    tmp_path: Path, new: Named, bad: object, why: str
) -> None:
    found = over(None, new, written(tmp_path / "log", [entry(), bad]))
    [error] = found.errors
    assert why in error.message
    assert error.line == 2
    assert found.exit_code == 2


@pytest.mark.parametrize(
    ("path", "kept"), [("main/deny", False), ("system/main", False), ("main/deny", True)]
)
@pytest.mark.parametrize("id_", ["\ud800", "a\udfffb", "x" * 1000, 7])
def test_an_id_that_no_report_holds_is_left_out(
    tmp_path: Path, new: Named, path: str, id_: object, kept: bool
) -> None:
    held = {"input": FAR} if kept else {"input": pod("a"), "erased": ["/input/\udead"]}
    found = over(None, new, written(tmp_path / "log", [entry(decision_id=id_, path=path, **held)]))
    assert found.recorded is not None
    assert found.recorded.entries == 1
    if kept:
        assert all(change.decisions == () for change in found.newly_denied)
        assert found.newly_denied
    else:
        assert [one.message[:31] for one in found.errors] == ["the decision cannot be judged: "]
        assert "/input/\\udead" in found.errors[0].message
    assert found.model_dump_json()


def test_problems_are_counted_when_there_are_many(tmp_path: Path, new: Named) -> None:
    many = decisions.PROBLEMS + 250
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(json.dumps(entry()).encode() + b"\n" + b"x\n" * many))
    found = over(None, new, path)
    assert found.exit_code == 2
    assert len(found.errors) == decisions.PROBLEMS + 1
    last = found.errors[-1]
    assert (last.line, last.message) == (
        decisions.PROBLEMS + 2,
        "entries that cannot be judged, from here on: 250",
    )
    assert found.documents == 1


@pytest.mark.parametrize(
    "text", ["", "\n\n", "{", '{"a": NaN, "decision_id": "x"}', "[" * 100_000, "nothing"]
)
def test_what_is_no_log_is_an_error(tmp_path: Path, new: Named, text: str) -> None:
    path = tmp_path / "log"
    path.write_text(text)
    assert over(None, new, path).exit_code == 2


def broken(folder: Path) -> Iterator[Path]:
    yield folder / "absent"
    yield folder
    whole = gzip.compress(json.dumps(entry()).encode())
    (folder / "cut.gz").write_bytes(whole[:-12])
    yield folder / "cut.gz"
    (folder / "bad.gz").write_bytes(whole[:12] + b"\xff" * 20)
    yield folder / "bad.gz"


def test_a_log_that_cannot_be_read(tmp_path: Path) -> None:
    for path in broken(tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            Log().read(path)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "log", [entry(), entry(input=pod("b"))])
    monkeypatch.setattr(decisions, "MOST", 600)
    with pytest.raises(InputError, match="distinct objects"):
        Log().read(path)
    monkeypatch.setattr(reading, "LARGEST", 100)
    with pytest.raises(InputError, match="a line has more"):
        Log().read(path)


def test_a_side_that_is_not_asked_about_residency(tmp_path: Path, new: Named) -> None:
    asked = entry(path="residency/allow", input={"request": {"region": "x", "data_class": "pii"}})
    old = policy(tmp_path / "old", "version: 1\n")
    found = over(old, new, written(tmp_path / "log", [asked]))
    [error] = found.errors
    assert (error.side, error.message) == ("old", "the decision d1: residency is not configured")
