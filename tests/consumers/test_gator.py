"""Gatekeeper's resources, given to a real gator."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import policylib
from policylib import bundle, rules
from policylib.errors import BundleError
from policylib.matrix.run import run
from policylib.rules import RuleSet, path_of
from tests import tools
from tests.bundle.gator import judged
from tests.bundle.samples import PINNED, RELAXED, SHA512, UNPINNED
from tests.matrix.small import lying

RULE = "digest.image_pinned"
PROGRAMS = {"gator": tools.path("gator")}
TEMPLATE = f"templates/{RULE}.yaml"
CONSTRAINT = f"constraints/{RULE}.yaml"


def build(settings: dict[str, Any], found: RuleSet | None = None) -> dict[str, bytes]:
    return bundle.build(bundle.Target.GATEKEEPER, found or rules.load(), settings)


def gator(folder: Path, resources: dict[str, bytes], document: dict[str, Any]) -> list[Any]:
    folder.mkdir(exist_ok=True)
    for name, content in resources.items():
        (folder / name.replace("/", "-")).write_bytes(content)
    (folder / "object.json").write_text(json.dumps(document))
    return judged(folder)


def messages(results: list[Any]) -> list[str]:
    return [result["msg"] for result in results]


def test_it_denies_and_allows(tmp_path: Path) -> None:
    (result,) = gator(tmp_path / "a", build({}), UNPINNED)
    assert result["msg"] == 'image "nginx:1.27" has no digest'
    assert result["enforcementAction"] == "deny"
    assert result["metadata"]["details"]["path"] == "/spec/template/spec/containers/0/image"
    assert gator(tmp_path / "b", build({}), PINNED) == []


def test_the_plans_own_constraint_applies_verbatim(tmp_path: Path) -> None:
    policy = (tools.ROOT / "fixtures" / "sprint34" / "policy" / "require-digest.yaml").read_bytes()
    resources = {"template.yaml": build({})[TEMPLATE], "constraint.yaml": policy}
    assert messages(gator(tmp_path / "a", resources, UNPINNED)) != []
    assert gator(tmp_path / "b", resources, PINNED) == []


@pytest.mark.parametrize("parameters", ["", "  parameters: {}\n"])
def test_a_constraint_without_parameters_is_strict(tmp_path: Path, parameters: str) -> None:
    constraint = (
        "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sRequireImageDigest\n"
        f"metadata: {{name: bare}}\nspec:\n  match: {{}}\n{parameters}"
    )
    resources = {"template.yaml": build({})[TEMPLATE], "constraint.yaml": constraint.encode()}
    assert messages(gator(tmp_path / "a", resources, UNPINNED)) != []
    assert messages(gator(tmp_path / "b", resources, SHA512)) != []


def test_settings_become_parameters(tmp_path: Path) -> None:
    assert messages(gator(tmp_path / "a", build({}), SHA512)) != []
    assert gator(tmp_path / "b", build(RELAXED), SHA512) == []
    constraint = yaml.safe_load(build(RELAXED)[CONSTRAINT])
    assert constraint["spec"]["parameters"] == RELAXED


@pytest.mark.parametrize("by", ["digest", RULE])
@pytest.mark.parametrize(
    ("level", "action"), [("deny", "deny"), ("warn", "warn"), ("log", "dryrun"), ("off", None)]
)
def test_the_environment_decides_the_action(by: str, level: str, action: str | None) -> None:
    files = build({"environment": "dev", "enforcement": {"dev": {by: level}}})
    assert TEMPLATE in files
    assert (CONSTRAINT in files) is (action is not None)
    if action is not None:
        assert yaml.safe_load(files[CONSTRAINT])["spec"]["enforcementAction"] == action


def test_the_rules_own_level_goes_before_its_familys() -> None:
    levels = {"digest": "off", RULE: "warn"}
    files = build({"environment": "dev", "enforcement": {"dev": levels}})
    assert yaml.safe_load(files[CONSTRAINT])["spec"]["enforcementAction"] == "warn"


def test_another_environments_levels_do_not_count() -> None:
    for environment in ({}, {"environment": "prod"}):
        files = build({**environment, "enforcement": {"dev": {"digest": "off"}}})
        assert yaml.safe_load(files[CONSTRAINT])["spec"]["enforcementAction"] == "deny"


ALL: dict[str, Any] = {family: {} for family in rules.load().families}


def test_every_rule_that_asks_for_it_has_a_template_of_its_kind() -> None:
    files = build(ALL)
    for rule in rules.load().rules.values():
        template = yaml.safe_load(files[f"templates/{rule.id}.yaml"])
        kind = rule.gatekeeper["kind"]
        assert template["metadata"]["name"] == kind.lower()
        assert template["spec"]["crd"]["spec"]["names"] == {"kind": kind}
        schema = template["spec"]["crd"]["spec"]["validation"]["openAPIV3Schema"]
        declared = schema["properties"][rule.family]["properties"]
        assert declared.keys() == rule.parameters.get("properties", {}).keys()
        constraint = yaml.safe_load(files[f"constraints/{rule.id}.yaml"])
        assert constraint["spec"]["match"] == rule.gatekeeper["match"]


def test_a_family_without_settings_has_templates_and_no_constraint() -> None:
    files = build({})
    written = {name.split("/")[1].split(".")[0] for name in files if name.startswith("constraints")}
    assert written == {"digest"}
    assert {f"templates/{id_}.yaml" for id_ in rules.load().rules} <= files.keys()


def test_gator_takes_every_template_and_constraint(tmp_path: Path) -> None:
    assert messages(gator(tmp_path / "a", build(ALL), UNPINNED)) != []


def test_a_rule_that_has_just_entered_warns() -> None:
    files = build({"entering": [RULE]})
    assert yaml.safe_load(files[CONSTRAINT])["spec"]["enforcementAction"] == "warn"


def exception(**changes: Any) -> dict[str, Any]:
    return {
        "rule": RULE,
        "target": {"kind": "Deployment", "namespace": "shop", "name": "web"},
        "reason": "the vendor publishes no digest",
        "ticket": "OPS-1",
        "approver": "security@example.com",
        "expires": "2098-12-31",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "denied"),
    [
        ({}, False),
        ({"expires": "2020-01-01"}, True),
        ({"expires": "whenever"}, True),
        ({"approver": ""}, True),
        ({"rule": "digest.values_pinned"}, True),
        ({"target": {"kind": "Deployment", "namespace": "shop", "name": "api"}}, True),
        ({"target": {"namespace": "shop", "image": "nginx:1.27"}}, False),
    ],
)
def test_an_exception_holds_until_it_expires(
    tmp_path: Path, changes: dict[str, Any], denied: bool
) -> None:
    resources = build({"exceptions": [exception(**changes)]})
    assert (messages(gator(tmp_path, resources, UNPINNED)) != []) is denied


def test_a_constraint_carries_only_the_exceptions_of_its_rule() -> None:
    files = build({"exceptions": [exception()]})
    assert yaml.safe_load(files[CONSTRAINT])["spec"]["parameters"] == {"exceptions": [exception()]}
    other = yaml.safe_load(files["constraints/digest.values_pinned.yaml"])
    assert "parameters" not in other["spec"]


def test_an_exception_on_the_workload_itself_counts_for_nothing(tmp_path: Path) -> None:
    annotations = {"policylib.dev/exceptions": json.dumps([exception()])}
    document = {**UNPINNED, "metadata": {**UNPINNED["metadata"], "annotations": annotations}}
    assert messages(gator(tmp_path, build({}), {**document, "exceptions": [exception()]})) != []


def test_every_policy_library_is_imported_from_lib_and_carried() -> None:
    (code,) = yaml.safe_load(build({})[TEMPLATE])["spec"]["targets"][0]["code"]
    libs = code["source"]["libs"]
    carried = {re.search(r"^package (\S+)", lib, re.MULTILINE)[1] for lib in libs}  # type: ignore[index]
    for source in [code["source"]["rego"], *libs]:
        for name in re.findall(r"^import data\.(\S+)", source, re.MULTILINE):
            assert carried & {name, name.rpartition(".")[0]}, name
        assert "data.settings" not in source
    assert len(libs) == len(set(libs))


def replaced(module: str, **change: str) -> RuleSet:
    """The rules with one text of one module replaced."""
    found = rules.load()
    source = found.modules[module].replace(change["old"], change["new"], 1)
    return dataclasses.replace(found, modules={**found.modules, module: source})


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "import rego.v1\n",
            "import rego.v1\nimport data.policylib.nosuch\n",
            "no module provides",
        ),
        (
            "import rego.v1\n",
            "import rego.v1\nx := data.policylib.lib.read.at\n",
            "without an import",
        ),
        (
            "import rego.v1\n",
            "import rego.v1\nx := data.settings.digest\n",
            "may read data.settings",
        ),
    ],
)
def test_what_gatekeeper_would_miss_in_silence_is_refused(
    old: str, new: str, complaint: str
) -> None:
    with pytest.raises(BundleError, match=complaint):
        build({}, replaced(path_of(RULE), old=old, new=new))


def test_a_parameter_that_no_crd_takes_is_refused() -> None:
    found = rules.load()
    odd = {"properties": {"x": {"type": "string", "oneOf": []}}}
    rule = found.rules[RULE].model_copy(update={"parameters": odd})
    with pytest.raises(BundleError, match="oneOf"):
        build({}, dataclasses.replace(found, rules={RULE: rule}))


def test_gator_is_asked_again_until_an_input_of_a_cell_is_small() -> None:
    policy = policylib.load()
    [cell] = run(
        lying({"image": "tag"}),
        dataclasses.replace(policy, rules=policy.rules.narrowed(["digest"])),
        inputs=3,
        engines=("gator",),
        programs=PROGRAMS,
        where={"image": "tag", "kind": "Pod", "place": "initContainers"},
    ).cells
    assert cell.enforced == "deny"
    assert cell.counterexample is not None
    assert cell.counterexample.engine == "gator"
    assert len(cell.counterexample.document["spec"]["containers"]) == 1
