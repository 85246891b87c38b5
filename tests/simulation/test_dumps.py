"""Dumps in parts: the same verdicts and places as in one piece."""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policylib.errors import InputError
from policylib.inputs.interface import Source
from policylib.simulation import dumps, simulate
from policylib.simulation.judging import parts_of
from tests import tools
from tests.simulation.samples import NEW, listed, over, pod, policy

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
ITEMS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=3), min_size=1)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "LARGE", 1)
    monkeypatch.setattr(dumps, "PART", 200)


def dump_of(path: Path) -> dumps.Dump | None:
    return dumps.dump_of(Source(str(path)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ITEMS, st.sampled_from([1, 2, 4]))
def test_the_parts_hold_every_item_in_its_place(
    small: None, tmp_path: Path, items: list[dict[str, Any]], indent: int
) -> None:
    path = tmp_path / "dump.json"
    path.write_text(listed(items, indent))
    dump = dump_of(path)
    assert dump is not None
    lines = path.read_text().split("\n")
    found: list[Any] = []
    for part in dump.read():
        assert part.item == len(found)
        held = json.loads(part.text)
        found += held
        for number, line in enumerate(part.text.decode().split("\n")[1:-1], start=2):
            assert lines[part.line + number - 1] == line
    assert found == items


@pytest.mark.parametrize(
    "text",
    [
        listed([]),
        listed([pod("a")], None),
        listed([pod("a")]).replace('"kind": "List"', '"kind": "PodList"'),
        json.dumps([pod("a")], indent=4),
        "x",
        "",
    ],
)
def test_everything_else_is_left_to_the_reader(small: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "dump.json"
    path.write_text(text)
    assert dump_of(path) is None
    assert dump_of(tmp_path / "absent") is None


def test_verdicts_and_places_are_those_of_a_check(small: None, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    images = ["nginx", "a@sha256:" + "b" * 64]
    path.write_text(listed([pod(f"p{n}", images[n % 2], service="checkout") for n in range(40)]))
    new = policy(tmp_path / "new", NEW)
    dump = dump_of(path)
    assert dump is not None
    cut = simulate(None, new, parts_of(dump))
    whole = over(None, new, path)
    assert len(whole.newly_denied) == 20
    assert cut.newly_denied == whole.newly_denied
    assert (cut.files, cut.documents, cut.groups) == (1, 40, whole.groups)


@pytest.mark.parametrize(
    "broken",
    [
        lambda text: text.replace('"nginx"', '"nginx'),
        lambda text: text.replace('"image": "nginx"', '"image": "nginx", "image": "other"'),
        lambda text: text.replace('"kind": "Pod"', '"sort": "Pod"').replace("spec", "species"),
        lambda text: text.replace("        },\n", "        }\n", 1),
        lambda text: text.replace("        },\n        {", "        {},\n        },\n        {", 1),
    ],
)
def test_what_cannot_be_read_is_an_error(small: None, tmp_path: Path, broken: Any) -> None:
    path = tmp_path / "dump.json"
    path.write_text(broken(listed([pod("a", "nginx"), pod("b", "nginx")])))
    dump = dump_of(path)
    assert dump is not None
    found = simulate(None, policy(tmp_path / "new", NEW), parts_of(dump))
    assert found.exit_code == 2
    assert {one.file for one in found.errors} == {str(path)}


def test_a_file_that_shrinks_is_an_error(small: None, tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    path.write_text(listed([pod("a"), pod("b")]))
    dump = dump_of(path)
    assert dump is not None
    path.write_text("{")
    with pytest.raises(InputError, match="shorter"):
        list(dump.read())


class Cluster(BaseHTTPRequestHandler):
    """As much of an API server as `kubectl get pods` asks for."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        resource = {"name": "pods", "namespaced": True, "kind": "Pod", "verbs": ["get", "list"]}
        answers: dict[str, Any] = {
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
            "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [resource]},
            "/api/v1/pods": {
                "kind": "PodList",
                "apiVersion": "v1",
                "metadata": {"resourceVersion": "7"},
                "items": [pod(f"p{n}", "nginx") for n in range(30)],
            },
        }
        body = json.dumps(answers.get(path, {"kind": "Status", "status": "Failure"})).encode()
        self.send_response(200 if path in answers else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_what_kubectl_writes_is_cut(small: None, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Cluster) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        kubectl, cache = str(tools.path("kubectl")), str(tmp_path / "cache")
        command = [kubectl, "--server", url, "--cache-dir", cache]
        done = subprocess.run(
            [*command, "get", "pods", "-A", "-o", "json"], capture_output=True, check=False
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr
    path = tmp_path / "cluster.json"
    path.write_bytes(done.stdout)
    dump = dump_of(path)
    assert dump is not None
    found = simulate(None, policy(tmp_path / "new", NEW), parts_of(dump))
    assert found.documents == 30
    assert len(found.newly_denied) == 30
    assert not found.errors
