"""What the tests start ends with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tools
from tests.e2e.processes import running, wait_until

PARENT = """
from pathlib import Path
from tests.e2e.processes import running
import time
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


def ended_by(number: signal.Signals, log: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(log=str(log))],
        cwd=tools.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout is not None
    process_id = int(parent.stdout.readline())
    assert not is_gone(process_id)
    os.kill(parent.pid, number)
    parent.communicate()
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
