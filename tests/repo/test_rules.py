"""The repository obeys its own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policylib import rules
from tests.rego import modules

ROOT = Path(__file__).parents[2]
RULES = rules.load()
IDS = sorted(RULES.rules)


def test_the_rules_of_a_checkout_are_read_in_place() -> None:
    assert rules.root() == ROOT / "rego"


@pytest.mark.parametrize("rule_id", IDS)
def test_metadata_says_all_that_a_reader_needs(rule_id: str) -> None:
    rule = RULES.rules[rule_id]
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.description.endswith(".")
    assert rule.remediation.rstrip().endswith(".")
    assert rule.controls
    assert rule.references
    assert rule.parameters.get("additionalProperties") is False
    for name, schema in rule.parameters["properties"].items():
        assert schema["description"].endswith("."), f"{rule_id}: {name}"
        # Without a default the absence of a parameter restricts nothing.
        assert "default" in schema or schema.get("tighter") == "fewer", f"{rule_id}: {name}"
    assert re.fullmatch(r"K8s[A-Za-z]+", rule.gatekeeper["kind"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.introduced)


WAYS = {"fewer", "more", "lower", "higher", "true", "false"}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    inner.append(schema.get("additionalProperties"))
    for one in inner:
        if isinstance(one, dict):
            yield from nodes(one)


@pytest.mark.parametrize("rule_id", IDS)
def test_the_schema_of_parameters_is_one_that_every_target_takes(rule_id: str) -> None:
    parameters = RULES.rules[rule_id].parameters
    Draft202012Validator.check_schema(parameters)
    for node in nodes(parameters):
        assert isinstance(node["type"], str)
        assert node.get("tighter", "fewer") in WAYS
        assert node.get("format", "instant") in {"instant", "duration"}
        if "default" in node:
            Draft202012Validator(node).validate(node["default"])


@pytest.mark.parametrize("rule_id", IDS)
def test_a_rule_declares_the_settings_that_it_reads(rule_id: str) -> None:
    rule = RULES.rules[rule_id]
    path = rules.path_of(rule_id)
    text = "".join(modules.sources()[one] for one in modules.closure(path))
    read = set(re.findall(rf'settings\.get\(\["{rule.family}", "(\w+)"', text))
    declared = rule.parameters["properties"].keys()
    assert read <= declared
    if not re.search(rf'settings\.get\(\["{rule.family}"(?:\]|, [^"])', text):
        assert declared <= read


@pytest.mark.parametrize("rule_id", IDS)
@pytest.mark.parametrize("verdict", ["allow", "deny"])
def test_a_rule_has_examples(rule_id: str, verdict: str) -> None:
    rule = RULES.rules[rule_id]
    folder = ROOT / "fixtures" / rule.family / rule.name / verdict
    examples = sorted(folder.glob("*.yaml"))
    assert len(examples) >= 12
    if verdict == "deny":
        assert all(path.read_text().startswith("# ") for path in examples)


def test_a_rule_has_a_test_beside_it() -> None:
    for rule_id in IDS:
        module = ROOT / "rego" / rules.path_of(rule_id)
        assert module.with_name(f"{module.stem}_test.rego").is_file()


def test_folder_and_package_are_one_name() -> None:
    for path, text in RULES.modules.items():
        if "entrypoints" in path:
            continue
        folder = Path(path).parent.as_posix().replace("/", ".")
        assert re.search(rf"^package {re.escape(folder)}$", text, re.MULTILINE), path


def test_two_rules_share_no_gatekeeper_kind() -> None:
    kinds = [rule.gatekeeper["kind"] for rule in RULES.rules.values()]
    assert len(kinds) == len(set(kinds))


def test_rules_that_share_a_setting_declare_it_alike() -> None:
    declared: dict[tuple[str, str], object] = {}
    for rule in RULES.rules.values():
        for name, schema in rule.parameters["properties"].items():
            assert declared.setdefault((rule.family, name), schema) == schema
