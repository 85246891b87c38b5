"""What the program says to those who ask it wrongly, and to those who ask for help."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from policylib.cli import main, parser
from policylib.cli.output import Outcome
from policylib.cli.parser import COMMANDS, command_of
from policylib.errors import EngineError
from policylib.version import __version__
from tests.cli.program import RC, rc


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no command is named"),
        (("chekc", "x"), "did you mean check?"),
        (("bundle",), "no command is named\n  help: see `rc bundle --help`"),
        (("bundle", "biuld"), "did you mean bundle build?"),
        (("--verison",), "did you mean --version?"),
        (("check",), "no path is named"),
        (("check", "--formt", "json", "."), "did you mean --format?"),
        (("check", "--form", "json", "."), "did you mean --format?"),
        (("check", ".", "--format", "jsn"), "did you mean json?"),
        (("check", ".", "--color", "sometimes"), "known: always, auto, never"),
        (("check", ".", "--settings"), "expected one argument"),
        (("explain",), "required: RULE"),
        (("explain", "digest.image_pind"), "did you mean digest.image_pinned?"),
        (("explain", "no.such"), "known: digest.env_image_pinned, digest.image_pinned"),
        (("rules", "x"), "unrecognized arguments: x"),
        (("completion", "bsh"), "did you mean bash?"),
        (("bundle", "build", "--target", "opa"), "required: -o/--output"),
        (("settings", "nothing"), "see `rc settings --help`"),
        (("settings", "--hlep"), "did you mean --help?"),
        (("settings", "valdate"), "did you mean settings validate?"),
        (("settings", "explain", "--formt"), "did you mean --format?"),
        (("exceptions", "baseline"), "no path is named"),
        (("exceptions", "list", "--format", "sarif"), "known: json, text"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_may_have_been_meant(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = rc(*arguments, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert said in done.err


def test_wrong_usage_is_repeated_without_control_characters(tmp_path: Path) -> None:
    done = rc("\x1b[31mcheck", cwd=tmp_path)
    assert done.code == 2
    assert "\x1b" not in done.err


def test_the_place_of_an_error_is_told_on_one_line(tmp_path: Path) -> None:
    done = rc("check", "--settings", "gone\nerror: \u202eelse", ".", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith("error: gone\\nerror: \\u202eelse: the settings cannot be read")


def test_an_error_that_nobody_can_be_told_keeps_its_exit_code(manifests: Path) -> None:
    for arguments in (("check", "--settings", "nope", "m/bad.yaml"), ("check",), ("chekc",)):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([RC, *arguments], cwd=manifests, stderr=full, check=False)
        assert done.returncode == 2


def test_the_program_loads_no_more_than_it_needs_before_it_can_answer_an_interrupt() -> None:
    code = "import sys, policylib.cli; sys.exit('pydantic' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_help_lists_every_command(tmp_path: Path) -> None:
    done = rc("--help", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    for name, summary in COMMANDS.items():
        assert name in done.out
        assert summary in done.out


@pytest.mark.parametrize("group", sorted({n.split()[0] for n in COMMANDS if " " in n}))
def test_help_for_a_group_lists_its_commands(tmp_path: Path, group: str) -> None:
    done = rc(group, "--help", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    _, _, commands = done.out.partition("commands:\n")
    listed = dict(re.findall(r"^  (\S+) {2,}(\S.*)$", commands, re.MULTILINE))
    assert listed == {
        name.split()[1]: summary for name, summary in COMMANDS.items() if name.split()[0] == group
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_parses(tmp_path: Path, name: str) -> None:
    done = rc(*name.split(), "--help", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    _, _, examples = done.out.partition("For example:\n")
    assert examples
    for line in examples.splitlines():
        if line.startswith("  $ "):
            words = line[4:].replace("'", "").split("   ")[0].split(">")[0].split("|")
            (own,) = [part.split() for part in words if part.split()[0] == "rc"]
            command, rest = command_of("rc", own[1:])
            command.parser.read(rest)
    assert f"$ rc {name}" in examples


def test_after_two_hyphens_there_are_no_options(tmp_path: Path) -> None:
    done = rc("matrix", "diff", "--", "-a", "-b", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith("error: -a: ")


def test_the_version_names_program_engine_and_rules(tmp_path: Path) -> None:
    done = rc("--version", cwd=tmp_path)
    assert done.code == 0
    program, engine, rules = done.out.splitlines()
    assert program == f"policylib {__version__}"
    assert engine.startswith("engine    regorus ")
    assert rules.startswith("rules     sha256:")


def test_both_names_are_one_program(tmp_path: Path) -> None:
    outputs = [
        subprocess.run([RC.with_name(name), "--version"], capture_output=True, check=True).stdout
        for name in ("rc", "policylib")
    ]
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ValueError("a\x1b"), 2, "policylib itself failed: ValueError: a\\x1b"),
        (RecursionError(), 2, "policylib itself failed: RecursionError"),
        (
            EngineError("too slow", where="x.yaml", remedy="split it"),
            2,
            "error: x.yaml: too slow\n",
        ),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_whatever_goes_wrong_is_never_a_pass(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(_names: argparse.Namespace) -> Outcome:
        raise error

    def broken(_name: str) -> object:
        return argparse.Namespace(__doc__="", arguments=lambda _parser: None, run=fail)

    monkeypatch.setattr(parser, "import_module", broken)
    assert main(["rules"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
