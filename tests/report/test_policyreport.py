"""Both kinds of reports for a cluster, against their own CRDs."""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from policylib.models import Enforcement, Report, Resource, Rule
from policylib.report import Options, reporter
from policylib.report.interface import DEFAULTS
from policylib.report.policyreport import ours
from tests.report.crds import crd
from tests.report.samples import (
    EXCEPTED,
    PROBLEM,
    REPORTS,
    RULE,
    RULES,
    SKIPPED,
    listed,
    report,
    violation,
)

FORMS = ("policyreport", "openreports")
OWN = {"labels": {"app.kubernetes.io/managed-by": "policylib"}}
ANNOTATIONS = 262_144
"""Bytes that the API server allows, of which `kubectl apply` uses one copy of the object."""


@functools.cache
def validator(kind: str) -> Draft202012Validator:
    """A CRD's schema, with nothing allowed that the API server would drop in silence."""
    (version,) = crd(kind)["spec"]["versions"]
    schema = version["schema"]["openAPIV3Schema"]
    closed = _closed(schema)
    closed["properties"]["metadata"] = {"type": "object"}
    return Draft202012Validator(closed)


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    held = {key: _closed(value) for key, value in schema.items()}
    if isinstance(held.get("properties"), dict) and "additionalProperties" not in held:
        held["additionalProperties"] = False
    return held


def read(name: str, found: Report, options: Options = DEFAULTS) -> list[dict[str, Any]]:
    """Read it as kubectl does: a List, each object by the schema of its own kind."""
    whole = json.loads(reporter(name)(found, RULES, options))
    assert (whole["apiVersion"], whole["kind"]) == ("v1", "List")
    for item in whole["items"]:
        spec = crd(item["kind"])["spec"]
        assert item["apiVersion"] == f"{spec['group']}/{spec['versions'][0]['name']}"
        validator(item["kind"]).validate(item)
        _check_metadata(item["metadata"], namespaced=spec["scope"] == "Namespaced")
        counted = Counter(result["result"] for result in item["results"])
        assert {key: n for key, n in item["summary"].items() if n} == counted
    identities = [
        (item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"])
        for item in whole["items"]
    ]
    assert len(set(identities)) == len(identities)
    return list(whole["items"])


def _check_metadata(metadata: dict[str, Any], *, namespaced: bool) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", metadata["name"])
    assert ("namespace" in metadata) is namespaced
    if namespaced:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", metadata["namespace"])
    for key, value in metadata["labels"].items():
        assert re.fullmatch(r"[a-z.]+/[a-z-]+", key)
        assert re.fullmatch(r"[a-z0-9]{1,63}", value)
    for key, value in metadata["annotations"].items():
        assert re.fullmatch(r"[a-z.]+/[a-z]+", key)
        assert isinstance(value, str)


def every(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [result for item in items for result in item["results"]]


def of(items: list[dict[str, Any]], policy: str, rule: str) -> list[dict[str, Any]]:
    return [one for one in every(items) if (one["policy"], one["rule"]) == (policy, rule)]


@given(st.sampled_from(FORMS), REPORTS)
def test_any_report_obeys_its_crd_and_loses_nothing(name: str, found: Report) -> None:
    results = every(read(name, found))
    kinds = Counter(result["result"] for result in results)
    enforced = Counter(v.enforcement for v in found.violations)
    idle = sum(one.state != "used" for one in found.exceptions)
    assert kinds["fail"] == enforced[Enforcement.DENY]
    assert kinds["error"] == len(found.errors)
    assert kinds["warn"] == (
        enforced[Enforcement.WARN] + enforced[Enforcement.LOG] + idle + len(found.notes)
    )
    assert kinds["skip"] == (
        enforced[Enforcement.EXCEPTED] + len(found.skipped) + len(found.unconfigured)
    )
    assert all(result["source"] == "policylib" for result in results)


@pytest.mark.parametrize("name", FORMS)
def test_a_result_says_what_is_wrong_where_and_what_to_do(name: str) -> None:
    (cluster, shop) = read(name, report(violation()))
    assert (cluster["results"], shop["metadata"]["namespace"]) == ([], "shop")
    (result,) = shop["results"]
    assert (result["policy"], result["rule"]) == ("digest", "image_pinned")
    assert (result["result"], result["severity"], result["scored"]) == ("fail", "high", True)
    assert result["category"] == "SLSA-L3"
    assert result["message"] == "the image nginx:1.27 has no digest"
    assert result["resources"] == [
        {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"}
    ]
    told = result["properties"]
    assert (told["file"], told["line"], told["column"]) == ("app.yaml", "3", "12")
    assert told["path"] == "/spec/containers/0/image"
    assert told["remediation"] == RULE.remediation
    assert json.loads(told["details"])["image"] == "nginx:1.27"


@pytest.mark.parametrize(
    ("enforcement", "result"),
    [(Enforcement.DENY, "fail"), (Enforcement.WARN, "warn"), (Enforcement.LOG, "warn")],
)
def test_the_result_says_what_the_violation_does(enforcement: Enforcement, result: str) -> None:
    (written,) = of(
        read("policyreport", report(violation(enforcement=enforcement))), "digest", "image_pinned"
    )
    assert (written["result"], written["properties"]["enforcement"]) == (result, enforcement)


def test_what_an_exception_covers_is_skipped_on_somebodys_word() -> None:
    (written,) = of(read("policyreport", report(violation(**EXCEPTED))), "digest", "image_pinned")
    assert written["result"] == "skip"
    told = written["properties"]
    assert told["exception"] == "until 2098-12-31, OPS-1, approved by ada@example.com"
    assert told["reason"] == "the vendor publishes no digest"


@pytest.mark.parametrize("namespace", ["", "Not Valid", "a" * 64, "-a", "a.b", "ä", "a\n"])
def test_what_no_namespace_of_a_cluster_holds_is_in_the_report_of_the_cluster(
    namespace: str,
) -> None:
    resource = Resource(api_version="v1", kind="Pod", namespace=namespace, name="web")
    (cluster,) = read("policyreport", report(violation(resource=resource)))
    (written,) = of([cluster], "digest", "image_pinned")
    (named,) = written["resources"]
    assert ("namespace" in named) is bool(namespace)


def test_a_rule_that_found_nothing_passes_only_if_it_was_asked() -> None:
    def outcome(**changes: Any) -> list[str]:
        return [one["result"] for one in every(read("policyreport", report(**changes)))]

    assert outcome() == ["pass"]
    assert outcome(documents=0) == []
    assert outcome(unconfigured=("digest",)) == ["skip"]
    covered = every(read("policyreport", report(violation(**EXCEPTED))))
    assert [one["result"] for one in covered] == ["skip"]


def test_a_clean_check_still_has_an_object_to_apply() -> None:
    for name in FORMS:
        (cluster,) = read(name, report(documents=0))
        assert cluster["results"] == []
        assert set(cluster["summary"].values()) == {0}


def test_errors_notes_exceptions_of_no_use_and_skipped_documents_are_of_the_cluster() -> None:
    found = report(
        errors=[PROBLEM],
        skipped=[SKIPPED],
        notes=["it does not count"],
        exceptions=[listed("used", 1), listed("unused"), listed("expired")],
    )
    (cluster,) = read("openreports", found)
    (error,) = of([cluster], "policylib", "error")
    assert (error["result"], error["properties"]["file"]) == ("error", "bad.yaml")
    (note,) = of([cluster], "policylib", "note")
    assert (note["result"], note["message"]) == ("warn", "it does not count")
    said = [one["message"].split()[0] for one in of([cluster], "policylib", "exception")]
    assert said == ["unused", "expired"]
    (skipped,) = of([cluster], "policylib", "skipped")
    assert skipped["properties"] == {"file": "compose.yaml", "document": "1"}


def test_what_is_too_long_says_so_and_the_rest_stays() -> None:
    (written,) = of(
        read("policyreport", report(violation(message="\U0001f600" * 5_000_000))),
        "digest",
        "image_pinned",
    )
    assert written["message"].endswith("… (cut: 5000000 characters)")


def test_thousands_of_violations_are_split_into_what_kubectl_can_apply() -> None:
    numbers = range(10_000)
    hostile = "<&>" * 100
    found = report(*(violation(line=n + 1, message=hostile) for n in numbers))
    items = read("policyreport", found)
    names = [item["metadata"]["name"] for item in items]
    assert names == ["policylib", "policylib", *(f"policylib-{n}" for n in range(2, len(names)))]
    lines = [int(one["properties"]["line"]) for one in of(items, "digest", "image_pinned")]
    assert lines == [n + 1 for n in numbers]
    assert sum(item["summary"]["fail"] for item in items) == len(numbers)
    for item in items:
        copy = json.dumps(item, ensure_ascii=False)
        for char in "<>&":
            copy = copy.replace(char, f"\\u{ord(char):04x}")
        assert len(copy.encode()) < ANNOTATIONS


def test_even_the_worst_result_fits() -> None:
    worst = "\U0001f600" * 2_000
    names = dict.fromkeys(("api_version", "kind", "namespace", "name"), worst)
    texts = dict.fromkeys(("message", "remediation", "file", "path", "rule"), worst)
    covered = EXCEPTED | {
        "exception": EXCEPTED["exception"].model_copy(update={"reason": worst, "ticket": worst})  # type: ignore[attr-defined]
    }
    found = report(
        *[violation(**texts, **covered, resource=Resource(**names), details={"x": worst})] * 3,
        **dict.fromkeys(("version", "engine", "revision", "environment"), worst),
    )
    for item in read("policyreport", found):
        assert len(json.dumps(item)) < ANNOTATIONS


def test_the_unknown_rule_of_a_package_is_reported_all_the_same() -> None:
    (_, shop) = read("policyreport", report(violation(rule="conftest.main.deny")))
    (result,) = shop["results"]
    assert (result["policy"], result["rule"]) == ("conftest", "main.deny")
    assert result["category"] == "conftest"


@given(st.sampled_from(FORMS), REPORTS)
def test_an_earlier_report_is_known_again(name: str, found: Report) -> None:
    assert ours(reporter(name)(found, RULES))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"kind": "List", "items": []}',
        '{"kind": "List", "items": [1]}',
        '{"kind": "List", "items": [{"apiVersion": "v1", "metadata": {"labels": {}}}]}',
        json.dumps({"kind": "List", "items": [{"apiVersion": "v1", "metadata": OWN}]}),
        json.dumps({"kind": "List", "items": [{"apiVersion": "openreports.io/v1alpha1"}]}),
        "[" * 100_000,
    ],
)
def test_nothing_else_is_taken_for_a_report(text: str) -> None:
    assert not ours(text)


def test_rules_may_have_no_controls() -> None:
    plain = Rule(**{**RULE.model_dump(), "controls": ()})
    text = reporter("policyreport")(report(violation()), {plain.id: plain})
    (result,) = json.loads(text)["items"][1]["results"]
    assert result["category"] == "digest"
    assert "controls" not in result["properties"]
