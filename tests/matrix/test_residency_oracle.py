"""The oracle reads the settings as a person would, and its tables are those of the rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import policylib
from policylib import rules
from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine
from policylib.generate.residency import regions
from policylib.matrix.residency import oracle
from tests import tools

SETTINGS = policylib.load(settings=tools.ROOT / "fixtures" / "residency" / "settings.yaml").data
LIB = tools.ROOT / "rego" / "policylib" / "lib"
PROBE = """
package probe

import rego.v1
import data.policylib.lib.regions

meaning := regions.canonical(input.name)

covered := regions.covers(input.entries, input.name)
"""


def _table(provider: str) -> list[str]:
    text = (LIB / f"regions_{provider}" / f"regions_{provider}.rego").read_text()
    return text.partition("table := `\n")[2].partition("`")[0].splitlines()


def test_the_regions_are_those_of_the_rules() -> None:
    aws = dict(line.split("=") for line in _table("aws"))
    azure = {name: shown for name, shown, _ in (line.split("=") for line in _table("azure"))}
    assert {name: shown.lower() for name, shown in regions.AWS.items()} == aws
    assert {name: shown.lower() for name, shown in regions.AZURE.items()} == azure
    assert set(_table("google")) == set(regions.GOOGLE)


def test_the_pairs_are_those_of_the_rules() -> None:
    paired = {name: pair for name, _, pair in (line.split("=") for line in _table("azure"))}
    assert {name: regions.PAIRS.get(name, "") for name in regions.AZURE} == paired


def test_no_name_is_of_two_places() -> None:
    places = [*regions.AWS, *regions.GOOGLE, *regions.AZURE, *regions.MULTI, *regions.WORLD]
    assert len(places) == len(set(places))


NAMES = [
    *("us-east-1", "US-EAST-1", "us-east-1a", "us-east-1ab", "us-east-1 ", " us-east-1", "us-east"),
    *("US East (N. Virginia)", "EU (Ireland)", "Europe (Ireland)", "Europe (Rome)", "EU Ireland"),
    *("europe-west1", "europe-west1-b", "europe-west1b", "europe-west1-bb", "europe-west10-a"),
    *("westeurope", "West Europe", "WEST EUROPE", "westeurope-1", "westeurope-0", "west-europe"),
    *("eastus2-1", "East US 2", "eastus-2", "eastus2", "East  US 2", "uk south"),
    *("EU", "eu", "europe", "Asia", "US", "eur4", "EUR4", "nam5", "nam6", "eur4-a"),
    *("global", "Global", "aws-global", "azure-global", "*", "", " ", "x", "é", "use1-az1"),
    *("us-west-2-lax-1a", "us-west-2-lax-1", "us-west-2-lax", "us-east-1-wl1-bos-wlz-1"),
    *("s3.us-east-1.amazonaws.com", "s3-us-west-2.amazonaws.com", "s3.amazonaws.com"),
    *(
        "b.s3.eu-west-1.amazonaws.com",
        "eu-west-1.s3.amazonaws.com",
        "x.eu-west-1.rds.amazonaws.com",
    ),
    *("d1.cloudfront.net", "cloudfront.net", "svc.europe-west1.run.app", "eur4.run.app"),
    *("europe-west1-docker.pkg.dev", "x.westeurope.azurecontainer.io", "x.azurefd.net"),
    *("storage.googleapis.com", "example.com", "us-east-1.example.com", "us-east-1\n", "us_east_1"),
    *("us-\N{CYRILLIC SMALL LETTER IE}ast-1", "us-east-1,us-west-2", "arn:aws:s3:us-east-1:1:x"),
]


def test_a_name_means_what_it_means_to_the_rules() -> None:
    engine = RegorusEngine({**rules.load().modules, "probe.rego": PROBE}, {})
    asked = [*NAMES, *(text for place in regions.AWS for text in regions.spellings(place))]
    asked += [
        text for place in (*regions.GOOGLE, *regions.MULTI) for text in regions.spellings(place)
    ]
    asked += [text for place in regions.AZURE for text in regions.spellings(place)]
    answers = engine.evaluate("data.probe.meaning", [{"name": name} for name in asked])
    for name, answer in zip(asked, answers, strict=True):
        understood = answer.value if isinstance(answer, Value) else None
        assert regions.meaning(name) == understood, name


COVERED = [
    (["us-east-1"], "us-east-1b", True),
    (["us-east-1"], "us-east-1-bos-1a", False),
    (["us-east-1-bos-1a"], "us-east-1-bos-1b", True),
    (["US East (N. Virginia)"], "us-east-1", True),
    (["EU"], "eu", True),
    (["EU"], "europe-west1", False),
    (["europe-north1", "europe-west4"], "eur4", True),
    (["europe-north1"], "eur4", False),
    (["eur4"], "EU", False),
    (["us-east1", "us-central1"], "nam4", True),
    ([name for name in regions.GOOGLE if name.startswith("europe-")], "EU", True),
    (["global"], "aws-global", False),
    (["global"], "us-east-1", False),
    (["us-moon-1"], "us-moon-1", False),
    ([], "us-east-1", False),
]


@pytest.mark.parametrize(("entries", "place", "expected"), COVERED)
def test_what_a_list_permits(entries: list[str], place: str, *, expected: bool) -> None:
    assert regions.covers(entries, place) is expected
    engine = RegorusEngine({**rules.load().modules, "probe.rego": PROBE}, {})
    [answer] = engine.evaluate("data.probe.covered", [{"entries": entries, "name": place}])
    assert isinstance(answer, Value) is expected


STAYS = [
    ("pii", None, "us-east-1", "allow", "pii may be in us-east-1"),
    ("pii", None, "us-west-2", "deny", "pii may only be in us-east-1"),
    ("orders", None, "westeurope", "allow", "orders may be in westeurope"),
    ("orders", None, "eu-central-1", "allow", "orders may be in eu-central-1"),
    ("metrics", None, "eur4", "allow", "metrics may be in eur4"),
    (
        "metrics",
        None,
        "europe-west4",
        "deny",
        "metrics may only be in us-west-2, eur4, europe-north1",
    ),
    ("public", None, "global", "allow", "public may be in global"),
    ("PII", None, "us-east-1", "deny", "the settings have no such data class"),
    ("pii", None, "us-moon-1", "deny", "nobody knows such a region"),
    ("pii", None, oracle.ELSEWHERE, "deny", "pii may only be in us-east-1"),
    ("pii", "acme", "us-east-1", "allow", "pii of acme may be in us-east-1"),
    ("logs", "acme", "us-west-2", "deny", "acme may only be in us-east-1"),
    ("pii", "globex", "us-east-1", "deny", "globex may only be in eu-west-1, us-west-2"),
    ("pii", "nobody", "us-east-1", "deny", "the settings have no such tenant"),
]


@pytest.mark.parametrize(("name", "tenant", "place", "promise", "because"), STAYS)
def test_the_fixtures_settings_promise(
    name: str, tenant: str | None, place: str, promise: str, because: str
) -> None:
    word = oracle.stays(SETTINGS, name, tenant, place)
    assert (word.promise, word.because) == (promise, because)


GOES = [
    ("usage-analytics", "logs", None, "us-west-2", "us-east-1", "allow", "is allow-listed for"),
    ("usage-analytics", "logs", None, "us-west-2", "eu-west-1", "deny", "no entry has"),
    ("usage-analytics", "pii", None, "us-west-2", "us-east-1", "deny", "starts where it may not"),
    ("usage-analytics", "public", None, "us-west-2", "us-east-1", "deny", "no entry has"),
    ("usage-analytics", "logs", None, "us-west-2", "us-west-2", "allow", "it stays in us-west-2"),
    ("order-warehouse", "orders", None, "eu-west-1", "us-east-1", "allow", "2098-12-31T00:00:00Z"),
    ("order-export", "orders", None, "eu-west-1", "us-east-1", "deny", "ended: 2020-06-30"),
    ("usage-analytics", "logs", "acme", "us-west-2", "us-east-1", "deny", "acme may only be"),
    ("usage-analytics", "logs", "globex", "us-west-2", "us-east-1", "deny", "globex may only be"),
    ("nightly", "orders", None, "eu-west-1", "westeurope", "deny", "no entry has nightly"),
]


@pytest.mark.parametrize(("name", "data", "tenant", "source", "to", "promise", "because"), GOES)
def test_what_pipelines_may_carry(  # noqa: PLR0917
    name: str, data: str, tenant: str | None, source: str, to: str, promise: str, because: str
) -> None:
    word = oracle.goes(SETTINGS, data, tenant, oracle.Move(name, source, to))
    assert word.promise == promise
    assert because in word.because


@pytest.mark.parametrize(
    ("key", "value", "live"),
    [
        ("expires", "2098-12-31", True),
        ("expires", "2098-12-31T23:59:59.5+02:00", True),
        ("expires", "2020-01-01", False),
        ("expires", "2020-01-01T00:00:00Z", False),
        ("expires", "20981231", False),
        ("expires", "2098-02-30", False),
        ("expires", "2098-W01-1", False),
        ("expires", "soon", False),
        ("expires", None, False),
        ("dpia", "", False),
        ("dpia", "T.B.D.", False),
        ("dpia", 7, False),
        ("owner", "n/a", False),
        ("owner", None, False),
    ],
)
def test_an_entry_is_live(key: str, value: object, *, live: bool) -> None:
    entry = {"dpia": "DPIA-1", "owner": "data", "expires": "2098-12-31", key: value}
    assert oracle.is_live(entry) is live


@pytest.mark.parametrize("odd", [None, {}, {"residency": None}, {"residency": {"tenants": []}}])
def test_what_is_malformed_permits_nothing(odd: Any) -> None:
    assert oracle.stays(odd or {}, "pii", None, "us-east-1").promise == "deny"
    listed = {"residency": {"allowed_regions": {"pii": "us-east-1"}}}
    assert oracle.stays(listed, "pii", None, "us-east-1").promise == "deny"


def test_an_unknown_entry_is_said() -> None:
    listed = {"residency": {"allowed_regions": {"pii": ["us-moon-1"]}}}
    word = oracle.stays(listed, "pii", None, "us-east-1")
    assert word.promise == "deny"
    assert "of us-moon-1 nothing is known" in word.because


@pytest.mark.parametrize("module", [oracle, regions])
def test_the_oracle_shares_nothing(module: ModuleType) -> None:
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
        if isinstance(node, ast.ImportFrom)
    ]
    allowed = (
        r"(?!policylib)|policylib\.(matrix\.interface|generate\.(?:label_keys|residency\.regions))$"
    )
    assert all(re.match(allowed, name) for name in imported), imported


STATED = (
    *("DPIA-2026-014", "Jane Doe <jane@example.com>", "https://tickets.example.com/DPIA?id=1%20"),
    *(
        "TODO-123",
        "todoist",
        "Ärzte",
        "数据保护",
        "#privacy",
        "A/B (v2)",
        "no-reply",
        "__x",
        "@data",
    ),
)
UNSAID = (
    *("TODO: ask legal", "tbd (legal)", "[TODO] owner", "FIXME", "Placeholder for a DPIA", "n/a"),
    *("xxx?", "todo\u00e9", "not yet", "No one", "T.B.D.", "?", "-", "", " ", "\u00a0", "a\nb"),
    *("${DPIA}", "$(DPIA)", "DPIA-{{ .Values.id }}", "<%= dpia %>", "<dpia>", "%DPIA%", "__DPIA__"),
    *("@owner@", "data\u200b", "\u202edata", "\x00", "\u3164", "dat\u00ada", "\u200d", "\u2800x"),
)


def test_only_what_is_plainly_a_name_is_stated_to_both() -> None:
    probe = """
    package probe
    import data.policylib.lib.stated
    says := stated.is_stated(input.text)
    """
    engine = RegorusEngine({**rules.load().modules, "probe.rego": probe}, {})
    asked = (*STATED, *UNSAID)
    answers = engine.evaluate("data.probe.says", [{"text": text} for text in asked])
    entry = {"owner": "data", "expires": "2098-12-31"}
    assert [text for text in asked if oracle.is_live({**entry, "dpia": text})] == list(STATED)
    understood = zip(asked, answers, strict=True)
    assert [text for text, answer in understood if isinstance(answer, Value)] == list(STATED)
