"""Kyverno's policies for the digest family, and exceptions, given to the real Kyverno CLI."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import policylib
from policylib import rules
from policylib.bundle import kyverno
from policylib.bundle.kyverno import cel, slsa, workloads
from policylib.errors import BundleError
from tests import tools
from tests.bundle.samples import PINNED
from tests.consumers import kyverno_cli
from tests.consumers.kyverno_cli import load
from tests.consumers.kyverno_samples import ODD, pods, references

FIXTURES = tools.ROOT / "fixtures"
RULES: Final = ("digest.image_pinned", "digest.registry_allowed")

NOT_ASKED: Final[Mapping[str, Mapping[str, str]]] = {
    "digest.image_pinned": {
        "argo-workflow-container-as-text": "a Workflow has no pod template",
        "argo-workflow-script": "a Workflow has no pod template",
        "containers-by-name": "a custom resource that nobody declared",
        "extra-containers": "a custom resource that nobody declared",
        "strange-kind-of-a-known-group": "no kind of Kubernetes' own",
        "tekton-step": "a Task has no pod template",
        "tekton-task-without-steps": "a Task has no pod template",
        "unknown-custom-resource": "a custom resource that nobody declared",
    },
    "digest.registry_allowed": {
        "argo-kustomize-images": "an Application chooses images, and runs none",
        "argo-parameters": "an Application chooses images, and runs none",
        "flux-post-renderer": "a HelmRelease chooses images, and runs none",
        "flux-values": "a HelmRelease chooses images, and runs none",
        "kustomization": "a kustomization chooses images, and runs none",
        "kustomization-patch": "a kustomization chooses images, and runs none",
        "tekton-step": "a Task has no pod template",
        "unknown-custom-resource": "a custom resource that nobody declared",
        "values-host-in-the-repository": "values choose images, and run none",
        "values-registry": "values choose images, and run none",
        "values-registry-for-all": "values choose images, and run none",
    },
}
"""Denied by us, and let through by Kyverno, which does not ask: exactly these, each with why."""

UNREAD: Final[Mapping[str, str]] = {
    "allow/list-of-pinned": "is not a list",
    "deny/nested-list": "is not a list",
    "deny/objects-beside-a-config-map": "is not a list",
    "deny/pod-list-of-text": "is not a list",
    "deny/capital-letters": "Object 'Kind' is missing",
    "deny/missing-kind": "Object 'Kind' is missing",
}
"""What the CLI ends over, and says. The API server takes lists apart, and refuses the rest."""


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The policies under which the examples of the digest family are judged."""
    policy = policylib.load(settings=FIXTURES / "digest" / "settings.yaml")
    return kyverno_cli.written(tmp_path_factory.mktemp("kyverno"), policy)


def of(rule: str, policies: list[Path]) -> list[Path]:
    return [path for path in policies if path.name.startswith(rule)]


def names(files: list[Path]) -> dict[str, set[str]]:
    """Each example's name, and those of the objects in it."""
    return {
        path.stem: {
            document["metadata"]["name"] for document in yaml.safe_load_all(path.read_text())
        }
        for path in files
    }


@pytest.mark.parametrize("verdict", ["allow", "deny"])
@pytest.mark.parametrize("rule", RULES)
def test_the_examples_are_judged_as_by_us(
    tmp_path: Path, policies: list[Path], rule: str, verdict: str
) -> None:
    folder = FIXTURES / rule.replace(".", "/") / verdict
    unread = {name.split("/")[1] for name in UNREAD if rule == RULES[0] and verdict in name}
    files = [path for path in sorted(folder.glob("*.yaml")) if path.stem not in unread]
    for path in files:
        shutil.copy(path, tmp_path)
    found = kyverno_cli.denied(kyverno_cli.verdicts(of(rule, policies), tmp_path), rule)
    told = {stem for stem, held in names(files).items() if held & found}
    expected = (
        {path.stem for path in files} - NOT_ASKED[rule].keys() if verdict == "deny" else set()
    )
    assert told == expected
    assert verdict == "allow" or NOT_ASKED[rule].keys() <= {path.stem for path in files}


@pytest.mark.parametrize("example", UNREAD)
def test_what_the_cli_does_not_read_gets_no_pass(policies: list[Path], example: str) -> None:
    file = FIXTURES / "digest" / "image_pinned" / f"{example}.yaml"
    done = kyverno_cli.run(policies, file)
    assert done.returncode != 0
    assert UNREAD[example] in done.stdout + done.stderr
    assert '"pass"' not in done.stdout


def judged_by_us(policy: policylib.Policy, documents: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The names that each rule denies."""
    report = policy.check(documents)
    assert not report.errors
    return {
        rule: {one.resource.name for one in report.violations if one.rule == rule} for rule in RULES
    }


def compare(tmp_path: Path, policy: policylib.Policy, documents: list[dict[str, Any]]) -> None:
    policies = kyverno_cli.written(tmp_path / "policies", policy)
    found = kyverno_cli.verdicts(policies, kyverno_cli.stream(tmp_path / "r.yaml", documents))
    ours = judged_by_us(policy, documents)
    for rule in RULES:
        theirs = kyverno_cli.denied(found, rule)
        kept = {one["metadata"]["name"]: one["spec"] for one in documents}
        assert {name: kept[name] for name in ours[rule] ^ theirs} == {}
        assert set() < theirs < kept.keys()


PROBLEMS: Final = {
    "digest.image_pinned": "not pinned by an accepted digest",
    "digest.registry_allowed": "not from an allowed registry",
}
INDEX = re.compile(r"/spec/containers/(\d+)/image")


@pytest.mark.parametrize("algorithms", [["sha256"], ["sha512"], ["sha512", "sha256"]])
def test_references_are_judged_as_by_us(tmp_path: Path, algorithms: list[str]) -> None:
    """All in one Pod, as Kyverno takes its time for each; its message names those it denies."""
    allowed = ["ghcr.io/org/", "ghcr.io/example/app", "busybox", "localhost:5000/"]
    section = {"registries": [*allowed, "index.docker.io/org/"], "algorithms": algorithms}
    policy = load(families={"digest": section})
    images = list(dict.fromkeys(references()))
    [pod] = pods([{"containers": [{"image": image} for image in images]}])
    policies = kyverno_cli.written(tmp_path / "policies", policy)
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [pod])
    said = {one["message"] for one in kyverno_cli.results(policies, resources)}
    report = policy.check([pod])
    for rule, problem in PROBLEMS.items():
        paths = [INDEX.fullmatch(one.path) for one in report.violations if one.rule == rule]
        bad = sorted(int(path[1]) for path in paths if path)
        assert len(paths) == len(bad) < len(images)
        named = ", ".join(images[index] or "(an image is missing)" for index in bad)
        assert f"{problem}: {named}" in said


def test_pods_of_every_shape_are_judged_as_by_us(tmp_path: Path) -> None:
    policy = load(families={"digest": {"registries": ["ghcr.io/"]}})
    compare(tmp_path, policy, pods(ODD))


def test_the_kinds_are_those_that_the_rules_know() -> None:
    engine = load().engine
    [builtin, custom] = [
        getattr(engine.evaluate(f"data.policylib.lib.workloads.{name}", [{}])[0], "value", None)
        for name in ("builtin", "custom")
    ]
    assert {one.kind.lower(): one.place for one in workloads.BUILTIN} == builtin
    places: dict[str, dict[str, str]] = {}
    for one in workloads.CUSTOM:
        places.setdefault(one.group, {})[one.kind.lower()] = one.place
    assert places == custom


@pytest.mark.parametrize(
    ("level", "action"), [("deny", "Deny"), ("warn", "Warn"), ("log", "Audit"), ("off", None)]
)
def test_the_environment_decides_what_a_violation_does(level: str, action: str | None) -> None:
    policy = load(enforcement={"dev": {"digest.image_pinned": level}}, environment="dev")
    found = kyverno.files(policy).files
    for suffix in ("", "-custom"):
        content = found.get(f"policies/digest.image_pinned{suffix}.yaml")
        assert (content is None) is (action is None)
        if content is not None:
            spec = yaml.safe_load(content)["spec"]
            assert spec["validationActions"] == [action]
            assert spec["failurePolicy"] == ("Fail" if level == "deny" else "Ignore")


def test_nothing_asks_for_a_registry_where_none_is_said() -> None:
    assert not [name for name in kyverno.files(load()).files if "registry_allowed" in name]


def test_every_rule_that_is_asked_for_is_written_or_named() -> None:
    ruleset = rules.load()
    families: dict[str, Any] = {family: {} for family in ruleset.families}
    families["digest"] = {"env_images": True, "registries": ["ghcr.io/"]}
    made = kyverno.files(load(families=families))
    carried = {name.split("/")[1].removesuffix(".yaml") for name in made.files if "/" in name}
    told = {note.about for note in made.notes if note.effect == "missing"}
    assert ruleset.rules.keys() <= told
    assert carried & ruleset.rules.keys() == {
        id_ for id_ in ruleset.rules if id_ in RULES or id_.startswith("provenance.")
    }


def test_rules_that_were_changed_are_named() -> None:
    ruleset = rules.load()
    path = "policylib/lib/image/image.rego"
    changed = replace(ruleset, modules={**ruleset.modules, path: ruleset.modules[path] + "\n"})
    made = kyverno.files(replace(load(), rules=changed))
    assert "its Rego is not that of policylib" in made.files[kyverno.NOTES].decode()
    assert "its Rego" not in kyverno.files(load()).files[kyverno.NOTES].decode()


@pytest.mark.parametrize("namespace", ["", "A", "a/b", "-a"])
def test_a_namespace_that_cannot_be_is_refused(namespace: str) -> None:
    with pytest.raises(BundleError, match="is no namespace"):
        kyverno.files(load(), namespace)


def test_settings_that_mean_nothing_are_refused() -> None:
    for key, value in (("registries", ["ghcr.io"]), ("registries", []), ("algorithms", [])):
        with pytest.raises(BundleError, match="malformed"):
            kyverno.files(load(families={"digest": {key: value}}))


PATTERNS = [
    ("a@example.com", "a@example.com"),
    ("*@example.com", "ana@example.com"),
    ("*@example.com", "a@b@example.com"),
    ("*@example.com", "@example.com"),
    ("*@example.com", "a@example_com"),
    ("*@example.com", "a@example.com.evil"),
    ("https://x/*/y", "https://x/a/y"),
    ("https://x/*/y", "https://x/a/b/y"),
    ("a.b*", "axbc"),
    ("(a|b)*", "a1"),
    ("(a|b)*", "(a|b)1"),
    ("[x]*", "x1"),
    ("*", "a"),
    ("*", ""),
    ("*", "a b"),
    ("*", "a\n"),
    ("a*", "\na1"),
    (".+", "abc"),
    ("**", "a"),
    ("**", "ab"),
    ("a$*", "a$1"),
    ("^a*", "a1"),
    ("\\d*", "51"),
]


@pytest.mark.parametrize(("pattern", "text"), PATTERNS)
def test_patterns_mean_what_they_mean_to_the_rules(pattern: str, text: str) -> None:
    asked = f"identities.matches({json.dumps(pattern)}, {json.dumps(text)})"
    module = (
        "package probe\n\nimport rego.v1\n\nimport data.policylib.lib.identities\n\n"
        f"default answer := false\n\nanswer if {asked}\n"
    )
    policy = load()
    ruleset = replace(policy.rules, modules={**policy.rules.modules, "probe.rego": module})
    [answer] = replace(policy, rules=ruleset).engine.evaluate("data.probe.answer", [{}])
    expected = getattr(answer, "value", None)
    assert isinstance(expected, bool)
    regular = cel.expression(pattern).removeprefix(r"\A").removesuffix(r"\z")
    assert (re.fullmatch(regular, text) is not None) is expected
    assert slsa.matches(pattern, text) is expected


def test_the_plans_policy_is_still_taken(tmp_path: Path) -> None:
    plans = FIXTURES / "sprint34" / "policy" / "verify-provenance.yaml"
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [PINNED])
    done = subprocess.run(
        [tools.path("kyverno"), "apply", plans, "--resource", resources],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "deprecated" in done.stdout + done.stderr
    assert "invalid" not in done.stdout.lower()
