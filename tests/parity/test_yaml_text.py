"""Values in text: whatever regorus and OPA make of YAML, the rules read the same, or nothing."""

from __future__ import annotations

from policylib.engine.interface import Value
from policylib.engine.opa import OpaEngine
from policylib.engine.regorus import RegorusEngine
from policylib.generate.choices import Chance
from policylib.rules import load
from tests import tools

TEXTS = 30_000
PARTS = [
    *("a", "b", "image", "tag", "1", "0x1f", "~", "null", "yes", "1.0", "nginx:1", "http://x"),
    *(":", ": ", "?", "? ", "-", "- ", "{", "}", "[", "]", ",", ", ", "\n", "  ", "\t"),
    *("'", '"', "#", " #", "&a", "*a", "|", ">", "!", "%", "@", "`", "<<"),
]
ASKED = """package asked

import rego.v1

import data.policylib.lib.yaml_text

value := yaml_text.load(input.text)
"""


def text(seed: int) -> str:
    choices = Chance(f"yaml/{seed}")
    return "".join(choices.one_of(PARTS) for _ in range(choices.integer(1, 9)))


def test_every_text_is_read_alike() -> None:
    modules = {**load().modules, "asked.rego": ASKED}
    inputs = [{"text": one} for one in sorted({text(seed) for seed in range(TEXTS)})]
    native = RegorusEngine(modules, {}).evaluate("data.asked.value", inputs)
    reference = OpaEngine(modules, {}, tools.path("opa")).evaluate("data.asked.value", inputs)
    rows = zip(inputs, native, reference, strict=True)
    assert [row for row in rows if row[1] != row[2]] == []
    assert sum(answer != Value({}) for answer in native) > TEXTS / 10
