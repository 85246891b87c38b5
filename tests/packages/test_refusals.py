"""What conftest passes in silence is an error here, or at least a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from policylib import packages
from policylib.errors import EngineError, RuleError
from policylib.inputs.interface import Source
from policylib.packages import Judgement
from tests import tools
from tests.packages import peers

HEAD = "package main\n\nimport rego.v1\n\n"
SOUND = 'deny contains "x" if input.kind == "Pod"\n'


def load(folder: Path, rego: str | dict[str, str], **options: object) -> packages.Packages:
    files = {"main.rego": HEAD + rego} if isinstance(rego, str) else rego
    peers.written(folder / "policy", files)
    return packages.load(folder / "policy", opa=tools.path("opa"), **options)  # type: ignore[arg-type]


def judge(folder: Path, rego: str, document: str = "kind: Pod\n") -> Judgement:
    return load(folder, rego).judge([Source("pod.yaml", document.encode())])


@pytest.mark.parametrize(
    ("rego", "complaint"),
    [
        ("deny if input.kind", r"main\.rego:5: deny is true or false"),
        ("deny := true if input.kind", "deny is true or false"),
        ("default deny := false\n\ndeny := [1] if input.kind", "deny is true or false"),
        ("warn = true if input.kind", "warn is true or false"),
        ("deny(x) := 1 if x", "deny is a function"),
        ('deny.a contains "x" if input.kind', "deny has a key behind it"),
        ('deny[x] := "y" if x := input.kind', "deny has a key behind it"),
        ("deny[x] if x := input.kind", "deny has a key behind it"),
        ('deny[msg] { msg := "x" }', "rewrites Rego v0"),
        (SOUND + 'Deny contains "x" if input.kind', r"main\.rego:6: Deny is never asked"),
        (SOUND + 'violations contains "x" if input.kind', "violations is never asked"),
        (SOUND + 'denied contains "x" if input.kind', "denied is never asked|Rego"),
        (SOUND + 'deny_ contains "x" if input.kind', "deny_ is never asked"),
        (SOUND + 'denyRoot contains "x" if input.kind', "denyRoot is never asked"),
        (SOUND + 'warn__a contains "x" if input.kind', "warn__a is never asked"),
        ('error contains "x" if input.kind', "no rule of the namespace main"),
        ('deny contains "x" if input.kind in data.allowed', "data.allowed is read, and nothing"),
        ('deny contains "x" if data.main.nothing', "data.main.nothing is read"),
        ("import data.lib.x\n\ndeny contains x.y if input.kind", "data.lib.x is read"),
        ('deny contains "x" if http.send({"url": "http://a"}).status_code', "calls a server"),
        ("deny contains opa.runtime().env.HOME if input.kind", "the environment of the process"),
        ('deny contains "x" if parse_config_file("a").b', "conftest's own"),
        (
            "deny contains helper(input.kind)",
            "undefined function helper",
        ),
        ("deny contains", "OPA does not take these packages"),
    ],
)
def test_what_would_never_be_reported_is_refused(rego: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=complaint):
        load(tmp_path, rego)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ('deny := "x" if input.kind', "is no set of messages"),
        ('deny := {"msg": "x"} if input.kind', "is no set of messages"),
        ("deny := input.kind == input.kind", "is no set of messages"),
        ('deny contains ""', "holds something that is no message"),
        ("deny contains 5", "holds something that is no message"),
        ('deny contains ["x"]', "holds something that is no message"),
        ('deny contains {"message": "x"}', "holds something that is no message"),
        ('deny contains {"msg": 5}', "holds something that is no message"),
        ('deny contains {"msg": ""}', "holds something that is no message"),
        ("deny contains input.kind if to_number(input.kind) > 1", "to_number"),
    ],
)
def test_a_value_that_is_no_message_is_an_error(value: str, complaint: str, tmp_path: Path) -> None:
    judgement = judge(tmp_path, value)
    assert judgement.violations == ()
    [problem] = judgement.problems
    assert complaint in problem.message
    assert (problem.file, problem.line, problem.document) == ("pod.yaml", 1, 0)


def test_what_only_the_evaluation_shows_is_an_error(tmp_path: Path) -> None:
    loaded = load(tmp_path, "deny contains nothing if input.kind == input.kind")
    with pytest.raises(RuleError, match="var nothing is unsafe"):
        loaded.judge([Source("pod.yaml", b"kind: Pod")])


def test_a_rule_that_is_used_is_not_missed(tmp_path: Path) -> None:
    rego = "deny contains v if some v in violations\n\nviolations contains input.kind\n"
    assert [v.message for v in judge(tmp_path, rego).violations] == ["Pod"]


def test_an_unknown_namespace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"namespace nosuch .* such rules in: main"):
        load(tmp_path, SOUND, namespaces=("nosuch",))
    with pytest.raises(RuleError, match=r"namespace main\.sub"):
        load(tmp_path, SOUND, namespaces=("main", "main.sub"))
    with pytest.raises(RuleError, match="no namespace is asked"):
        load(tmp_path, SOUND, namespaces=())


def test_rules_of_other_namespaces_are_noted(tmp_path: Path) -> None:
    files = {
        "main.rego": HEAD + SOUND + "warn contains msg if some msg in data.used.warn\n",
        "used.rego": 'package used\n\nwarn contains "x" if input.kind\n',
        "other.rego": 'package other\n\ndeny_a contains "x"\n\nwarn contains "y"\n\nhelp := 1\n',
        "lib.rego": "package lib\n\nhelp := 1\n",
    }
    notes = load(tmp_path, files).notes
    assert [note.rpartition("/")[2] for note in notes] == [
        "other.rego: deny_a of other is not asked",
        "other.rego: warn of other is not asked",
    ]


def test_names_that_no_namespace_can_have(tmp_path: Path) -> None:
    odd = 'package lib["odd-name"]\n\n'
    files = {"main.rego": HEAD + SOUND, "odd.rego": odd + "help := 1\n"}
    assert load(tmp_path, files, namespaces=("*",)).rules.keys() == {"conftest.main.deny"}
    with pytest.raises(RuleError, match="a namespace cannot hold 'odd-name'"):
        load(tmp_path, {"odd.rego": odd + SOUND}, namespaces=("*",))


def test_a_file_with_the_name_of_ours_is_one_of_theirs(tmp_path: Path) -> None:
    files = {"policylib_conftest.rego": HEAD + SOUND}
    judgement = load(tmp_path, files).judge([Source("a.yaml", b"kind: Pod\n")])
    assert [violation.message for violation in judgement.violations] == ["x"]


def test_data_that_is_not_read_is_noted(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"main.rego": HEAD + SOUND, "limits.yaml": "most: 1\n"})
    assert [note for note in loaded.notes if "limits.yaml" in note]
    folder = tmp_path / "policy"
    assert packages.load(folder, data=[folder]).notes == ()


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("nothing", "there is no such folder"), ("empty", "there is no Rego here")],
)
def test_no_packages_at_all(path: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError, match=complaint):
        packages.load(tmp_path / path)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    load(tmp_path, SOUND)
    folder = tmp_path / "policy"
    (folder / "more.rego").write_bytes(b"package main\n# \xff\n")
    with pytest.raises(RuleError, match=r"more\.rego: the file is not UTF-8"):
        packages.load(folder)
    (folder / "more.rego").write_text("deny := 1\n")
    with pytest.raises(RuleError, match=r"more\.rego: the module names no package"):
        packages.load(folder)
    (folder / "more.rego").unlink()
    (folder / "linked").symlink_to(tmp_path)
    with pytest.raises(RuleError, match="links to folders are not followed"):
        packages.load(folder)


def test_one_file_is_a_package(tmp_path: Path) -> None:
    load(tmp_path, SOUND)
    loaded = packages.load(tmp_path / "policy" / "main.rego")
    assert [v.message for v in loaded.judge([Source("a.yaml", b"kind: Pod\n")]).violations] == ["x"]


def test_without_opa_what_only_opa_judges_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    peers.written(tmp_path, {"a/main.rego": HEAD + "deny contains uuid.rfc4122(input.kind)\n"})
    with pytest.raises(EngineError, match=r"regorus has no uuid.rfc4122 \(\S*main.rego:5\)"):
        packages.load(tmp_path / "a")
    peers.written(tmp_path, {"b/main.rego": HEAD + r"deny contains regex.find_n(`\w`, input.k, 1)"})
    judgement = packages.load(tmp_path / "b").judge([Source("a.yaml", b"k: a\n")])
    assert judgement.violations == ()
    assert "invalid regex" in judgement.problems[0].message
