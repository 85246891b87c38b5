"""What became of the mutants, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from policylib.mutation.equivalents import one_line
from policylib.mutation.run import Fate, Outcome, Result

_FATES: tuple[Fate, ...] = ("killed", "survived", "equivalent", "invalid")
_LONGEST = 60


@dataclass(frozen=True)
class Summary:
    """How many mutants of a module met each fate."""

    module: str
    killed: int
    survived: int
    equivalent: int
    invalid: int

    @property
    def mutants(self) -> int:
        """All mutants."""
        return self.killed + self.survived + self.equivalent + self.invalid

    @property
    def score(self) -> int:
        """The percentage that was killed of what makes a difference; 100 only when all were."""
        counted = self.killed + self.survived
        return 100 * self.killed // counted if counted else 100


def summaries(outcome: Outcome) -> list[Summary]:
    """One for each module that has mutants, by path."""
    results = sorted(outcome.results, key=lambda one: one.mutant.module)
    grouped = groupby(results, key=lambda one: one.mutant.module)
    return [_summary(module, list(ones)) for module, ones in grouped]


def text(outcome: Outcome, prefix: str = "") -> str:
    """Every survivor with its line, then a table of the modules and what is stale.

    `prefix` stands before each path, so that an editor finds the file.
    """
    lines = [line for result in outcome.survivors for line in _survivor(result, prefix)]
    if lines:
        lines.append("")
    lines += _table([*summaries(outcome), _summary("all", outcome.results)])
    lines += [f"stale: {one}" for one in outcome.stale]
    return "".join(f"{line}\n" for line in lines)


def as_json(outcome: Outcome) -> str:
    """Every mutant with its fate, the counts of each module, and what is stale."""
    return (
        json.dumps(
            {
                "mutants": [_described(result) for result in outcome.results],
                "modules": [_counted(one) for one in summaries(outcome)],
                "all": _counted(_summary("all", outcome.results)),
                "stale": list(outcome.stale),
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _summary(module: str, results: Sequence[Result]) -> Summary:
    counts = Counter(result.fate for result in results)
    return Summary(module, *(counts[fate] for fate in _FATES))


def _survivor(result: Result, prefix: str) -> Iterator[str]:
    one = result.mutant
    before, after = _short(one.before), _short(one.after)
    change = f"{before} → {after}" if after else f"without {before}"
    yield f"{prefix}{one.module}:{one.line}:{one.column}: {one.operator} in {one.rule}: {change}"
    yield f"    {result.source.strip()}"


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _table(rows: Sequence[Summary]) -> Iterator[str]:
    width = max(len(row.module) for row in rows)
    names = ("mutants", *_FATES, "score")
    yield f"{'module':{width}}" + "".join(f"{name:>12}" for name in names)
    for row in rows:
        counts = (row.mutants, row.killed, row.survived, row.equivalent, row.invalid)
        yield f"{row.module:{width}}" + "".join(f"{n:>12}" for n in counts) + f"{row.score:>11}%"


def _described(result: Result) -> dict[str, object]:
    one = result.mutant
    return {
        "file": one.module,
        "line": one.line,
        "column": one.column,
        "operator": one.operator,
        "rule": one.rule,
        "before": one.before,
        "after": one.after,
        "source": result.source,
        "fate": result.fate,
        "by": result.by,
    }


def _counted(summary: Summary) -> dict[str, object]:
    return {
        "module": summary.module,
        "mutants": summary.mutants,
        **{fate: getattr(summary, fate) for fate in _FATES},
        "score": summary.score,
    }
