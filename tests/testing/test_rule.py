"""A rule of one's own, held to what a function says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policylib import scaffold
from tests.testing import project
from tests.testing.project import Run

IN_A_FEW_LINES = """
from policylib.testing import policy_rule, workloads

def annotated(sample):
    sample.document["metadata"]["annotations"] = {"example.com/owner_named": "team"}
    return sample

@policy_rule("acme.owner_named", rules="our-rules", inputs=workloads() | workloads().map(annotated))
def test_owner_named(document):
    return "example.com/owner_named" in document["metadata"].get("annotations", {})
"""

OTHERS = """
import pytest
from hypothesis import assume, strategies as st
from policylib.testing import Sample, policy_rule

def deployment(owner):
    given = {} if owner is None else {"example.com/owner_named": owner}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "annotations": given},
        "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx"}]}}},
    }

owners = st.none() | st.text("ab ", max_size=9)
documents = owners.map(deployment)
on = {"rules": "our-rules"}

def owner_of(document):
    return document["metadata"]["annotations"].get("example.com/owner_named")

@policy_rule("acme.owner_named", inputs=documents, **on)
def test_forgets_that_white_space_is_nobody(document):
    return bool(owner_of(document))

@policy_rule("acme.owner_named", inputs=documents.map(Sample), **on)
def test_in_words(sample, tmp_path):
    owner = owner_of(sample.document)
    return "allow" if owner and owner.strip() else "deny"

@policy_rule(
    "acme.owner_named",
    inputs=lambda owner, kind: st.builds(dict, st.just(deployment(owner)), kind=st.just(kind)),
    by={"owner": [None, "a::b [c]/é"], "kind": ["Deployment", "DaemonSet"]},
    **on,
)
@pytest.mark.parametrize("twice", [1, 2])
def test_by(document, owner, kind, twice):
    assert document["kind"] == kind
    return owner is not None

@policy_rule(
    "acme.owner_named",
    inputs=lambda left, right: st.just(deployment(left + right)),
    by={"left": ["a-b", "a"], "right": ["c", "b-c"]},
    **on,
)
def test_alike(left, right):
    return True

@policy_rule("acme.owner_named", inputs=st.just(deployment("a")), **on)
def test_one_sided(document):
    return True

@policy_rule("acme.owner_named", inputs=st.just(deployment("a")), one_sided=True, **on)
def test_one_sided_on_purpose(document):
    return True

@policy_rule("acme.owner_named", inputs=documents, **on)
def test_says_nothing(document):
    owner_of(document)

@policy_rule("acme.owner_named", inputs=documents, **on)
def test_raises(document):
    owner = owner_of(document)
    document.clear()
    return bool(owner.strip())

@policy_rule("acme.owner_named", inputs=documents, **on)
def test_assumes_all_away(document):
    assume(False)

@policy_rule("acme.owner_named", inputs=documents, many=7, **on)
def test_skips(document):
    pytest.skip("not today")

@policy_rule("acme.owner_named", inputs=st.just({"metadata": {1, 2}}), one_sided=True, **on)
def test_no_document(document):
    return True

class TestInAClass:
    @policy_rule("acme", inputs=documents, seed=3, **on)
    def test_family(self, document, request):
        owner = owner_of(document)
        return bool(owner and owner.strip())

    @policy_rule("digest.image_pinned", inputs=documents, one_sided=True, **on)
    def test_another_rule(self, document):
        return False
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own")
    scaffold.rule("acme/owner_named", path / "our-rules")
    project.write(path, {"test_few.py": IN_A_FEW_LINES, "test_others.py": OTHERS})
    return path


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return project.pytest(folder, "-v", "-n0", "test_others.py")


def test_a_rule_is_tested_in_under_15_lines(folder: Path) -> None:
    assert len(IN_A_FEW_LINES.strip().splitlines()) < 15
    assert project.pytest(folder, "test_few.py").code == 0
    rule = folder / "our-rules/policylib/acme/owner_named/owner_named.rego"
    right = rule.read_text(encoding="utf-8")
    rule.write_text(right.replace('class == "workload"', 'class == "values"'), encoding="utf-8")
    try:
        run = project.pytest(folder, "test_few.py")
    finally:
        rule.write_text(right, encoding="utf-8")
    assert run.code == 1
    assert "test_owner_named says deny, and the policy says allow" in run.said


def test_a_difference_is_shown_small_and_found_again(folder: Path, run: Run) -> None:
    said = run.of("test_forgets_that_white_space_is_nobody[acme.owner_named]")
    assert "says allow, and the policy says deny" in said
    assert 'example.com/owner_named: " "' in said
    assert "deny[acme.owner_named] /metadata/annotations" in said
    [command] = Run(0, said).commands
    again = project.shell(folder, command)
    assert again.code == 1
    assert again.of("test_forgets_that_white_space_is_nobody[acme.owner_named]") == said


def test_each_outcome(run: Run) -> None:
    passed = {name.partition("::")[2] for name in run.having("PASSED")}
    assert passed == {
        "test_in_words[acme.owner_named]",
        "test_one_sided_on_purpose[acme.owner_named]",
        *(f"test_alike[{ids}]" for ids in ("a-b-c", "a-b-b-c", "a-c", "a-b-c (2)")),
        "TestInAClass::test_family[acme]",
        "TestInAClass::test_another_rule[digest.image_pinned]",
        *(
            f"test_by[{owner}-{kind}-{twice}]"
            for owner in ("None", r"a::b [c]/\xe9")
            for kind in ("Deployment", "DaemonSet")
            for twice in (1, 2)
        ),
    }
    assert run.outcomes["test_others.py::test_skips[acme.owner_named]"] == "SKIPPED"
    assert run.code == 1


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("test_one_sided", "says allow of every input"),
        ("test_assumes_all_away", "no input could be drawn, so nothing is shown"),
        ("test_says_nothing", "test_says_nothing returns None, not a boolean or one of allow, log"),
        ("test_raises", "AttributeError: 'NoneType' object has no attribute 'strip'"),
        ("test_no_document", "TypeError: Object of type set is not JSON serializable"),
    ],
)
def test_what_shows_nothing_fails(run: Run, test: str, why: str) -> None:
    assert why in run.of(f"{test}[acme.owner_named]")


def test_what_a_function_does_to_its_document_changes_nothing(run: Run) -> None:
    assert "E           kind: Deployment" in run.of("test_raises[acme.owner_named]")
