"""What no rule knows of: lists, exceptions and enforcement, each held to what it has to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

import policylib
from policylib.evaluate import Policy
from policylib.generate.sample import Sample
from policylib.matrix.circumstances import CIRCUMSTANCES, Subject
from policylib.matrix.model import Matrix, Planted, Treatment
from policylib.matrix.run import run
from tests.matrix.small import Pinning

RULE = "digest.image_pinned"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policylib.load()


def drawn(policy: Policy) -> Matrix:
    return run(Pinning(), policy, inputs=2, planted=(RULE,))


def around(planted: Sequence[Planted]) -> dict[str, Planted]:
    return {one.circumstance: one for one in planted if one.circumstance}


def test_every_rule_is_asked_about_in_every_circumstance(policy: Policy) -> None:
    found = around(drawn(policy).planted)
    assert set(found) == {one.name for one in CIRCUMSTANCES}
    assert all(one.inputs == 2 for one in found.values())
    assert all(one.enforced == one.promised for one in found.values())
    assert {one.promised for one in found.values()} == set(get_args(Treatment))


def test_no_two_circumstances_have_one_name() -> None:
    assert len({one.name for one in CIRCUMSTANCES}) == len(CIRCUMSTANCES)


def test_only_what_is_asked_without_cells_is_asked_in_circumstances(policy: Policy) -> None:
    assert run(Pinning(), policy, inputs=1).planted == ()


SEEDED = (
    ("reviews", "some i, item in node.document.items", "some i, item in [node.document.items[0]]",
     {"defects in a list", "defects in a list of lists"}),
    ("reviews", "second := children(first)", "second := []", {"defects in a list of lists"}),
    ("exceptions", 'clock.is_ahead(read.at(entry, "expires", null))', "true",
     {"an exception that has ended"}),
    ("exceptions", '"ticket", "approver"]', '"ticket"]', {"an exception that nobody approved"}),
    ("exceptions", "entry.rule == violation.rule", "true", {"an exception to another rule"}),
    ("exceptions", 'object.remove(violation.resource, ["apiVersion"])',
     'object.remove(violation.resource, ["apiVersion", "name"])',
     {"an exception", "an exception at the place", "an exception to the message"}),
    ("exceptions", 'object.remove(entry.target, ["image"])',
     'object.remove(entry.target, ["image", "name"])', {"an exception for another object"}),
    ("exceptions", 'object.remove(entry.target, ["image"])',
     'object.remove(entry.target, ["image", "kind"])', {"an exception for another kind"}),
    ("exceptions", 'object.remove(entry.target, ["image"])',
     'object.remove(entry.target, ["image", "path"])', {"an exception at another place"}),
    ("exceptions", 'object.remove(entry.target, ["image"])',
     'object.remove(entry.target, ["image", "message"])', {"an exception to another message"}),
    ("exceptions", '"message": violation.msg}', "}", {"an exception to the message"}),
    ("exceptions", 'object.get(target, "image", image) == image', "true",
     {"an exception for another image"}),
    ("exceptions", 'stands(target, namespace) if target.namespace == namespace',
     "stands(_, _) := true", {"an exception without the namespace"}),
    ("enforcement", '{"off", "log", "warn"}', '{"off", "log"}',
     {"rule warn", "family warn", "rule that has just entered"}),
    ("enforcement", 'read.at(levels, id, read.at(levels, family, usual(id)))',
     'read.at(levels, family, read.at(levels, id, usual(id)))', {"family off, rule deny"}),
    ("enforcement", "read.at(levels, family, usual(id))", "usual(id)",
     {"family warn", "family log"}),
    ("enforcement", "id in entering", "id == entering", {"rule that has just entered"}),
)  # fmt: skip


@pytest.mark.parametrize(("library", "before", "after", "found"), SEEDED)
def test_an_error_in_what_stands_around_rules_is_found(
    policy: Policy, library: str, before: str, after: str, found: set[str]
) -> None:
    path = f"policylib/lib/{library}/{library}.rego"
    source = policy.rules.modules[path]
    assert before in source
    modules = {**policy.rules.modules, path: source.replace(before, after)}
    matrix = drawn(replace(policy, rules=replace(policy.rules, modules=modules)))
    assert matrix.exit_code == 1
    assert set(around(matrix.differing_planted)) == found


def test_what_differs_is_shown_with_the_settings_that_it_takes(policy: Policy) -> None:
    path = "policylib/lib/exceptions/exceptions.rego"
    source = policy.rules.modules[path].replace("clock.is_ahead(", "not clock.is_ahead(")
    modules = {**policy.rules.modules, path: source}
    found = around(drawn(replace(policy, rules=replace(policy.rules, modules=modules))).planted)
    ended = found["an exception that has ended"]
    assert (ended.promised, ended.enforced) == ("deny", "allow")
    example = ended.counterexample
    assert example is not None
    [entry] = example.settings["exceptions"]
    assert entry["rule"] == RULE
    assert entry["target"]["name"] == example.document["metadata"]["name"]
    assert entry["expires"].startswith("2020-")
    assert example.reproduce.endswith(f"--rule {RULE}")


def test_what_differs_anyway_is_asked_about_in_no_circumstance(policy: Policy) -> None:
    update = {"enforcement": {"dev": {"digest": "log"}}}
    settings = policy.settings.model_copy(update=update)
    found = around(drawn(replace(policy, settings=settings, environment="dev")).planted)
    assert set(found) == {"sound inputs in a list"}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"kind": "Pod"},
        {"kind": "Pod", "metadata": []},
        {"kind": "Pod", "metadata": {"name": ""}},
        {"kind": 1, "metadata": {"name": "web"}},
        {"kind": "Pod", "metadata": {"name": "web", "namespace": None}},
        {"kind": "List", "metadata": {"name": "web"}, "items": []},
    ],
)
def test_what_has_no_name_of_its_own_has_no_exceptions(document: Any) -> None:
    assert Subject(RULE, Sample(document)).target == {}
