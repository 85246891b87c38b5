"""What OPA really sends as its decision log: who decided what of whom, and no secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policylib import bundle
from policylib.evaluate import load
from tests import tools
from tests.bundle.signatures import KEYID, SCOPE, keys
from tests.consumers.sidecar import servers
from tests.consumers.sidecar.servers import Sink, Site
from tests.consumers.sidecar.sidecar import PINNED, Opa, signed, started, written
from tests.e2e.processes import free_ports

QUICK = (
    "--set=decision_logs.reporting.min_delay_seconds=1",
    "--set=decision_logs.reporting.max_delay_seconds=1",
)
BATCH = 40
PATHS = [
    "/",
    "/v0/data/system/main",
    "/v1/data",
    "/v1/data/main",
    "/v1/data/main/deny",
    "/v1/data/policylib",
    "/v1/data/policylib/decision",
    "/v1/data/policylib/decision/violations",
    "/v1/data/policylib/lib/review",
    "/v1/data/residency",
    "/v1/data/residency/allow",
    "/v1/data/system",
    "/v1/data/system/log",
    "/v1/data/system/main",
    "/v1/data/nothing/here",
]


def strict(folder: Path) -> bytes:
    """A bundle in which every family speaks."""
    whole: dict[str, Any] = {}
    for family in ("provenance", "residency", "tier"):
        fixtures = tools.ROOT / "fixtures" / family
        whole |= yaml.safe_load((fixtures / "settings.yaml").read_text(encoding="utf-8"))
        for other in fixtures.glob("*.yaml"):
            (folder / other.name).write_bytes(other.read_bytes())
    (folder / "policylib.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    policy = load(settings=folder / "policylib.yaml")
    built = bundle.build(bundle.Target.OPA, policy.rules, policy.data, number=1)
    return bundle.sign(built["bundle.tar.gz"], keys("ES256", "ours").private, KEYID, scope=SCOPE)


@pytest.fixture(scope="module")
def logged(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sink, Opa]]:
    """An OPA that decides by every family and sends its log to a server."""
    folder = tmp_path_factory.mktemp("logged")
    with servers.site(authority) as site, servers.sink(authority) as sink:
        site.content = strict(folder)
        trust = f"{authority}/ca.crt"
        logs = (f"--decision-logs={sink.url}", f"--logs-ca={trust}")
        with started(written(folder, site.url, f"--ca={trust}", *logs), *QUICK) as opa:
            opa.wait_for(1)
            yield sink, opa
    assert sink.problems == []


letters = st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=12)
odd = st.text(st.characters(exclude_categories=["C"]), max_size=3)
secrets = st.builds("{1}s3cr3t{0}{1}".format, letters, odd)
# Wherever a secret may hide in a key, a key of its own may name it.
names = st.sampled_from(
    ["password", "DB_PASSWORD", "token", "tls.key", "a/b", "~1", "100%", "ключ"]
)


def container(draw: st.DrawFn, secret: str) -> dict[str, Any]:
    """A container with a secret in its environment, arguments or command."""
    env = [{"name": draw(names), "value": secret}]
    where: dict[str, Any] = draw(
        st.sampled_from([{"env": env}, {"args": [f"--password={secret}"]}, {"command": [secret]}])
    )
    return {"name": "app", "image": draw(st.sampled_from(["nginx", PINNED])), **where}


@st.composite
def workloads(draw: st.DrawFn, secret: str) -> dict[str, Any]:
    group = draw(st.sampled_from(["containers", "initContainers", "ephemeralContainers"]))
    spec: dict[str, Any] = {"containers": [{"name": "main", "image": "nginx"}]}
    spec[group] = [*spec.get(group, []), container(draw, secret)]
    labels = {"policylib.dev/data-class": "pii", "policylib.dev/region": "eu-west-1"}
    named = {"name": "web", "namespace": "shop", "labels": labels}
    template = {"metadata": named, "spec": spec}
    kind = draw(st.sampled_from(["Pod", "Deployment", "CronJob", "Unheard"]))
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": kind, **template}
    if kind == "CronJob":
        job = {"spec": {"template": template}}
        whole: dict[str, Any] = {"schedule": "* * * * *", "jobTemplate": job}
        return {"apiVersion": "batch/v1", "kind": kind, "metadata": named, "spec": whole}
    whole = {"template": template, "selector": {}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": named, "spec": whole}


@st.composite
def holders(draw: st.DrawFn, secret: str) -> dict[str, Any]:
    """An object with a secret in what it holds or is annotated with."""
    hidden = draw(st.sampled_from([secret, base64.b64encode(secret.encode()).decode()]))
    kind, key = draw(
        st.sampled_from([("Secret", "data"), ("Secret", "stringData"), ("ConfigMap", "data")])
    )
    held: dict[str, Any] = {"apiVersion": "v1", "kind": kind, key: {draw(names): hidden}}
    if draw(st.booleans()):
        held[key] = {hidden: "x"}
    metadata: dict[str, Any] = {"name": "web", "namespace": "shop"}
    metadata["annotations"] = draw(
        st.sampled_from(
            [
                {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(held)},
                {"example.com/token": hidden},
                {hidden: "x"},
            ]
        )
    )
    return {**held, "metadata": metadata}


@st.composite
def values(draw: st.DrawFn, secret: str) -> dict[str, Any]:
    deep: Any = secret
    for _ in range(draw(st.integers(0, 4))):
        deep = draw(st.sampled_from([{draw(names): deep}, [deep]]))
    held = {"image": {"repository": "nginx", "tag": "1"}, draw(names): deep}
    if draw(st.booleans()):
        return held
    metadata = {"name": "values"}
    return {
        "apiVersion": "policylib.dev/v1",
        "kind": "HelmValues",
        "metadata": metadata,
        "values": held,
    }


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, str, Any]:
    """A secret, a path of the API, and an input that has the secret somewhere."""
    secret = draw(secrets)
    document: Any = draw(st.one_of(workloads(secret), holders(secret), values(secret)))
    if draw(st.booleans()):
        document = {"apiVersion": "v1", "kind": "List", "items": [document]}
    user = {"username": "jane", "extra": {"token": [secret]}}
    request = {"uid": "u1", "operation": draw(st.sampled_from(["CREATE", "UPDATE", "DELETE"]))}
    wrapped = draw(
        st.sampled_from(
            [
                document,
                {"review": {"object": document}, "parameters": {"x": secret}},
                {"request": {**request, "object": document, "userInfo": user}},
                {"request": {**request, "object": None, "oldObject": document}},
                {"request": {"region": "us-east-1", "data_class": "pii"}, "x": secret},
                [document],
                secret,
            ]
        )
    )
    return secret, draw(st.sampled_from(PATHS)), wrapped


def told(value: Any) -> Iterator[str]:
    """Every text in an entry, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from told(item)
    elif isinstance(value, list):
        for item in value:
            yield from told(item)


@given(st.lists(questions(), min_size=BATCH, max_size=BATCH))
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each try waits for a log to be sent
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
def test_no_secret_reaches_the_log(
    logged: tuple[Sink, Opa], asked: list[tuple[str, str, Any]]
) -> None:
    sink, opa = logged
    before = len(sink.entries)
    for _, path, body in asked:
        code, _ = opa.ask(path, {"input": body} if path.startswith("/v1") else body)
        assert code in {200, 404}
    opa.server.wait_until(lambda: len(sink.entries) >= before + len(asked), "the log is sent")
    everything = "\n".join(text for entry in sink.entries[before:] for text in told(entry))
    for secret, _, _ in asked:
        assert secret not in everything
        assert base64.b64encode(secret.encode()).decode() not in everything


def test_the_log_tells_what_was_decided_of_whom_and_by_what(logged: tuple[Sink, Opa]) -> None:
    sink, opa = logged
    before = len(sink.entries)
    secret = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop", "annotations": {"password": "hunter2"}},
        "spec": {"containers": [{"name": "app", "image": "nginx", "args": ["hunter2"]}]},
    }
    request = {
        "uid": "u7",
        "operation": "CREATE",
        "userInfo": {"username": "jane"},
        "object": secret,
    }
    opa.ask(
        "/", {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    )
    path = "/v1/data/policylib/decision/violations"
    opa.ask(path, {"input": {"review": {"object": secret}}})
    opa.server.wait_until(lambda: len(sink.entries) >= before + 2, "the log is sent")
    admission, decision = sink.entries[before:]
    named = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}
    assert admission["input"] == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {**request, "object": named},
    }
    assert admission["path"] == "system/main"
    assert admission["result"]["response"]["allowed"] is False
    message = admission["result"]["response"]["status"]["message"]
    assert '[digest.image_pinned] image "nginx" has no digest' in message
    assert decision["input"] == {"review": {"object": named}}
    (pinned,) = [v for v in decision["result"] if v["rule"] == "digest.image_pinned"]
    assert pinned["path"] == "/spec/containers/0/image"
    assert pinned["details"]["image"] == "nginx"
    assert pinned["resource"]["name"] == "web"
    for entry in (admission, decision):
        assert entry["bundles"]["policylib"]["revision"].startswith("1+sha256:")
        assert entry["masked"] == ["/input", "/result"]
        assert entry["decision_id"]


@pytest.mark.parametrize(("arguments", "is_told"), [((), False), (("--log-inputs",), True)])
def test_the_console_is_masked_too_and_inputs_are_logged_on_request_alone(
    arguments: tuple[str, ...], is_told: bool, site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = signed(1)
    pod = {"kind": "Pod", "metadata": {"annotations": {"password": "hunter2"}}}
    with started(written(tmp_path, site.url, f"--ca={authority}/ca.crt", *arguments)) as opa:
        opa.wait_for(1)
        opa.ask("/v1/data/main/deny", {"input": pod})
        opa.server.wait_until(lambda: "decision_id" in opa.log, "it is logged")
        assert ("hunter2" in opa.log) is is_told


def test_a_server_of_logs_that_is_down_keeps_nobody_from_deciding(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = signed(1)
    trust = f"{authority}/ca.crt"
    (port,) = free_ports(1)
    logs = (f"--decision-logs=https://127.0.0.1:{port}/opa/logs", f"--logs-ca={trust}")
    config = written(tmp_path, site.url, f"--ca={trust}", *logs)
    with started(config, *QUICK, ready_timeout=True) as opa:
        opa.wait_for(1)
        assert opa.denies("nginx")
        opa.server.wait_until(lambda: "log upload failed" in opa.log, "it has tried")
        assert opa.is_ready
        assert opa.denies("nginx")
        with servers.sink(authority, port) as sink:
            opa.server.wait_until(lambda: len(sink.entries) == 2, "it sends what it kept")


def test_no_decision_is_logged_where_none_is_to_be(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = signed(1)
    arguments = (f"--ca={authority}/ca.crt", "--decision-logs=none")
    with started(written(tmp_path, site.url, *arguments)) as opa:
        opa.wait_for(1)
        assert opa.denies("nginx")
        assert "decision_id" not in opa.log


def test_before_the_bundle_is_there_nothing_masks(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    # So the program says --ready-timeout: what nobody can ask yet is not logged.
    with started(written(tmp_path, site.url, f"--ca={authority}/ca.crt")) as opa:
        opa.wait_for_refusal("404")
        opa.ask("/v1/data/main/deny", {"input": {"password": "hunter2"}})
        opa.server.wait_until(lambda: "hunter2" in opa.log, "it is logged as it is")
