"""What differs from one bundle to another: every kind of change, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from policylib import bundle, examples, rules
from policylib.bundle import loaded
from policylib.bundle.diff import (
    Difference,
    Document,
    collected,
    contents,
    diff,
    fixtures,
    markdown,
    text,
)
from policylib.bundle.diff.sections import sections, summary
from policylib.bundle.diff.turns import turns
from policylib.bundle.loaded import Loaded
from policylib.errors import BundleError, InputError
from policylib.inputs import files
from policylib.settings.checks import canonical
from tests import tools
from tests.bundle.samples import PINNED, SHA512, UNPINNED, deployment
from tests.settings.samples import JSON

RULE = "policylib/digest/image_pinned/image_pinned.rego"
DOCUMENTS = [
    Document("pinned.yaml", 0, PINNED),
    Document("unpinned.yaml", 0, UNPINNED),
    Document("sha512.yaml", 1, SHA512),
]
ENTRY = {
    "rule": "digest.image_pinned",
    "target": {"kind": "Deployment", "namespace": "shop", "name": "web"},
    "reason": "r",
    "ticket": "OPS-1",
    "approver": "me",
    "expires": "2098-12-31",
}


def one(
    settings: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    **modules: str,
) -> Loaded:
    """A bundle of our rules; `modules` replaces some by what is given as NAME=text."""
    data = {"settings": settings or {}} | ({} if facts is None else {"facts": facts})
    changed = {path.replace("__", "/") + ".rego": source for path, source in modules.items()}
    return Loaded("it", "", {**rules.load().modules, **changed}, data)


def compared(before: Loaded, after: Loaded) -> Difference:
    return diff(before, after, DOCUMENTS)


def verdicts(found: Difference) -> list[tuple[str, str, str]]:
    return [(change.what, change.rule, change.file) for change in found.verdicts]


def with_source(source: str) -> Loaded:
    return one(None, None, **{RULE.removesuffix(".rego").replace("/", "__"): source})


def with_more(code: str) -> Loaded:
    """The rule with more behind it."""
    return with_source(rules.load().modules[RULE] + code)


def built(folder: Path, target: str, number: int) -> Loaded:
    settings = {"digest": {"algorithms": ["sha256"]}, "tier": {}}
    out = folder / f"{target}-{number}"
    bundle.write(bundle.Target(target), out, rules.load(), settings, number=number)
    return loaded.load(str(out))


@pytest.mark.parametrize(
    ("one", "other"), [("opa", "opa"), ("opa", "conftest"), ("artifact", "artifact")]
)
def test_a_bundle_is_the_same_for_every_number(tmp_path: Path, one: str, other: str) -> None:
    found = compared(built(tmp_path, one, 1), built(tmp_path, other, 2))
    assert found.same
    assert found.exit_code == 0
    assert (found.before.revision[:2], found.after.revision[:2]) == ("1+", "2+")
    assert summary(found) == "The same (3 documents judged)"


def test_what_only_an_artifact_has_is_a_difference(tmp_path: Path) -> None:
    """Gatekeeper would enforce the one and find nothing in the other."""
    found = compared(built(tmp_path, "conftest", 1), built(tmp_path, "artifact", 1))
    assert {change.what for change in found.resources} == {"added"}
    assert found.model_copy(update={"resources": ()}).same


def test_an_artifact_is_the_same_as_its_definition(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\ntarget: artifact\n")
    bundle.write(bundle.Target.ARTIFACT, tmp_path / "out", rules.load(), {"enforcement": {}})
    before, after = (loaded.load(str(tmp_path / name)) for name in ("out", "a.yaml"))
    assert compared(before, after).same


CONSTRAINT = "constraints/digest.image_pinned.yaml"


@pytest.mark.parametrize(
    ("path", "change", "what"),
    [
        (CONSTRAINT, lambda text: text.replace(b"deny", b"dryrun"), "changed"),
        (CONSTRAINT, lambda _: None, "removed"),
        ("templates/digest.image_pinned.yaml", lambda text: text + b"#", "changed"),
        ("more/x.YML", lambda _: b"kind: Config\n", "added"),
        (".signatures.json", lambda _: b'{"kind": "Config", "signatures": []}', "added"),
    ],
)
def test_every_file_that_gator_takes_is_compared(
    tmp_path: Path, path: str, change: Any, what: str
) -> None:
    before = built(tmp_path, "artifact", 1)
    file = tmp_path / "artifact-1" / path
    content = change(file.read_bytes() if file.exists() else b"")
    file.unlink(missing_ok=True)
    if content is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    found = compared(before, loaded.load(str(tmp_path / "artifact-1")))
    assert [(one.what, one.path) for one in found.resources] == [(what, path)]
    assert found.exit_code == 1
    assert summary(found) == "They differ: 1 resource (3 documents judged)"
    assert path in text.write(found)


SILENT = "package policylib.lib.exceptions\n\nx := 1\n"
DEPENDS = """\
package settings

import rego.v1

digest := {"algorithms": ["sha512"]} if input.review.object.kind == "Rare"
"""


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("facts/facts.rego", SILENT),
        ("settings/settings.rego", SILENT),
        ("settings/settings.rego", DEPENDS),
        ("facts/facts.rego", "package settings\n\nx := 1\n"),
    ],
)
def test_what_stands_where_data_do_is_compared_like_any_module(path: str, source: str) -> None:
    after = Loaded("it", "", {**rules.load().modules, path: source}, {})
    found = compared(Loaded("it", "", rules.load().modules, {}), after)
    assert (path, "added") in {(one.path, one.what) for one in found.modules}


def test_a_setting_changes_verdicts() -> None:
    found = compared(one(), one({"digest": {"algorithms": ["sha512"]}}))
    [turn] = found.settings
    assert (turn.what, turn.path, turn.after) == ("added", ("digest",), {"algorithms": ["sha512"]})
    assert verdicts(found) == [
        ("denied", "digest.image_pinned", "pinned.yaml"),
        ("not denied", "digest.image_pinned", "sha512.yaml"),
    ]
    assert found.verdicts[1].document == 1
    assert found.exit_code == 1


def test_what_a_violation_does_is_a_difference() -> None:
    levels = {"environment": "prod", "enforcement": {"prod": {"digest": "warn"}}}
    found = compared(one(), one(levels))
    turned = {(change.before, change.after) for change in found.rules}
    assert turned == {("deny", "warn")}
    assert ("not denied", "digest.image_pinned", "unpinned.yaml") in verdicts(found)
    other = {**levels, "enforcement": {"prod": {"digest": "log"}}}
    again = compared(one(levels), one(other))
    assert {what for what, _, _ in verdicts(again)} == {"changed"}
    assert [(turn.path, turn.before, turn.after) for turn in again.settings] == [
        (("enforcement", "prod", "digest"), "warn", "log")
    ]


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({}, "deny"),
        ({"environment": "a", "enforcement": {"a": {"digest": "off"}}}, "off"),
        ({"environment": "a", "enforcement": {"a": {"digest.image_pinned": "log"}}}, "log"),
        ({"environment": "b", "enforcement": {"a": {"digest": "off"}}}, "deny"),
        ({"environment": "a", "enforcement": {"a": {"digest": "of"}}}, "deny"),
        ({"environment": "a", "enforcement": {"a": {"digest": ["off"]}}}, "deny"),
        ({"environment": ["a"], "enforcement": []}, "deny"),
        ({"entering": ["digest.image_pinned"]}, "warn"),
        ({"entering": "digest.image_pinned"}, "deny"),
    ],
)
def test_a_level_is_what_the_decision_does(settings: dict[str, Any], level: str) -> None:
    """Also under settings that no policylib wrote."""
    side = one(settings)
    assert contents.level(side, "digest.image_pinned") == level
    found = diff(
        one({"environment": "x", "enforcement": {"x": {"digest": "off"}}}), side, DOCUMENTS
    )
    said = {said.enforcement for change in found.verdicts for said in change.after}
    assert said == ({level} - {"off"})


def test_a_family_that_is_asked_no_more_is_a_difference() -> None:
    found = compared(one({"tier": {}}), one())
    assert ("tier.assigned", "deny", "not asked") in {
        (change.rule, change.before, change.after) for change in found.rules
    }
    titles = {section.title: section.lines for section in sections(found, full=True)}
    assert titles["families that are not asked"] == [("+", "tier")]
    assert ", the families that are asked (" in summary(found)
    part = rules.load().narrowed(["tier"])
    narrow = Loaded("part", "", part.modules, {"settings": {"tier": {}}})
    again = compared(one({"tier": {}}), narrow)
    assert {(change.rule, change.what) for change in again.rules} == {
        (id_, "removed") for id_ in rules.load().rules if not id_.startswith("tier.")
    }
    assert ("not denied", "digest.image_pinned", "unpinned.yaml") in verdicts(again)


def test_metadata_and_code_of_a_rule_are_told_apart() -> None:
    source = rules.load().modules[RULE]
    severe = compared(one(), with_source(source.replace("severity: high", "severity: low")))
    [change] = severe.rules
    [turn] = change.metadata
    assert (turn.path, turn.before, turn.after) == (("severity",), "high", "low")
    assert not change.source
    coded = compared(one(), with_more(CODE))
    [change] = coded.rules
    assert change.source
    assert not change.metadata
    assert verdicts(coded) == [
        ("changed", "digest.image_pinned", "sha512.yaml"),
        ("changed", "digest.image_pinned", "unpinned.yaml"),
        ("denied", "digest.image_pinned", "pinned.yaml"),
    ]


CODE = """
violation contains {"msg": "never", "details": {"path": ""}} if true
"""


def test_other_modules_and_data_are_differences_even_if_no_verdict_is() -> None:
    silent = "package policylib.lib.silent\n\nimport rego.v1\n\na := 1\n"
    name = "policylib__lib__silent__silent"
    added = compared(one(), one(None, None, **{name: silent}))
    assert [(change.what, change.path) for change in added.modules] == [
        ("added", "policylib/lib/silent/silent.rego")
    ]
    assert compared(one(None, None, **{name: silent}), one()).modules[0].what == "removed"
    other = one(None, None, **{name: silent.replace("1", "2")})
    assert compared(one(None, None, **{name: silent}), other).modules[0].what == "changed"
    more = Loaded("it", "", rules.load().modules, {"settings": {}, "regions": {"a": 1}})
    found = compared(one(), more)
    assert [turn.path for turn in found.data] == [("regions",)]
    assert summary(found) == "They differ: 1 other value (3 documents judged)"
    assert {compared(one(), side).exit_code for side in (more, other)} == {1}


def test_exceptions_come_and_go() -> None:
    found = compared(one(), one({"exceptions": [ENTRY]}))
    assert [(change.what, change.entry) for change in found.exceptions] == [("added", ENTRY)]
    assert found.settings == ()
    assert ("not denied", "digest.image_pinned", "unpinned.yaml") in verdicts(found)
    assert not compared(one({"exceptions": [ENTRY]}), one({"exceptions": [dict(ENTRY)]})).exceptions
    later = {**ENTRY, "expires": "2099-01-01"}
    moved = compared(one({"exceptions": [ENTRY]}), one({"exceptions": [later]}))
    assert [change.what for change in moved.exceptions] == ["removed", "added"]
    odd = compared(one(), one({"exceptions": {"a": 1}}))
    assert [turn.path for turn in odd.settings] == [("exceptions",)]


def test_facts_come_and_go_by_image() -> None:
    image = f"ghcr.io/a/b@sha256:{'0' * 64}"
    found = compared(one(), one(None, {"images": {image: {"signers": []}}}))
    assert [(turn.what, turn.path) for turn in found.facts] == [("added", ("images", image))]
    assert compared(one(), one(None, {"images": {}})).same


def test_a_document_without_a_verdict_is_an_error_and_hides_no_other() -> None:
    broken = with_more(FAILS)
    found = compared(one(), broken)
    assert [(e.file, e.side) for e in found.errors] == [("sha512.yaml", "after")]
    assert found.exit_code == 2
    assert "not judged" in text.write(found)
    both = compared(broken, broken)
    assert [(e.file, e.side) for e in both.errors] == [("sha512.yaml", "both")]
    assert both.exit_code == 2
    assert summary(both) == "The same as far as they were judged (3 documents judged, 1 problem)"


FAILS = """
violation contains {"msg": "x", "details": {"path": ""}} if {
	contains(json.marshal(input), "sha512")
	to_number("no number") == 1
}
"""


def test_a_bundle_that_answers_too_seldom_is_asked_no_more() -> None:
    never = with_more(FAILS.replace("sha512", "nginx"))
    with pytest.raises(BundleError, match=r"no verdict about 8 documents, such as .*: "):
        diff(one(), never, DOCUMENTS * 20)


DECISION = "policylib__decision__decision"


@pytest.mark.parametrize(
    "violations",
    [
        "violations := 7",
        'violations contains {"rule": "a"} if true',
        'violations contains {"rule": "a", "enforcement": "no", "path": "", "msg": ""} if true',
        'violations contains "a" if true',
    ],
)
def test_what_is_no_decision_is_an_error(violations: str) -> None:
    source = (
        f"package policylib.decision\n\nimport rego.v1\n\nunconfigured := set()\n\n{violations}\n"
    )
    found = compared(one(), one(None, None, **{DECISION: source}))
    assert len(found.errors) == len(DOCUMENTS)
    assert found.exit_code == 2


# What is judged.


def test_every_case_that_parity_asks_about_is_judged() -> None:
    folder = tools.ROOT / "fixtures"
    groups = examples.groups(folder, rules.load())
    asked = Counter(case.name for group in groups for case in group.cases for _ in case.documents)
    assert Counter(document.file for document in fixtures(folder)) == asked
    assert len(asked) > 1000


def test_a_folder_without_examples_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no examples here"):
        fixtures(tmp_path)


def test_files_are_read_strictly_and_each_problem_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{json.dumps(PINNED)}\n---\n{json.dumps(UNPINNED)}\n")
    (tmp_path / "b.yaml").write_text("a: 1\na: 2\n")
    documents, errors = collected(files.collect([tmp_path, tmp_path / "gone.yaml"]))
    assert [(Path(d.file).name, d.index) for d in documents] == [("a.yaml", 0), ("a.yaml", 1)]
    assert sorted(Path(error.file).name.partition(":")[0] for error in errors) == [
        "b.yaml",
        "gone.yaml",
    ]
    assert diff(one(), one(), documents, errors).exit_code == 2


def test_nothing_to_judge_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    documents, errors = collected(files.collect([tmp_path / "empty"]))
    assert documents == []
    assert len(errors) == 1
    assert collected(files.collect([])) == ([], [])


# Values against values.


@given(JSON, JSON)
def test_values_differ_exactly_where_they_do(before: Any, after: Any) -> None:
    assert bool(list(turns(before, after))) is (canonical(before) != canonical(after))
    assert list(turns(before, before)) == []


@given(JSON, JSON)
def test_what_was_added_one_way_was_removed_the_other(before: Any, after: Any) -> None:
    there, back = list(turns(before, after)), list(turns(after, before))
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted(t.what for t in there) == sorted(opposite[t.what] for t in back)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["b"], ["a", "b"], [("added", (0,), None, "a")]),
        (["a", "b"], ["b"], [("removed", (0,), "a", None)]),
        (["a"], ["b"], [("changed", (0,), "a", "b")]),
        (["a", "b"], ["b", "a"], [("changed", (), ["a", "b"], ["b", "a"])]),
        (["a"], ["a", "a"], [("added", (1,), None, "a")]),
        ([{"a": 1, "b": 1}], [{"a": 2, "b": 1}], [("changed", (0, "a"), 1, 2)]),
        ({"a": None}, {}, [("removed", ("a",), None, None)]),
        (1, True, [("changed", (), 1, True)]),
        (1, 1.0, []),
        ({"a": {"b": [1]}}, {"a": {"b": [1, 2]}}, [("added", ("a", "b", 1), None, 2)]),
    ],
)
def test_turns(before: Any, after: Any, expected: list[Any]) -> None:
    assert [(t.what, t.path, t.before, t.after) for t in turns(before, after)] == expected


# How it is written.


def hostile() -> Difference:
    """A difference full of what others wrote."""
    evil = "\x1b[31m`|<b>@team\n\u202e"
    entry = {**ENTRY, "ticket": evil, "target": {"kind": evil}}
    name = f"policylib__lib__silent__{evil}"
    after = one(
        {"digest": {evil: [evil]}, "exceptions": [entry]},
        {"images": {evil: evil}},
        **{name: "package policylib.lib.silent\n"},
    )
    after = Loaded(f"it{evil}", evil, after.modules, after.data)
    return diff(one(), after, [*DOCUMENTS, Document(evil, 0, deployment(f"nginx{evil}"))])


def test_what_others_wrote_is_never_markup_or_control() -> None:
    found = hostile()
    for written in (text.write(found), text.write(found, full=True), markdown.write(found)):
        assert all(line.isprintable() for line in written.split("\n"))
    for line in markdown.write(found).splitlines():
        outside = line.split("`")[0]
        assert "<" not in outside
        assert "@" not in outside
    assert Difference.model_validate_json(found.model_dump_json()) == found


def test_only_some_verdicts_are_shown_unless_all_are_asked_for() -> None:
    documents = [Document(f"{number}.yaml", 0, SHA512) for number in range(30)]
    found = diff(one(), one({"digest": {"algorithms": ["sha512"]}}), documents)
    short, whole = text.write(found), text.write(found, full=True)
    assert "digest.image_pinned: 25 more (--all)" in short
    assert all(f" {number}.yaml: " in whole for number in range(30))
    assert "denied before, not after: 30 verdicts" in short


def test_colour_is_only_where_it_is_asked_for() -> None:
    found = compared(one(), one({"tier": {}}))
    assert "\x1b" not in text.write(found)
    assert "\x1b[32m+ tier: {}\x1b[0m" in text.write(found, color=True)
