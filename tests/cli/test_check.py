"""`rc check`: verdicts, exit codes and outputs."""

from __future__ import annotations

import json
import os
import pty
import signal
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from policylib.report import FORMATS
from policylib.report.schema import schema
from tests import tools
from tests.cli.program import PINNED, RC, pod, rc

UNASKED = "Not configured: provenance, residency, tier (`rc settings init` shows how)."


def test_a_violation_is_exit_1_with_its_place(manifests: Path) -> None:
    done = rc("check", "m", cwd=manifests)
    assert done.code == 1
    first, line, caret, *_ = done.out.splitlines()
    assert first.startswith("m/bad.yaml:7:14: deny[digest.image_pinned]: ")
    assert line == "  7 |       image: nginx:1.27"
    assert caret == "    |              ^^^^^^^^^^"
    summary = (
        "Checked 2 documents in 3 files: 1 violation (1 denied), 0 errors (1 passed, 1 skipped)."
    )
    assert done.out.splitlines()[-2:] == [summary, UNASKED]
    assert done.err == ""


def test_nothing_denied_is_exit_0(manifests: Path) -> None:
    done = rc("check", "m/good.yaml", cwd=manifests)
    assert (done.code, done.err) == (0, "")
    checked = "Checked 1 document in 1 file: 0 violations, 0 errors (1 passed)."
    assert done.out == f"{checked}\n{UNASKED}\n"


def test_one_bad_file_is_exit_2_and_hides_no_violation(manifests: Path) -> None:
    (manifests / "m/broken.yaml").write_text("a: 1\na: 2\n")
    done = rc("check", "m", cwd=manifests)
    assert done.code == 2
    assert "m/broken.yaml:2:1: error: " in done.out
    assert "m/bad.yaml:7:14: deny[" in done.out


@pytest.mark.parametrize("path", ["gone.yaml", "gone/", "gone/*.yaml", "*.nothing"])
def test_a_path_that_names_nothing_is_exit_2(manifests: Path, path: str) -> None:
    done = rc("check", path, "m/good.yaml", cwd=manifests)
    assert done.code == 2
    assert path.rstrip("/") in done.out


def test_nothing_to_check_is_exit_2_unless_allowed(tmp_path: Path) -> None:
    assert rc("check", ".", cwd=tmp_path).code == 2
    assert rc("check", ".", "--allow-empty", cwd=tmp_path).code == 0
    assert rc("check", "-", cwd=tmp_path).code == 2


def test_standard_input_has_the_name_it_is_given(tmp_path: Path) -> None:
    manifest = pod("nginx").encode()
    done = rc("check", "-", "--stdin-filename", "pod.yaml", cwd=tmp_path, stdin=manifest)
    assert done.code == 1
    assert done.out.startswith("pod.yaml:7:14: ")
    assert "  7 |       image: nginx\n" in done.out
    assert rc("check", "-", cwd=tmp_path, stdin=manifest).out.startswith("-:7:14: ")


def test_standard_input_and_paths_go_together(manifests: Path) -> None:
    done = rc("check", "m/good.yaml", "-", cwd=manifests, stdin=pod("nginx").encode())
    assert (done.code, done.out.splitlines()[-2][:31]) == (1, "Checked 2 documents in 2 files:")


def test_options_may_stand_between_paths_and_paths_after_a_double_dash(manifests: Path) -> None:
    (manifests / "-v").write_text(pod("nginx"))
    done = rc("check", "m/good.yaml", "--quiet", "m/bad.yaml", "--", "-v", cwd=manifests)
    assert done.code == 1
    assert [line[:7] for line in done.out.splitlines() if ": deny[" in line] == [
        "-v:7:14",
        "m/bad.y",
    ]


def test_excluded_files_are_not_read(manifests: Path) -> None:
    assert rc("check", "m", "--exclude", "**/bad.yaml", cwd=manifests).code == 0


def test_quiet_says_nothing_of_what_passes_and_verbose_lists_what_was_skipped(
    manifests: Path,
) -> None:
    assert rc("check", "m/good.yaml", "-q", cwd=manifests).out == ""
    assert "m/note.yaml (document 0): skipped: " in rc("check", "m", "-v", cwd=manifests).out


def test_every_format_is_well_formed_and_agrees_on_the_exit_code(manifests: Path) -> None:
    outputs = {}
    for name in FORMATS:
        done = rc("check", "m", "--format", name, cwd=manifests)
        assert (done.code, done.err) == (1, "")
        outputs[name] = done.out
    report = json.loads(outputs["json"])
    Draft202012Validator(json.loads(schema())).validate(report)
    (violation,) = report["violations"]
    assert (violation["file"], violation["line"], violation["column"]) == ("m/bad.yaml", 7, 14)
    assert violation["path"] == "/spec/containers/0/image"
    assert violation["resource"]["kind"] == "Pod"
    (run,) = json.loads(outputs["sarif"])["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["digest.image_pinned"]
    assert ET.fromstring(outputs["junit"]).get("failures") == "1"
    assert outputs["github"].startswith("::error file=m/bad.yaml,line=7,col=14,")
    assert outputs["markdown"].startswith("### policylib: failed, 1 violation denied\n")
    *_, last = outputs["json-lines"].splitlines()
    assert json.loads(last)["exit_code"] == 1
    (issue,) = json.loads(outputs["gitlab"])
    assert issue["location"] == {"path": "m/bad.yaml", "lines": {"begin": 7}}
    for name in ("policyreport", "openreports"):
        items = json.loads(outputs[name])["items"]
        assert sum(item["summary"]["fail"] for item in items) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_keeps_the_exit_codes(manifests: Path, name: str) -> None:
    (manifests / "broken.yaml").write_text("a: [")
    files = {"m/good.yaml": 0, "m/bad.yaml": 1, "broken.yaml": 2}
    for file, code in files.items():
        done = rc("check", file, "--format", name, cwd=manifests)
        assert (done.code, done.err) == (code, "")


@pytest.mark.parametrize(
    ("given", "start"),
    [
        ({}, ""),
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SERVER_URL": "https://git.example",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_SHA": "abc",
            },
            "https://git.example/o/r/blob/abc/",
        ),
        (
            {"GITLAB_CI": "1", "CI_PROJECT_URL": "https://lab.example/g/p", "CI_COMMIT_SHA": "abc"},
            "https://lab.example/g/p/-/blob/abc/",
        ),
        ({"GITHUB_ACTIONS": "true"}, ""),
        ({"GITLAB_CI": "1", "CI_PROJECT_URL": "x](y", "CI_COMMIT_SHA": "abc"}, ""),
    ],
)
def test_markdown_links_lead_to_the_commit_that_a_job_checks(
    manifests: Path, given: dict[str, str], start: str
) -> None:
    environment = {"GITHUB_ACTIONS": "", "GITLAB_CI": "", **given}
    done = rc("check", "m", "--format", "markdown", cwd=manifests, stdin=b"", **environment)
    assert f"[`m/bad.yaml:7`]({start}m/bad.yaml#L7)" in done.out


@pytest.mark.parametrize("name", ["policyreport", "openreports"])
def test_an_earlier_report_for_a_cluster_may_be_replaced(manifests: Path, name: str) -> None:
    arguments = ("check", ".", "--format", name, "--output", "report.json")
    for _ in range(2):
        assert rc(*arguments, cwd=manifests).code == 1
    items = json.loads((manifests / "report.json").read_text())["items"]
    assert sum(item["summary"]["fail"] for item in items) == 1


def test_junit_has_no_green_case_for_what_was_not_asked(manifests: Path) -> None:
    done = rc("check", "m/good.yaml", "--format", "junit", cwd=manifests)
    suites = ET.fromstring(done.out)
    passed = {one.get("name", "") for one in suites if one.get("skipped") == "0"}
    assert {rule.partition(".")[0] for rule in passed} == {"digest"}
    assert len(suites) > len(passed)
    done = rc("check", "m/note.yaml", "--format", "junit", cwd=manifests)
    assert all(one.get("skipped") == one.get("tests") for one in ET.fromstring(done.out))


def test_links_start_at_the_repository_even_from_a_folder_within(manifests: Path) -> None:
    (manifests / ".git").mkdir()
    done = rc("check", "bad.yaml", "--format", "github", cwd=manifests / "m")
    assert done.out.startswith("::error file=m/bad.yaml,")


def test_settings_and_environment_decide_what_a_violation_does(manifests: Path) -> None:
    settings = manifests / "settings.yaml"
    settings.write_text("version: 1\nenforcement: {dev: {digest: warn}, prod: {}}\n")
    arguments = ("check", "m/bad.yaml", "--settings", "settings.yaml")
    dev = rc(*arguments, "--env", "dev", cwd=manifests)
    assert (dev.code, "warn[digest.image_pinned]" in dev.out) == (0, True)
    assert rc(*arguments, "--env", "prod", cwd=manifests).code == 1
    assert rc(*arguments, cwd=manifests).code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("digests: {}\n", "did you mean digest?"),
        ("digest: {algorithms: md5}\n", "settings.yaml:1:"),
        ("a: [\n", "settings.yaml:"),
    ],
)
def test_settings_that_cannot_be_used_are_exit_2(manifests: Path, text: str, said: str) -> None:
    (manifests / "settings.yaml").write_text(text)
    done = rc("check", "m", "--settings", "settings.yaml", cwd=manifests)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_other_rules_can_be_used_and_a_folder_without_any_is_exit_2(manifests: Path) -> None:
    rules = Path(__file__).parents[2] / "rego"
    assert rc("check", "m", "--rules", rules, cwd=manifests).code == 1
    done = rc("check", "m", "--rules", "m", cwd=manifests)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: m: there are no rules here")


def test_a_chart_is_rendered_and_places_point_into_its_template(tmp_path: Path) -> None:
    templates = tmp_path / "chart/templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 0.1.0\n")
    (templates / "pod.yaml").write_text(pod('"{{ .Values.image }}:{{ .Chart.Version }}"'))
    (tmp_path / "chart/values.yaml").write_text("image: nginx\n")
    helm = f"{tools.path('helm').parent}{os.pathsep}{os.environ['PATH']}"
    done = rc("check", "chart", cwd=tmp_path, PATH=helm)
    assert done.code == 1
    assert done.out.startswith("chart/templates/pod.yaml:7:14: deny[digest.image_pinned]")
    assert '  7 |       image: "{{ .Values.image }}:{{ .Chart.Version }}"\n' in done.out
    nothing = rc("check", "chart", cwd=tmp_path, PATH=str(tmp_path))
    assert nothing.code == 2
    assert nothing.out.count("helm is not on PATH") == 1


class TestOutput:
    def test_a_file_is_written_in_one_step(self, manifests: Path) -> None:
        target = manifests / "report.json"
        target.write_text("before")
        target.chmod(0o640)
        arguments = ("check", "m", "--format", "json")
        done = rc(*arguments, "--output", "report.json", cwd=manifests)
        assert (done.code, done.out) == (1, "")
        assert target.read_text() == rc(*arguments, cwd=manifests).out
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        assert sorted(path.name for path in manifests.iterdir()) == ["m", "report.json"]

    @pytest.mark.parametrize("target", ["m", "gone/report.json"])
    def test_a_file_that_cannot_be_written_is_exit_2(self, manifests: Path, target: str) -> None:
        done = rc("check", "m", "--output", target, cwd=manifests)
        assert done.code == 2
        assert done.err.startswith(f"error: {target}: the output cannot be written: ")

    def test_a_device_is_written_to_not_replaced(self, manifests: Path) -> None:
        assert rc("check", "m/good.yaml", "--output", "/dev/null", cwd=manifests).code == 0
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)

    @pytest.mark.parametrize(
        ("target", "redirection"),
        [
            ("/dev/stdout", ">>log"),
            ("/dev/stderr", "2>>log"),
            ("/dev/fd/3", "3>>log"),
            ("/proc/self/fd/4", "4>>log"),
        ],
    )
    def test_a_stream_is_written_to_and_replaces_no_log(
        self, manifests: Path, target: str, redirection: str
    ) -> None:
        (manifests / "log").write_text("before\n")
        script = f"'{RC}' check m/good.yaml --output {target} {redirection}"
        subprocess.run(["sh", "-c", script], cwd=manifests, check=True)
        first, second, *_ = (manifests / "log").read_text().splitlines()
        assert (first, second[:18]) == ("before", "Checked 1 document")

    def test_a_stream_that_is_closed_is_exit_2(self, manifests: Path) -> None:
        for target in ("/dev/fd/9", "/dev/fd/999999999", "/dev/fd/9999999999"):
            done = rc("check", "m/good.yaml", "--output", target, cwd=manifests)
            assert done.code == 2
            assert done.err.startswith(f"error: {target}: the output cannot be written: ")

    def test_full_and_closed_outputs_are_exit_2(self, manifests: Path) -> None:
        for redirection in (">/dev/full", ">&-"):
            done = subprocess.run(
                ["sh", "-c", f"'{RC}' check m/good.yaml {redirection}"],
                cwd=manifests,
                capture_output=True,
                check=False,
            )
            assert done.returncode == 2
            assert b"standard output" in done.stderr
            assert b"Exception ignored" not in done.stderr

    def test_a_reader_that_leaves_does_not_change_the_verdict(self, manifests: Path) -> None:
        for path, code in (("m/bad.yaml", 1), ("m/good.yaml", 141)):
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run(
                [RC, "check", path],
                cwd=manifests,
                stdout=writing,
                stderr=subprocess.PIPE,
                check=False,
            )
            os.close(writing)
            assert (done.returncode, done.stderr) == (code, b"")

    def test_standard_error_may_be_closed(self, manifests: Path) -> None:
        command = f"'{RC}' check gone.yaml --nonsense 2>&-"
        done = subprocess.run(
            ["sh", "-c", command], cwd=manifests, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout) == (2, b"")


class TestTerminal:
    @pytest.mark.parametrize(
        ("arguments", "environment", "colored"),
        [
            ((), {}, False),
            ((), {"FORCE_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "0"}, False),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            (("--color", "always"), {"NO_COLOR": "1"}, True),
            (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ],
    )
    def test_colours_are_chosen_by_argument_then_environment(
        self,
        manifests: Path,
        arguments: tuple[str, ...],
        environment: dict[str, str],
        colored: bool,
    ) -> None:
        done = rc("check", "m", *arguments, cwd=manifests, stdin=b"", **environment)
        assert ("\x1b[" in done.out) is colored

    @pytest.mark.parametrize(("term", "colored"), [("xterm", True), ("dumb", False)])
    def test_a_terminal_gets_colours_unless_it_is_dumb(
        self, manifests: Path, term: str, colored: bool
    ) -> None:
        primary, secondary = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
        subprocess.run(
            [RC, "check", "m/good.yaml"],
            cwd=manifests,
            stdout=secondary,
            env=environment | {"TERM": term},
            check=True,
        )
        os.close(secondary)
        assert (b"\x1b[" in os.read(primary, 10_000)) is colored
        os.close(primary)

    @pytest.mark.parametrize(
        "name", ["a\x1b[31mb.yaml", "a\x9b31mb.yaml", "a\nb.yaml", b"\xff.yaml", "ü.yaml"]
    )
    @pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
    def test_any_file_name_is_shown_and_none_is_obeyed(
        self, manifests: Path, name: str | bytes, locale: str
    ) -> None:
        file = manifests / (name if isinstance(name, str) else os.fsdecode(name))
        file.write_text(pod("nginx"))
        for text_format in ("text", "json", "sarif", "junit", "github", "markdown"):
            done = rc("check", file.name, "--format", text_format, cwd=manifests, LC_ALL=locale)
            assert (done.code, done.err) == (1, "")
            assert done.out.replace("\n", "").isprintable()
            assert "a\nb.yaml" not in done.out

    def test_an_encoding_that_lacks_characters_does_not_matter(self, manifests: Path) -> None:
        (manifests / "ü.yaml").write_text(pod("nginx"))
        done = rc("check", "ü.yaml", cwd=manifests, PYTHONIOENCODING="ascii")
        assert done.code == 1
        assert done.out.startswith("ü.yaml:7:14: ")


# Tests that were started in the background inherit a signal that is ignored.
INTERRUPTIBLE = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_an_interrupt_is_exit_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, RC, "check", "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"#\n" * 100_000)  # more than a pipe holds, so by now it reads
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"error: interrupted\n")


def test_a_well_pinned_pod_in_json_passes(tmp_path: Path) -> None:
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "x"},
        "spec": {"containers": [{"name": "x", "image": PINNED}]},
    }
    (tmp_path / "pod.json").write_text(json.dumps(manifest))
    assert rc("check", "pod.json", cwd=tmp_path).code == 0
