"""Modules that may be read are kept, whatever way they are named in; verdicts stay as they are."""

from __future__ import annotations

import pytest

from policylib import evaluate, examples, reach
from policylib import rules as rule_files
from policylib.engine.interface import DECISION
from policylib.engine.regorus import RegorusEngine

OWN = rule_files.load()
LAID = {
    "one.rego": "package lib.one\n\nvalue := 1\n",
    "two.rego": "package lib.two\n\nimport data.lib.one\n\nvalue := one.value\n",
    "deep.rego": "package lib.two.deep\n",
    "other.rego": "package other\n",
    "more.rego": "package other\n\nmore := 1\n",
}
READS = {
    "x := 1": [],
    "import data.lib.one": ["one.rego"],
    "import data.lib.one.value as v": ["one.rego"],
    "x := data.lib.one.value": ["one.rego"],
    "import data.lib.two": ["deep.rego", "one.rego", "two.rego"],
    "import data.lib.two.deep": ["deep.rego", "one.rego", "two.rego"],
    "x := data.lib[name].value": ["deep.rego", "one.rego", "two.rego"],
    'x := data.lib["one"].value': ["deep.rego", "one.rego", "two.rego"],
    'x := data["lib"].one': sorted(LAID),
    "walk(data)": sorted(LAID),
    "import data as d": sorted(LAID),
    'x := $"{data.other.more}"': sorted(LAID),
    "x with data.other.more as 1": ["more.rego", "other.rego"],
    "# data.lib.one": [],
    'x := "data.lib.one"': [],
    "x := `\ndata.lib.one\n`": [],
    'x := "\\"" # "\ny := data.lib.one': ["one.rego"],
    "x := input.data.lib": [],
    "x := metadata.lib": [],
    "x := data.elsewhere": [],
}


def kept(root: str, more: dict[str, str] | None = None) -> list[str]:
    modules = {**LAID, **(more or {}), "root.rego": f"package root\n\n{root}\n"}
    found = reach.Index(modules).closure(["root.rego"])
    assert all(modules[path] == text for path, text in found.items())
    return [path for path in found if path != "root.rego"]


@pytest.mark.parametrize("code", READS)
def test_what_a_module_names_is_kept(code: str) -> None:
    assert kept(code) == READS[code]


def test_a_module_of_the_same_package_is_kept() -> None:
    assert kept("x := 1", {"again.rego": "package root\n"}) == ["again.rego"]


def test_a_module_whose_package_is_not_plain_to_see_is_kept() -> None:
    assert kept("x := 1", {"odd.rego": "package\nroot\n"}) == ["odd.rego"]


def own_with(**changed: str) -> rule_files.RuleSet:
    return rule_files.of({**OWN.modules, **changed})


def families(modules: dict[str, str]) -> set[str]:
    return {id_.partition(".")[0] for id_ in OWN.rules if rule_files.path_of(id_) in modules}


@pytest.mark.parametrize("spoken", [(), ("tier",), ("residency", "tier"), ("provenance",)])
def test_rules_of_families_without_a_section_are_not_asked(spoken: tuple[str, ...]) -> None:
    settings: dict[str, object] = {family: {} for family in spoken}
    assert families(reach.asked(OWN, settings)) == {"digest", *spoken}
    assert set(evaluate.unconfigured(OWN, settings)) == set(OWN.families) - {"digest", *spoken}


@pytest.mark.parametrize(
    "path", ["policylib/decision/decision.rego", "policylib/lib/settings/settings.rego"]
)
def test_a_decision_or_library_of_ones_own_may_ask_anything(path: str) -> None:
    own = own_with(**{path: OWN.modules[path] + "\n# as we like it\n"})
    assert reach.asked(own, {}) == dict(own.modules)


def test_a_rule_that_another_family_reads_is_kept() -> None:
    path = rule_files.path_of("digest.image_pinned")
    read = "data.policylib.provenance.attested.violation"
    own = own_with(**{path: f"{OWN.modules[path]}\nsigned if count({read}) == 0\n"})
    found = reach.asked(own, {})
    assert families(found) == {"digest", "provenance"}
    assert rule_files.path_of("provenance.attested") in found
    assert reach.Index(own.modules).closure([path]).keys() <= found.keys()


@pytest.mark.parametrize("settings", [{}, {"tier": {}}, {"residency": {}}, {"provenance": {}}])
def test_no_verdict_changes(settings: dict[str, object]) -> None:
    groups = examples.groups(examples.home(), OWN)
    inputs = [{"review": {"object": one}} for group in groups for one in group.documents]
    some = inputs[:: 1 + len(inputs) // 150]
    data = {"settings": settings, "facts": {}}
    whole, fewer = (
        RegorusEngine(modules, data).evaluate(DECISION, some)
        for modules in (OWN.modules, reach.asked(OWN, settings))
    )
    assert fewer == whole
