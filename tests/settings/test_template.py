"""What `rc settings init` writes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given

from policylib import rules
from policylib._native import read
from policylib.settings import Settings, files, load, schema
from policylib.settings.model import Known
from policylib.settings.template import _EXAMPLES, template
from policylib.settings.tighter import weakenings
from tests.settings.samples import SCHEMAS, Schema

KNOWN = rules.load().known()
ALL = template(KNOWN, sections=True, values=True)


def parsed(tmp_path: Path, text: str, known: Known = KNOWN) -> Settings:
    (tmp_path / "exceptions.yaml").write_text("exceptions: []\n")
    (tmp_path / "service-catalog.yaml").write_text("services: {web: {tier: gold}}\n")
    path = tmp_path / "policylib.yaml"
    path.write_text(text)
    return files.parse(path, known)


def test_it_is_valid_and_changes_nothing(tmp_path: Path) -> None:
    settings = parsed(tmp_path, template(KNOWN))
    assert settings.families.keys() == {"digest"}
    assert weakenings(Settings(), settings, KNOWN) == ()
    assert weakenings(settings, Settings(families={"digest": {}}), KNOWN) == ()


def test_it_counts_where_it_is_merely_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policylib.yaml").write_text(template(KNOWN))
    assert load(None, KNOWN).notes == ()


def test_with_every_comment_lifted_it_is_valid_too(tmp_path: Path) -> None:
    settings = parsed(tmp_path, ALL)
    assert settings.families.keys() == KNOWN.families.keys()
    assert settings.catalog == {"web": {"tier": "gold"}}


def test_lifting_a_comment_is_deleting_two_characters() -> None:
    texts = (template(KNOWN), template(KNOWN, sections=True), ALL)
    for before, after in itertools.pairwise(text.splitlines() for text in texts):
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            assert other in {one, one.replace("# ", "", 1), one.removesuffix(" {}")}


def test_a_section_with_its_comment_lifted_holds_what_holds_without_it(tmp_path: Path) -> None:
    """What permits, or demands what nobody has decided, has a comment of its own."""
    settings = parsed(tmp_path, template(KNOWN, sections=True))
    assert settings.families.keys() == KNOWN.families.keys()
    for family, section in settings.families.items():
        strictest = Settings(families={family: {}})
        given = Settings(families={family: section})
        assert weakenings(strictest, given, KNOWN) == ()
        assert weakenings(given, strictest, KNOWN) == ()


def test_every_key_is_there_with_what_it_means() -> None:
    text = template(KNOWN)
    meanings = " ".join(text.replace("#", " ").split())
    for key, node in schema.settings(KNOWN)["properties"].items():
        assert f"{key}:" in text
        for name, inner in node.get("properties", {}).items():
            assert f" {name}:" in text
            assert " ".join(inner.get("description", "").split()) in meanings
    for rule in KNOWN.rules:
        assert rule in text


def test_the_schema_is_named_for_editors() -> None:
    first = template(KNOWN).splitlines()[0]
    assert first == f"# yaml-language-server: $schema={schema.URL}"
    assert schema.URL.endswith("/docs/schema/policylib.schema.json")


@pytest.mark.parametrize("key", [key for key in _EXAMPLES if "." in key])
def test_every_example_is_of_a_key_that_there_is(tmp_path: Path, key: str) -> None:
    family, _, name = key.partition(".")
    assert name in KNOWN.families[family]["properties"]
    settings = parsed(tmp_path, ALL)
    assert settings.families[family][name] == _EXAMPLES[key]


@given(SCHEMAS)
def test_sections_that_nobody_foresaw_are_written_so_that_they_can_be_read(inner: Schema) -> None:
    section = {"type": "object", "additionalProperties": False, "properties": {"k": dict(inner)}}
    known = Known({"other": section}, ("other.rule",), ())
    (text,), problems = read("p.yaml", template(known, sections=True, values=True).encode())
    assert problems == []
    assert json.loads(text)["other"].keys() == {"k"}
    (text,), problems = read("p.yaml", template(known).encode())
    assert json.loads(text) == {"version": 1}
