"""A matrix as tests: one a cell, each held to what the settings promise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import tools
from tests.testing import project
from tests.testing.project import Run

SETTINGS = """\
version: 1
digest: {registries: [ghcr.io/org/]}
enforcement:
  dev: {digest: warn}
"""

KINDS = """
from dataclasses import dataclass, field
from policylib.generate.sample import Defect, Sample
from policylib.matrix.interface import Word
from policylib.matrix.model import Dimension

DIGEST = f"@sha256:{'0' * 64}"
ENDS = {"by digest": DIGEST, "by tag": ":1"}

@dataclass
class Images:
    name: str = "images"
    title: str = "Which images may run"
    family: str = "digest"
    none: bool = False

    def dimensions(self, settings):
        return [
            Dimension(name="from", title="Registry", values=("ours", "theirs")),
            Dimension(name="named", title="Named", values=tuple(ENDS)),
        ]

    def cells(self, settings):
        rows, columns = self.dimensions(settings)
        return [
            {"from": row, "named": column} for row in rows.values for column in columns.values
        ][: 0 if self.none else None]

    def promised(self, settings, at):
        if at == {"from": "ours", "named": "by digest"}:
            return Word("allow", "it is ours, and by digest")
        return Word("deny", "it is not ours" if at["from"] == "theirs" else "a tag moves")

    def sample(self, choices, settings, at):
        registry = {"ours": settings["digest"]["registries"][0], "theirs": "quay.io/"}[at["from"]]
        names = [choices.one_of(("a", "b")) for _ in range(choices.integer(1, 3))]
        containers = [
            {"name": f"c{i}", "image": f"{registry}{name}{ENDS[at['named']]}"}
            for i, name in enumerate(names)
        ]
        if at["named"] == "by digest" and choices.integer(0, 7) == 7:
            containers[0]["env"] = [{"name": "A", "value": "needle"}]
        document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}
        return Sample({**document, "spec": {"containers": containers}})
"""

TESTS = """
import pytest
from policylib.testing import policy_matrix
from kinds import Images

SEEN = {}

@policy_matrix(Images(), settings="policylib.yaml", seed=1)
def test_as_promised(cell, sample, document, report, tmp_path, request):
    assert sample.document == document
    assert report.allowed == (cell.promise == "allow")
    SEEN.setdefault(request.node.name, []).append(str(document))

def test_each_input_was_shown():
    assert len(SEEN) == 4
    assert min(len(set(documents)) for documents in SEEN.values()) >= 14

@policy_matrix(Images(), inputs=10)
def test_with_the_nearest_settings(): ...

@policy_matrix(Images(), environment="dev")
def test_only_warns(): ...

@policy_matrix(Images())
def test_of_ones_own(document):
    assert "needle" not in str(document)

@pytest.mark.parametrize("twice", [1, 2])
@policy_matrix(Images(), inputs=1)
def test_returns(twice):
    return twice == 1 or None
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matrix")
    files = {"policylib.yaml": SETTINGS, "kinds.py": KINDS, "test_images.py": TESTS}
    project.write(path, files)
    return path


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return project.pytest(folder, "-v", "test_images.py")


def test_each_cell_is_a_test(run: Run) -> None:
    cells = ("ours-by digest", "ours-by tag", "theirs-by digest", "theirs-by tag")
    passed = {name.partition("::")[2] for name in run.having("PASSED")}
    assert passed == {
        *(f"test_as_promised[{cell}]" for cell in cells),
        "test_each_input_was_shown",
        *(f"test_with_the_nearest_settings[{cell}]" for cell in cells),
        "test_only_warns[ours-by digest]",
        *(f"test_of_ones_own[{cell}]" for cell in cells if "tag" in cell),
        *(f"test_returns[{cell}-2]" for cell in cells),
    }
    assert run.code == 1


def test_a_weaker_word_than_promised_fails(run: Run) -> None:
    said = run.of("test_only_warns[theirs-by digest]")
    assert (
        "images: from theirs, named by digest: deny is promised, and the policy says warn" in said
    )
    assert "due        deny: it is not ours" in said
    assert "warn[digest.registry_allowed] /spec/containers/0/image" in said
    assert "environment dev" in said


def test_an_assertion_of_ones_own_is_shown_with_the_smallest_input(run: Run) -> None:
    said = run.of("test_of_ones_own[ours-by digest]")
    assert '>       assert "needle" not in str(document)' in said
    assert said.count("- name: c") == 1
    assert "value: needle" in said
    assert "returns True, and nobody looks at that" in run.of("test_returns[ours-by tag-1]")


def test_workers_agree_on_the_tests_and_write_nothing_shared(folder: Path, run: Run) -> None:
    before = _files(folder)
    spread = project.pytest(folder, "-v", "-n2", "test_images.py", "-k", "promised or only_warns")
    assert spread.having("PASSED") == {
        *(name for name in run.having("PASSED") if "test_as_promised" in name),
        "test_images.py::test_only_warns[ours-by digest]",
    }
    assert len(spread.having("FAILED")) == 3
    assert _files(folder) == before


def _files(folder: Path) -> set[Path]:
    own = {"__pycache__", ".hypothesis", ".pytest_cache"}
    return {path for path in folder.rglob("*") if not own & set(path.parts)}


RESIDENCY = """\
version: 1
residency:
  allowed_regions:
    pii: [us-east-1]
  approved_by: Board
"""
PROMISED = """
from policylib.testing import policy_matrix

@policy_matrix("residency", rules="rego", settings="../policylib.yaml", inputs=40)
def test_residency(): ...
"""
CELL = "test_residency[pii-(elsewhere)-workload or request-(none)]"


def test_an_error_in_a_rule_is_found_again_until_it_is_mended(tmp_path: Path) -> None:
    shutil.copytree(tools.ROOT / "rego", tmp_path / "tests" / "rego")
    files = {"policylib.yaml": RESIDENCY, "tests/test_residency.py": PROMISED}
    project.write(tmp_path, files)
    rule = tmp_path / "tests/rego/policylib/residency/region_allowed/region_allowed.rego"
    right = rule.read_text(encoding="utf-8")
    wrong = right.replace("if {", 'if {\n\tinput.review.object.kind != "Deployment"\n')
    rule.write_text(wrong, encoding="utf-8")
    only = ("-k", "pii and elsewhere and workload and none")
    said = project.pytest(tmp_path, *only).of(CELL)
    assert "deny is promised, and the policy says allow" in said
    assert "due        deny: pii may only be in us-east-1" in said
    assert said.count("    kind: Deployment") == 1
    assert "initContainers" not in said, "that is not the smallest"
    [command] = Run(1, said).commands
    assert project.shell(tmp_path, command).of(CELL) == said
    assert project.pytest(tmp_path, *only).of(CELL) == said, "the seed was not kept"
    rule.write_text(right, encoding="utf-8")
    assert project.pytest(tmp_path, *only).code == 0
    kept = [path for path in (tmp_path / ".hypothesis/examples").rglob("*") if path.is_file()]
    assert not kept, "the seed was not given up"


SAID = [
    ("policy_matrix(Images(none=True))", "there is nothing to test, so nothing would be shown"),
    ("policy_matrix(Images(family='tier'))", "the family tier is required and not configured"),
    ("policy_matrix(Images(family='tear'))", "no rule or family is called 'tear'"),
    ("policy_matrix('residence')", "no matrix is called 'residence' (did you mean residency?)"),
    ("policy_matrix('residency')", "the family residency is required and not configured"),
    ("policy_matrix(Images(), settings='x.yaml')", "x.yaml: the settings cannot be read"),
    ("policy_matrix(Images(), setting='x.yaml')", "unexpected keyword argument 'setting'"),
    ("policy_matrix(Images(), environment='prod')", "have no environment 'prod' (known: dev)"),
    ("policy_rule('digest.image_pined')", "no rule or family is called 'digest.image_pined'"),
    ("policy_rule('tier.assigned')", "the family tier is required and not configured"),
    ("policy_rule('digest', by={'a': []})", "there is nothing to test, so nothing would"),
    ("policy_rule('digest', inputs=lambda: [])", "inputs are a Hypothesis strategy, not list"),
    ("policy_rule('digest', by={'sample': [1]})", "a dimension cannot be called sample"),
    ("policy_cases('nowhere.yaml')", "nowhere.yaml: the table cannot be read"),
]


@pytest.mark.parametrize(("decorator", "said"), SAID)
def test_what_would_show_nothing_is_no_silent_pass(refused: Run, decorator: str, said: str) -> None:
    assert said in refused.of(f"ERROR collecting test_{SAID.index((decorator, said))}.py")


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("refused")
    head = "from policylib.testing import policy_cases, policy_matrix, policy_rule\n"
    head += "from kinds import Images\n"
    tests = {
        f"test_{index}.py": f"{head}@{decorator}\ndef test_it(): ...\n"
        for index, (decorator, _) in enumerate(SAID)
    }
    project.write(folder, {"policylib.yaml": SETTINGS, "kinds.py": KINDS, **tests})
    run = project.pytest(folder)
    assert run.code == 2
    assert f"{len(SAID)} errors" in run.said
    return run
