"""What a run found, in numbers: as a dictionary for machines, and as text for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policylib.parity.agreement import Tally
from policylib.parity.work import Answer, Difference, Part, Task


@dataclass
class Share:
    """What was judged of one family, or of the examples."""

    tally: Tally = field(default_factory=Tally)
    groups: int = 0
    with_exceptions: int = 0

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        tally = self.tally
        unreadable: dict[str, dict[str, int]] = {}
        for (name, reason), count in sorted(tally.unreadable.items()):
            unreadable.setdefault(name, {})[reason] = count
        return {
            "inputs": tally.documents,
            "settings": self.groups,
            "settings_with_exceptions": self.with_exceptions,
            "denied": tally.denied,
            "allowed": tally.allowed,
            "warned": tally.warned,
            "compared": dict(tally.compared),
            "unreadable": unreadable,
            "failures": tally.failures,
            "different": len(tally.different),
        }


@dataclass
class Summary:
    """All of a run. `cpu` and `seconds` in seconds, memory in bytes."""

    seed: str
    engines: Sequence[str]
    families: dict[str, Share] = field(default_factory=dict)
    examples: Share = field(default_factory=Share)
    differences: list[Difference] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    memory: dict[str, int] = field(default_factory=dict)

    def add(self, task: Task, answer: Answer) -> None:
        """Count what came of a task."""
        share = self.examples
        if isinstance(task, Part):
            share = self.families.setdefault(task.family, Share())
        share.tally.add(answer.tally)
        if task.first == 0:
            share.groups += 1
            share.with_exceptions += answer.excepting
        self.refused += answer.tally.refused[: 20 - len(self.refused)]
        self.cpu += answer.cpu
        for name, size in answer.memory.items():
            self.memory[name] = max(self.memory.get(name, 0), size)

    @property
    def agreed(self) -> bool:
        """Whether the engines agree on all of it."""
        return not self.differences

    @property
    def documents(self) -> int:
        """The documents that were judged."""
        return sum(share.tally.documents for share in (*self.families.values(), self.examples))

    def data(self, versions: Mapping[str, str], again: Sequence[str]) -> dict[str, Any]:
        """As JSON has it; `again` has the command that repeats each difference."""
        return {
            "agreed": self.agreed,
            "versions": dict(versions),
            "seed": self.seed,
            "inputs": self.documents,
            "families": {name: share.data() for name, share in sorted(self.families.items())},
            "examples": self.examples.data(),
            "refused": self.refused,
            "differences": [
                _difference(one, command)
                for one, command in zip(self.differences, again, strict=True)
            ],
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu, 1),
            "documents_per_second": round(self.documents / max(self.seconds, 1e-9), 1),
            "peak_memory_bytes": dict(self.memory),
        }


def _difference(one: Difference, command: str) -> dict[str, Any]:
    return {
        "command": command,
        "documents": one.count,
        "document": one.document,
        "settings": one.settings,
        "facts": one.facts,
        "said": {name: list(lines) for name, lines in one.said.items()},
    }
