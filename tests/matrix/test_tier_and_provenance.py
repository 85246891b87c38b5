"""The tier and provenance matrices: as promised by the rules as they are, and not by slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from random import Random
from typing import Any

import pytest

import policylib
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.evaluate import Policy
from policylib.generate import family
from policylib.generate.choices import Chance, Turns
from policylib.generate.tier import owners
from policylib.matrix import kind, provenance, tier
from policylib.matrix.interface import At, Kind, Word
from policylib.matrix.provenance import oracle as provenance_oracle
from policylib.matrix.tier import kind as tier_kind
from policylib.matrix.tier import oracle as tier_oracle
from tests import tools

KINDS: dict[str, Kind] = {name: kind(name) for name in ("tier", "provenance")}


@pytest.fixture(scope="module")
def policies() -> Mapping[str, Policy]:
    folder = tools.ROOT / "fixtures"
    return {name: policylib.load(settings=folder / name / "settings.yaml") for name in KINDS}


def _enforced(
    name: str, modules: Mapping[str, str], data: Any, cells: Sequence[At], inputs: int = 1
) -> list[set[str]]:
    """What regorus does with some inputs of each cell."""
    samples = [
        KINDS[name].sample(Chance(f"{at}/{number}"), data, at)
        for at in cells
        for number in range(inputs)
    ]
    images = {image: held for one in samples for image, held in one.facts.items()}
    engine = RegorusEngine(modules, {"settings": data, "facts": {"images": images}})
    answers = engine.evaluate(DECISION, [{"review": {"object": one.document}} for one in samples])
    words = []
    for answer in answers:
        assert isinstance(answer, Value), answer
        denied = any(violation["rule"].startswith(f"{name}.") for violation in answer.value)
        words.append("deny" if denied else "allow")
    return [set(words[at * inputs : (at + 1) * inputs]) for at in range(len(cells))]


def _oracle(name: str, data: Any, at: At, seed: int) -> Word:
    sample = KINDS[name].sample(Chance(seed), data, at)
    if name == "tier":
        return tier_oracle.word(data, sample.document)
    return provenance_oracle.word(data, sample.document, sample.facts)


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_is_found_by_its_name(name: str) -> None:
    assert kind(name) is {"tier": tier, "provenance": provenance}[name].KIND
    assert KINDS[name].family == name


@pytest.mark.parametrize("name", KINDS)
def test_the_cells_are_of_the_dimensions(name: str, policies: Mapping[str, Policy]) -> None:
    data = policies[name].data
    dimensions = {one.name: one.values for one in KINDS[name].dimensions(data)}
    cells = KINDS[name].cells(data)
    assert len({tuple(at.values()) for at in cells}) == len(cells) < 600
    for axis, values in dimensions.items():
        assert len(values) == len(set(values))
        assert {at[axis] for at in cells} <= set(values)


@pytest.mark.parametrize("name", KINDS)
def test_every_cell_of_the_fixtures_is_as_promised(
    name: str, policies: Mapping[str, Policy]
) -> None:
    policy, cells = policies[name], KINDS[name].cells(policies[name].data)
    enforced = _enforced(name, policy.rules.modules, policy.data, cells)
    promised = [{KINDS[name].promised(policy.data, at).promise} for at in cells]
    differ = [at for at, a, b in zip(cells, enforced, promised, strict=True) if a != b]
    assert differ == []
    assert len({frozenset(one) for one in promised}) == 2


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("number", range(4))
def test_so_are_cells_of_generated_settings(
    name: str, number: int, policies: Mapping[str, Policy]
) -> None:
    data = family(name).settings(Chance(f"matrix {number}"))
    cells = Random(number).sample(list(KINDS[name].cells(data)), 60)
    enforced = _enforced(name, policies[name].rules.modules, data, cells)
    for at, found in zip(cells, enforced, strict=True):
        assert found == {KINDS[name].promised(data, at).promise}, (data, at)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("number", range(3))
def test_the_oracle_says_the_same_of_all_inputs_of_a_cell(name: str, number: int) -> None:
    data = family(name).settings(Chance(f"alike {number}"))
    for at in KINDS[name].cells(data):
        promised = KINDS[name].promised(data, at).promise
        said = {_oracle(name, data, at, seed).promise for seed in range(3)}
        assert said == {promised}, (data, at)


@pytest.mark.parametrize(
    ("requirement", "what", "promises"),
    [
        ("Availability", "99.9 %", ("deny", "allow", "allow")),
        ("Recovery", "rto 1h", ("allow", "allow", "allow")),
        ("Recovery", "rto 4h", ("deny", "allow", "allow")),
        ("Paging", "missing", ("deny", "deny", "allow")),
        ("Escalation", "1 levels in time", ("deny", "allow", "allow")),
        ("Runbook", "missing", ("deny", "deny", "deny")),
        ("Disruption budget", "missing", ("deny", "deny", "allow")),
        ("Copies that run", "2 copies", ("deny", "allow", "allow")),
    ],
)
def test_the_promises_of_tiers_are_those_of_the_guide(
    requirement: str, what: str, promises: Sequence[str], policies: Mapping[str, Policy]
) -> None:
    data = policies["tier"].data
    cells = [
        {"what": what, "tier": one, "requirement": requirement}
        for one in ("gold", "silver", "bronze")
    ]
    assert tuple(tier.KIND.promised(data, at).promise for at in cells) == tuple(promises)


@pytest.mark.parametrize("panel", ["Copies that run", "Autoscaler"])
@pytest.mark.parametrize(("before", "after"), [(10, 6), (7, 6), (6, 7)])
def test_another_number_of_copies_shows_in_the_cells(
    panel: str, before: int, after: int, policies: Mapping[str, Policy]
) -> None:
    def promises(replicas: int) -> list[tuple[At, str]]:
        data = {**policies["tier"].data, "tier": {"gold": {"replicas": replicas}}}
        cells = tier.KIND.cells(data)
        return [
            (at, tier.KIND.promised(data, at).promise) for at in cells if at["requirement"] == panel
        ]

    assert promises(before) != promises(after)


@pytest.mark.parametrize(
    ("change", "panel"),
    [
        ({"labels": {"service": "example.com/app"}}, "Label of what runs"),
        (
            {"catalog": {"services": {"gateway": {"autoscaled": True}}}},
            "Copies of each service",
        ),
        ({"catalog": {"services": {"gateway": {"tier": "bronze"}}}}, "Copies of each service"),
    ],
)
def test_what_weakens_the_settings_shows_in_the_cells(
    change: dict[str, Any], panel: str, policies: Mapping[str, Policy]
) -> None:
    def promises(data: Any) -> list[tuple[At, str]]:
        cells = [at for at in tier.KIND.cells(data) if at["requirement"] == panel]
        return [(at, tier.KIND.promised(data, at).promise) for at in cells]

    before = policies["tier"].data
    assert promises(before) != promises(_joined(before, change))


def _joined(below: Any, above: Any) -> Any:
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {**below, **{key: _joined(below.get(key), value) for key, value in above.items()}}


def test_several_services_are_mostly_known_and_of_other_tiers(
    policies: Mapping[str, Policy],
) -> None:
    data = policies["tier"].data
    tiers = {name: entry["tier"] for name, entry in data["catalog"]["services"].items()}
    for row in ("several services", "selector of another service"):
        at = {"what": row, "tier": "gold", "requirement": "Label of what runs"}
        drawn = [tier.KIND.sample(Chance(f"{row} {n}"), data, at).document for n in range(40)]
        named = [tier_oracle.services(data, document) for document in drawn]
        assert {"gold", "silver", "bronze"} <= {tiers.get(str(n)) for names in named for n in names}


def test_each_controller_has_an_input(policies: Mapping[str, Policy]) -> None:
    data = policies["tier"].data
    drawn = [
        tier.KIND.sample(Turns(str(at), number), data, at).document["metadata"]["ownerReferences"]
        for at in tier.KIND.cells(data)
        if at["what"] == tier_kind.OWNED
        for number in range(20)
    ]
    made = {(one["apiVersion"], one["kind"]) for one in chain(*drawn) if one["controller"]}
    assert made >= set(chain(*owners.MAKERS.values()))


def test_all_that_is_wrong_with_facts_is_denied(policies: Mapping[str, Policy]) -> None:
    data = policies["provenance"].data
    for at in provenance.KIND.cells(data):
        if at["fact"] in {"Facts", "Signature", "Provenance", "Source", "SBOM", "Builder"}:
            lacks = at["state"] != "as it should be"
            assert (provenance.KIND.promised(data, at).promise == "deny") is lacks, at


@pytest.mark.parametrize(
    ("change", "panel"),
    [
        ({"catalog": {"services": {"gateway": {"tier": "bronze"}}}}, "Builder of each service"),
        ({"catalog": {"services": {"prototype": {"tier": "bronze"}}}}, "Builder of each service"),
        ({"provenance": {"minimum_level": {"gold": 2}}}, "Builder of each service"),
        ({"labels": {"service": "example.com/app"}}, "Label of what runs"),
        ({"provenance": {"external_parameters": ["workflow", "inputs"]}}, "Parameter from outside"),
    ],
)
def test_what_is_demanded_of_builds_shows_in_the_cells(
    change: dict[str, Any], panel: str, policies: Mapping[str, Policy]
) -> None:
    def promises(data: Any) -> dict[tuple[str, ...], str]:
        cells = [at for at in provenance.KIND.cells(data) if at["fact"] == panel]
        return {tuple(at.values()): provenance.KIND.promised(data, at).promise for at in cells}

    before = policies["provenance"].data
    assert promises(before) != promises(_joined(before, change))


def test_a_signer_that_only_the_settings_know_has_a_row_of_its_own(
    policies: Mapping[str, Policy],
) -> None:
    data = policies["provenance"].data
    added = {"issuer": "https://accounts.google.com", "identity": "re1ease@example.com"}
    section = {**data["provenance"], "signers": [*data["provenance"]["signers"], added]}
    at = {
        "state": "re1ease@example.com of https://accounts.google.com",
        "tier": "any",
        "fact": "Who signs",
    }
    assert at not in provenance.KIND.cells(data)
    assert at in provenance.KIND.cells({**data, "provenance": section})


def _lib(name: str) -> str:
    return f"policylib/lib/{name}/{name}.rego"


SLIPS = {
    "gold's default lowered": (
        "tier",
        _lib("tiers"),
        '"slo": 99.95',
        '"slo": 99.9',
        "Availability",
    ),
    "twice the rto": (
        "tier",
        _lib("tiers"),
        "length > limit.ms",
        "length > limit.ms * 2",
        "Recovery",
    ),
    "the limit is too long": (
        "tier",
        _lib("tiers"),
        "length > limit.ms",
        "length >= limit.ms",
        "Recovery",
    ),
    "old drills": (
        "tier",
        _lib("drills"),
        "not is_recent(last, seconds)",
        "not is_date(last)",
        "Chaos drills",
    ),
    "one copy fewer": (
        "tier",
        _lib("shortages"),
        "n >= least",
        "n >= least - 1",
        "Copies that run",
    ),
    "nearly the objective": (
        "tier",
        _lib("slos"),
        "objective(slo.item) >= least",
        "objective(slo.item) + 0.005 >= least",
        "Availability",
    ),
    "half an hour late": (
        "tier",
        _lib("drills"),
        "if clock.is_within(x, seconds)",
        "if clock.is_within(x, seconds + 1800)",
        "Chaos drills",
    ),
    "only all percent are all": (
        "tier",
        _lib("budgets"),
        "percent(value) * copies > (copies - 1) * 100",
        "percent(value) == 100",
        "letting all go",
    ),
    "labels of jobs do not count": (
        "tier",
        _lib("labels"),
        'places contains "/spec/jobTemplate/metadata"\n',
        "",
        "jobs of another service",
    ),
    "copies of what is declared": (
        "tier",
        _lib("copies"),
        "\truns\n",
        '\truns\n\tdata.policylib.lib.review.class == "workload"\n',
        "Copies that run",
    ),
    "pipelines have copies": (
        "tier",
        _lib("copies"),
        '"argoproj.io": {"clusterworkflowtemplate", "cronworkflow", "workflow"',
        '"argoproj.io": {"workflows"',
        "pipeline, not counted",
    ),
    "unknown is bronze": (
        "tier",
        _lib("tiers"),
        '} else := "gold"',
        '} else := "bronze"',
        "Autoscaler",
    ),
    "any issuer": (
        "provenance",
        _lib("identities"),
        "\tentry.issuer == signer.issuer\n",
        "",
        "Signature",
    ),
    "an identity's start": (
        "provenance",
        _lib("identities"),
        "literals(pattern)), `\\z`])",
        "literals(pattern))])",
        "Signature",
    ),
    "any digest": (
        "provenance",
        _lib("attestations"),
        "attestation.subject == subject.digest(facts.image)",
        'attestation.subject != ""',
        "Provenance",
    ),
    "any level": (
        "provenance",
        _lib("attestations"),
        "entry.level >= level",
        "entry.level >= 0",
        "Builder",
    ),
    "any issuer of a builder": (
        "provenance",
        _lib("attestations"),
        "\thas_issuer(entry, attestation, signers)\n",
        "",
        "Builder",
    ),
    "facts for ever": (
        "provenance",
        _lib("fact_faults"),
        "not clock.is_ahead(facts.expires_at)",
        "not is_string(facts.expires_at)",
        "Facts",
    ),
    "only what is declared": (
        "provenance",
        _lib("evidence"),
        "\tsome one in named\n",
        '\tdata.policylib.lib.review.class != "undeclared"\n\tsome one in named\n',
        "Kind, one image unsigned",
    ),
    "the lowest of several services": (
        "provenance",
        _lib("assurance"),
        "} else := highest\n",
        "} else := min({n | some tier in tiers; n := minimum_level[tier]} | {highest})\n",
        "(several services)",
    ),
    "any version of an SBOM": (
        "provenance",
        "policylib/provenance/sbom_present/sbom_present.rego",
        "bom(?:/v[0-9]+(?:[.][0-9]+)*)?",
        "bom(?:/v[0-9.]*)?",
        "Type of SBOM",
    ),
    "expressions select nothing": (
        "tier",
        _lib("disruptions"),
        'is_selective(selector) if count(read.list(selector, "matchExpressions")) > 0\n',
        "",
        "PodDisruptionBudget",
    ),
    "hidden characters in a runbook": (
        "tier",
        _lib("runbooks"),
        "\tstated.is_visible(text)\n",
        "",
        "Runbook",
    ),
    "a name beside its indicator": (
        "tier",
        _lib("slos"),
        'stated.text(read.at(slo.item, "indicator", slo.name))',
        'concat(" ", [stated.text(slo.name), stated.text(read.at(slo.item, "indicator", ""))])',
        "of latency alone",
    ),
    "any host": (
        "provenance",
        _lib("source_urls"),
        "if repository(entry) == url",
        'if regex.replace(repository(entry), `//[^/]*`, "") == regex.replace(url, `//[^/]*`, "")',
        "same path elsewhere",
    ),
    "any version of facts": (
        "provenance",
        _lib("fact_shape"),
        '"apiVersion": "policylib.dev/v1"',
        '"apiVersion": "plain text"',
        "Facts",
    ),
    "any key of a source": (
        "provenance",
        _lib("fact_shape"),
        'some key in ["signer", "source"]',
        'some key in ["signer"]',
        "Facts",
    ),
    "an unknown tier demands least": (
        "provenance",
        _lib("assurance"),
        "read.at(minimum_level, tier, highest)",
        "read.at(minimum_level, tier, 1)",
        "Builder of each service",
    ),
    "a parameter that builds have": (
        "provenance",
        _lib("sources"),
        "unexpected_parameters(attestation, expected.external_parameters)",
        'unexpected_parameters(attestation, ["inputs", "source", "workflow"])',
        "Parameter from outside",
    ),
    "two halves": (
        "provenance",
        _lib("attestations"),
        "relied(claim) := claim.built if",
        "relied(claim) := claim.accepted if",
        "Source",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_rule_shows(slip: str, policies: Mapping[str, Policy]) -> None:
    name, path, old, new, panel = SLIPS[slip]
    policy = policies[name]
    source = policy.rules.modules[path]
    assert old in source
    modules = {**policy.rules.modules, path: source.replace(old, new)}
    cells = [at for at in KINDS[name].cells(policy.data) if panel in at.values()]
    enforced = _enforced(name, modules, policy.data, cells, inputs=3)
    promised = [{KINDS[name].promised(policy.data, at).promise} for at in cells]
    assert enforced != promised
