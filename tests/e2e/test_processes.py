"""What the tests start ends with them, and gets a port that nobody else is given."""

from __future__ import annotations

import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tools
from tests.e2e.processes import PATIENCE, answers, free_ports, running, wait_until

# A shell has what it starts in the background ignore SIGINT, and so does whatever that starts.
IGNORING = ("env", "--ignore-signal=INT")
PARENT = """
from pathlib import Path
from tests.e2e.processes import running
import signal
import time
signal.signal(signal.SIGINT, signal.default_int_handler)
with running(["sleep", "1000"], Path({log!r})) as server:
    print(server.process_id, flush=True)
    time.sleep(1000)
"""


def is_gone(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def first_line(process: subprocess.Popen[str]) -> str:
    """What a process says first."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "it says nothing"
    return process.stdout.readline()


def ended_by(number: signal.Signals, log: Path) -> None:
    parent = subprocess.Popen(
        [*IGNORING, sys.executable, "-c", PARENT.format(log=str(log))],
        cwd=tools.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        try:
            process_id = int(first_line(parent))
            assert not is_gone(process_id)
            parent.send_signal(number)
            parent.wait(PATIENCE)
        finally:
            parent.kill()
    wait_until(lambda: is_gone(process_id), f"process {process_id} ends")


def test_a_server_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    ended_by(signal.SIGKILL, tmp_path / "log")


def test_a_server_ends_when_the_tests_are_interrupted(tmp_path: Path) -> None:
    ended_by(signal.SIGINT, tmp_path / "log")


def test_what_a_server_said_is_in_the_failure(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo it is broken; exit 1"]
    with (
        running(command, tmp_path / "log") as server,
        pytest.raises(AssertionError, match=r"(?s)it is ready.*it is broken"),
    ):
        server.wait_until(lambda: False, "it is ready")


def test_a_port_is_kept_for_the_server_that_is_told_it() -> None:
    (port,) = free_ports(1)
    assert not answers(port)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    with socket.create_server(("127.0.0.1", port)):  # sets SO_REUSEADDR, as every server does
        assert answers(port)
