"""The plugin costs those next to nothing who do not use it, and leaves their runs as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing import project

UNUSED = """
import sys

def test_nothing_heavy_was_imported(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("policylib")
    own = {name for name in sys.modules if name.split(".")[0] == "policylib"}
    assert own == {
        "policylib",
        "policylib.reading",
        "policylib.testing",
        "policylib.testing.body",
        "policylib.testing.plugin",
        "policylib.version",
    }
    heavy = {"hypothesis", "jinja2", "pydantic", "rich"}
    assert not heavy & sys.modules.keys()
"""

LOCAL = """
from policylib.testing import policy_rule, workloads

@policy_rule("conftest.main", policy="policy", inputs=workloads(), one_sided=True)
def test_own_packages(document):
    return "warn" if document["kind"] != "Job" else "allow"
"""
REGO = """\
package main

import rego.v1

warn_all contains msg if {
	input.kind != "Job"
	msg := "no job"
}
"""


def test_a_run_without_it_imports_nothing_heavy(tmp_path: Path) -> None:
    other = {"some_cases.yaml": "cases: []\n", "bad_cases.yaml": "a: [\n", "policy.yaml": "a: 1\n"}
    project.write(tmp_path, {"test_own.py": UNUSED, **other})
    run = project.pytest(tmp_path, "-n0")
    assert run.code == 0, run.said
    assert "1 passed" in run.said


def test_importing_it_needs_nothing_but_pytest() -> None:
    code = """
import sys
import pytest
before = set(sys.modules)
import policylib.testing.plugin
print(sorted({name.split(".")[0] for name in set(sys.modules) - before}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "['policylib']\n"


def test_without_the_plugin_tests_of_policies_do_not_pass(tmp_path: Path) -> None:
    project.write(tmp_path, {"test_own.py": LOCAL, "policy/main.rego": REGO})
    run = project.pytest(tmp_path, "-p", "no:policylib")
    assert run.code == 1
    assert "fixture 'policylib_trial' not found" in run.said


def test_packages_of_ones_own_profiles_and_the_cache_of_pytest(tmp_path: Path) -> None:
    profile = """
from hypothesis import settings
settings.register_profile("few", max_examples=9, derandomize=True)
settings.load_profile("few")
"""
    files = {"test_own.py": LOCAL, "policy/main.rego": REGO, "conftest.py": profile}
    project.write(tmp_path, files)
    report = tmp_path / "report.xml"
    wrong = LOCAL.replace('!= "Job"', '== "Job"')
    for text, code, options in (
        (wrong, 1, ()),
        (wrong, 1, ("--lf",)),
        (LOCAL, 0, ("--lf", f"--junitxml={report}")),
    ):
        (tmp_path / "test_own.py").write_text(text, encoding="utf-8")
        run = project.pytest(tmp_path, *options)
        assert run.code == code, run.said
        assert "1 failed" in run.said if code else "1 passed" in run.said
    assert 'name="policylib_inputs" value="9"' in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("async def test_it(document): ...", "test_it is to be a plain function"),
        ("def test_it(document): yield", "test_it is to be a plain function"),
        ("@policy_rule('digest')\ndef test_it(document): ...", "test_it is decorated twice"),
    ],
)
def test_what_cannot_be_decorated_is_refused_at_once(written: str, why: str) -> None:
    from policylib.testing import policy_rule

    code = compile(f"@policy_rule('digest')\n{written}", __file__, "exec")
    with pytest.raises(TypeError, match=why):
        exec(code, {"policy_rule": policy_rule})
