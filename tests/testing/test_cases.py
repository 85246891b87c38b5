"""Tables of cases: files that pytest collects, and those that a test names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing import project
from tests.testing.project import Run

SETTINGS = """\
version: 1
digest: {registries: [ghcr.io/org/]}
enforcement:
  dev: {digest.registry_allowed: warn}
"""

POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: %s}]}}"
DIGEST = f"sha256:{'0' * 64}"

TABLE = f"""\
policy_cases: 1
settings: ../policylib.yaml
cases:
  - name: ours, by digest
    document: {POD % f"ghcr.io/org/app@{DIGEST}"}
    allow: true
  - name: "theirs [2] / ü: by tag"
    document: {POD % "nginx"}
    deny: [digest.image_pinned, digest.registry_allowed]
    message: has no digest
  - name: in a file
    file: pod.yaml
    deny: [digest.registry_allowed]

  - name: wrongly allowed
    document: {POD % f"nginx@{DIGEST}"}
    allow: true
  - name: wrongly denied
    document: {POD % f"ghcr.io/org/app@{DIGEST}"}
    deny: [digest.image_pinned]
  - name: denied by another too
    document: {POD % "nginx"}
    deny: [digest.image_pinned]
  - name: says something else
    document: {POD % "nginx"}
    deny: [digest.image_pinned, digest.registry_allowed]
    message: has no name
  - name: nothing that rules know
    document: {{some: text}}
    allow: true
  - name: no such file
    file: nowhere.yaml
    allow: true
  - name: broken file
    file: broken.yaml
    deny: [digest.image_pinned]
"""

DECORATED = """
from policylib.testing import policy_cases

@policy_cases("tables/in_dev.yaml")
def test_in_dev(case, report, tmp_path):
    assert [v.rule for v in report.violations] == ["digest.registry_allowed"], case.name

@policy_cases("tables/in_dev.yaml")
def test_returns(): return True
"""

IN_DEV = f"""\
policy_cases: 1
environment: dev
cases:
- {{name: only a warning, document: {POD % f"nginx@{DIGEST}"}, allow: true}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("cases")
    files = {
        "policylib.yaml": SETTINGS,
        "tables/policy_cases.yaml": TABLE,
        "tables/pod.yaml": POD % f"nginx@{DIGEST}",
        "tables/broken.yaml": "kind: Pod\nkind: Pod\n",
        "tables/in_dev.yaml": IN_DEV,
        "tables/other_cases.yaml": "cases: [{name: of another program}]\n",
        "test_tables.py": DECORATED,
    }
    project.write(folder, files)
    return project.pytest(folder, "-v", "-n2")


def test_each_case_is_a_test(run: Run) -> None:
    passed = {name.partition("::")[2] for name in run.having("PASSED")}
    assert passed == {
        "ours, by digest",
        "theirs [2] / ü: by tag",
        "in a file",
        "test_in_dev[only a warning]",
    }
    assert len(run.having("FAILED")) == 8
    assert run.code == 1


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("wrongly allowed", "denied by digest.registry_allowed, against the table"),
        ("wrongly denied", "not denied by digest.image_pinned"),
        ("denied by another too", "denied by digest.registry_allowed, against the table"),
        ("says something else", "no denial says 'has no name'"),
        ("nothing that rules know", "no rule knows the document: no apiVersion and kind"),
        ("no such file", "the policy gives no verdict"),
        ("broken file", "the policy gives no verdict"),
        ("test_returns[only a warning]", "test_returns returns True, and nobody looks at that"),
    ],
)
def test_why_a_case_fails(run: Run, case: str, why: str) -> None:
    assert why in run.of(case)


def test_a_failure_says_where_the_case_stands_and_what_was_asked(run: Run) -> None:
    said = run.of("wrongly allowed")
    line = 1 + TABLE.splitlines().index("  - name: wrongly allowed")
    assert f"tables/policy_cases.yaml:{line}: wrongly allowed: denied by" in said
    assert 'deny[digest.registry_allowed] /spec/containers/0/image: image "nginx@' in said
    assert "asked: settings policylib.yaml, no environment, so the strictest" in said


ONE = "cases: [{name: a, document: {kind: Pod}, allow: true}]"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("policy_cases: 1\ncases: []", ":2:8: cases: it needs at least 1 entry"),
        ("policy_cases: 1", ":1:1: the key cases is missing"),
        (f"policy_cases: 2\n{ONE}", ":1:15: policy_cases: 2 is not among its values"),
        (f"policy_cases: 1\nsetting: x\n{ONE}", "unknown key setting (did you mean settings?)"),
        (f"policy_cases: 1\nsettings: x.yaml\n{ONE}", "x.yaml: the settings cannot be read"),
        (f"policy_cases: 1\nenvironment: prod\n{ONE}", "the settings have no environment 'prod'"),
        (f"policy_cases: 1\nrules: nowhere\n{ONE}", "nowhere"),
        ("policy_cases: 1\ncases:\n- {name: a}\n", ":3:3: cases.0: neither of document and file"),
        (
            "policy_cases: 1\ncases:\n- {name: a, file: b, allow: true, deny: [digest.x]}\n",
            "cases.0: both of allow and deny are there (give one of them)",
        ),
        (
            "policy_cases: 1\ncases:\n- {name: a, file: b, deny: [digest.image_pined]}\n",
            ":3:29: cases.0.deny.0: no rule is called 'digest.image_pined' (did you mean digest.",
        ),
        (
            "policy_cases: 1\ncases:\n- {name: a, file: b, deny: [tier.assigned]}\n",
            "the family tier is not configured (give the settings a section `tier:`)",
        ),
        (
            "policy_cases: 1\ncases:\n- {name: 'a::b', file: b, allow: true}\n",
            "cases.0.name: a test cannot be called 'a::b'",
        ),
        (
            "policy_cases: 1\ncases:\n- &a {name: a, file: b, allow: true}\n- *a\n",
            "cases.1.name: two cases are called 'a'",
        ),
        (
            "policy_cases: 1\ncases:\n- {name: a, file: b, allow: true, message: c}\n",
            "cases.0.message: only a denial has a message",
        ),
        (f"policy_cases: 1\n{ONE}\n{ONE}", "3:1"),
        (f"policy_cases: 1\n{ONE}\n---\na: b", "exactly one YAML document"),
    ],
)
def test_a_malformed_table_is_refused_with_its_place(tmp_path: Path, table: str, said: str) -> None:
    from policylib.errors import PolicylibError
    from policylib.testing.policies import Policies
    from policylib.testing.table import trials

    path = tmp_path / "policy_cases.yaml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(PolicylibError) as caught:
        trials(path, Policies(tmp_path))
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_malformed_table_fails_the_run(tmp_path: Path) -> None:
    names = ("policy_cases.yaml", "my_cases.yml", "odd.yaml", "test_it.py")
    test = "from policylib.testing import policy_cases\n"
    test += "@policy_cases('odd.yaml')\ndef test_odd(): ...\n"
    texts = ("policy_cases: 1\n", "a: [\n'policy_cases' : 1\n", "policy_cases: 1\n", test)
    project.write(tmp_path, dict(zip(names, texts, strict=True)))
    run = project.pytest(tmp_path)
    assert run.code == 2
    assert "3 errors" in run.said
    assert f"{tmp_path}/test_it.py:2: {tmp_path}/odd.yaml:1:1: the key cases is missing" in run.said
    named = project.pytest(tmp_path, "odd.yaml")
    assert named.code == 2
    assert f"{tmp_path}/odd.yaml:1:1: the key cases is missing" in named.said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("policy_cases.yaml", b""),
        ("policy_cases.yaml", b"\xff\x00\x01"),
        ("policy_cases_of_mine.yml", b"policy_case: 1\ncases: []\n"),
        ("Policy_Cases.YAML", b"cases: []\n"),
        ("my_cases.yaml", b"policy-cases: 1\n"),
        ("my_cases.YML", "policy_cases: 1\n".encode("utf-16")),
        ("my_cases.yaml", b"---\n  policy_cases: 1\n"),
        ("my_cases.yaml", b'{"policy_cases": 1}'),
    ],
)
def test_what_is_meant_as_a_table_is_never_passed_over(
    tmp_path: Path, name: str, content: bytes
) -> None:
    project.write(tmp_path, {"test_other.py": "def test_other(): ...\n"})
    (tmp_path / name).write_bytes(content)
    run = project.pytest(tmp_path)
    assert (run.code, "1 error" in run.said) == (2, True), run.said


def test_a_test_without_inputs_is_refused() -> None:
    from policylib.testing import policy_matrix, policy_rule

    with pytest.raises(ValueError, match="many=0 tests nothing"):
        policy_rule("digest.image_pinned", many=0)
    with pytest.raises(ValueError, match="inputs=-1 tests nothing"):
        policy_matrix("digest", inputs=-1)
