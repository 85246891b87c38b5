"""What each key means, what holds, and where that comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from policylib import rules
from policylib.engine.interface import DECISION, Value
from policylib.engine.regorus import RegorusEngine
from policylib.settings import Settings, load
from policylib.settings.explain import Key, keys, levels, names
from policylib.settings.levels import LEVELS

OWN = rules.load()
KNOWN = OWN.known()


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def explained(file: str = "") -> dict[str, Key]:
    loaded = load(Path(file) if file else None, KNOWN)
    return {key.name: key for key in keys(loaded, KNOWN, file)}


def test_without_settings_the_defaults_hold() -> None:
    found = explained()
    assert {key.source for key in found.values()} == {"default"}
    assert found["digest.algorithms"] == Key(
        "digest.algorithms",
        ["sha256"],
        "default",
        "list of (sha256 | sha512)",
        "The digest algorithms that are accepted.",
    )
    assert found["catalog"].value is None
    assert found["labels.data_class"].value == "policylib.dev/data-class"


def test_each_value_has_its_source() -> None:
    Path("vouched.yaml").write_text(
        "version: 1\n"
        "exclude: [vendor/**]\n"
        "digest: {algorithms: [sha256, sha512]}\n"
        "tier: {gold: {slo: 99.9}}\n"
        "labels: {service: example.com/service}\n"
        "catalog: catalog.yaml\n"
        "exceptions: exceptions.yaml\n"
        "enforcement: {dev: {tier: log}}\n"
    )
    Path("catalog.yaml").write_text("services: {web: {tier: gold}, api: {tier: gold}}\n")
    Path("exceptions.yaml").write_text(
        "exceptions:\n"
        "  - rule: tier.assigned\n"
        "    target: {kind: Pod, namespace: shop, name: web}\n"
        "    reason: r\n    ticket: t\n    approver: a\n    expires: 2098-12-31\n"
    )
    Path("policylib.yaml").write_text(
        "digest: {algorithms: [sha256]}\ntier: {gold: {rto: 5m}}\nenforcement: {prod: {}}\n"
    )
    found = {name: (key.value, key.source) for name, key in explained("vouched.yaml").items()}
    here = "policylib.yaml, found here"
    assert found["version"] == (1, f"{here} over vouched.yaml")
    assert found["exclude"] == (["vendor/**"], "vouched.yaml")
    assert found["digest.algorithms"] == (["sha256"], f"{here} over vouched.yaml")
    assert found["tier.gold.slo"] == (99.9, "vouched.yaml")
    assert found["tier.gold.rto"] == ("5m", here)
    assert found["tier.gold.rpo"] == ("5m", "default")
    assert found["labels.service"] == ("example.com/service", "vouched.yaml")
    assert found["labels.tenant"] == ("policylib.dev/tenant", "default")
    assert found["catalog"] == (["web", "api"], "vouched.yaml")
    assert found["exceptions"] == (["tier.assigned: Pod shop/web"], "vouched.yaml")
    both = {"dev": {"tier": "log"}, "prod": {}}
    assert found["enforcement"] == (both, f"{here} over vouched.yaml")


def test_every_name_is_there_once_with_what_several_begin_with() -> None:
    found = names(KNOWN)
    assert len(found) == len(set(found))
    assert {"tier", "tier.gold", "tier.gold.slo", "labels", "exclude"} <= set(found)


def test_a_level_has_its_source() -> None:
    said = {"digest": "log", "digest.values_pinned": "off"}
    settings = Settings(enforcement={"dev": said})
    found = {one.rule: one for one in levels(settings, KNOWN, "dev", ["tier.assigned"])}
    assert found.keys() == set(KNOWN.rules)
    assert found["digest.image_pinned"][1:] == ("log", "enforcement.dev.digest")
    assert found["digest.values_pinned"][1:] == ("off", "enforcement.dev.digest.values_pinned")
    assert found["tier.assigned"][1:] == ("warn", "it enters in this release")
    assert found["tier.redundancy"][1:] == ("deny", "default")
    assert {one.level for one in levels(settings, KNOWN, None, ())} == {"deny"}


NAMES = st.sampled_from(["digest", "digest.image_pinned", "digest.values_pinned"])


@profile(max_examples=30)
@given(
    st.dictionaries(
        st.sampled_from(["dev", "prod"]), st.dictionaries(NAMES, st.sampled_from(LEVELS))
    ),
    st.sampled_from([None, "dev", "prod", "stage"]),
    st.booleans(),
)
def test_the_level_is_the_one_that_the_decision_takes(
    enforcement: dict[str, dict[str, str]], environment: str | None, enters: bool
) -> None:
    settings = Settings.model_validate({"enforcement": enforcement})
    entering = ("digest.image_pinned",) if enters else ()
    engine = RegorusEngine(OWN.modules, {"settings": settings.data(environment, entering)})
    pod = {"kind": "Pod", "apiVersion": "v1", "spec": {"containers": [{"image": "a"}]}}
    [answer] = engine.evaluate(DECISION, [{"review": {"object": pod}}])
    assert isinstance(answer, Value)
    said = {one["enforcement"] for one in answer.value} or {"off"}
    assert said == {settings.level(environment, "digest.image_pinned", entering)}
