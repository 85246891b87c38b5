"""The residency matrix shows nothing in the rules as they are, and each slip that is put in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import find, settings

import policylib
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.evaluate import Policy
from policylib.generate import label_keys, workloads
from policylib.generate.choices import Chance, Turns
from policylib.generate.drawn import strategy
from policylib.generate.residency import FAMILY, terraform
from policylib.generate.residency.names import REGIONS
from policylib.matrix import kind
from policylib.matrix.residency import KIND
from policylib.matrix.residency.kind import NO_CLASS, OTHER_CLASS, OTHER_TENANT, STAYS, UNLISTED
from policylib.matrix.residency.previews import OWN, SHORT
from policylib.matrix.residency.previews import WHAT as PREVIEWS
from policylib.matrix.run import run
from tests import tools

FIXTURES = tools.ROOT / "fixtures" / "residency" / "settings.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policylib.load(settings=FIXTURES)


def _denied(policy_modules: Mapping[str, str], found: Any, documents: list[Any]) -> list[bool]:
    engine = RegorusEngine(policy_modules, {"settings": found})
    answers = engine.evaluate(DECISION, [{"review": {"object": one}} for one in documents])
    denied = []
    for answer in answers:
        assert isinstance(answer, Value), answer
        denied.append(any(v["rule"].startswith("residency.") for v in answer.value))
    return denied


def test_the_kind_is_found_by_its_name() -> None:
    assert kind("residency") is KIND
    assert KIND.family == "residency"


def test_every_cell_of_the_fixtures_is_as_promised(policy: Policy) -> None:
    matrix = run(KIND, policy, inputs=1)
    assert [cell.at for cell in matrix.differing] == []
    assert {cell.promised for cell in matrix.cells} == {"allow", "deny"}


def test_the_cells_are_of_the_dimensions_and_few_enough_to_read(policy: Policy) -> None:
    dimensions = {one.name: one.values for one in KIND.dimensions(policy.data)}
    assert list(dimensions) == ["data_class", "region", "what", "tenant"]
    cells = KIND.cells(policy.data)
    assert len({tuple(at.values()) for at in cells}) == len(cells) < 1200
    for name, values in dimensions.items():
        assert {at[name] for at in cells} == set(values)
        assert len(values) == len(set(values))
    assert dimensions["region"][:5] == (
        *("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "westeurope"),
    )
    rows = dimensions["data_class"]
    assert rows[5:9] == (OTHER_CLASS, NO_CLASS, "dataset masked-us-west", "dataset synthetic-logs")
    assert rows[14:] == (
        *(f"service {name}" for name in ("gateway", "docs-api", "ingest", "orders")),
        "data class by policylib.dev/data-class",
        "region by policylib.dev/region",
        "unknown tenant by policylib.dev/tenant",
        "service by policylib.dev/service",
    )
    assert dimensions["tenant"] == ("(none)", "acme", "globex", OTHER_TENANT)


@pytest.mark.parametrize("number", range(8))
def test_so_are_the_cells_of_generated_settings(policy: Policy, number: int) -> None:
    found = FAMILY.settings(Chance(f"matrix {number}"))
    cells = KIND.cells(found)
    allowed = [at for at in cells if KIND.promised(found, at).promise == "allow"]
    some = Random(number)
    picked = [
        *some.sample(cells, min(60, len(cells))),
        *some.sample(allowed, min(30, len(allowed))),
    ]
    documents = [KIND.sample(Chance(str(at)), found, at).document for at in picked]
    for at, denied in zip(picked, _denied(policy.rules.modules, found, documents), strict=True):
        assert denied == (KIND.promised(found, at).promise == "deny"), (found, at)


def test_an_input_shrinks(policy: Policy) -> None:
    at = {"data_class": "pii", "region": "us-east-1", "what": STAYS[0], "tenant": "(none)"}
    made = strategy(lambda choices: KIND.sample(choices, policy.data, at).document)
    plain = settings(database=None, derandomize=True, max_examples=500)
    smallest = find(made, lambda document: document["kind"] != "TransferRequest", settings=plain)
    assert smallest["kind"] == "Deployment"
    assert len(json.dumps(smallest)) < 800


def _lib(name: str) -> str:
    return f"policylib/lib/{name}/{name}.rego"


def _rule(name: str) -> str:
    return f"policylib/residency/{name}/{name}.rego"


def _changed(policy: Policy, path: str, old: str, new: str) -> Policy:
    source = policy.rules.modules[path]
    assert old in source
    modules = {**policy.rules.modules, path: source.replace(old, new)}
    return replace(policy, rules=replace(policy.rules, modules=modules))


@dataclass(frozen=True)
class Slip:
    """A text in a rule, what replaces it, and the cells in which that shows."""

    path: str
    old: str
    new: str
    where: Mapping[str, str]
    inputs: int = 20


SLIPS = {
    "classes in any case": Slip(
        _lib("residency"),
        'entries := settings.get(["residency", "allowed_regions", class], null)',
        'some name, entries in settings.get(["residency", "allowed_regions"], {})\n\t'
        "lower(name) == lower(class)",
        {"data_class": OTHER_CLASS, "what": STAYS[0]},
    ),
    "regions by their start": Slip(
        _lib("regions"),
        "is_within(location, permitted) if canonical(location) in permitted",
        "is_within(location, permitted) if {\n\tsome one in permitted\n\t"
        "startswith(lower(location), one)\n}",
        {"region": "(elsewhere)", "what": "transfer to", "tenant": "(none)"},
    ),
    "some class instead of every": Slip(
        _lib("locations"),
        "\tsome one in workload_classes\n",
        "\tone := min(workload_classes)\n",
        {"what": STAYS[0], "data_class": "pii"},
    ),
    "what says no class passes": Slip(
        _lib("residency_workloads"),
        "\tcount(classes) == 0\n",
        "\tcount(classes) == 0\n\tfalse\n",
        {"what": STAYS[0], "data_class": NO_CLASS, "region": "eu-west-1"},
    ),
    "the expiry of a pipeline ignored": Slip(
        _lib("pipelines"),
        '\tclock.is_ahead(read.at(entry, "expires", null))\n',
        "",
        {"what": "transfer to by order-export from eu-west-1", "data_class": "orders"},
        inputs=5,
    ),
    "the start of a pipeline ignored": Slip(
        _lib("pipelines"),
        '\tregions.covers([read.at(entry, "from", null)], crossing.from)\n',
        "",
        {"what": "transfer to by order-warehouse from another place"},
        inputs=5,
    ),
    "the class of a pipeline ignored": Slip(
        _lib("pipelines"),
        '[read.text(entry, "name"), read.text(entry, "data_class")] == [crossing.pipeline, class]',
        'read.text(entry, "name") == crossing.pipeline\n\tis_string(class)',
        {"what": "transfer to by usage-analytics from us-west-2", "region": "us-east-1"},
        inputs=5,
    ),
    "the list of a tenant ignored": Slip(
        _lib("tenants"),
        "\tnot regions.covers(permitted, one.value)\n",
        "\tnot regions.covers(permitted, one.value)\n\tfalse\n",
        {"tenant": "acme", "data_class": "public", "what": "anything that stays"},
    ),
    "only where a transfer goes": Slip(
        _rule("egress_allowed"),
        'one.end in {"from", "to"}',
        'one.end == "to"',
        {"what": "transfer from", "data_class": "pii"},
        inputs=5,
    ),
    "only where a transfer comes from": Slip(
        _rule("egress_allowed"),
        'one.end in {"from", "to"}',
        'one.end == "from"',
        {"what": "transfer to", "data_class": "pii"},
        inputs=5,
    ),
    "claims forgotten": Slip(
        _lib("storage"),
        'named("claim", claim.name)}) if some claim in claims',
        'named("claim", claim.name)}) if {\n\tsome claim in claims\n\tfalse\n}',
        {"what": STAYS[1], "data_class": "logs"},
        inputs=5,
    ),
    "a dataset of a wider region": Slip(
        _lib("masked"),
        'regex.replace(full, `-[0-9]+\\z`, "")}',
        'regex.replace(full, `-[0-9]+\\z`, ""), regex.replace(full, `-[a-z]+-?[0-9]+\\z`, "")}',
        {"what": PREVIEWS, "region": "us-east-1"},
    ),
    "the short name of a dataset refused": Slip(
        _lib("masked"),
        'regex.replace(full, `-[0-9]+\\z`, "")}',
        "full}",
        {"what": PREVIEWS, "region": "us-east-1"},
    ),
    "a rule that is not asked": Slip(
        "policylib/decision/decision.rego",
        "some v in data.policylib.residency[rule].violation",
        'some v in data.policylib.residency[rule].violation\n\trule != "pipeline_allowlisted"',
        {"what": UNLISTED, "data_class": "orders", "region": "westeurope"},
        inputs=5,
    ),
    "a class that the service is not": Slip(
        _lib("residency_workloads"),
        "\tnot has(known, class.value)\n",
        "\tnot has(known, class.value)\n\tfalse\n",
        {"what": "workload of a service as public"},
        inputs=5,
    ),
    "a region that the service is not in": Slip(
        _lib("residency_workloads"),
        "\tnot regions.includes(known, location.value)\n",
        "\tnot regions.includes(known, location.value)\n\tfalse\n",
        {"what": "workload of a service", "region": "westeurope"},
        inputs=5,
    ),
    "the catalog is not read": Slip(
        _lib("residency_workloads"),
        '["catalog", "services", service, key]',
        '["services", service, key]',
        {"what": "workload of a service", "region": "(no region)"},
        inputs=5,
    ),
    "a tenant under another key": Slip(
        _lib("labels"),
        '"policylib.dev/tenant"',
        '"policylib.dev/customer"',
        {"what": "workload by the keys of its labels"},
        inputs=5,
    ),
    "no dataset is denied": Slip(
        _rule("preview_dataset"),
        "\tnot has(permitted, dataset)\n",
        "\tnot has(permitted, dataset)\n\tfalse\n",
        {"what": PREVIEWS, "region": "us-west-2"},
        inputs=5,
    ),
    "the listed datasets are not read": Slip(
        _lib("masked"),
        '"preview_datasets")\n',
        '"previews")\n',
        {"what": PREVIEWS, "data_class": "dataset synthetic-logs"},
        inputs=5,
    ),
    "a default that warns": Slip(
        _lib("enforcement"),
        '} else := "deny"\n\n# Without',
        '} else := "warn"\n\n# Without',
        {"what": "transfer to", "region": "us-west-2", "data_class": "pii"},
        inputs=5,
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_rule_shows(policy: Policy, name: str) -> None:
    slip = SLIPS[name]
    changed = _changed(policy, slip.path, slip.old, slip.new)
    matrix = run(KIND, changed, where=slip.where, inputs=slip.inputs, shrink=False)
    assert matrix.differing
    assert all(cell.counterexample for cell in matrix.differing)


PLANTED = {
    "a destination where the class may be as well": (
        _lib("destinations"),
        "\tnot regions.region(place)\n",
        "",
        ["residency.egress_allowed", "destination-aside"],
    ),
    "a destination that serves the world": (
        _lib("destinations"),
        "\t\tresidency.permits(class, place)\n",
        "\t\tis_string(class)\n",
        ["residency.egress_allowed", "destination-worldwide"],
    ),
    "the labels of a transfer": (
        _lib("locations"),
        "\tsome one in others\n",
        "\tsome one in others\n\tfalse\n",
        ["residency.region_allowed", "labelled-elsewhere"],
    ),
    "keys in camel case": (
        _lib("places"),
        "speaks(key) if regex.match(humps, key)\n",
        "",
        ["residency.storage_allowed", "made-elsewhere"],
    ),
    "a claim without a kind": (
        _lib("claims"),
        '\tkind == ""\n',
        '\tkind == ""\n\tfalse\n',
        ["residency.storage_allowed", "without-a-kind"],
    ),
    "what custom resources choose": (
        _lib("residency_nodes"),
        '\tclass == "undeclared"\n',
        '\tclass == "undeclared"\n\tfalse\n',
        ["residency.region_allowed", "custom-elsewhere"],
    ),
    "a transfer under a misspelt kind": (
        _lib("transfers"),
        '\tapi_group == "policylib.dev"\n',
        '\tapi_group == "policylib.dev"\n\tfalse\n',
        ["residency.egress_allowed", "misspelt-kind"],
    ),
    "what a volume mounts": (
        _lib("volumes"),
        'object.filter(told, ["spec"])',
        'object.filter(told, ["metadata"])',
        ["residency.storage_allowed", "volume-elsewhere"],
    ),
    "every node is a place": (
        _lib("node_keys"),
        "\tkey in of_hosts\n\tregions.is_known(value)\n",
        "\tkey in of_hosts\n\tis_string(value)\n",
        ["residency.region_allowed", ""],
    ),
    "whatever has no group is a claim": (
        _lib("claims"),
        '\tkind == "persistentvolumeclaim"\n',
        "",
        ["residency.storage_allowed", ""],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_slip_shows_in_what_was_planted(policy: Policy, name: str) -> None:
    path, old, new, (rule, defect) = PLANTED[name]
    changed = _changed(policy, path, old, new)
    matrix = run(KIND, changed, planted=[rule], shrink=False)
    assert defect in [one.defect for one in matrix.differing_planted]


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        ("aws", "aws_sqs_queue"),
        ("aws", "aws_dax_cluster"),
        ("azure", "azurerm_hpc_cache"),
        ("google", "google_lustre_instance"),
    ],
)
def test_a_type_of_terraform_that_is_forgotten_shows(
    policy: Policy, provider: str, kind: str
) -> None:
    changed = _changed(policy, _lib(f"terraform_{provider}"), f'"{kind}"', '"x"')
    matrix = run(KIND, changed, planted=["residency.storage_allowed"], shrink=False)
    assert [one.defect for one in matrix.differing_planted] == ["says-too-little"]


def test_a_cell_of_workloads_meets_each_kind(policy: Policy) -> None:
    at = {"data_class": "pii", "region": "us-west-2", "what": STAYS[0], "tenant": "(none)"}
    made = [KIND.sample(Turns("kinds", number), policy.data, at) for number in range(20)]
    assert {sample.document["kind"] for sample in made} >= set(workloads.ALL)


@pytest.mark.parametrize(("level", "enforced"), [("off", "allow"), ("warn", "warn")])
def test_what_is_promised_is_not_what_a_rule_that_is_switched_off_does(
    policy: Policy, level: str, enforced: str
) -> None:
    changed = policy.settings.model_copy(update={"enforcement": {"dev": {"residency": level}}})
    where = {"what": "transfer to", "region": "us-west-2", "data_class": "pii", "tenant": "(none)"}
    weak = replace(policy, settings=changed, environment="dev")
    [cell] = run(KIND, weak, where=where, shrink=False, inputs=5).cells
    assert (cell.promised, cell.enforced) == ("deny", enforced)


def test_a_region_more_changes_the_promise(policy: Policy, tmp_path: Path) -> None:
    text = FIXTURES.read_text().replace("pii: [us-east-1]", "pii: [us-east-1, us-west-2]")
    path = tmp_path / "policylib.yaml"
    path.write_text(text.replace("catalog: service-catalog.yaml\n", ""))
    wider = policylib.load(settings=path).data
    at = {"data_class": "pii", "region": "us-west-2", "what": "transfer to", "tenant": "(none)"}
    assert KIND.promised(policy.data, at).promise == "deny"
    assert KIND.promised(wider, at).promise == "allow"


def _promises(found: Any) -> dict[tuple[str, ...], str]:
    return {tuple(at.values()): KIND.promised(found, at).promise for at in KIND.cells(found)}


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("gateway", {"data_classes": ["pii", "public"], "regions": ["us-east-1"]}),
        ("gateway", {"data_classes": ["pii", "logs"], "regions": ["us-east-1"]}),
        ("gateway", {"data_classes": ["pii"], "regions": ["us-east-1", "us-west-2"]}),
        ("gateway", {"data_classes": ["pii"]}),
        ("gateway", {"regions": ["us-east-1"]}),
        ("gateway", {}),
        ("ingest", {"data_classes": ["logs"], "regions": ["us-west-2"]}),
        ("orders", {"data_classes": ["orders"], "regions": ["eu-west-1"]}),
        ("orders", {"data_classes": ["orders"], "regions": ["eu-west-1", "sa-east-1"]}),
        ("search", {"data_classes": ["public"]}),
        ("billing", {"data_classes": ["pii"], "regions": ["us-east-1"]}),
    ],
)
def test_what_the_catalog_says_of_a_service_shows(
    policy: Policy, service: str, said: dict[str, list[str]]
) -> None:
    services = {**policy.data["catalog"]["services"], service: {"tier": "gold", **said}}
    changed = {**policy.data, "catalog": {"services": services}}
    assert _promises(changed) != _promises(policy.data)


@pytest.mark.parametrize("name", label_keys.USUAL)
def test_the_key_of_a_label_shows(policy: Policy, name: str) -> None:
    changed = {**policy.data, "labels": {name: "example.com/x"}}
    before, after = _promises(policy.data), _promises(changed)
    assert [at for at in before if before[at] != after.get(at)]


CATALOG: dict[str, Any] = {
    "none": "no entry",
    "text": {"data_classes": "orders , public", "regions": "eu-west-1,EU (Frankfurt)"},
    "empty": {"data_classes": [], "regions": ["us-east-1"]},
    "nowhere": {"data_classes": ["pii"], "regions": []},
    "number": {"data_classes": ["pii", 7], "regions": ["us-east-1"]},
    "one number": {"data_classes": 7, "regions": "us-east-1"},
    "unknown place": {"data_classes": ["pii"], "regions": ["us-moon-1", "us-east-1"]},
    "odd place": {"data_classes": ["pii"], "regions": ["us-east-1", None, {"x": 1}]},
    "unknown class": {"data_classes": ["secrets"], "regions": ["us-east-1"]},
    "wider": {"data_classes": ["metrics"], "regions": ["EU", "eur4", "us-west-2"]},
    "parts": {"data_classes": ["metrics"], "regions": ["europe-north1", "europe-west4"]},
    "everywhere": {"data_classes": ["public"], "regions": ["global"]},
    "any place": {"data_classes": ["public", "metrics"]},
    "any class": {"regions": ["westeurope", "us-west-2b"]},
    "as pii": {"data_classes": ["logs"], "regions": ["us-west-2"]},
}


@pytest.mark.parametrize("labels", [{}, {"tenant": "policylib.dev/region", "region": "r"}])
def test_so_is_whatever_a_catalog_says(policy: Policy, labels: dict[str, str]) -> None:
    found = {**policy.data, "catalog": {"services": CATALOG}, "labels": labels}
    cells = [at for at in KIND.cells(found) if at["what"].startswith("workload ")]
    cells = [at for at in cells if at["what"] != STAYS[0]]
    documents = [KIND.sample(Chance(str(at)), found, at).document for at in cells]
    promises = [KIND.promised(found, at).promise for at in cells]
    denied = _denied(policy.rules.modules, found, documents)
    differ = [
        at
        for at, one, promise in zip(cells, denied, promises, strict=True)
        if one != (promise == "deny")
    ]
    assert differ == []
    assert set(promises) == {"allow", "deny"}


def test_a_dataset_more_is_a_cell_that_allows(policy: Policy) -> None:
    before = KIND.cells(policy.data)
    listed = {"us-west-2": ["masked-us-west", "synthetic-logs", "prod-logs"]}
    wider = {**policy.data, "residency": {**policy.data["residency"], "preview_datasets": listed}}
    more = [at for at in KIND.cells(wider) if at not in before]
    assert {at["data_class"] for at in more} == {"dataset prod-logs"}
    allowed = [at["region"] for at in more if KIND.promised(wider, at).promise == "allow"]
    assert allowed == ["us-west-2"]


def test_a_region_that_only_datasets_name_is_a_column_of_previews_alone() -> None:
    found = {"residency": {"preview_datasets": {"EU (Paris)": ["masked-paris"]}}}
    cells = [at for at in KIND.cells(found) if at["region"] == "eu-west-3"]
    assert {at["what"] for at in cells} == {PREVIEWS}
    assert "eu-west-3" in {one.name: one.values for one in KIND.dimensions(found)}["region"]


def test_settings_that_permit_nothing_have_a_matrix_too(policy: Policy) -> None:
    found: dict[str, Any] = {"residency": {"pipelines": [{"name": "x", "from": "us-east-1"}]}}
    cells = KIND.cells(found)
    documents = [KIND.sample(Chance(str(at)), found, at).document for at in cells]
    allowed = {f"dataset {name}" for name in (OWN, SHORT)}
    kept = [at["data_class"] in allowed for at in cells]
    promises = [KIND.promised(found, at).promise for at in cells]
    assert {promise for promise, mine in zip(promises, kept, strict=True) if not mine} == {"deny"}
    denied = _denied(policy.rules.modules, found, documents)
    assert denied == [promise == "deny" for promise in promises]


CROWDED: dict[str, Any] = {
    "residency": {
        "allowed_regions": {"pii": ["eu-west-2"], "unclassified": ["us-moon-1"], "secrets": []},
        "tenants": {"nobody": ["eu-west-2"], "umbrella": []},
        "pipelines": [{"name": name, "from": "eu-west-2"} for name in ("nightly", "copy")],
        "preview_datasets": {
            **{name: ["users", "production", "masked", "customers-copy"] for name in REGIONS},
            "eu-west-2": [f"masked-{name}" for name in REGIONS],
        },
    }
}


def test_settings_that_name_every_candidate_have_a_matrix_too(policy: Policy) -> None:
    cells = [at for at in KIND.cells(CROWDED) if at["what"] != PREVIEWS or at["region"] < "af"]
    cells = Random(1).sample(cells, 150)
    documents = [KIND.sample(Chance(str(at)), CROWDED, at).document for at in cells]
    denied = _denied(policy.rules.modules, CROWDED, documents)
    assert denied == [KIND.promised(CROWDED, at).promise == "deny" for at in cells]


REMOTE: dict[str, Any] = {
    "residency": {"allowed_regions": {"pii": ["eu-west-2"], "logs": ["francecentral"]}}
}


@pytest.mark.parametrize("provider", ["aws", "azurerm", "google"])
def test_each_type_of_terraform_is_denied_somewhere(provider: str) -> None:
    met = Counter(
        resource["type"]
        for at in KIND.cells(REMOTE)
        if at["what"] == STAYS[2] and KIND.promised(REMOTE, at).promise == "deny"
        for number in range(20)
        for resource in _resources(KIND.sample(Turns(str(at), number), REMOTE, at).document)
    )
    expected = {kind for kind in terraform.TYPES if kind.startswith(provider)}
    assert expected <= met.keys()


def _resources(plan: Any) -> list[Any]:
    """The resources of a plan, wherever it has them."""
    if isinstance(plan, dict) and "address" in plan and "type" in plan:
        return [plan]
    parts = plan.values() if isinstance(plan, dict) else plan if isinstance(plan, list) else ()
    return [one for part in parts for one in _resources(part)]


def test_a_defect_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    path = tmp_path / "policylib.yaml"
    path.write_text(json.dumps({"version": 1, **REMOTE}))
    bare = policylib.load(settings=path)
    matrix = run(KIND, bare, planted=["residency.egress_allowed"], inputs=10, shrink=False)
    assert matrix.exit_code == 0
    [note] = [one for one in matrix.notes if "not drawn for residency.egress_allowed" in one]
    missing = "destination-aside, destination-wider, pipeline-lapsed, pipeline-misplaced"
    assert note.endswith(f": {missing}, pipeline-unlisted")
