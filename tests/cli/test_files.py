"""Odd files, folders and streams: a clear error and exit code 2, never a crash or a wait."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from policylib import reading
from policylib.cli import common, main
from tests import tools
from tests.cli.program import PINNED, RC, pod, rc

CRASH = "policylib itself failed"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "."),
        ("check", "-"),
        ("check", "{m}/good.yaml"),
        ("check", "{m}/good.yaml", "-o", "report.txt"),
        ("normalise", "{m}/good.yaml", "-o", "report.json"),
        ("bundle", "build", "--target", "opa", "-o", "out"),
    ],
)
def test_a_current_folder_that_is_gone_is_an_error(
    manifests: Path, arguments: tuple[str, ...]
) -> None:
    gone = manifests / "gone"
    gone.mkdir()
    words = " ".join(word.format(m=manifests / "m") for word in arguments)
    script = f"rmdir {gone} && exec {RC} {words}"
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=gone,
        input=pod("nginx").encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert CRASH.encode() not in done.stderr


@pytest.mark.parametrize("length", [255, 256, 5000])
@pytest.mark.parametrize("command", [("check", "m/good.yaml"), ("normalise", "m/good.yaml")])
def test_an_output_may_have_any_name_that_a_file_can_have(
    manifests: Path, command: tuple[str, ...], length: int
) -> None:
    done = rc(*command, "--output", "n" * length, cwd=manifests)
    assert done.code == (0 if length <= 255 else 2)
    assert (done.code == 0) == (manifests / ("n" * 255)).is_file()
    assert CRASH not in done.err
    if done.code:
        assert "the output cannot be written: File name too long" in done.err


@pytest.mark.parametrize("target", ["n" * 256, "file/below", "m/good.yaml"])
def test_a_bundle_that_cannot_be_written_is_an_error(manifests: Path, target: str) -> None:
    (manifests / "file").write_text("")
    done = rc("bundle", "build", "--target", "opa", "-o", target, cwd=manifests)
    assert (done.code, done.out) == (2, "")
    assert CRASH not in done.err


@pytest.fixture
def inputs(manifests: Path) -> Path:
    """All that a check may read, besides the manifests in m/."""
    (manifests / "link.yaml").symlink_to("m/good.yaml")
    texts = {
        "m/mixed.yaml": f"{pod(PINNED)}---\nhello: world\n",
        "m/half.yaml": "hello: world\n---\na: [\n",
        os.fsdecode(b"m/\xff.yaml"): pod(PINNED),
        "policylib.yaml": "version: 1\n",
        "ci/settings.yaml": "version: 1\nexceptions: granted.yaml\ncatalog: services.yaml\n",
        "ci/granted.yaml": "exceptions: []\n",
        "ci/services.yaml": "services: {web: {tier: gold}}\n",
        "facts.yaml": "kind: List\nitems: []\n",
        "policy/main.rego": 'package main\n\nimport rego.v1\n\ndeny contains "no" if input.no\n',
        "policy/notes.txt": "",
        "data/words.yaml": "word: a\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\ntype: library\n",
        "chart/values.yaml": "a: b\n",
        "chart/templates/pod.yaml": pod(PINNED),
        "chart/charts/in/templates/pod.yaml": pod(PINNED),
        "chart/dashboards/board.json": "{}",
    }
    for name, text in texts.items():
        file = manifests / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return manifests


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (("m/bad.yaml",), "m/bad.yaml"),
        (("m/good.yaml",), "./m/../m/good.yaml"),
        (("m",), "m/bad.yaml"),
        (("m/*.yaml",), "m/good.yaml"),
        (("m/good.yaml",), "link.yaml"),
        (("m/note.yaml",), "m/note.yaml"),
        (("m",), "m/mixed.yaml"),
        (("m",), "m/half.yaml"),
        (("m",), os.fsdecode(b"m/\xff.yaml")),
        (("m/good.yaml",), "policylib.yaml"),
        (("m/good.yaml", "--settings", "ci/settings.yaml"), "ci/settings.yaml"),
        (("m/good.yaml", "--settings", "ci/settings.yaml"), "ci/granted.yaml"),
        (("m/good.yaml", "--settings", "ci/settings.yaml"), "ci/services.yaml"),
        (("m/good.yaml", "--facts", "facts.yaml"), "facts.yaml"),
        (("m/good.yaml", "--policy", "policy"), "policy/main.rego"),
        (("m/good.yaml", "--policy", "policy/main.rego"), "policy/main.rego"),
        (("m/good.yaml", "--policy", "policy"), "policy/notes.txt"),
        (("m/good.yaml", "--policy", "policy", "--policy-data", "data"), "data/words.yaml"),
        (("m", "--policy", "policy"), "m/note.yaml"),
        (("chart",), "chart/Chart.yaml"),
        (("chart",), "chart/values.yaml"),
        ((".",), "chart/templates/pod.yaml"),
        (("chart",), "chart/charts/in/templates/pod.yaml"),
        (("chart",), "chart/dashboards/board.json"),
    ],
)
def test_an_input_is_never_overwritten(
    inputs: Path, arguments: tuple[str, ...], output: str
) -> None:
    before = (inputs / output).read_bytes()
    done = rc("check", *arguments, "--output", output, cwd=inputs)
    assert (done.code, done.out) == (2, "")
    assert "the output is one of the inputs" in done.err
    assert (inputs / output).read_bytes() == before


def test_a_rule_is_never_overwritten(inputs: Path) -> None:
    shutil.copytree(tools.ROOT / "rego", inputs / "rules")
    rule = "rules/policylib/digest/image_pinned/image_pinned.rego"
    done = rc("check", "m", "--rules", "rules", "--output", rule, cwd=inputs)
    assert (done.code, done.out) == (2, "")
    assert (inputs / rule).read_text().startswith("# METADATA")


def test_a_chart_that_cannot_be_rendered_is_not_overwritten(inputs: Path) -> None:
    (inputs / "chart/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 0.1.0\n")
    template = inputs / "chart/templates/pod.yaml"
    done = rc("check", ".", "--output", template, cwd=inputs, PATH=str(inputs))
    assert (done.code, done.out) == (2, "")
    assert template.read_text() == pod(PINNED)


@pytest.mark.parametrize(
    ("path", "output"),
    [
        (".", "report.json"),
        (".", "m/report.json"),
        ("chart", "chart/report.json"),
        ("chart", "chart/report.sarif"),
        ("m/good.yaml", "policy/notes.txt"),
        ("m/good.yaml", "chart/values.yaml"),
    ],
)
def test_what_is_no_input_is_replaced_as_is_an_earlier_report(
    inputs: Path, path: str, output: str
) -> None:
    for _ in range(2):
        done = rc("check", path, "-f", "json", "-o", output, cwd=inputs)
        assert (done.out, done.err) == ("", "")
        assert json.loads((inputs / output).read_text())["version"]


def test_a_pipe_in_a_folder_is_not_waited_for(manifests: Path) -> None:
    os.mkfifo(manifests / "m/pipe.yaml")
    for command in ("check", "normalise"):
        assert rc(command, "m", cwd=manifests).code == 2


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    script = f"cat > {pipe} & exec {RC} normalise {pipe}"
    manifest = pod("nginx").encode()
    done = subprocess.run(["sh", "-c", script], input=b"", capture_output=True, check=False)
    assert done.returncode == 2
    script = f"printf '%s' '{manifest.decode()}' > {pipe} & exec {RC} normalise {pipe}"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout.count(b"nginx")) == (0, 1)


def test_an_endless_file_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    assert main(["normalise", "/dev/zero"]) == 2
    assert "more than 1000 bytes" in capsys.readouterr().err


def test_endless_standard_input_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [RC, "check", "-"], stdin=endless, capture_output=True, cwd=tmp_path, check=False
        )
    assert done.returncode == 2
    assert (
        done.stderr
        == f"error: {common.STDIN}: cannot be read: more than {reading.LARGEST} bytes\n".encode()
    )


def test_an_empty_environment_is_refused(manifests: Path) -> None:
    done = rc("check", "m/good.yaml", "--env", "", cwd=manifests)
    assert (done.code, done.out) == (2, "")
    assert "no environment is called ''" in done.err
