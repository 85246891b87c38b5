"""`rc check` beside `conftest test`: the same files, the same rules, taking turns in one run.

    make bench
    python -m bench.check_vs_conftest --documents 2000 --rounds 5 --json out.json

Read the ratio; times depend on the machine. Both have to find the same violations, or there is
nothing to compare. Then `rc check` alone on 20, 2,000 and 20,000 documents shows how it grows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import manifests
from policylib import bundle, rules
from tests import tools

RC = (sys.executable, "-c", "from policylib.cli import main; raise SystemExit(main())")
GROWTH = (20, 2_000, 20_000)


@dataclass(frozen=True)
class Run:
    """One run of one program: wall time in seconds, peak memory in MB, violations."""

    seconds: float
    megabytes: float
    violations: int


def measure(command: Sequence[str | Path], count: Callable[[Any], int]) -> Run:
    """Run a command that writes JSON; both programs may exit with 1."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in {0, 1}:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return Run(seconds, usage.ru_maxrss / 1024, count(json.load(output)))


def check(folder: Path) -> Run:
    """`rc check`."""
    return measure((*RC, "check", folder, "--format", "json"), lambda r: len(r["violations"]))


def conftest(folder: Path, policy: Path) -> Run:
    """`conftest test`."""
    command = (tools.path("conftest"), "test", "-p", policy, "-o", "json", folder)
    return measure(command, lambda found: sum(len(f.get("failures", [])) for f in found))


def side_by_side(folder: Path, documents: int, rounds: int) -> dict[str, Any]:
    """Medians of both programs, taking turns after one round that does not count."""
    size = manifests.write(folder / "manifests", documents)
    bundle.write(bundle.Target.CONFTEST, folder / "policy", rules.load(), {})
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in range(rounds + 1):
        ours.append(check(folder / "manifests"))
        theirs.append(conftest(folder / "manifests", folder / "policy"))
    if {run.violations for run in ours} != {run.violations for run in theirs}:
        raise SystemExit(f"the verdicts differ: {ours[0].violations}, {theirs[0].violations}")
    mine, other = _median(ours[1:]), _median(theirs[1:])
    return {
        "documents": documents,
        "bytes": size,
        "rounds": rounds,
        "rc": asdict(mine),
        "conftest": asdict(other),
        "ratio": mine.seconds / other.seconds,
    }


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.megabytes for run in runs),
        runs[0].violations,
    )


def growth(folder: Path, rounds: int) -> list[dict[str, Any]]:
    """The median time of `rc check` for each size."""
    found: list[dict[str, Any]] = []
    for documents in GROWTH:
        target = folder / f"growth-{documents}"
        manifests.write(target, documents)
        run = _median([check(target) for _ in range(rounds)])
        found.append({"documents": documents, **asdict(run)})
    return found


def report(result: dict[str, Any]) -> str:
    """The numbers for people."""
    pair = result["side_by_side"]
    lines = [
        f"{pair['documents']} documents, {pair['bytes'] / 1e6:.1f} MB, {pair['rounds']} rounds"
    ]
    for name in ("rc", "conftest"):
        run = pair[name]
        lines.append(
            f"  {name:<9}{run['seconds']:7.2f} s {run['megabytes']:6.0f} MB"
            f" {run['violations']:6} violations"
        )
    lines.append(f"  rc takes {pair['ratio']:.2f} of conftest's time")
    for step in result["growth"]:
        each = step["seconds"] / step["documents"] * 1e6
        lines.append(
            f"  {step['documents']:>6} documents: {step['seconds']:6.2f} s,"
            f" {step['megabytes']:5.0f} MB, {each:8.0f} µs each"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print; optionally write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the numbers here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policylib-bench-") as name:
        result = {
            "side_by_side": side_by_side(Path(name), arguments.documents, arguments.rounds),
            "growth": growth(Path(name), max(1, arguments.rounds // 2)),
        }
    print(report(result))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
