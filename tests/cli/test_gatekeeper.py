"""`rc gatekeeper` and `rc webhook`, as users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.program import rc

WRITE = ("gatekeeper", "--output", "out")


def test_it_says_the_order_and_what_is_exempt(tmp_path: Path) -> None:
    done = rc(*WRITE, "--exempt-namespace", "kube-system", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "Exempt, so that anything gets in there: gatekeeper-system, kube-system\n" in done.out
    steps = done.out.partition("Apply them in this order:\n")[2].splitlines()
    places = [step.rpartition(" ")[2] for step in steps if " apply " in step]
    assert places == ["out/templates", "out/constraints", "out/expansion", "out/webhook.yaml"]
    assert all((tmp_path / place).exists() for place in places)
    assert [" wait " in step for step in steps] == [False, True, True, False, False, False]


def test_it_says_the_same_to_programs(tmp_path: Path) -> None:
    done = rc(*WRITE, "--format", "json", "--url", "https://localhost:8443", cwd=tmp_path)
    answer = json.loads(done.out)
    assert answer["exempt_namespaces"] == []
    assert len(answer["apply"]) == 6
    assert all((tmp_path / "out" / name).is_file() for name in answer["files"])


def test_a_folder_of_a_bundle_is_replaced_and_a_foreign_one_refused(tmp_path: Path) -> None:
    bundle = ("bundle", "build", "--target", "gatekeeper", "--output", "out")
    assert rc(*bundle, cwd=tmp_path).code == 0
    assert rc(*WRITE, cwd=tmp_path).code == 0
    (tmp_path / "out" / "mine.txt").write_text("mine")
    refused = rc(*WRITE, cwd=tmp_path)
    assert refused.code == 2
    assert "mine.txt" in refused.err
    assert rc(*WRITE, "--force", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--url", "http://localhost"), "no URL of a webhook"),
        (("--service", "a/b"), "no service"),
        (("--namespace", "A"), "no namespace"),
        (("--exempt-namespace", "kube_system"), "no namespace"),
        (("--exempt-namespace", "*"), "no namespace"),
        (("--ca", "gone.pem"), "no certificate"),
        (("--timeout", "31"), "1 to 30 seconds"),
        (("--webhook-name", ""), "no name of a webhook configuration"),
    ],
)
@pytest.mark.parametrize("command", [WRITE, ("webhook",)], ids=["gatekeeper", "webhook"])
def test_what_no_cluster_takes_is_an_error(
    tmp_path: Path, command: tuple[str, ...], arguments: tuple[str, ...], said: str
) -> None:
    done = rc(*command, *arguments, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_the_webhook_of_an_opa_is_text_to_apply(tmp_path: Path) -> None:
    done = rc("webhook", "--service", "opa:8443", cwd=tmp_path)
    (one,) = yaml.safe_load(done.out)["webhooks"]
    assert one["failurePolicy"] == "Fail"
    assert one["clientConfig"]["service"] == {
        "namespace": "opa",
        "name": "opa",
        "port": 8443,
        "path": "/",
    }
    assert "Exempt, so that anything gets in there: opa\n" in done.out.splitlines(keepends=True)[0]
    filed = rc("webhook", "--service", "opa:8443", "--output", "webhook.yaml", cwd=tmp_path)
    assert filed.out == "Exempt, so that anything gets in there: opa\n"
    assert (tmp_path / "webhook.yaml").read_text() == done.out


def test_a_webhook_that_is_asked_about_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policylib.yaml").write_text('version: 1\nenforcement: {dev: {digest: "off"}}\n')
    done = rc("webhook", "--settings", "policylib.yaml", "--env", "dev", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "no rule is asked" in done.err
