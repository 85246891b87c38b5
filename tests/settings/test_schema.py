"""The JSON Schemas that are published for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylib import rules
from policylib.settings import schema
from policylib.settings.checks import mistakes
from policylib.settings.template import template
from tests.settings.samples import JSON, values

KNOWN = rules.load().known()
PUBLISHED = Path(__file__).parents[2] / "docs/schema"
TEXTS = schema.published(KNOWN)
EXAMPLE = {
    "rule": "digest.image_pinned",
    "target": {"kind": "Pod", "name": "web"},
    "reason": "r",
    "ticket": "t",
    "approver": "a",
    "expires": "2098-12-31",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_published_is_fresh(name: str) -> None:
    published = (PUBLISHED / name).read_text(encoding="utf-8")
    assert published == TEXTS[name], "run: make generate"


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_published_is_a_schema_that_any_validator_takes(name: str) -> None:
    published = json.loads(TEXTS[name])
    Draft202012Validator.check_schema(published)
    assert published["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert '"tighter"' not in TEXTS[name]


def test_a_parameter_that_is_called_tighter_is_published() -> None:
    ways = {"type": "string", "tighter": "fewer", "default": "a"}
    known = rules.load().known()
    section = {"type": "object", "properties": {"tighter": ways}}
    with_one = type(known)({"x": section}, known.rules, ())
    published = json.loads(schema.published(with_one)["policylib.schema.json"])
    assert published["properties"]["x"]["properties"] == {
        "tighter": {"type": "string", "default": "a"}
    }


def without_formats(node: Any) -> Any:
    """What editors check: a format is a remark to them."""
    if isinstance(node, dict):
        return {key: without_formats(one) for key, one in node.items() if key != "format"}
    return node


@given(st.data())
def test_editors_and_policylib_agree_about_settings(data: st.DataObject) -> None:
    checked = without_formats(schema.settings(KNOWN))
    keys = st.sampled_from(sorted(checked["properties"]))
    value = data.draw(values(checked) | st.dictionaries(keys | st.text(), JSON, max_size=2))
    editor = Draft202012Validator(json.loads(TEXTS["policylib.schema.json"]))
    assert editor.is_valid(value) is (not list(mistakes(value, checked)))


@pytest.mark.parametrize(
    ("target", "valid"),
    [
        ({"kind": "Pod", "name": "web"}, True),
        ({"kind": "Pod", "name": "web", "image": "nginx", "path": "", "message": "m"}, True),
        ({"image": f"sha256:{'0a' * 32}"}, True),
        ({"namespace": "shop", "image": "nginx"}, True),
        ({}, False),
        ({"kind": "Pod"}, False),
        ({"kind": "", "name": ""}, False),
        ({"namespace": "shop"}, False),
        ({"image": "nginx"}, False),
    ],
)
def test_editors_know_which_targets_are_specific(target: dict[str, str], valid: bool) -> None:
    validator = Draft202012Validator(json.loads(TEXTS["exceptions.schema.json"]))
    assert validator.is_valid({"exceptions": [{**EXAMPLE, "target": target}]}) is valid


def test_what_settings_init_writes_is_valid_for_editors() -> None:
    from policylib._native import read

    validator = Draft202012Validator(json.loads(TEXTS["policylib.schema.json"]))
    for lifted in ({}, {"sections": True}, {"sections": True, "values": True}):
        (text,), problems = read("policylib.yaml", template(KNOWN, **lifted).encode())
        assert problems == []
        validator.validate(json.loads(text))
