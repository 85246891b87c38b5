"""What becomes of mutants: which tests notice them, and what is said of those that survive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policylib import rules
from policylib.errors import InputError, RuleError
from policylib.mutation import equivalents, fixtures, project, report
from tests import tools
from tests.mutation.samples import DENY, LABELS, TEST, policy, run, survivors, write
from tests.rego import modules


def fates(folder: Path, **options: object) -> dict[tuple[str, str, str], tuple[str, str]]:
    outcome = run(folder, **options)  # type: ignore[arg-type]
    return {
        (one.mutant.operator, one.mutant.before, one.mutant.after): (one.fate, one.by)
        for one in outcome.results
    }


def test_what_no_test_notices_survives(tmp_path: Path) -> None:
    assert survivors(run(policy(tmp_path))) == {("item", '"payments"', "")}


def test_a_weaker_test_lets_more_survive(tmp_path: Path) -> None:
    weaker = TEST.replace('"spec": {"replicas": 2}', '"spec": {"replicas": 3}')
    left = survivors(run(policy(tmp_path, deny_test=weaker)))
    assert left == {("item", '"payments"', ""), ("comparison", "<", "<="), ("constant", "2", "3")}


def test_each_mutant_names_the_test_that_noticed_it(tmp_path: Path) -> None:
    found = fates(policy(tmp_path))
    assert found["constant", '"two replicas at least"', '""'] == (
        "killed",
        "data.main_test.test_replicas",
    )
    assert found["negate", "not labels.owned(input)", "labels.owned(input)"][0] == "killed"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        # regorus notices a name that is gone, or only OPA does where nothing asks for it.
        ("size := 1\n\nlonger := size + 1\n", ("rule", "size := 1", "")),
        ("twice(x) := x + x\n\nfour := twice(2)\n", ("rule", "twice(x) := x + x", "")),
        ("known if {\n\tx := input.kind\n\tx != 1\n}\n", ("drop", "x := input.kind", "true")),
    ],
)
def test_what_does_not_compile_is_told_apart(
    tmp_path: Path, text: str, change: tuple[str, str, str]
) -> None:
    fate, by = fates(policy(tmp_path, deny=f"{DENY}\n{text}"))[change]
    assert fate == "invalid"
    assert by


def test_a_test_that_meets_what_does_not_compile_does_not_kill_it(tmp_path: Path) -> None:
    bound = DENY.replace("\tmsg :=", "\tkind := input.kind\n\tkind != 1\n\tmsg :=")
    found = fates(policy(tmp_path, deny=bound))
    assert found["drop", "kind := input.kind", "true"][0] == "invalid"


def test_a_module_is_judged_by_the_tests_of_those_that_import_it(tmp_path: Path) -> None:
    found = fates(policy(tmp_path), only="labels.rego")
    assert found["item", '"shop"', ""] == ("killed", "data.main_test.test_sound")


def test_tests_that_only_opa_runs_count(tmp_path: Path) -> None:
    other = (
        "package other_test\n\nimport rego.v1\n\nimport data.labels\n\n"
        'test_both if {\n\tnames := {"shop", "payments"}\n\tevery name in names {\n'
        '\t\tlabels.owned({"metadata": {"labels": {"owner": name}}})\n\t}\n'
        "\topa.runtime().version\n}\n"
    )
    found = fates(write(policy(tmp_path), {"other_test.rego": other}))
    assert found["item", '"payments"', ""] == ("killed", "data.other_test.test_both (in OPA)")


SLOW = """\
package slow

import rego.v1

far if {
	input.slow
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b < 0
}
"""
SLOW_TEST = """\
package slow_test

import rego.v1

import data.slow

test_far if not slow.far with input as {}
"""


def test_a_mutant_that_does_not_end_is_noticed(tmp_path: Path) -> None:
    folder = write(tmp_path, {"slow.rego": SLOW, "slow_test.rego": SLOW_TEST})
    outcome = run(folder, operators=("drop",), time_limit=1)
    [fate] = [(one.fate, one.by) for one in outcome.results if one.mutant.before == "input.slow"]
    assert fate[0] == "killed"
    assert fate[1].startswith("data.slow_test.test_far: ")


RULE = """\
package policylib.acme.named

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.document

violation contains {"msg": "it has no name", "details": {"path": ""}} if {
	not is_named
}

is_named if read.at(document, "name", "") != ""
"""
RULE_TEST = """\
package policylib.acme.named_test

import rego.v1

import data.policylib.acme.named

test_a_name if {
	count(named.violation) == 0 with input as {"review": {"object": {"name": "a"}}}
}
"""


# What the rule imports, and what takes lists apart.
NEEDED = [f"policylib/lib/{name}/{name}.rego" for name in ("read", "review", "reviews")]
BASE = {path: modules.sources()[path] for path in modules.closure(*NEEDED)}


def test_examples_count_and_rules_of_ours_may_be_imported(tmp_path: Path) -> None:
    path = "policylib/acme/named/named"
    own = write(tmp_path / "rules", {f"{path}.rego": RULE, f"{path}_test.rego": RULE_TEST})
    document = "apiVersion: v1\nkind: Pod\n"
    folder = write(
        tmp_path / "fixtures/acme/named",
        {"deny/none.yaml": document, "allow/one.yaml": f"{document}name: a\n"},
    )
    alone = run(own, base=BASE)
    assert ("constant", '""', '"mutant"') in survivors(alone)
    assert ("drop", "not is_named", "true") not in survivors(alone)
    examples = fixtures.load(folder.parents[1], rules.load().known())
    judged = run(own, base=BASE, examples=examples)
    by = {one.mutant.before: one.by for one in judged.results if one.fate == "killed"}
    assert by["not is_named"] == "data.policylib.acme.named_test.test_a_name"
    assert len(survivors(judged)) < len(survivors(alone))
    assert any("none.yaml: it is allowed" in one.by for one in judged.results)


def test_an_example_that_fails_without_any_change_is_an_error(tmp_path: Path) -> None:
    path = "policylib/acme/named/named"
    own = write(tmp_path / "rules", {f"{path}.rego": RULE, f"{path}_test.rego": RULE_TEST})
    text = "apiVersion: v1\nkind: Pod\nname: a\n"
    folder = write(tmp_path / "fixtures", {"acme/named/deny/none.yaml": text})
    examples = fixtures.load(folder, rules.load().known())
    with pytest.raises(RuleError, match=r"none\.yaml: it is allowed"):
        run(own, base=BASE, examples=examples)


def test_what_fails_without_any_change_is_an_error(tmp_path: Path) -> None:
    wrong = TEST.replace('"no owner"', '"another"')
    with pytest.raises(RuleError, match="test_owner"):
        run(policy(tmp_path, deny_test=wrong))


def test_a_test_that_reaches_no_module_fails_like_any_other(tmp_path: Path) -> None:
    folder = policy(tmp_path)
    text = "package other_test\n\nimport rego.v1\n\ntest_other if 1 == 2\n"
    (folder / "other_test.rego").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="test_other"):
        run(folder)


def test_without_a_test_there_is_nothing_to_find_out(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no test"):
        run(write(tmp_path, {"deny.rego": LABELS}))


def test_what_is_listed_makes_no_difference(tmp_path: Path) -> None:
    entry = {"operator": "item", "before": ' "payments" ', "reason": "Nobody else pays."}
    listed = equivalents.load(_list(tmp_path, {"labels.rego": [entry]}))
    outcome = run(policy(tmp_path / "p"), equivalents=listed)
    assert (outcome.survivors, outcome.stale) == ([], ())
    assert [one.by for one in outcome.results if one.fate == "equivalent"] == ["Nobody else pays."]


def test_what_is_listed_of_a_module_that_is_gone_is_stale(tmp_path: Path) -> None:
    entry = {"operator": "item", "before": "x", "reason": "None."}
    listed = equivalents.load(_list(tmp_path, {"gone.rego": [entry]}))
    outcome = run(policy(tmp_path / "p"), equivalents=listed, only="labels.rego")
    assert outcome.stale == ("gone.rego: item x is listed as equivalent, and no change is like it",)


@pytest.mark.parametrize(
    "entry",
    [
        {"operator": "item", "before": '"shop"'},
        {"operator": "item", "before": '"payments"', "rule": "other"},
        {"operator": "item", "before": "gone"},
    ],
)
def test_what_is_listed_and_noticed_is_stale(tmp_path: Path, entry: dict[str, str]) -> None:
    listed = equivalents.load(_list(tmp_path, {"labels.rego": [{**entry, "reason": "None."}]}))
    outcome = run(policy(tmp_path / "p"), equivalents=listed)
    [stale] = outcome.stale
    assert stale.startswith(f"labels.rego: item {entry['before']} is listed as equivalent, and ")
    assert len(outcome.survivors) == 1
    assert run(tmp_path / "p", equivalents=listed, only="deny.rego").stale == ()


def test_an_entry_that_a_noticed_change_is_like_has_to_say_more(tmp_path: Path) -> None:
    text = f'{LABELS}\nowned(object) if object.owner in {{"a", "payments"}}\n'
    test = (
        f'{TEST}\ntest_other if not "no owner" in main.deny with input as {{"owner": "payments"}}\n'
    )
    folder = policy(tmp_path / "p", labels=text, deny_test=test)
    entry = {"operator": "item", "before": '"payments"', "reason": "Nobody else pays."}
    listed = equivalents.load(_list(tmp_path, {"labels.rego": [entry]}))
    [stale] = run(folder, equivalents=listed).stale
    assert stale.endswith("is listed as equivalent, and is noticed in line 7")
    precise = {**entry, "source": text.splitlines()[4]}
    outcome = run(folder, equivalents=equivalents.load(_list(tmp_path, {"labels.rego": [precise]})))
    assert outcome.stale == ()


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"operator": "item", "before": "x"}, "reason"),
        ({"operator": "item", "before": "x", "reason": " "}, "reason"),
        ({"operator": "none", "before": "x", "reason": "y"}, "operator"),
        ({"operator": "item", "before": "x", "reason": "y", "why": "z"}, "why"),
    ],
)
def test_a_list_is_read_strictly(tmp_path: Path, entry: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        equivalents.load(_list(tmp_path, {"labels.rego": [entry]}))


def test_the_report_counts_each_module(tmp_path: Path) -> None:
    outcome = run(policy(tmp_path))
    text = report.text(outcome, "policy/")
    assert 'policy/labels.rego:5:59: item in owned: without "payments"' in text
    found = json.loads(report.as_json(outcome))
    assert found["all"]["mutants"] == len(found["mutants"]) == len(outcome.results)
    assert found["all"]["survived"] == 1
    assert [one["module"] for one in found["modules"]] == ["deny.rego", "labels.rego"]
    assert {one["score"] for one in found["modules"]} == {75, 100}
    assert [one["by"] for one in found["mutants"] if one["fate"] == "killed"].count("") == 0


def _list(folder: Path, listed: dict[str, list[dict[str, str]]]) -> Path:
    path = folder / "equivalent.yaml"
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


FAMILIES = """\
package decision

import rego.v1

said contains msg if some msg in data.family[_].deny
"""
FAMILY = """\
package family.one

import rego.v1

deny contains "no owner" if not input.owner
"""
FAMILY_TEST = """\
package family.one_test

import rego.v1

import data.decision

test_said if {
	decision.said == {"no owner"} with input as {}
	decision.said == set() with input as {"owner": "shop"}
}
"""


def test_a_test_within_what_a_module_asks_as_a_whole_is_asked_alone(tmp_path: Path) -> None:
    files = {"decision.rego": FAMILIES, "one.rego": FAMILY, "one_test.rego": FAMILY_TEST}
    other = FAMILY_TEST.replace("one_test", "other_test")
    folder = write(tmp_path, files | {"other_test.rego": other})
    opa = str(tools.path("opa"))
    loaded = project.load(folder, {}, [], opa)
    assert [test.path for test in loaded.tests if loaded.is_apart(test)] == [
        "one_test.rego",
        "other_test.rego",
    ]
    assert survivors(run(folder)) == set()
