"""Every example, sent to the API server: denied or admitted as the examples say, in our words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policylib import bundle
from policylib.bundle import folder, webhook, yaml
from policylib.bundle import gatekeeper as resources
from policylib.bundle.gatekeeper import constraints
from policylib.evaluate import unconfigured
from tests.e2e import agreement
from tests.e2e.agreement import GROUPS, RULES, Registry
from tests.e2e.cluster import Cluster
from tests.e2e.gatekeeper import Gatekeeper
from tests.e2e.opa import Opa

# How many documents of each family's examples have to get past the API itself, at least: what it
# refuses before it asks anybody may not become more without being seen.
FLOORS = {
    "digest": 700,
    "provenance": 526,
    "residency": 425,
    "residency/storage_kubernetes": 34,
    "tier": 565,
}
Record = Callable[[str, object], None]


def asked(url: str, name: str, path: str, ca: Path) -> webhook.Webhook:
    return webhook.Webhook(
        configuration=name, name=name, at=url, path=path, ca=webhook.authority(ca), timeout=30
    )


def settle(
    api: Cluster, registry: Registry, name: str, mark: dict[str, str], record: Record
) -> None:
    tally = agreement.compare(api, registry, name, mark)
    record("parity", f"{name}: " + "\n".join(tally.lines()))
    assert tally.wrong == [], "\n".join(tally.wrong)
    assert tally.compared.total() >= FLOORS.get(name, 1)


# Examples under settings of their own are few each, and every settings cost a cluster seconds: they
# are asked of OPA alone, which takes the settings as they are, and about every kind. Of the others
# Gatekeeper is asked about every kind, and OPA about those that `rc webhook` names by default.
@pytest.mark.parametrize("name", [name for name in GROUPS if name in FLOORS])
def test_gatekeeper_decides_as_the_examples_say(
    name: str, gatekeeper: Gatekeeper, registry: Registry, tmp_path: Path, record_property: Record
) -> None:
    group, api = GROUPS[name], gatekeeper.cluster
    url = f"https://localhost:{gatekeeper.port}"
    at = asked(url, "validation.gatekeeper.sh", "/v1/admit", api.folder / "ca.crt")
    around = resources.Cluster(webhook=at, all_kinds=True)
    folder.write(resources.files(RULES, group.settings, group.facts, around), tmp_path / "out")
    gatekeeper.enforce(tmp_path / "out")
    mark = {rule: f"[{rule.replace('.', '-').replace('_', '-')}] " for rule in RULES.rules}
    settle(api, registry, name, mark, record_property)


@pytest.fixture(scope="module")
def alone(opa: Opa, gatekeeper: Gatekeeper) -> Opa:
    """OPA's turn: Gatekeeper is not asked any more."""
    gatekeeper.forget()
    return opa


@pytest.mark.parametrize("name", GROUPS)
def test_opa_decides_as_the_examples_say(
    name: str, alone: Opa, registry: Registry, tmp_path: Path, record_property: Record
) -> None:
    group, api = GROUPS[name], alone.cluster
    in_force = constraints.asked(RULES, group.settings, unconfigured(RULES, group.settings))
    all_kinds = name not in FLOORS
    matches = [constraints.match(RULES.rules[rule], all_kinds=all_kinds) for rule in in_force]
    url = f"https://localhost:{alone.port}"
    at = asked(url, "admission.policylib.dev", "/", api.folder / "ca.crt")
    api.apply("-f", "-", given=yaml.dump(webhook.configuration(at, matches)))
    target = bundle.Target.OPA
    bundle.write(target, tmp_path / "out", RULES, group.settings, group.facts)
    with alone.running(tmp_path / "out" / "bundle.tar.gz"):
        settle(api, registry, name, {rule: f"[{rule}] " for rule in RULES.rules}, record_property)


def test_a_webhook_that_fails_is_no_refusal_of_the_api(alone: Opa, registry: Registry) -> None:
    api, url = alone.cluster, f"https://localhost:{alone.port}"
    at = asked(url, "admission.policylib.dev", "/", api.folder / "ca.crt")
    api.apply("-f", "-", given=yaml.dump(webhook.configuration(at, [{}])))
    name = "digest/sha512"
    tally = agreement.compare(api, registry, name, dict.fromkeys(RULES.rules, ""))
    assert len(tally.wrong) == len(agreement.expected(name))
    assert tally.compared.total() == tally.refused.total() == 0
