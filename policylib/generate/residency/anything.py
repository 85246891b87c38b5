"""Everything that the residency family may meet: sound, broken in a known way, odd or damaged."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from policylib.generate import catalogs, label_keys
from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.residency import kinds, terraform
from policylib.generate.residency.moves import EGRESS, PIPELINE
from policylib.generate.residency.previews import PREVIEW, wrap
from policylib.generate.residency.stays import REGION, STORAGE, TENANT
from policylib.generate.sample import Doc, Sample, Settings
from policylib.generate.workloads import sound

ODD: tuple[Any, ...] = (
    *(None, "", " ", "x", 0, 1, 1.5, True, False),
    *([], {}, [None], [[]], [{}], {"": ""}),
)
"""Values of a type or shape that nobody asked for."""

_CLASSES = ("pii", "logs", "PII", "pii ", "secrets", "", "pii,logs", "pii, logs", "pii,,logs")
_REGIONS = (
    *("us-east-1", "us-west-2", "eu-west-1", "us-east-1a", "US East (N. Virginia)", "West Europe"),
    *("EU", "eur4", "global", "aws-global", "s3.amazonaws.com", "us-east-9", "us-east-1 ", ""),
    *("US-EAST-1", "europe-west1-b", "us-east-1,us-west-2", "us-west-2-lax-1a", "EUROPE", "é"),
)
_TENANTS = ("acme", "globex", "nobody", "", "acme,globex")
_PIPELINES = ("usage-0", "usage-1", "warehouse-0", "export-0", "nightly", "")
_DESTINATIONS = (
    *("s3.eu-west-1.amazonaws.com", "example.com", "https://x@s3.us-east-1.amazonaws.com:443/a"),
    *(
        "arn:aws:s3:::eu-west-1-copies",
        "gs://b",
        "projects/p/locations/eur4/x",
        "cdn.azureedge.net",
    ),
)
_ZONES = ("us-east-1a", "eu-west-1", "europe-west4-b", "nowhere", "1")


def _mostly(choices: Choices, values: Sequence[object]) -> object:
    """One of the values, now and then several of them, or something odd."""
    how = weighted(choices, (12, "one"), (2, "several"), (1, "odd"))
    if how == "several":
        return [choices.one_of(values) for _ in range(choices.integer(0, 2))]
    return copy.deepcopy(choices.one_of(ODD)) if how == "odd" else choices.one_of(values)


def _some_of(choices: Choices, options: dict[str, Sequence[Any]]) -> Doc:
    return {key: _mostly(choices, values) for key, values in options.items() if once_in(choices, 2)}


def _labels(choices: Choices, settings: Settings) -> Doc:
    keys = label_keys.of(settings)
    services = (*catalogs.known(settings), "nosuch", "")
    options: dict[str, Sequence[Any]] = {
        keys["region"]: _REGIONS,
        keys["data_class"]: _CLASSES,
        keys["tenant"]: _TENANTS,
        keys["service"]: services,
    }
    return _some_of(choices, options)


def labelled(choices: Choices, settings: Settings) -> Doc:
    """A workload that says something, anywhere that it may."""
    document = sound(choices)
    document["metadata"]["labels"] = _labels(choices, settings)
    if once_in(choices, 3):
        document["metadata"]["annotations"] = _labels(choices, settings)
    pod = document.get("spec", {}).get("template")
    if pod is not None:
        pod["metadata"] = {"labels": _labels(choices, settings)}
        if once_in(choices, 4):
            zone = _mostly(choices, _ZONES)
            pod["spec"]["nodeSelector"] = {"topology.kubernetes.io/zone": zone}
    return document


def moved(choices: Choices, _: Settings) -> Doc:
    """A request, a transfer or an event, or something between them."""
    kind = choices.one_of(("TransferRequest", "EgressEvent", "transferrequest", "Transfer", None))
    found: Doc = {"apiVersion": "policylib.dev/v1", "kind": kind, "metadata": {"name": "x"}}
    ends = {"from": {"region": _mostly(choices, _REGIONS)}, "to": _mostly(choices, _REGIONS)}
    if not once_in(choices, 6):
        ends["to"] = {"region": ends["to"]}
    more: dict[str, Sequence[Any]] = {
        "tenant": _TENANTS,
        "pipeline": _PIPELINES,
        "purpose": ("x",),
        "destination": _DESTINATIONS,
        "region": _REGIONS,
        "replicas": _REGIONS,
    }
    body = {**ends, "data_class": _mostly(choices, _CLASSES), **_some_of(choices, more)}
    if once_in(choices, 3):
        found["request"] = {"region": _mostly(choices, _REGIONS), "data_class": "pii"}
    return {**found, **body}


def stored(choices: Choices, settings: Settings) -> Doc:
    """A claim, a volume or a class of volumes, with whatever it may say of its place."""
    version, kind = choices.one_of(
        (
            ("v1", "PersistentVolumeClaim"),
            ("v1", "PersistentVolume"),
            ("storage.k8s.io/v1", "StorageClass"),
            ("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass"),
        )
    )
    labels = _labels(choices, settings)
    labels["topology.kubernetes.io/zone"] = _mostly(choices, _ZONES)
    document: Doc = {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "d", "labels": labels},
    }
    values = [_mostly(choices, _ZONES)]
    term = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": values}
    if kind.endswith("Class"):
        document["allowedTopologies"] = [{"matchLabelExpressions": [term]}]
        parameters = {"zones": _ZONES, "skuName": ("Standard_GRS", "Standard_LRS")}
        document["parameters"] = _some_of(choices, dict[str, Sequence[Any]](parameters))
    else:
        document["spec"] = {"selector": {"matchExpressions": [term]}}
        if once_in(choices, 2):
            document["spec"]["volumeName"] = choices.one_of(("pv-eu-west-1-data", "data", 7))
    return document


def planned(choices: Choices, _: Settings) -> Doc:
    """A plan of resources whose attributes may be anything."""
    known = (*kinds.AWS, *kinds.GOOGLE, *kinds.AZURE)
    types = (*known, "aws_vpc", "custom_bucket", "azurerm_sql", "aws_s3_object")
    attributes: dict[str, Sequence[Any]] = {
        "region": _REGIONS,
        "location": _REGIONS,
        "zone": _ZONES,
        "replica": ([{"region_name": "eu-west-1"}], {}),
        "account_replication_type": ("LRS", "GRS", "ragzrs"),
        "arn": ("arn:aws:s3:::x", "arn:aws:rds:eu-west-1:1:db:x"),
    }
    resources = []
    for i in range(choices.integer(0, 3)):
        values = _some_of(choices, attributes)
        values["tags"] = _some_of(choices, {"data_class": _CLASSES, "tenant": _TENANTS})
        region = choices.one_of(("", "", "eu-west-1"))
        actions = choices.one_of((("create",), ("no-op",), ("delete", "create"), ("forget",)))
        kind = choices.one_of(types)
        resources.append(terraform.Resource(kind, f"r{i}", values, region, actions=actions))
    document = terraform.document(choices, resources)
    if once_in(choices, 8):
        document["errored"] = choices.one_of((True, False, "yes"))
    return document


def previewed(choices: Choices, _: Settings) -> Doc:
    """Values with datasets of any name."""
    named = ("masked-us-east", "masked-us-east-1", "users", "masked-eu-west", "masked-a")
    preview = {"region": _mostly(choices, _REGIONS), "datasets": {"users": _mostly(choices, named)}}
    return wrap({"preview": preview} if once_in(choices, 3) else preview)


def damaged(choices: Choices, document: Doc) -> Doc:
    """A copy with one value, at any depth, dropped or replaced by an odd one."""
    found: Doc = copy.deepcopy(document)
    holder, key = choices.one_of(_slots(found))
    if once_in(choices, 4) and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = copy.deepcopy(choices.one_of(ODD))
    return found


def _slots(value: dict[str, Any] | list[Any]) -> list[tuple[Any, Any]]:
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    found: list[tuple[Any, Any]] = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _slots(value[key])
    return found


_RULES = (REGION, TENANT, STORAGE, EGRESS, PIPELINE, PREVIEW)
_LOOSE: tuple[Callable[[Choices, Settings], Doc], ...] = (
    *(labelled, moved, stored, planned, previewed),
)


def anything(choices: Choices, settings: Settings) -> Sample:
    """Half of it known to be sound or broken, the rest odd, and a quarter of all damaged."""
    if once_in(choices, 2):
        sample = Sample(choices.one_of(_LOOSE)(choices, settings), stray=True)
    else:
        sample = choices.one_of(_RULES)(choices, settings)
    if once_in(choices, 4):
        return Sample(damaged(choices, sample.document), facts=sample.facts, stray=True)
    return sample
