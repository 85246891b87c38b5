"""Every format on reports of a thousand to forty thousand violations.

    python -m bench.reports
    python -m bench.reports --violations 1000 10000 --json out.json

The microseconds for each violation should not grow with their number. They are of the processor,
since a report waits for nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from policylib import rules
from policylib.models import Enforcement, Report, Resource, Violation
from policylib.report import FORMATS, Options, reporter

ROUNDS = 3
_ENFORCEMENTS = (Enforcement.DENY, Enforcement.DENY, Enforcement.WARN, Enforcement.LOG)


def report(number: int) -> Report:
    """A report of the shipped rules, over 50 namespaces; one message in ten has to be escaped."""
    known = sorted(rules.load().rules.values(), key=lambda rule: rule.id)
    return Report(
        version="0",
        engine="none",
        revision="sha256:0",
        files=number,
        documents=number,
        violations=tuple(
            Violation(
                rule=(rule := known[n % len(known)]).id,
                severity=rule.severity,
                enforcement=_ENFORCEMENTS[n % len(_ENFORCEMENTS)],
                message=f"image app-{n}:1.0 has no digest{'`|' if n % 10 == 0 else ''}",
                remediation=rule.remediation,
                file=f"deploy/team-{n % 50}/app-{n}.yaml",
                document=0,
                line=9,
                column=18,
                path="/spec/template/spec/containers/0/image",
                resource=Resource(
                    api_version="apps/v1",
                    kind="Deployment",
                    namespace=f"team-{n % 50}",
                    name=f"app-{n}",
                ),
                details={"image": f"registry.example.com/app-{n}:1.0"},
            )
            for n in range(number)
        ),
    )


def measure(name: str, found: Report) -> tuple[float, int]:
    """The median of a few runs in seconds, and the bytes written."""
    write, known = reporter(name), rules.load().rules
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        text = write(found, known, Options())
        taken.append(time.process_time() - start)
    return statistics.median(taken), len(text.encode())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--violations", type=int, nargs="+", default=[1_000, 10_000, 40_000])
    parser.add_argument("--json", type=Path)
    names = parser.parse_args(arguments)
    results = []
    print(f"{'format':13}{'violations':>11}{'ms':>9}{'us each':>9}{'KB':>9}")
    for number in names.violations:
        found = report(number)
        for name in FORMATS:
            seconds, size = measure(name, found)
            each = seconds / number * 1e6
            print(f"{name:13}{number:11}{seconds * 1e3:9.0f}{each:9.1f}{size / 1024:9.0f}")
            results.append(
                {"format": name, "violations": number, "seconds": seconds, "bytes": size}
            )
    if names.json:
        names.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
