"""Bundle definitions: strict, complete, and never a way to lose a family in silence."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylib import bundle, evaluate, rules
from policylib.bundle import definition
from policylib.errors import BundleError, PolicylibError
from policylib.settings.checks import mistakes
from tests import tools
from tests.bundle.samples import UNPINNED
from tests.settings.samples import JSON

SHIPPED = sorted((tools.ROOT / "bundles").glob("*.yaml"))
SETTINGS = """\
version: 1
provenance: {}
residency: {allowed_regions: {pii: [us-east-1]}}
enforcement: {prod: {}, dev: {digest: warn}}
"""


def defined(folder: Path, text: str, settings: str = SETTINGS) -> definition.Defined:
    (folder / "conf").mkdir(exist_ok=True)
    (folder / "conf/policylib.yaml").write_text(settings)
    path = folder / "mine.yaml"
    path.write_text(text)
    return definition.load(path)


def refusal(folder: Path, text: str, settings: str = SETTINGS) -> str:
    with pytest.raises(BundleError) as caught:
        defined(folder, text, settings)
    return str(caught.value).replace(f"{folder}/", "")


HEAD = "version: 1\ntarget: opa\n"
WITH = f"{HEAD}settings: conf/policylib.yaml\n"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_can_be_built(path: Path) -> None:
    found = definition.load(path)
    files = bundle.build(found.target, found.policy.rules, found.policy.data, found.facts)
    assert files
    assert found.left_out == ()


def test_without_settings_all_is_at_its_strictest(tmp_path: Path) -> None:
    found = defined(tmp_path, HEAD)
    assert found.name == "mine"
    assert found.target is bundle.Target.OPA
    assert found.policy.rules is rules.load()
    assert found.policy.data == {"enforcement": {}}
    assert found.facts is None


def test_paths_are_relative_to_the_definition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tools.ROOT / "fixtures/provenance/facts.yaml"
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/facts.yaml").write_bytes(facts.read_bytes())
    monkeypatch.chdir(tools.ROOT)
    text = f"{WITH}name: ours\nenvironment: dev\nfacts: conf/facts.yaml\n"
    found = defined(tmp_path, text)
    assert found.name == "ours"
    assert found.policy.data["environment"] == "dev"
    assert found.facts is not None
    assert found.facts["images"]
    assert found.policy.facts == found.facts


def test_settings_that_lie_about_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "policylib.yaml").write_text("version: 1\nresidency: {}\n")
    monkeypatch.chdir(here)
    assert defined(tmp_path, HEAD).policy.data == {"enforcement": {}}


def test_rules_of_ones_own_join(tmp_path: Path) -> None:
    rule = (tools.ROOT / "rego/policylib/digest/image_pinned/image_pinned.rego").read_text()
    folder = tmp_path / "own/policylib/digest/more"
    folder.mkdir(parents=True)
    text = rule.replace("digest.image_pinned", "digest.more").replace("K8sRequireImage", "Own")
    (folder / "more.rego").write_text(text)
    found = defined(tmp_path, f"{HEAD}rules: own\n")
    assert {"digest.more", "digest.image_pinned"} <= found.policy.rules.rules.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yaml: this is to be exactly one YAML document"),
        ("[]", "mine.yaml: this is to be a mapping of keys"),
        ("a: 1\na: 2\n", "mine.yaml:2:1"),
        ("version: 1\n", "the key target is missing"),
        ("target: opa\n", "the key version is missing"),
        ("version: 2\nwhat: ever\n", "version 2 is newer than 1"),
        ("version: true\ntarget: opa\n", "mine.yaml:1:10: version: true is a boolean"),
        (f"{HEAD}target: opa\n", "mine.yaml:3:1"),
        ("version: 1\ntarget: gatekeper\n", "did you mean gatekeeper?"),
        (f"{HEAD}familes: [digest]\n", "did you mean families?"),
        (f"{HEAD}number: 7\n", "unknown key number"),
        (f"{HEAD}families: digest\n", "is text, not a list"),
        (f"{HEAD}families: []\n", "it needs at least 1 entry"),
        (f"{HEAD}families: [digest, digest]\n", "is there twice"),
        (f"{HEAD}families: [digst]\n", "no family is called 'digst' (did you mean digest?)"),
        (f"{HEAD}families: [residency]\n", "have no section for residency"),
        (f"{HEAD}environment: prod\n", "name no environment 'prod'"),
        (f"{WITH}environment: prd\n", "did you mean prod?"),
        (f"{HEAD}name: '  '\n", "name: it says nothing"),
        (f"{HEAD}settings: no\n", "YAML takes on, off, yes and no for booleans"),
    ],
)
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, "version: 1\ntaget: opa\ntarget: oap\nfamilies: 7\n") == (
        "mine.yaml: 3 mistakes\n"
        "  mine.yaml:2:8: unknown key taget (did you mean target?)\n"
        '  mine.yaml:3:9: target: "oap" is not among its values (did you mean opa?)\n'
        "  mine.yaml:4:11: families: 7 is a number, not a list"
    )
    told = refusal(tmp_path, f"{WITH}families: [digest, tear, tier]\nenvironment: test\n")
    assert told.startswith("mine.yaml: 2 mistakes\n  mine.yaml:4:20: families.1: no family is")


@pytest.mark.parametrize("key", ["settings", "facts", "rules"])
def test_what_it_names_has_to_be_there(tmp_path: Path, key: str) -> None:
    with pytest.raises(PolicylibError) as caught:
        defined(tmp_path, f"{HEAD}{key}: gone\n")
    assert str(tmp_path / "gone") in str(caught.value)


def test_what_it_names_is_checked_as_ever(tmp_path: Path) -> None:
    with pytest.raises(PolicylibError, match="unknown key residncy"):
        defined(tmp_path, WITH, "version: 1\nresidncy: {}\n")


@pytest.mark.parametrize("name", ["gone.yaml", ".", "a\0b"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match="the definition cannot be read"):
        definition.load(tmp_path / name)


# What a definition leaves out.


def test_left_out_families_are_named_and_not_asked(tmp_path: Path) -> None:
    found = defined(tmp_path, f"{WITH}families: [residency]\n")
    assert found.left_out == ("digest", "provenance")
    assert {rule.family for rule in found.policy.rules.rules.values()} == {"residency"}
    assert found.policy.unconfigured == ("digest", "provenance", "tier")
    violations = found.policy.check(json.dumps(UNPINNED).encode()).violations
    assert {violation.rule.partition(".")[0] for violation in violations} == {"residency"}
    with pytest.raises(PolicylibError):
        found.policy.require(["digest"])


def test_naming_every_family_is_naming_none(tmp_path: Path) -> None:
    settings = "version: 1\nprovenance: {}\nresidency: {}\ntier: {}\n"
    every = ", ".join(rules.load().families)
    one = defined(tmp_path, f"{WITH}families: [{every}]\n", settings)
    assert one.policy.revision == defined(tmp_path, WITH, settings).policy.revision


def test_the_order_of_families_does_not_matter(tmp_path: Path) -> None:
    one, other = (
        defined(tmp_path, f"{WITH}families: [{names}]\n").policy
        for names in ("digest, residency", "residency, digest")
    )
    assert one.revision == other.revision
    assert one.revision != defined(tmp_path, WITH).policy.revision


@pytest.mark.parametrize(
    ("families", "unasked", "allowed"),
    [
        ("digest, residency", ["provenance", "tier"], True),
        ("digest", ["provenance", "residency", "tier"], False),
        ("provenance", ["digest", "residency", "tier"], False),
    ],
)
def test_an_opa_says_what_its_bundle_leaves_out(
    tmp_path: Path, families: str, unasked: list[str], allowed: bool
) -> None:
    """`data.residency.allow` has no yes for whoever asks a bundle without that family."""
    found = defined(tmp_path, f"{WITH}families: [{families}]\n")
    policy = found.policy
    bundle.write(found.target, tmp_path / "out", policy.rules, policy.data)
    archive = tmp_path / "out/bundle.tar.gz"
    subprocess.run([tools.path("opa"), "check", "--strict", "--bundle", archive], check=True)
    asked = {"request": {"data_class": "pii", "region": "us-east-1"}}
    query = "[data.policylib.decision.unconfigured, data.residency.allow]"
    done = subprocess.run(
        [tools.path("opa"), "eval", "-b", archive, "-I", "--format=raw", query],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [unasked, allowed]


@pytest.mark.parametrize("target", bundle.Target)
def test_every_target_carries_the_rules_of_these_families_alone(
    tmp_path: Path, target: bundle.Target
) -> None:
    found = defined(tmp_path, f"{WITH}families: [provenance]\n")
    whole = bundle.build(target, rules.load(), found.policy.data)
    part = bundle.build(target, found.policy.rules, found.policy.data)
    assert whole != part
    if target is bundle.Target.OPA:
        return
    assert not any("image_pinned" in name for name in part)
    assert any("provenance" in name and "signed" in name for name in part)


# What editors check.


def test_the_published_schema_is_fresh() -> None:
    for name, text in definition.published().items():
        published = tools.ROOT / "docs/schema" / name
        assert published.read_text(encoding="utf-8") == text, "run: make generate"
        Draft202012Validator.check_schema(json.loads(text))


KEYS = st.sampled_from(
    ["version", "target", "name", "families", "settings", "environment", "facts", "rules"]
)
FAMILIES = st.lists(st.sampled_from([*rules.load().families, ""]), max_size=3)
VALUES = st.sampled_from([1, 2, *bundle.Target, " "]) | FAMILIES | JSON


@given(st.dictionaries(KEYS | st.text(), VALUES), st.booleans())
def test_editors_and_policylib_agree_about_definitions(value: dict[str, Any], sound: bool) -> None:
    value = {**value, "version": 1, "target": "opa"} if sound else value
    schema = json.loads(definition.published()["bundle.schema.json"])
    valid = Draft202012Validator(schema).is_valid(value)
    assert valid is (not list(mistakes(value, {k: schema[k] for k in KEYWORDS})))
    if valid:
        definition.Definition.model_validate(value)


KEYWORDS = ("type", "additionalProperties", "required", "properties")


def test_the_digest_is_that_of_a_check(tmp_path: Path) -> None:
    found = defined(tmp_path, WITH)
    policy = evaluate.load(settings=tmp_path / "conf/policylib.yaml")
    assert found.policy.revision == policy.check(b"a: 1").revision
