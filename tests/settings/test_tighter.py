"""What stands over another file never lets through what that one denies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylib import rules
from policylib._native import normalise
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.settings import Settings, files
from policylib.settings.checks import child, mistakes
from policylib.settings.levels import LEVELS
from policylib.settings.model import Known
from policylib.settings.tighter import merged, weakenings
from tests.rego import modules
from tests.settings.samples import JSON, Schema, values

OWN = rules.load()
KNOWN = OWN.known()
FIXTURES = Path(__file__).parents[2] / "fixtures"
SHA256 = f"a@sha256:{'0a' * 32}"
SHA512 = f"a@sha512:{'0a' * 64}"


def pod(image: str) -> dict[str, Any]:
    spec = {"containers": [{"name": "web", "image": image}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}


RELEASE = {
    "apiVersion": "helm.toolkit.fluxcd.io/v2",
    "kind": "HelmRelease",
    "metadata": {"name": "web"},
    "spec": {"valuesFrom": [{"kind": "ConfigMap", "name": "values"}]},
}
EXAMPLES = [pod("a"), pod(SHA256), pod(SHA512), pod(f"ghcr.io/org/{SHA256}"), RELEASE]

Denied = set[tuple[int, str]]


def denied(settings: Settings, documents: list[dict[str, Any]], environment: str = "dev") -> Denied:
    """Which rule denies which document."""
    engine = RegorusEngine(OWN.modules, {"settings": settings.data(environment)})
    answers = engine.evaluate(DECISION, [{"review": {"object": one}} for one in documents])
    found: Denied = set()
    for index, answer in enumerate(answers):
        assert isinstance(answer, Value)
        found |= {(index, v["rule"]) for v in answer.value if v["enforcement"] == "deny"}
    return found


@cache
def examples(family: str) -> list[dict[str, Any]]:
    """Some of what the family's own examples deny and allow, a document of each."""
    found = []
    for kind, number in (("deny", 20), ("allow", 5)):
        all_of_them = sorted(FIXTURES.glob(f"{family}/*/{kind}/*.yaml"))
        for file in all_of_them[:: max(1, len(all_of_them) // number)]:
            texts, _ = normalise(str(file), file.read_bytes())
            found += [json.loads(text) for text in texts[:1]]
    return [*found, *EXAMPLES]


@cache
def usual(family: str) -> Settings:
    """The settings that the family's examples are judged by."""
    path = FIXTURES / family / "settings.yaml"
    return files.parse(path, KNOWN) if path.exists() else Settings()


def changed(value: Any, schema: Schema) -> st.SearchStrategy[Any]:
    """A value near another: one that only tightens is likely among them."""
    fresh = values(schema)
    if isinstance(value, list):
        some = st.lists(st.sampled_from(value), max_size=len(value)) if value else st.just([])
        return st.one_of(some, some, st.builds(lambda more: [*value, *more], fresh), fresh)
    if isinstance(value, dict):
        nearby = {key: changed(item, child(schema, key)) for key, item in value.items()}
        fewer = st.fixed_dictionaries({}, optional=nearby)
        return st.one_of(fewer, fewer, st.builds(lambda more: {**value, **more}, fresh), fresh)
    return st.one_of(st.just(value), fresh)


LEVEL = st.sampled_from(LEVELS)


def overlays(base: Settings, family: str) -> st.SearchStrategy[Settings]:
    names = [family, *(rule for rule in OWN.rules if rule.startswith(f"{family}."))]
    section = changed(base.families.get(family, {}), KNOWN.families[family])
    return st.builds(
        lambda one, levels, catalog, labels: Settings.model_validate(
            {
                "families": {family: one},
                "enforcement": {"dev": levels},
                "catalog": catalog,
                "labels": labels,
            }
        ),
        section.filter(lambda one: not list(mistakes(one, KNOWN.families[family]))),
        st.dictionaries(st.sampled_from(names), LEVEL, max_size=2),
        st.none() | st.just({"web": {"tier": "bronze"}}),
        st.just({}) | st.just({"region": "topology.kubernetes.io/region"}),
    )


def bases(family: str) -> st.SearchStrategy[Settings]:
    names = [family, *(rule for rule in OWN.rules if rule.startswith(f"{family}."))]
    given = usual(family)
    return st.one_of(
        st.just(given),
        st.just(Settings()),
        st.builds(
            lambda levels: given.model_copy(update={"enforcement": {"dev": levels}}),
            st.dictionaries(st.sampled_from(names), LEVEL, max_size=2),
        ),
        st.builds(
            lambda one: given.model_copy(update={"families": {**given.families, family: one}}),
            changed(given.families.get(family, {}), KNOWN.families[family]).filter(
                lambda one: not list(mistakes(one, KNOWN.families[family]))
            ),
        ),
    )


@pytest.mark.parametrize("family", sorted(KNOWN.families))
@profile(max_examples=25)
@given(data=st.data())
def test_what_names_no_weakening_lets_nothing_more_through(
    family: str, data: st.DataObject
) -> None:
    base = data.draw(bases(family), "base")
    over = data.draw(overlays(base, family), "over")
    documents = examples(family)
    if not weakenings(base, over, KNOWN):
        assert denied(base, documents) <= denied(merged(base, over, KNOWN), documents)


@pytest.mark.parametrize("family", sorted(KNOWN.families))
@given(data=st.data())
def test_the_same_again_is_no_weakening_and_changes_nothing(
    family: str, data: st.DataObject
) -> None:
    base = data.draw(bases(family))
    assert weakenings(base, base, KNOWN) == ()
    assert merged(base, base, KNOWN).data("dev") == base.data("dev")


@given(st.booleans(), st.lists(JSON, max_size=4), st.lists(JSON, max_size=4))
def test_lists_are_compared_as_sets_of_json(fewer: bool, base: list[Any], over: list[Any]) -> None:
    less, more = (over, base) if fewer else (base, over)
    same = all(any(Draft202012Validator({"const": one}).is_valid(x) for x in more) for one in less)
    schema = {"type": "array", "tighter": "fewer" if fewer else "more"}
    assert weaker(schema, base, over) == (() if same else ("x.k",))


def weaker(schema: Schema, base: Any, over: Any) -> tuple[str, ...]:
    section: dict[str, Any] = {"type": "object", "properties": {"k": schema}}
    known = Known({"x": section}, ("x.y",), ("x",))

    def holding(value: Any) -> Settings:
        return Settings(families={"x": {} if value is ABSENT else {"k": value}})

    return weakenings(holding(base), holding(over), known)


ABSENT = object()
FEWER = {"type": "array", "tighter": "fewer"}
MORE = {"type": "array", "tighter": "more"}
LOWER = {"type": "integer", "tighter": "lower"}
HIGHER = {"type": "number", "tighter": "higher"}
SHORTER = {"type": "string", "format": "duration", "tighter": "lower"}
YES = {"type": "boolean", "tighter": "true"}
REGIONS = {"type": "object", "tighter": "fewer", "additionalProperties": FEWER}
NESTED = {
    "type": "object",
    "properties": {"a": {**LOWER, "default": 5}, "b": YES, "c": {"type": "string"}},
}


@pytest.mark.parametrize(
    ("schema", "base", "over", "named"),
    [
        (FEWER, ["a", "b"], ["b"], ""),
        (FEWER, ["a", "b"], [], ""),
        (FEWER, ["a"], ["a", "a"], ""),
        (FEWER, ["a"], ["b"], "x.k"),
        (FEWER, [], ["a"], "x.k"),
        (FEWER, [1], [True], "x.k"),
        (FEWER, [1], [1.0], ""),
        (FEWER, ["1"], [1], "x.k"),
        (FEWER, ABSENT, ["a"], ""),
        ({**FEWER, "default": []}, ABSENT, ["a"], "x.k"),
        ({**FEWER, "default": ["a"]}, ABSENT, [], ""),
        (
            FEWER,
            [{"to": "a", "expires": "2026-01-01"}],
            [{"to": "a", "expires": "2027-01-01"}],
            "x.k",
        ),
        (MORE, ["a"], ["a", "b"], ""),
        (MORE, ["a"], [], "x.k"),
        (MORE, ABSENT, ["a"], ""),
        (LOWER, 5, 4, ""),
        (LOWER, 5, 5.0, ""),
        (LOWER, 5, 6, "x.k"),
        (LOWER, 5, True, "x.k"),
        (LOWER, ABSENT, 99, ""),
        (HIGHER, 99.5, 99.95, ""),
        (HIGHER, 99.5, 99.4, "x.k"),
        (SHORTER, "1h", "60m", ""),
        (SHORTER, "1h", "59m59s", ""),
        (SHORTER, "1h", "1h1ms", "x.k"),
        (SHORTER, "1h", "", "x.k"),
        (YES, False, True, ""),
        (YES, True, False, "x.k"),
        (YES, ABSENT, True, ""),
        (YES, ABSENT, False, "x.k"),
        ({"type": "boolean", "tighter": "false", "default": False}, ABSENT, True, "x.k"),
        ({"type": "boolean", "tighter": True}, True, False, "x.k"),
        ({"type": "string"}, "a", "a", ""),
        ({"type": "string"}, "a", "b", "x.k"),
        ({"type": "string"}, ABSENT, "b", "x.k"),
        ({"type": "array"}, ["a"], [], "x.k"),
        (REGIONS, {"pii": ["a"]}, {}, ""),
        (REGIONS, {"pii": ["a", "b"]}, {"pii": ["a"]}, ""),
        (REGIONS, {"pii": ["a"]}, {"pii": []}, ""),
        (REGIONS, {"pii": ["a"]}, {"pii": ["b"]}, "x.k.pii"),
        (REGIONS, {"pii": ["a"]}, {"pii": ["a"], "logs": ["a"]}, "x.k.logs"),
        ({**REGIONS, "tighter": "more"}, {"pii": ["a"]}, {"pii": ["a"], "logs": ["a"]}, ""),
        ({**REGIONS, "tighter": "more"}, {"pii": ["a"]}, {}, "x.k.pii"),
        ({"type": "object", "additionalProperties": FEWER}, {"pii": ["a"]}, {}, "x.k.pii"),
        (NESTED, {"a": 3}, {"b": True}, ""),
        (NESTED, {"b": True}, {"a": 5}, ""),
        (NESTED, {"b": True}, {"a": 6}, "x.k.a"),
        (NESTED, {"a": 3}, {"a": 4}, "x.k.a"),
        (NESTED, ABSENT, {"a": 4, "b": False}, "x.k.b"),
        (NESTED, {}, {"c": "x"}, "x.k.c"),
        ({**NESTED, "additionalProperties": FEWER}, {}, {"z": ["a"]}, "x.k.z"),
    ],
)
def test_each_change_is_a_weakening_unless_the_schema_says_otherwise(
    schema: Schema, base: Any, over: Any, named: str
) -> None:
    assert weaker(schema, base, over) == ((named,) if named else ())


def test_a_level_counts_unless_its_family_is_not_asked() -> None:
    section = {"type": "object", "properties": {}}
    known = Known({"x": section, "y": section}, (), ("x",))
    over = Settings(enforcement={"dev": {"x.a": "log", "y.a": "log", "others.a": "log"}})
    named = weakenings(Settings(), over, known)
    assert named == ("enforcement.dev.x.a", "enforcement.dev.others.a")


OWN_NAMES = [
    "conftest",
    "conftest.main",
    "conftest.main.deny_x",  # a rule, or a namespace that is called like one
    "conftest.main.warn_x",
    "conftest.main.sub",
    "conftest.warn",
]
OWN_RULES = [
    "conftest.main.deny",
    "conftest.main.deny_x",
    "conftest.main.deny_x.deny",
    "conftest.main.warn_x",
    "conftest.main.sub.deny",
    "conftest.warn.deny",
    "conftest.warn.warn",
    "conftest.other.deny",
    "conftest.other.warn",
]


def holding_levels(**levels: str) -> Settings:
    return Settings.model_validate({"enforcement": {"prod": levels}})


def few_levels() -> Iterator[Settings]:
    """Settings that say something of two names of a team's own packages at most."""
    for size in range(3):
        for names in combinations(OWN_NAMES, size):
            for levels in product(("log", "warn", "deny"), repeat=size):
                yield holding_levels(**dict(zip(names, levels, strict=True)))


def test_no_combination_of_levels_weakens_a_rule_of_ones_own() -> None:
    def said(settings: Settings) -> list[int]:
        return [LEVELS.index(settings.level("prod", rule)) for rule in OWN_RULES]

    bases = [(base, said(base)) for base in few_levels()]
    for base, before in bases:
        for over, _ in bases:
            if not weakenings(base, over, KNOWN):
                after = said(merged(base, over, KNOWN))
                assert all(map(int.__le__, before, after)), (base.enforcement, over.enforcement)


@pytest.mark.parametrize(
    ("base", "over", "is_weaker"),
    [
        ({}, {"conftest": "warn"}, True),
        ({}, {"conftest.main": "warn"}, True),
        ({}, {"conftest.main.deny": "warn"}, True),
        ({}, {"conftest.main.warn": "log"}, True),
        ({}, {"conftest.main.warn": "deny"}, False),
        ({}, {"conftest.warn": "warn"}, True),
        ({"conftest": "warn"}, {"conftest": "deny"}, False),
        ({"conftest": "warn"}, {"conftest.main": "warn"}, False),
        ({"conftest": "warn"}, {"conftest.main.deny": "warn"}, False),
        ({"conftest": "warn"}, {"conftest.main": "log"}, True),
        ({"conftest": "warn", "conftest.main": "deny"}, {"conftest.main": "warn"}, True),
        ({"conftest": "warn", "conftest.main": "deny"}, {"conftest.main.deny": "warn"}, True),
        ({"conftest": "warn", "conftest.main": "deny"}, {"conftest.other": "warn"}, False),
        ({"conftest.main": "warn"}, {"conftest": "warn"}, True),
        ({"conftest.main": "warn"}, {"conftest.main.deny": "deny"}, False),
        ({"conftest.main": "warn"}, {"conftest.main.sub": "warn"}, True),
        ({"conftest.main.deny": "off"}, {"conftest.main.deny": "log"}, False),
        ({"conftest.main.deny": "off"}, {"conftest.main": "off"}, True),
    ],
)
def test_a_level_of_ones_own_packages_counts_where_it_weakens_nothing(
    base: dict[str, str], over: dict[str, str], is_weaker: bool
) -> None:
    named = tuple(f"enforcement.prod.{name}" for name in over) if is_weaker else ()
    assert weakenings(holding_levels(**base), holding_levels(**over), KNOWN) == named


def test_what_stands_in_the_base_alone_stays() -> None:
    section = {"type": "object", "properties": {"k": NESTED, "l": FEWER}}
    known = Known({"x": section}, (), ("x",))
    base = Settings(families={"x": {"k": {"a": 3}, "l": ["a"]}})
    over = Settings(families={"x": {"k": {"b": True}}})
    assert merged(base, over, known).families == {"x": {"k": {"a": 3, "b": True}, "l": ["a"]}}


@pytest.mark.parametrize("rule", OWN.rules)
def test_no_rule_reads_the_section_of_another_family(rule: str) -> None:
    """Or else a section that is merely found could weaken what is asked already."""
    family = rule.partition(".")[0]
    text = "".join(modules.sources()[one] for one in modules.closure(rules.path_of(rule)))
    read = set(re.findall(r'settings\.get\(\["(\w+)"', text))
    if not re.search(r"^import data\.policylib\.lib\.labels(?!\.places)", text, re.MULTILINE):
        read.discard("labels")  # where labels stand is no matter of settings
    frame = set() if family in KNOWN.always else {"catalog", "labels"}
    assert read <= {family, *KNOWN.always, *frame}
