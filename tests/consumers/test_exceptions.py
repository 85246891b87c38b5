"""An exception means the same to every engine, and ends for all of them at the same time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policylib import rules
from policylib.parity.agreement import judge
from policylib.parity.peers import Peer, Verdict, engines
from tests.parity import programs

DIGEST = "sha256:" + "0a" * 32


def deployment(name: str, *images: str, namespace: str = "shop") -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "template": {
                "spec": {
                    "containers": [{"name": f"c{i}", "image": x} for i, x in enumerate(images)]
                }
            }
        },
    }


def exception(target: dict[str, str], expires: str = "2098-12-31", **more: str) -> dict[str, Any]:
    return {
        "rule": "digest.image_pinned",
        "target": target,
        "reason": "r",
        "ticket": "t",
        "approver": "a",
        "expires": expires,
        **more,
    }


WEB = {"kind": "Deployment", "namespace": "shop", "name": "web"}
HERE = deployment("web", "nginx:1")
PATH = "/spec/template/spec/containers/0/image"

CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("the workload", exception(WEB), HERE, True),
    ("its image", exception({**WEB, "image": "nginx:1"}), HERE, True),
    ("its place", exception({**WEB, "path": PATH}), HERE, True),
    ("an image in a namespace", exception({"namespace": "shop", "image": "nginx:1"}), HERE, True),
    ("expired", exception(WEB, "2020-01-01"), HERE, False),
    ("expired a second ago", exception(WEB, "2026-01-01T00:00:00Z"), HERE, False),
    ("no date", exception(WEB, "soon"), HERE, False),
    ("no such day", exception(WEB, "2098-02-30"), HERE, False),
    ("nobody approved", exception(WEB, approver=" "), HERE, False),
    ("no ticket", exception(WEB, ticket=""), HERE, False),
    ("another rule", exception(WEB, rule="digest.values_pinned"), HERE, False),
    ("a whole family", exception(WEB, rule="digest"), HERE, False),
    ("another workload", exception(WEB), deployment("api", "nginx:1"), False),
    ("another namespace", exception(WEB), deployment("web", "nginx:1", namespace="x"), False),
    ("a second image", exception({**WEB, "image": "nginx:1"}), deployment("web", "a", "b"), False),
    (
        "one image of two",
        exception({**WEB, "image": "nginx:1"}),
        deployment("web", "nginx:1", "busybox"),
        False,
    ),
    ("everything", exception({}), HERE, False),
    ("a kind", exception({"kind": "Deployment"}), HERE, False),
    ("a namespace", exception({"namespace": "shop"}), HERE, False),
    ("a digest that is not there", exception({"image": DIGEST}), HERE, False),
]


def verdicts(peers: list[Peer], document: dict[str, Any]) -> list[bool]:
    """Whether each engine denies."""
    [row] = judge(peers, [document])
    assert all(isinstance(outcome, Verdict) for outcome in row), row
    return [bool(outcome.breaches) for outcome in row if isinstance(outcome, Verdict)]


@pytest.mark.parametrize(
    ("entry", "document", "covered"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_it_covers_what_it_names_and_nothing_else(
    entry: dict[str, Any], document: dict[str, Any], covered: bool, tmp_path: Path
) -> None:
    peers = engines(rules.load(), {"exceptions": [entry]}, None, tmp_path, programs.built())
    assert verdicts(peers, document) == [not covered] * len(peers)


def test_it_ends_while_the_engines_run(tmp_path: Path) -> None:
    for seconds in (8, 40, 200):  # a busy machine may ask after the end; then there is a later one
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        entry = exception(WEB, ends.strftime("%Y-%m-%dT%H:%M:%SZ"))
        folder = tmp_path / str(seconds)
        peers = engines(rules.load(), {"exceptions": [entry]}, None, folder, programs.built())
        before = verdicts(peers, HERE)
        if datetime.now(UTC) < ends - timedelta(seconds=1):
            break
    assert before == [False] * len(peers)
    time.sleep(max((ends - datetime.now(UTC)).total_seconds(), 0))
    assert verdicts(peers, HERE) == [True] * len(peers)


def test_what_the_input_says_of_exceptions_counts_for_nothing(tmp_path: Path) -> None:
    peers = engines(rules.load(), {}, None, tmp_path, programs.built())
    annotated = deployment("web", "nginx:1")
    annotated["metadata"]["annotations"] = {"policylib.dev/exempt": "true", "exceptions": "all"}
    annotated |= {"exceptions": [exception(WEB)], "settings": {"exceptions": [exception(WEB)]}}
    annotated |= {"parameters": {"exceptions": [exception(WEB)]}}
    assert verdicts(peers, annotated) == [True] * len(peers)
