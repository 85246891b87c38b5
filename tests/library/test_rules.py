"""Rules from a folder: each is asked, or the folder is refused."""

from __future__ import annotations

import dataclasses
import os
import pickle
import shutil
from pathlib import Path

import pytest

import policylib
from policylib import PolicylibError, RuleError, evaluate, rules
from policylib.evaluate import require_asked
from policylib.settings import Settings

RULE = """\
# METADATA
# title: A limit
# description: Says no.
# custom:
#   severity: low
#   remediation: Do it.
package policylib.cost.limit

import rego.v1

violation contains {"msg": "no", "details": {"path": ""}} if true
"""
COST = "by_family.cost[rule] contains v if some v in data.policylib.cost[rule].violation"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rules that travel with policylib, and room for more."""
    shutil.copytree(rules.root(), tmp_path / "rego")
    return tmp_path / "rego"


def add(folder: Path, path: str, text: str = RULE) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def ask_cost(folder: Path) -> None:
    decision = folder / "policylib/decision/decision.rego"
    decision.write_text(f"{decision.read_text()}\n{COST}\n")


def test_our_own_decision_asks_every_rule() -> None:
    require_asked(rules.load())


def test_a_family_that_is_asked_is_heard(folder: Path) -> None:
    add(folder, "policylib/cost/limit/limit.rego")
    ask_cost(folder)
    report = policylib.load(rules=folder).check({"apiVersion": "v1", "kind": "Service"})
    assert [violation.rule for violation in report.violations] == ["cost.limit"]


def test_a_family_that_the_decision_does_not_ask_is_refused(folder: Path) -> None:
    add(folder, "policylib/cost/limit/limit.rego")
    with pytest.raises(RuleError, match=r"does not ask cost\.limit"):
        policylib.load(rules=folder)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("policylib/cost/limit/limit.rego", "violation contains", "violations contains"),
        ("policylib/cost/limit/limit.rego", "violation contains", "violation := [] # contains"),
        ("policylib/cost/limit/limit.rego", "violation contains", "# violation contains"),
        ("policylib/cost/limit/limit.rego", "violation contains", "t := `\nviolation contains`\na"),
        ("policylib/cost/limit/limit.rego", "package policylib.cost", "package polcylib.cost"),
        ("policylib/cost/limit/limit.rego", "cost.limit", "cost.limits"),
        ("policylib/cost/limit/limit.rego", "package policylib.cost.limit", ""),
        ("policylib/cost/limit/other.rego", "", ""),
        ("policylib/cost/limit.rego", "", ""),
        ("policylib/cost/limit/deep/limit.rego", "", ""),
        ("cost/limit/limit.rego", "", ""),
        ("cost/limit/limit.rego", "policylib.cost", "cost"),
        ("policylib/lib/limit/limit.rego", "", ""),
    ],
)
def test_a_module_that_would_never_be_asked_is_refused(
    folder: Path, path: str, old: str, new: str
) -> None:
    add(folder, path, RULE.replace(old, new) if old else RULE)
    ask_cost(folder)
    with pytest.raises(RuleError) as caught:
        rules.load(folder)
    assert caught.value.where == path


def test_a_rule_may_be_called_a_test(folder: Path) -> None:
    text = RULE.replace("cost.limit", "cost.load_test")
    add(folder, "policylib/cost/load_test/load_test.rego", text)
    assert "cost.load_test" in rules.load(folder).rules


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rules"):
        policylib.load(rules=tmp_path)
    with pytest.raises(RuleError, match="No such file"):
        policylib.load(rules=tmp_path / "gone")


def test_a_folder_that_cannot_be_searched_hides_no_rule(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def forbidden(path: str) -> object:
        if str(path).endswith("digest"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    # Root may search every folder, so permissions alone do not bring this about everywhere.
    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(RuleError, match="Permission denied"):
        rules.load(folder)


def test_a_link_to_a_folder_hides_no_rule(folder: Path) -> None:
    (folder / "policylib/digest").rename(folder.parent / "digest")
    (folder / "policylib/digest").symlink_to(folder.parent / "digest")
    with pytest.raises(RuleError, match="links"):
        rules.load(folder)


def test_a_pipe_among_the_rules_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "policylib/pipe.rego")
    with pytest.raises(RuleError, match="not a regular file"):
        rules.load(folder)


def test_a_folder_is_read_anew_each_time(folder: Path) -> None:
    before = policylib.load(rules=folder).revision
    library = folder / "policylib/lib/read/read.rego"
    library.write_text(f"{library.read_text()}\n# more\n")
    assert policylib.load(rules=folder).revision != before


def test_a_relative_folder_is_the_one_below_the_current_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other/rego").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert rules.load(Path("rego")).rules
    monkeypatch.chdir(tmp_path / "other")
    with pytest.raises(RuleError, match="no rules"):
        rules.load(Path("rego"))


@pytest.mark.parametrize(
    ("introduced", "version", "enters"),
    [
        ("0.2.0", "0.2.0", True),
        ("0.2.1", "0.2.7", True),
        ("0.2.0", "0.3.0", False),
        ("0.2.0", "1.2.0", False),
        ("0.1.0", "0.1.0", False),  # the first release has nobody to surprise
        ("0.1.0", "0.2.0", False),
    ],
)
def test_a_rule_only_warns_in_the_release_that_it_enters_in(
    introduced: str, version: str, enters: bool
) -> None:
    own = rules.load()
    rule = own.rules["digest.image_pinned"].model_copy(update={"introduced": introduced})
    changed = dataclasses.replace(own, rules={rule.id: rule})
    assert changed.entering(version) == ((rule.id,) if enters else ())
    policy = policylib.Policy(changed, Settings())
    assert policy.data.get("entering") == (None if not changed.entering() else [rule.id])


def test_narrowed_rules_are_those_of_some_families_and_say_which_are_not() -> None:
    own = rules.load()
    some = own.narrowed(["tier", "digest"])
    assert some.families == ("digest", "tier")
    assert not any(path.startswith("policylib/residency/") for path in some.modules)
    assert some.revision != own.revision
    assert some.known() == own.known()
    assert evaluate.unconfigured(some, {"residency": {}, "tier": {}}) == ("provenance", "residency")
    fewer = some.narrowed(["tier"])
    assert evaluate.unconfigured(fewer, {"residency": {}, "tier": {}}) == (
        "digest",
        "provenance",
        "residency",
    )
    assert own.narrowed(own.families) is own


def test_rules_are_narrowed_to_families_that_are_there() -> None:
    with pytest.raises(RuleError, match="no family is called 'tear'"):
        rules.load().narrowed(["digest", "tear"])
    with pytest.raises(RuleError, match="no family is left"):
        rules.load().narrowed([])


def test_a_decision_of_ones_own_that_says_nothing_of_families_is_narrowed_too(folder: Path) -> None:
    decision = folder / "policylib/decision/decision.rego"
    lines = decision.read_text().split("unconfigured contains")
    decision.write_text(lines[0] + lines[1].partition("}\n")[2])
    found = rules.load(folder)
    assert evaluate.unconfigured(found, {}) == ()
    assert evaluate.unconfigured(found.narrowed(["tier"]), {"tier": {}}) == (
        "digest",
        "provenance",
        "residency",
    )


@pytest.mark.parametrize("kind", [PolicylibError, *PolicylibError.__subclasses__()])
def test_errors_travel_between_processes(kind: type[PolicylibError]) -> None:
    error = kind("what", where="where", remedy="remedy")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (kind, str(error))
    assert (again.what, again.where, again.remedy) == ("what", "where", "remedy")
