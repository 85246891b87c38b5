"""What is said of settings that are valid and still make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policylib import advice, rules
from policylib.models import PolicyException
from policylib.settings import Settings

OWN = rules.load()
KNOWN = OWN.known()
PIPELINE = {
    "name": "usage",
    "data_class": "logs",
    "from": "us-west-2",
    "to": "us-east-1",
    "dpia": "DPIA-1",
    "owner": "data",
    "expires": "2098-12-31",
}


def said(found: Iterator[advice.Advice]) -> dict[str, str]:
    return {".".join(map(str, path)): what for path, what in found}


def entry(**changes: str) -> PolicyException:
    usual = {"rule": "digest.image_pinned", "reason": "r", "ticket": "t", "approver": "a"}
    target = {"kind": "Pod", "namespace": "shop", "name": changes.pop("name", "web")}
    return PolicyException.model_validate(
        {**usual, "target": target, "expires": "2098-12-31", **changes}
    )


def test_of_sound_settings_nothing_is_said() -> None:
    raw = {
        "digest": {"algorithms": ["sha256"]},
        "residency": {
            "allowed_regions": {"pii": ["us-east-1"], "logs": ["West Europe", "europe-west1-b"]},
            "tenants": {"acme": ["eu-west-1"]},
            "pipelines": [PIPELINE],
        },
    }
    assert said(advice.on_settings(raw, OWN)) == {}


def test_regions_that_nobody_knows_permit_nothing() -> None:
    raw = {
        "residency": {
            "allowed_regions": {"pii": ["us-east-1", "us-esat-1"], "logs": "us-east-1"},
            "tenants": {"acme": ["mars"], "odd": [5]},
            "pipelines": [{**PIPELINE, "to": "us-east"}, "odd"],
            "preview_datasets": {"us-east-9": ["masked"]},
        }
    }
    assert said(advice.on_settings(raw, OWN)) == {
        "residency.allowed_regions.pii.1": "no region is known as us-esat-1: it permits nothing",
        "residency.tenants.acme.0": "no region is known as mars: it permits nothing",
        "residency.pipelines.0.to": "no region is known as us-east: it permits nothing",
        "residency.preview_datasets.us-east-9": (
            "no region is known as us-east-9: it permits nothing"
        ),
    }


@pytest.mark.parametrize(
    ("expires", "what"),
    [
        ("2020-01-01", "it expired on 2020-01-01 and permits nothing"),
        ("soon", "'soon' is neither a date"),
    ],
)
def test_what_ended_permits_nothing(expires: str, what: str) -> None:
    raw: dict[str, Any] = {"residency": {"pipelines": [PIPELINE, {**PIPELINE, "expires": expires}]}}
    found = said(advice.on_settings(raw, OWN))
    assert found.keys() == {"residency.pipelines.1.expires"}
    assert found["residency.pipelines.1.expires"].startswith(what)


def test_an_environment_that_is_named_nowhere() -> None:
    settings = Settings(enforcement={"prod": {}})
    assert said(advice.on_environment(settings, "prod")) == {}
    assert said(advice.on_environment(settings, "prdo")) == {
        "enforcement": "the environment prdo is not named: everything denies"
    }


def test_exceptions_that_are_of_no_use() -> None:
    entries = (
        entry(),
        entry(expires="2020-01-01", name="old"),
        entry(rule="tier.assigned", name="api"),
        entry(ticket="t2"),
    )
    found = said(advice.on_exceptions(Settings(exceptions=entries), KNOWN))
    assert found == {
        "exceptions.0.target": "another exception is for the same",
        "exceptions.1.expires": "it expired on 2020-01-01 and lets nothing through",
        "exceptions.2.rule": "tier is not configured, so there is nothing to except",
        "exceptions.3.target": "another exception is for the same",
    }
    configured = Settings(exceptions=entries[2:3], families={"tier": {}})
    assert said(advice.on_exceptions(configured, KNOWN)) == {}
