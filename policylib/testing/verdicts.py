"""What a policy says of documents, as far as a test is about it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from policylib.errors import PolicylibError
from policylib.generate.sample import Sample
from policylib.inputs.interface import Collection, Source
from policylib.matrix.judging import batches
from policylib.models import Enforcement, Problem, Report, Skipped, Violation
from policylib.testing.policies import Asked

_Filed = TypeVar("_Filed", Violation, Problem, Skipped)

WORDS = ("allow", "log", "warn", "deny")
"""What can be said of a document, the weaker before the stricter."""


@dataclass(frozen=True)
class Said:
    """The word on a document, and the violations behind it.

    `report` is the whole report on the document; `failure` says why there is no word.
    """

    word: str
    violations: tuple[Violation, ...] = ()
    report: Report | None = None
    failure: str = ""

    def lines(self) -> list[str]:
        """What was said, a line a violation; one line where nothing or no word was."""
        return [self.failure] if self.failure else lines(self.violations)


def lines(violations: Iterable[Violation]) -> list[str]:
    """Violations, a line each: what they do, the rule, the place and the message."""
    said = [f"{v.enforcement}[{v.rule}] {v.path or '/'}: {v.message}" for v in violations]
    return said or ["no violation"]


def ask(asked: Asked, about: str, samples: Sequence[Sample]) -> list[Said]:
    """Ask what the rules that `about` names say of each sample, with the facts that it brings.

    What is excepted counts as allowed, as in a check. Where the policy fails, so does the word.
    """
    said: list[Said] = [Said("error", failure="it was not asked")] * len(samples)
    for facts, indices in batches(samples):
        documents = [samples[index].document for index in indices]
        policy = asked.with_facts(facts)
        try:
            reports = list(_each(policy.check_collection(_collection(documents)), len(documents)))
        except (TypeError, ValueError, RecursionError, PolicylibError) as error:
            failed = Said("error", failure=f"{type(error).__name__}: {error}")
            for index in indices:
                said[index] = failed
            continue
        for index, report in zip(indices, reports, strict=True):
            said[index] = _said(report, about)
    return said


def _collection(documents: Sequence[Any]) -> Collection:
    texts = [json.dumps(document, allow_nan=False).encode() for document in documents]
    return Collection(
        ("inputs",), tuple(Source(_name(index), text) for index, text in enumerate(texts))
    )


def _name(index: int) -> str:
    return f"input-{index}.json"


def _each(whole: Report, count: int) -> Iterator[Report]:
    """The report on each document, out of the report on all; what fails all is in each."""
    violations, skipped = _by_file(whole.violations), _by_file(whole.skipped)
    errors = _by_file(whole.errors)
    names = [_name(index) for index in range(count)]
    common = [error for error in whole.errors if error.file not in names]
    for name in names:
        parts = {
            "violations": tuple(violations[name]),
            "errors": (*errors[name], *common),
            "skipped": tuple(skipped[name]),
            "documents": 1 - len(skipped[name]),
        }
        yield whole.model_copy(update={"files": 1, **parts})


def _by_file(entries: Iterable[_Filed]) -> defaultdict[str, list[_Filed]]:
    found: defaultdict[str, list[_Filed]] = defaultdict(list)
    for entry in entries:
        found[entry.file].append(entry)
    return found


def _said(report: Report, about: str) -> Said:
    if report.errors:
        reasons = "; ".join(problem.message for problem in report.errors)
        return Said("error", report=report, failure=reasons)
    heard = tuple(v for v in report.violations if v.rule == about or v.rule.startswith(f"{about}."))
    return Said(_word(heard), heard, report)


def _word(violations: Iterable[Violation]) -> str:
    excepted = Enforcement.EXCEPTED
    words = ("allow" if v.enforcement is excepted else v.enforcement.value for v in violations)
    return max(words, key=WORDS.index, default="allow")
