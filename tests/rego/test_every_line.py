"""No line of a module can go without a test that fails, or a reason why it makes no difference."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import tools
from tests.rego import modules

# Module → line → why a module without that line is the same.
EQUIVALENT: dict[str, dict[str, str]] = (
    yaml.safe_load(Path(__file__).with_name("equivalent_lines.yaml").read_text(encoding="utf-8"))
    or {}
)

# Without it a module is read as another language beside v0 policies: tests/rego/test_lint.py.
HELD_BY_THE_LINT = "import rego.v1"


@pytest.mark.parametrize("path", modules.modules())
def test_every_line_is_held_by_a_test(path: str, tmp_path: Path) -> None:
    test = modules.test_of(path)
    texts = {one: modules.sources()[one] for one in modules.closure(path, test)}
    tests = modules.tests_in(test)
    # regorus cannot run every test: some replace values in ways that it does not follow.
    tests = [one for one in tests if one not in modules.failures(texts, tests)]
    assert tests
    unnoticed = []
    for number in modules.code_lines(texts[path]):
        if texts[path].splitlines()[number] == HELD_BY_THE_LINT:
            continue
        changed = {**texts, path: modules.without_line(texts[path], number)}
        if not modules.failures(changed, tests) and not _opa_notices(changed, test, tmp_path):
            unnoticed.append(texts[path].splitlines()[number].strip())
    assert unnoticed == [line for line in unnoticed if line in EQUIVALENT.get(path, {})]
    assert EQUIVALENT.get(path, {}).keys() <= set(unnoticed), "these are noticed"


def _opa_notices(texts: dict[str, str], test: str, folder: Path) -> bool:
    """Whether OPA refuses the changed modules or fails their tests."""
    for path, text in texts.items():
        if not path.endswith("_test.rego") or path == test:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    commands: list[list[Any]] = [["check", "--strict", folder], ["test", folder]]
    return any(
        subprocess.run([tools.path("opa"), *command], capture_output=True, check=False).returncode
        for command in commands
    )


def test_reasons_are_for_lines_that_are_there() -> None:
    for path, lines in EQUIVALENT.items():
        present = {line.strip() for line in modules.sources()[path].splitlines()}
        assert lines.keys() <= present, path
        assert all(reason.strip() for reason in lines.values())
