"""Claims to volumes, volumes, their classes, and workloads that claim them by a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, placing, workloads
from policylib.generate.residency.said import Said
from policylib.generate.sample import Doc, Settings

_ZONE = "topology.kubernetes.io/zone"
_REGION = "topology.kubernetes.io/region"

PARAMETERS = ("zones", "availabilityZone", "snapshotZones")
"""Under which a class of volumes names zones."""

Maker = Callable[[Choices, Settings, Said], Doc]


def claim(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A PersistentVolumeClaim."""
    metadata, places = _metadata(choices, settings, said)
    spec = _spec(choices)
    if places:
        spec["selector"] = _selector(choices, places)
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", **metadata},
        "spec": spec,
    }


def volume(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A PersistentVolume."""
    metadata, places = _metadata(choices, settings, said)
    spec: Doc = {
        "capacity": {"storage": "20Gi"},
        "accessModes": ["ReadWriteOnce"],
        "csi": {"driver": "csi.example.com", "volumeHandle": "vol-0123456789abcdef0"},
    }
    if places:
        spec["nodeAffinity"] = {"required": {"nodeSelectorTerms": [_expressions(places)]}}
    first = names.place(said.places[0]) if said.places else ""
    if names.provider(first) == "google" and once_in(choices, 2):
        handle = f"projects/p/zones/{names.zone(first)}/disks/d"
        spec["csi"] = {"driver": "pd.csi.storage.gke.io", "volumeHandle": handle}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "customers", **metadata},
        "spec": spec,
    }


def volume_class(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A StorageClass that names its places."""
    metadata, places = _metadata(choices, settings, said)
    document: Doc = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "fast", **metadata},
        "provisioner": "csi.example.com",
        "parameters": {"type": "gp3"},
    }
    if places and once_in(choices, 2):
        document["parameters"] = {choices.one_of(PARAMETERS): ",".join(map(names.zone, places))}
    elif places:
        terms = {"matchLabelExpressions": _expressions(places)["matchExpressions"]}
        document["allowedTopologies"] = [terms]
    return document


def snapshot_class(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A VolumeSnapshotClass that names its places."""
    metadata, places = _metadata(choices, settings, said)
    parameters = {"storage-locations": ",".join(places)} if places else {}
    return {
        "apiVersion": "snapshot.storage.k8s.io/v1",
        "kind": "VolumeSnapshotClass",
        "metadata": {"name": "daily", **metadata},
        "driver": "csi.example.com",
        "deletionPolicy": "Delete",
        "parameters": parameters,
    }


def templated(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A workload with a claim of its own, which says it or leaves it to the workload."""
    document = workloads.workload(choices, settings, said, ("StatefulSet", "Deployment", "Pod"))
    spec = _spec(choices)
    template: Doc = {"metadata": {"name": "data"}, "spec": spec}
    if once_in(choices, 2):
        metadata, places = _metadata(choices, settings, said)
        template["metadata"] |= metadata
        if places:
            spec["selector"] = _selector(choices, places)
    if document["kind"] == "StatefulSet":
        document["spec"]["volumeClaimTemplates"] = [template]
    else:
        template["metadata"].pop("name")
        ephemeral = {"name": "data", "ephemeral": {"volumeClaimTemplate": template}}
        placing.pod_spec(document).setdefault("volumes", []).append(ephemeral)
    return document


KEEPERS: tuple[Maker, ...] = (claim, volume, templated)
"""What keeps data even if it does not say where, the simplest first."""

KINDS: tuple[Maker, ...] = (*KEEPERS, volume_class, snapshot_class)
"""Everything of Kubernetes that keeps data, or says where data is kept."""


def _spec(choices: Choices) -> Doc:
    found: Doc = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": f"{choices.integer(1, 50)}Gi"}},
    }
    if once_in(choices, 3):
        found["storageClassName"] = choices.one_of(("standard", "fast-ssd"))
    return found


def _metadata(choices: Choices, settings: Settings, said: Said) -> tuple[dict[str, Any], list[str]]:
    """Labels and annotations, and the regions that something else has to name, if any.

    Where every place is a region, what the kind selects may say it instead of a label, or beside
    one.
    """
    places = [names.place(place) for place in said.places]
    if not all(map(names.provider, places)):
        places = []
    how = choices.one_of(("label", "both", "selects", "topology")) if places else "label"
    if how in {"selects", "topology"}:
        # No service either: where a label is missing, all regions of the service count.
        labels, annotations = workloads.written(choices, settings, replace(said, places=()))
    else:
        labels, annotations = workloads.statements(choices, settings, said)
    if how == "topology":
        _state(choices, annotations, places)
    metadata = {"labels": labels, "annotations": annotations}
    selected = places if how in {"both", "selects"} else []
    return {name: pairs for name, pairs in metadata.items() if pairs}, selected


def _state(choices: Choices, annotations: dict[str, str], places: list[str]) -> None:
    """Say it by an annotation of topology."""
    if once_in(choices, 2):
        annotations[_REGION] = ",".join(places)
    else:
        annotations[_ZONE] = ",".join(map(names.zone, places))


def _selector(choices: Choices, places: list[str]) -> Mapping[str, Any]:
    if len(places) == 1 and once_in(choices, 2):
        return {"matchLabels": {_ZONE: names.zone(places[0])}}
    return _expressions(places)


def _expressions(places: list[str]) -> dict[str, Any]:
    zones = list(map(names.zone, places))
    return {"matchExpressions": [{"key": _ZONE, "operator": "In", "values": zones}]}
