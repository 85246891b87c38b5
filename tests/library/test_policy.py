"""The library as a program uses it."""

from __future__ import annotations

import contextlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import policylib
from policylib import EngineError, InputError, Policy, PolicylibError, rules
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
    with pytest.raises(TypeError):
        policy.check([1])  # type: ignore[list-item]


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
