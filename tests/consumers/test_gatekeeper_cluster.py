"""What a cluster needs beside templates and constraints; and what gator makes of expansions."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib import rules as rule_files
from policylib.bundle import gatekeeper, webhook
from policylib.bundle.gatekeeper import Cluster, Expansion
from policylib.bundle.webhook import Service, Webhook
from policylib.errors import BundleError
from tests.bundle.gator import judged
from tests.bundle.samples import PINNED, UNPINNED

RULES = rule_files.load()
ALL: dict[str, Any] = {family: {} for family in RULES.families}
SERVICE = Service(namespace="gatekeeper-system", name="gatekeeper-webhook-service")


def asked(**changes: Any) -> Webhook:
    usual: dict[str, Any] = {
        "configuration": "policylib",
        "name": "validation.gatekeeper.sh",
        "at": SERVICE,
        "path": "/v1/admit",
    }
    return Webhook(**{**usual, **changes})


def built(settings: dict[str, Any], **changes: Any) -> dict[str, Any]:
    cluster = Cluster(**{"webhook": asked(), **changes})
    files = gatekeeper.files(RULES, settings, None, cluster)
    return {name: yaml.safe_load(content) for name, content in files.items()}


def covers(configuration: dict[str, Any], group: str, resource: str) -> bool:
    return any(
        {group, "*"} & set(rule["apiGroups"]) and {resource, "*"} & set(rule["resources"])
        for rule in configuration["webhooks"][0]["rules"]
    )


def test_it_is_what_a_bundle_is_and_more() -> None:
    bundle = gatekeeper.files(RULES, ALL, None)
    cluster = gatekeeper.files(RULES, ALL, None, Cluster(webhook=asked()))
    assert bundle.items() <= cluster.items()
    more = cluster.keys() - bundle.keys()
    assert {name.split("/")[0] for name in more} == {"expansion", "webhook.yaml"}
    assert {name.split("/")[0] for name in cluster} == set(gatekeeper.STEPS)


def test_the_webhook_fails_closed_and_has_no_gap() -> None:
    (one,) = built(ALL)["webhook.yaml"]["webhooks"]
    assert one["failurePolicy"] == "Fail"
    assert one["matchPolicy"] == "Equivalent"
    assert one["sideEffects"] == "None"
    assert one["namespaceSelector"] == {"matchExpressions": []}
    assert one["objectSelector"] == {}
    assert "matchConditions" not in one
    for rule in one["rules"]:
        assert rule["apiVersions"] == ["*"]
        assert rule["operations"] == ["CREATE", "UPDATE"]
        assert rule["scope"] == "*"


def test_the_webhook_asks_about_every_kind_that_a_constraint_matches() -> None:
    files = built(ALL)
    regular = {"StorageClass": "storageclasses", "Pod": "pods", "CronJob": "cronjobs"}
    matched = 0
    for name, one in files.items():
        if not name.startswith("constraints/"):
            continue
        for entry in one["spec"]["match"]["kinds"]:
            for group in entry["apiGroups"]:
                for kind in entry["kinds"]:
                    resource = regular.get(kind, f"{kind.lower()}s")
                    assert covers(files["webhook.yaml"], group, resource), (group, kind)
                    matched += 1
    assert matched > 100
    assert covers(files["webhook.yaml"], "", "pods/ephemeralcontainers")
    assert not covers(files["webhook.yaml"], "", "events")
    assert not covers(files["webhook.yaml"], "coordination.k8s.io", "leases")


def test_only_what_is_in_force_is_asked_about() -> None:
    settings = {"environment": "dev", "enforcement": {"dev": {"digest": "off"}}, "tier": {}}
    configuration = built(settings)["webhook.yaml"]
    assert covers(configuration, "policylib.dev", "servicecatalogs")
    assert not covers(configuration, "helm.toolkit.fluxcd.io", "helmreleases")


def test_a_webhook_that_is_asked_about_nothing_is_refused() -> None:
    settings = {"environment": "dev", "enforcement": {"dev": {"digest": "off"}}}
    with pytest.raises(BundleError, match="no rule is asked"):
        built(settings)


def test_exempt_namespaces_are_the_only_gap_and_are_told() -> None:
    configuration = built({}, webhook=asked(exempt=("kube-system", "a")))["webhook.yaml"]
    (one,) = configuration["webhooks"]
    (expression,) = one["namespaceSelector"]["matchExpressions"]
    assert expression == {
        "key": "kubernetes.io/metadata.name",
        "operator": "NotIn",
        "values": ["a", "kube-system"],
    }
    told = configuration["metadata"]["annotations"]["policylib.dev/exempt-namespaces"]
    assert told == "a, kube-system"


def test_all_kinds_are_matched_and_asked_about_but_for_what_a_cluster_lives_on() -> None:
    files = built(ALL, all_kinds=True)
    for name, one in files.items():
        if name.startswith("constraints/"):
            assert one["spec"]["match"]["kinds"] == [{"apiGroups": ["*"], "kinds": ["*"]}]
    (one,) = files["webhook.yaml"]["webhooks"]
    (rule,) = one["rules"]
    assert rule["apiGroups"] == ["*"]
    assert rule["resources"] == ["*", "pods/ephemeralcontainers"]
    spared = " ".join(condition["expression"] for condition in one["matchConditions"])
    assert "coordination.k8s.io" in spared
    assert '"pods"' not in spared


@pytest.mark.parametrize(
    ("at", "client"),
    [
        (SERVICE, {"service": {**SERVICE.model_dump(), "path": "/v1/admit"}}),
        ("https://localhost:8443", {"url": "https://localhost:8443/v1/admit"}),
        ("https://localhost:8443/", {"url": "https://localhost:8443/v1/admit"}),
        ("https://localhost:8443/own", {"url": "https://localhost:8443/own"}),
    ],
)
def test_where_the_api_server_asks(at: Any, client: dict[str, Any]) -> None:
    configuration = built({}, webhook=asked(at=at))["webhook.yaml"]
    assert configuration["webhooks"][0]["clientConfig"] == client


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost", "localhost:8443", "https://", "https://:8443", "https://user@host/",
        "https://host/?x=1", "https://host/#x", "https://host/?", "https://host:0/",
        "https://host:99999/", "https://[::1", "https://ho\nst/", "",
    ],
)  # fmt: skip
def test_what_is_no_url_of_a_webhook_is_refused(text: str) -> None:
    with pytest.raises(BundleError, match="no URL"):
        webhook.url(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "A", "a.b", "a/b", "a:", "a:0", "a:x", "a:65536", "a:\uff11", "-a", "a" * 64, "a\n",
        pytest.param(f"a:{'9' * 5000}", id="more digits than Python reads"),
    ],
)  # fmt: skip
def test_what_is_no_service_is_refused(text: str) -> None:
    with pytest.raises(BundleError):
        Service.parse(text, "gatekeeper-system")


@pytest.mark.parametrize("seconds", [-1, 0, 31])
def test_a_time_that_the_api_server_does_not_take_is_refused(seconds: int) -> None:
    with pytest.raises(BundleError, match="1 to 30"):
        webhook.timeout(seconds)


def certificate(folder: Path) -> Path:
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 1"
        f" -keyout {folder / 'tls.key'} -out {folder / 'tls.crt'}"
    )
    subprocess.run(command.split(), check=True, capture_output=True)
    return folder / "tls.crt"


def test_certificates_are_carried_and_nothing_else_is(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    text = path.read_bytes()
    assert base64.b64decode(webhook.authority(path)) == text
    (tmp_path / "both.pem").write_bytes(text + (tmp_path / "tls.key").read_bytes())
    with pytest.raises(BundleError, match="private key"):
        webhook.authority(tmp_path / "both.pem")
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "text.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n")
    (tmp_path / "binary.pem").write_bytes(b"\xff\xfe")
    for name in ("tls.key", "empty.pem", "text.pem", "binary.pem"):
        with pytest.raises(BundleError, match="no certificate"):
            webhook.authority(tmp_path / name)
    with pytest.raises(BundleError, match="cannot be read"):
        webhook.authority(tmp_path / "gone.pem")


def test_kinds_that_rules_judge_themselves_are_not_expanded() -> None:
    files = built(ALL)
    expanded = [one for name, one in files.items() if name.startswith("expansion/")]
    assert {one["kind"] for one in expanded} == {"ExpansionTemplate"}
    names = {kind for one in expanded for kind in one["spec"]["applyTo"][0]["kinds"]}
    groups = {one["spec"]["applyTo"][0]["groups"][0] for one in expanded}
    assert "CloneSet" in names
    assert not {"apps", "batch", ""} & groups
    for group in groups:
        assert covers(files["webhook.yaml"], group, "anything")


def test_nothing_is_expanded_where_no_rule_is_about_pods() -> None:
    levels = {rule: "off" for rule in RULES.rules if rule != "digest.values_pinned"}
    files = built({"environment": "dev", "enforcement": {"dev": levels}})
    assert not any(name.startswith("expansion/") for name in files)


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com/v1/Widget", "Widget=spec.template", "example.com/Widget=spec.template",
        "example.com/v1/Widget=", "example.com/v1/Widget=spec..template", "apps/v1/Deployment=spec",
        "example.com/v1/widget=spec", "example.com/v1/Widget=spec.template\n",
        "example.com-/v1/Widget=spec.template", "example.com/v1/Wid_get=spec.template",
    ],
)  # fmt: skip
def test_what_does_not_say_which_kind_creates_pods_is_refused(text: str) -> None:
    with pytest.raises(BundleError, match="creates Pods"):
        Expansion.parse(text)


LEADER = "leaderworkerset.x-k8s.io/v1/LeaderWorkerSet=spec.leaderWorkerTemplate.leaderTemplate"
LONG = "W" + "o" * 70


def expanded(*texts: str) -> list[dict[str, Any]]:
    files = built({}, expansions=tuple(Expansion.parse(text) for text in texts))
    return [one for name, one in files.items() if name.startswith("expansion/")]


@pytest.mark.parametrize(
    "texts",
    [
        ("example.com/v1/Widget=spec.template", "example.com/v1/Widget=spec.other"),
        (f"example.com/v1/{LONG}a=spec.template", f"example.com/v1/{LONG}b=spec.template"),
        (LEADER,),
    ],
    ids=["two places in one kind", "names that are too long", "another place in a known kind"],
)
def test_every_expansion_is_written_by_a_name_of_its_own(texts: tuple[str, ...]) -> None:
    usual, found = expanded(), expanded(*texts)
    assert len(found) == len(usual) + len(texts)
    assert all(one in found for one in usual)
    names = {one["metadata"]["name"] for one in found}
    assert len(names) == len(found)
    assert all(re.fullmatch("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", name) for name in names)


def test_a_kind_is_expanded_in_every_version_that_was_named() -> None:
    assert len(expanded("apps.kruise.io/v2/CloneSet=spec.template")) == len(expanded())
    (found,) = (
        one
        for one in expanded("apps.kruise.io/v2,v1beta1/CloneSet=spec.template")
        if one["metadata"]["name"] == "cloneset-apps-kruise-io"
    )
    assert found["spec"]["applyTo"][0]["versions"] == ["v1alpha1", "v1beta1", "v2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("my.app.io/v1/Widget", "my-app.io/v1/Widget"),
        ("example.com/v1/FooBar", "example.com/v1/Foobar"),
    ],
)
def test_two_kinds_whose_expansions_would_have_one_name_are_refused(one: str, other: str) -> None:
    with pytest.raises(BundleError, match="would both be called"):
        expanded(f"{one}=spec.template", f"{other}=spec.template")


def test_leaders_and_workers_are_judged_each(tmp_path: Path) -> None:
    files = built({}, expansions=(Expansion.parse(LEADER),))
    pods = UNPINNED["spec"]["template"]
    both = {"leaderTemplate": pods, "workerTemplate": pods}
    document = {
        "apiVersion": "leaderworkerset.x-k8s.io/v1",
        "kind": "LeaderWorkerSet",
        "metadata": {"name": "both"},
        "spec": {"leaderWorkerTemplate": both},
    }
    resources = [one for name, one in files.items() if name != "webhook.yaml"]
    assert len(gator(tmp_path, *resources, document)) == 2


def gator(folder: Path, *documents: dict[str, Any]) -> list[Any]:
    for index, document in enumerate(documents):
        (folder / f"{index}.json").write_text(json.dumps(document))
    return judged(folder)


WIDGET = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}


@pytest.mark.parametrize(("document", "count"), [(UNPINNED, 1), (PINNED, 0)])
def test_a_kind_of_ones_own_is_judged_by_the_pods_it_creates(
    tmp_path: Path, document: dict[str, Any], count: int
) -> None:
    widget = {**WIDGET, "spec": {"pod": document["spec"]["template"]}}
    expansion = Expansion.parse("example.com/v1/Widget=spec.pod")
    files = built({}, expansions=(expansion,))
    found = gator(tmp_path, *(one for name, one in files.items() if name != "webhook.yaml"), widget)
    assert len(found) == count
    assert all(one["msg"].startswith(f"[Implied by {expansion.name}]") for one in found)


def test_no_copies_are_counted_of_what_somebody_else_expands(tmp_path: Path) -> None:
    """A Deployment with enough of them is not denied for the one Pod that Gatekeeper expands."""
    catalog = {"services": {"web": {"tier": "gold"}}}
    files = built({"tier": {}, "catalog": catalog})
    labels = {"policylib.dev/service": "web"}
    deployment: dict[str, Any] = json.loads(json.dumps(PINNED))
    deployment["metadata"]["labels"] = labels
    deployment["spec"]["replicas"] = 3
    deployment["spec"]["template"]["metadata"] = {"labels": labels}
    theirs = Expansion(group="apps", versions=("v1",), kind="Deployment", source="spec.template")
    resources = [one for name, one in files.items() if name != "webhook.yaml"]

    def counted() -> list[str]:
        found = gator(tmp_path, *resources, theirs.template(), deployment)
        return [one["msg"] for one in found if one["constraint"]["kind"] == "K8sRequireRedundancy"]

    assert counted() == []
    deployment["spec"]["replicas"] = 1
    (message,) = counted()
    assert "Implied" not in message
