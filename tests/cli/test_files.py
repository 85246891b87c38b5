"""Odd files, folders and streams: a clear error and exit code 2, never a crash or a wait."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from policylib import reading
from policylib.cli import common, main
from tests.cli.program import RC, pod, rc

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


@pytest.mark.parametrize(
    ("paths", "output"),
    [
        (("m/bad.yaml",), "m/bad.yaml"),
        (("m/good.yaml",), "./m/../m/good.yaml"),
        (("m",), "m/bad.yaml"),
        (("m/*.yaml",), "m/good.yaml"),
        (("m/good.yaml",), "link.yaml"),
        (("m/note.yaml",), "m/note.yaml"),
        (("m/good.yaml", "--settings", "settings.yaml"), "settings.yaml"),
    ],
)
def test_an_input_is_never_overwritten(
    manifests: Path, paths: tuple[str, ...], output: str
) -> None:
    (manifests / "link.yaml").symlink_to("m/good.yaml")
    (manifests / "settings.yaml").write_text("version: 1\n")
    before = (manifests / output).read_bytes()
    done = rc("check", *paths, "--output", output, cwd=manifests)
    assert (done.code, done.out) == (2, "")
    assert "the output is one of the inputs" in done.err
    assert (manifests / output).read_bytes() == before


def test_an_earlier_report_is_replaced_wherever_it_stands(manifests: Path) -> None:
    for _ in range(2):
        done = rc("check", ".", "-f", "json", "-o", "report.json", cwd=manifests)
        assert (done.code, done.err) == (1, "")


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
