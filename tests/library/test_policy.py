"""The library as a program uses it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections import ChainMap, UserDict, UserList
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import pytest

import policylib
from policylib import (
    EngineError,
    InputError,
    Policy,
    PolicylibError,
    SettingsError,
    reading,
    rules,
)
from policylib.settings import Settings

DIGEST = "sha256:" + "0123456789abcdef" * 4
SHA512 = "sha512:" + "0123456789abcdef" * 8


def pod(image: object, **metadata: str) -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", **metadata},
        "spec": {"containers": [{"name": "web", "image": image}]},
    }


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policylib.load()


def test_the_public_names_are_these() -> None:
    assert set(policylib.__all__) == {
        "BundleError",
        "EngineError",
        "Enforcement",
        "InputError",
        "Policy",
        "PolicylibError",
        "Problem",
        "Report",
        "Resource",
        "Rule",
        "RuleError",
        "SettingsError",
        "SignatureError",
        "Severity",
        "Skipped",
        "Violation",
        "__version__",
        "load",
    }
    assert all(hasattr(policylib, name) for name in policylib.__all__)


def test_an_object_is_judged(policy: Policy) -> None:
    assert policy.check(pod(f"nginx@{DIGEST}")).allowed
    report = policy.check(pod("nginx:1.29", namespace="shop"))
    assert not report.allowed
    [violation] = report.violations
    assert violation.rule == "digest.image_pinned"
    assert violation.path == "/spec/containers/0/image"
    assert (violation.resource.kind, violation.resource.namespace) == ("Pod", "shop")
    assert violation.remediation


def test_objects_bytes_and_paths_give_one_verdict(policy: Policy, tmp_path: Path) -> None:
    text = b"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
    text += b"    - {name: web, image: nginx}\n"
    (tmp_path / "pod.yaml").write_bytes(text)
    reports = [
        policy.check(pod("nginx")),
        policy.check([pod("nginx")]),
        policy.check(text),
        policy.check(tmp_path),
        policy.check([str(tmp_path / "pod.yaml")]),
        policy.check([tmp_path, pod("nginx")]),
    ]
    assert [len(report.violations) for report in reports] == [1, 1, 1, 1, 1, 2]
    assert len({v.message for report in reports for v in report.violations}) == 1


def test_a_violation_says_where_it_is(policy: Policy) -> None:
    text = (
        b"# a\n---\n# b\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: nginx\n"
    )
    [violation] = policy.check(text, name="deploy/web.yaml").violations
    place = (violation.file, violation.document, violation.line, violation.column)
    assert place == ("deploy/web.yaml", 0, 9, 12)


def test_one_bad_document_hides_no_other(policy: Policy) -> None:
    pod_text = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nginx}]}\n"
    bad = b"a: [\n---\n" + pod_text + b"---\n{a: 1, a: 2}"
    report = policy.check(bad)
    assert [error.line for error in report.errors] == [2, 7]
    assert len(report.violations) == 1
    assert report.exit_code == 2


def test_nothing_to_check_is_an_error_unless_permitted(policy: Policy, tmp_path: Path) -> None:
    assert not policy.check(tmp_path).allowed
    assert not policy.check(b"").allowed
    assert not policy.check([]).allowed
    assert policy.check(tmp_path, allow_empty=True).allowed


def test_a_missing_path_is_an_error(policy: Policy, tmp_path: Path) -> None:
    report = policy.check([tmp_path / "gone.yaml", pod(f"nginx@{DIGEST}")])
    assert report.exit_code == 2
    assert "gone.yaml" in report.errors[0].file


def test_what_json_cannot_hold_is_refused(policy: Policy) -> None:
    with pytest.raises(InputError, match="object-0"):
        policy.check(pod(float("nan")))
    for odd in ([1], [b"a.yaml"], 1, None):
        with pytest.raises(InputError):
            policy.check(odd)  # type: ignore[arg-type]


def test_any_mapping_and_any_sequence_is_an_object(policy: Policy) -> None:
    containers = UserList([MappingProxyType({"name": "web", "image": "nginx"})])
    object_ = UserDict[str, object](pod("nginx"), spec=ChainMap({"containers": containers}))
    assert len(policy.check(object_).violations) == 1
    with pytest.raises(InputError, match="set"):
        policy.check({"spec": {1, 2}})


@pytest.mark.parametrize("name", [f"{chr(0xD800)}.yaml", "\udcff.yaml", "a\0.yaml", "é.yaml"])
def test_any_name_is_shown_and_none_is_a_crash(policy: Policy, tmp_path: Path, name: str) -> None:
    report = policy.check([tmp_path / name])
    assert len(report.errors) == 1
    assert report.errors[0].file.encode()
    assert policy.check(b"a: [", name=name).errors[0].file.encode()


class Bytes:
    """A path that is bytes, as `os.scandir(b'.')` gives them."""

    def __init__(self, path: Path) -> None:
        self._path = os.fsencode(path)

    def __fspath__(self) -> bytes:
        return self._path


def test_a_path_of_bytes_is_a_path(policy: Policy, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(json.dumps(pod("nginx")))
    assert len(policy.check(Bytes(tmp_path)).violations) == 1  # type: ignore[arg-type]


def test_a_name_that_is_not_utf8_is_read_within_bounds(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / os.fsdecode(b"\xff.yaml")
    file.write_text(json.dumps(pod("nginx")))
    assert len(policy.check(tmp_path).violations) == 1
    monkeypatch.setattr(reading, "LARGEST", 10)
    [error] = policy.check(tmp_path).errors
    assert "more than 10 bytes" in error.message
    file.unlink()
    os.mkfifo(file)
    assert policy.check(file).errors


def test_what_is_skipped_comes_in_one_order(policy: Policy) -> None:
    names = [f"object-{n}" for n in range(3)]
    text = b"---\n".join(b"a: 1\n" for _ in range(100))
    report = policy.check(text)
    assert [one.document for one in report.skipped] == list(range(100))
    assert [one.file for one in policy.check([{"a": 1}] * 3).skipped] == names


@pytest.mark.parametrize("environment", ["", 1, b"prod"])
def test_what_is_no_environment_is_refused(environment: str) -> None:
    with pytest.raises(SettingsError, match="no environment"):
        policylib.load(environment=environment)


def test_the_package_imports_nothing_before_it_is_used() -> None:
    code = "import sys, policylib; sys.exit('pydantic' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "import sys, policylib; policylib.load; sys.exit('pydantic' not in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        _ = policylib.no_such_name


def test_settings_change_the_verdict(tmp_path: Path) -> None:
    settings = tmp_path / "policylib.yaml"
    settings.write_text("digest: {algorithms: [sha256, sha512]}\n")
    object_ = pod(f"nginx@{SHA512}")
    assert not policylib.load().check(object_).allowed
    assert policylib.load(settings=settings).check(object_).allowed
    assert policylib.load(settings=settings).revision != policylib.load().revision


@pytest.mark.parametrize(
    ("level", "allowed", "count"),
    [("deny", False, 1), ("warn", True, 1), ("log", True, 1), ("off", True, 0)],
)
def test_enforcement_follows_the_environment(
    tmp_path: Path, level: str, allowed: bool, count: int
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"enforcement: {{dev: {{digest: '{level}'}}}}\n")
    in_dev = policylib.load(settings=settings, environment="dev").check(pod("nginx"))
    assert (in_dev.allowed, len(in_dev.violations)) == (allowed, count)
    for environment in (None, "prod"):
        strict = policylib.load(settings=settings, environment=environment)
        assert not strict.check(pod("nginx")).allowed


def test_a_caller_cannot_exempt_himself(policy: Policy) -> None:
    object_ = pod("nginx")
    object_["settings"] = {"digest": {"algorithms": []}, "enforcement": {"": {"digest": "off"}}}
    object_["parameters"] = object_["settings"]
    object_["metadata"] = {"annotations": {"policylib.dev/skip": "true"}}
    assert not policy.check(object_).allowed
    object_["review"] = {"object": pod(f"a@{DIGEST}")}
    assert not policy.check(object_).allowed


def test_a_document_whose_evaluation_fails_was_not_judged(tmp_path: Path) -> None:
    shutil.copytree(rules.root(), tmp_path / "rego")
    rule = tmp_path / "rego/policylib/digest/image_pinned/image_pinned.rego"
    failing = "violation contains {} if 1 / input.review.object.zero"
    rule.write_text(f"{rule.read_text()}\n{failing}\n")
    good = pod(f"a@{DIGEST}")
    report = policylib.load(rules=tmp_path / "rego").check([good, good | {"zero": 0}])
    assert report.documents == 1
    assert [error.file for error in report.errors] == ["object-1"]


def test_threads_may_share_a_policy(policy: Policy) -> None:
    def wrong(n: int) -> bool:
        pinned = n % 2 == 0
        image = f"nginx@{DIGEST}" if pinned else "nginx"
        return policy.check(pod(image)).allowed is not pinned

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(wrong, range(200)))


@pytest.mark.parametrize(
    "value",
    [
        "{1}",
        '{{"rule": "digest.image_pinned"}}',
        '{{"rule": "no.such", "msg": "", "path": "", "details": {}, "resource": {}}}',
        '"deny"',
        "set() if false",
        "1 / 0",
    ],
)
def test_a_decision_that_makes_no_sense_never_passes(tmp_path: Path, value: str) -> None:
    shutil.copytree(rules.root(), tmp_path / "rego")
    decision = tmp_path / "rego" / "policylib" / "decision" / "decision.rego"
    decision.write_text(f"package policylib.decision\nimport rego.v1\nviolations := {value}\n")
    with pytest.raises(PolicylibError):
        policylib.load(rules=tmp_path / "rego")
    odd = Policy(rules.load(tmp_path / "rego"), Settings())
    with contextlib.suppress(EngineError):
        assert not odd.check(pod(f"nginx@{DIGEST}")).allowed
