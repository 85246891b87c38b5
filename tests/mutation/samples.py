"""A small folder of conftest packages with its tests, and what can go wrong in it."""

from __future__ import annotations

from pathlib import Path

from policylib.mutation import project
from policylib.mutation.equivalents import NONE, Equivalents
from policylib.mutation.fixtures import Examples
from policylib.mutation.judge import Judge
from policylib.mutation.mutants import OPERATORS
from policylib.mutation.opa import Opa
from policylib.mutation.run import Mutation, Outcome
from policylib.mutation.syntax import Module, parse
from tests import tools

DENY = """\
package main

import rego.v1

import data.labels

deny contains msg if {
	input.kind == "Deployment"
	input.spec.replicas < 2
	msg := "two replicas at least"
}

deny contains "no owner" if not labels.owned(input)
"""
LABELS = """\
package labels

import rego.v1

owned(object) if object.metadata.labels.owner in {"shop", "payments"}
"""
TEST = """\
package main_test

import rego.v1

import data.main

sound := {
	"kind": "Deployment",
	"spec": {"replicas": 2},
	"metadata": {"labels": {"owner": "shop"}},
}

with_replicas(n) := object.union(sound, {"spec": {"replicas": n}})

of(owner) := object.union(sound, {"metadata": {"labels": {"owner": owner}}})

test_sound if count(main.deny) == 0 with input as sound

test_replicas if {
	main.deny == {"two replicas at least"} with input as with_replicas(1)
	count(main.deny) == 0 with input as object.union(with_replicas(1), {"kind": "Job"})
}

test_owner if main.deny == {"no owner"} with input as of("nobody")
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def policy(folder: Path, **changed: str) -> Path:
    """The sample in a folder, with some files changed, by the names deny, labels, deny_test."""
    texts = {"deny": DENY, "labels": LABELS, "deny_test": TEST} | changed
    return write(folder, {f"{name}.rego": text for name, text in texts.items()})


def module(text: str) -> Module:
    """One module, parsed."""
    return parse(str(tools.path("opa")), "m.rego", text)


def run(
    folder: Path,
    *,
    base: dict[str, str] | None = None,
    examples: list[Examples] | None = None,
    equivalents: Equivalents = NONE,
    only: str | None = None,
    time_limit: float = 10,
    operators: tuple[str, ...] = tuple(OPERATORS),
) -> Outcome:
    """What becomes of the mutants of a folder, or of one module in it."""
    opa = str(tools.path("opa"))
    loaded = project.load(folder, base or {}, [], opa)
    judge = Judge(loaded, examples or [], time_limit)
    modules = [one for one in loaded.modules if only in (None, one.path)]
    return Mutation(judge, Opa(opa, {}), equivalents, operators).run(modules)


def survivors(outcome: Outcome) -> set[tuple[str, str, str]]:
    """Operator, before and after of each survivor."""
    ones = (result.mutant for result in outcome.survivors)
    return {(one.operator, one.before, one.after) for one in ones}
