"""Documents and settings for the families that wait for settings: sound ones, and broken ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.parity.strategies import Doc, mutated, odd, pod_specs, weighted

CLASSES = ["pii", "logs", "PII", "pii ", "secrets", "", "pii,logs", "pii, logs"]
REGIONS = [
    *("us-east-1", "us-west-2", "eu-west-1", "us-east-1a", "US East (N. Virginia)", "West Europe"),
    *("EU", "eur4", "global", "aws-global", "s3.amazonaws.com", "us-east-9", "us-east-1 ", ""),
    *("US-EAST-1", "europe-west1-b", "us-east-1,us-west-2"),
]
TENANTS = ["acme", "globex", "nobody", ""]
DATES = ["2098-12-31", "2020-01-01", "2098-12-31T00:00:00Z", "2020-01-01T00:00:00Z", "soon", ""]
DIGEST = "sha256:" + "0a" * 32

SETTINGS: dict[str, Any] = {
    "digest": {"registries": ["ghcr.io/org/", "docker.io/library/nginx"], "env_images": True},
    "provenance": {
        "signers": [
            {"issuer": "https://issuer.example.com", "identity": "https://ci.example.com/*"}
        ],
        "builders": [{"id": "https://builder.example.com", "level": 3}],
        "sources": ["https://github.com/org/"],
        "minimum_level": {"gold": 3, "silver": 2, "bronze": 1},
    },
    "residency": {
        "allowed_regions": {"pii": ["us-east-1"], "logs": ["us-west-2", "us-east-1"]},
        "tenants": {"acme": ["us-east-1"], "globex": ["us-west-2"]},
        "pipelines": [
            {
                "name": "daily",
                "data_class": "logs",
                "from": "us-west-2",
                "to": "eu-west-1",
                "dpia": "DPIA-1",
                "owner": "data",
                "expires": "2098-12-31",
            }
        ],
    },
    "tier": {},
    "catalog": {
        "services": {
            "web": {"tier": "gold", "owner": "a", "oncall": "#a", "data_classes": ["pii"]},
            "batch": {"tier": "bronze", "owner": "b", "oncall": "#b", "regions": ["us-west-2"]},
            "odd": {"tier": "Gold", "owner": "", "oncall": None},
        }
    },
}


def mostly(values: list[Any]) -> st.SearchStrategy[Any]:
    """One of the values, now and then something odd, a list of them, or nothing."""
    one = st.sampled_from(values)
    return weighted((12, one), (2, st.lists(one, max_size=2)), (1, odd()))


@st.composite
def labelled(draw: st.DrawFn) -> Doc:
    """A workload that says where it belongs, in some of the places where it may."""
    keys = {
        "policylib.dev/service": mostly(["web", "batch", "odd", "nosuch", ""]),
        "policylib.dev/region": mostly(REGIONS),
        "policylib.dev/data-class": mostly(CLASSES),
        "policylib.dev/tenant": mostly(TENANTS),
    }
    said = st.fixed_dictionaries({}, optional=keys)
    metadata: Doc = {"name": "w", "labels": draw(said)}
    if draw(st.integers(0, 3)) == 0:
        metadata["annotations"] = draw(said)
    pod: Doc = {"metadata": {"labels": draw(said)}, "spec": draw(pod_specs())}
    if draw(st.integers(0, 4)) == 0:
        zone = draw(mostly(["us-east-1a", "eu-west-1", "nowhere"]))
        pod["spec"]["nodeSelector"] = {"topology.kubernetes.io/zone": zone}
    kind = draw(st.sampled_from(["Deployment", "StatefulSet", "DaemonSet", "Rollout"]))
    version = "argoproj.io/v1alpha1" if kind == "Rollout" else "apps/v1"
    replicas = draw(st.sampled_from([0, 1, 2, 3, 5, "3", None, -1, 2.5]))
    spec = {"replicas": replicas, "template": pod}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def _own(kind: str, body: st.SearchStrategy[Doc]) -> st.SearchStrategy[Doc]:
    return body.map(lambda found: {"apiVersion": "policylib.dev/v1", "kind": kind, **found})


def transfers() -> st.SearchStrategy[Doc]:
    """Requests and events, in the shape of either."""
    end = st.fixed_dictionaries({}, optional={"region": mostly(REGIONS)})
    body = {
        "from": weighted((9, end), (1, odd())),
        "to": weighted((9, end), (1, odd())),
        "data_class": mostly(CLASSES),
    }
    more = {
        "tenant": mostly(TENANTS),
        "pipeline": mostly(["daily", "nightly", ""]),
        "purpose": st.just("x"),
        "destination": mostly(["s3.eu-west-1.amazonaws.com", "example.com"]),
        "request": st.fixed_dictionaries(
            {}, optional={"region": mostly(REGIONS), "data_class": mostly(CLASSES)}
        ),
        "replicas": mostly(REGIONS),
    }
    shape = st.fixed_dictionaries(body, optional=more)
    kinds = st.sampled_from(["TransferRequest", "EgressEvent"])
    return kinds.flatmap(lambda kind: _own(kind, shape))


def catalogs() -> st.SearchStrategy[Doc]:
    """Service catalogs with all that a tier may demand, and less."""
    durations = mostly(["1h", "5m", "90d", "250ms", "0s", "1 h", "soon", 60])
    service = st.fixed_dictionaries(
        {"tier": mostly(["gold", "silver", "bronze", "Gold", ""]), "owner": mostly(["a", ""])},
        optional={
            "oncall": mostly(["#a", "", "TBD"]),
            "slos": mostly([[{"name": "up", "objective": 99.99}], [{"objective": "99.9"}], []]),
            "alerts": mostly([[{"name": "down", "severity": "page"}], []]),
            "paging": mostly([{"policy": "p"}, {}]),
            "escalation": mostly([[{"who": "a", "after": "5m"}, {"who": "b", "after": "1h"}], []]),
            "rto": durations,
            "rpo": durations,
            "runbook": mostly(["https://runbooks.example.com/a", "../x", "TODO"]),
            "latency": mostly([{"p99": "250ms"}, {"p99": 250}, {}]),
            "chaos_drill": mostly([{"last": "2026-11-01", "next": d} for d in DATES]),
        },
    )
    services = st.dictionaries(
        st.sampled_from(["web", "api", ""]), weighted((9, service), (1, odd()))
    )
    return _own("ServiceCatalog", st.fixed_dictionaries({"services": services}))


def claims() -> st.SearchStrategy[Doc]:
    """Claims, volumes and classes of storage."""
    labels = st.fixed_dictionaries(
        {},
        optional={
            "policylib.dev/region": mostly(REGIONS),
            "policylib.dev/data-class": mostly(CLASSES),
            "topology.kubernetes.io/zone": mostly(["us-east-1a", "eu-west-1a"]),
        },
    )
    metadata = labels.map(lambda said: {"name": "d", "labels": said})
    claim = st.fixed_dictionaries({"metadata": metadata}, optional={"spec": odd()})
    topology = [
        {
            "matchLabelExpressions": [
                {"key": "topology.kubernetes.io/zone", "values": ["us-east-1a"]}
            ]
        }
    ]
    storage_class = st.fixed_dictionaries(
        {"metadata": metadata},
        optional={
            "allowedTopologies": st.sampled_from([topology, []]),
            "parameters": st.sampled_from([{"zones": "us-east-1a,eu-west-1a"}, {"type": "gp3"}]),
        },
    )
    return st.one_of(
        claim.map(lambda c: {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **c}),
        claim.map(lambda c: {"apiVersion": "v1", "kind": "PersistentVolume", **c}),
        storage_class.map(
            lambda c: {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", **c}
        ),
    )


def plans() -> st.SearchStrategy[Doc]:
    """Terraform plans of a bucket, a database and something that stores nothing."""
    tags = st.fixed_dictionaries({}, optional={"data_class": mostly(CLASSES)})
    values = st.fixed_dictionaries(
        {"tags": tags},
        optional={"region": mostly(REGIONS), "location": mostly(REGIONS), "replica": odd()},
    )
    types = [
        "aws_s3_bucket",
        "aws_dynamodb_table",
        "google_storage_bucket",
        "azurerm_sql",
        "aws_vpc",
    ]
    resource = st.builds(
        lambda kind, found: {"address": f"{kind}.x", "type": kind, "name": "x", "values": found},
        st.sampled_from(types),
        values,
    )
    planned = st.lists(resource, max_size=3).map(
        lambda found: {"root_module": {"resources": found}}
    )
    body = st.fixed_dictionaries(
        {"format_version": st.just("1.2"), "terraform_version": st.just("1.9.0")},
        optional={"planned_values": planned, "errored": st.booleans(), "values": planned},
    )
    return _own("TerraformPlan", body)


def facts() -> st.SearchStrategy[Doc]:
    """ImageFacts as documents of their own."""
    signer = st.builds(
        lambda issuer, identity: {"issuer": issuer, "identity": identity},
        st.sampled_from(["https://issuer.example.com", "https://evil.example.com"]),
        st.sampled_from(["https://ci.example.com/x", "https://ci.example.com/x/y"]),
    )
    attestation = st.fixed_dictionaries(
        {
            "predicate_type": st.sampled_from(["https://slsa.dev/provenance/v1", "x"]),
            "subject": st.sampled_from([DIGEST, "sha256:" + "1b" * 32]),
            "signer": signer,
        },
        optional={"builder": st.just("https://builder.example.com")},
    )
    body = st.fixed_dictionaries(
        {
            "image": st.sampled_from([f"ghcr.io/org/app@{DIGEST}", "ghcr.io/org/app:1"]),
            "verified_at": st.sampled_from(DATES),
            "expires_at": st.sampled_from(DATES),
            "signers": st.lists(signer, max_size=2),
            "attestations": st.lists(attestation, max_size=2),
        },
        optional={"errors": st.sampled_from([[], ["no signature"], None]), "sbom": odd()},
    )
    return _own("ImageFacts", body)


def previews() -> st.SearchStrategy[Doc]:
    """A preview's values."""
    datasets = st.dictionaries(
        st.sampled_from(["users", "docs"]),
        mostly(["masked-us-east", "masked-us-east-1", "users", "masked-eu-west"]),
    )
    values = st.fixed_dictionaries({"datasets": datasets}, optional={"region": mostly(REGIONS)})
    return _own("HelmValues", st.fixed_dictionaries({"values": values}))


def documents() -> st.SearchStrategy[Any]:
    """Anything that a family with settings judges."""
    sound = st.one_of(
        labelled(), transfers(), catalogs(), claims(), plans(), facts(), previews(), labelled()
    )
    return weighted((3, sound), (1, mutated(sound)))
