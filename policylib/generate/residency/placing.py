"""What tells the scheduler where a workload may run, and where it may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names
from policylib.generate.sample import Doc
from policylib.generate.workloads import pod_path

OF_REGIONS = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
OF_ZONES = (
    "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/zone",
    "topology.ebs.csi.aws.com/zone",
    "topology.gke.io/zone",
    "topology.disk.csi.azure.com/zone",
)
KEYS = (*OF_REGIONS, *OF_ZONES)
"""Labels of nodes, under which a region or a zone stands."""

_NODES = ("node-7", "ip-10-0-0-7", "worker-a.example.com")


def pod_spec(document: Doc) -> dict[str, Any]:
    """The pod spec of a workload, to change."""
    found: Any = document
    for key in pod_path(document["kind"]):
        found = found[key]
    return cast("dict[str, Any]", found)


def choose(choices: Choices, document: Doc, place: str, at: Doc | None = None) -> None:
    """Tell the scheduler to go to a region, to a zone of it, or to a node there.

    What it is told stands in the pod spec, or `at` another place, where no node is named.
    """
    spec = pod_spec(document) if at is None else at
    key, value = _label(choices, place)
    how = choices.one_of(("selector", "affinity", "affinity", "node", "label"))
    if how == "node" and at is None and names.provider(place) == "aws":
        spec["nodeName"] = f"ip-10-0-0-{choices.integer(1, 99)}.{place}.compute.internal"
    elif how == "affinity":
        values = [value] if once_in(choices, 2) else [value, _label_of(key, place)]
        spec["affinity"] = {"nodeAffinity": _affinity(choices, key, "In", values)}
    elif how == "label" and key in KEYS[:4]:
        document["metadata"].setdefault("labels", {})[key] = value
    else:
        spec["nodeSelector"] = {key: value}


def aside(choices: Choices, document: Doc) -> None:
    """Tell the scheduler of a node, a disk or a zone of a network, of which no place is known."""
    spec = pod_spec(document)
    node = choices.one_of(_NODES)
    spec.update(
        choices.one_of(
            (
                {"nodeName": node},
                {"nodeSelector": {"kubernetes.io/hostname": node}},
                {"nodeSelector": choices.one_of(({"disk": "ssd"}, {"example.com/zone": "dmz"}))},
                {"affinity": {"nodeAffinity": _affinity(choices, "metadata.name", "In", [node])}},
            )
        )
    )


def avoid(
    choices: Choices, document: Doc, places: Sequence[str], keys: Sequence[str] = KEYS
) -> None:
    """Tell the scheduler to stay out of regions, or of zones of them."""
    key = choices.one_of(keys)
    values = [_label_of(key, place) for place in places]
    found = _affinity(choices, key, "NotIn", values)
    if keys is KEYS and once_in(choices, 3):
        found = _affinity(choices, key, choices.one_of(("Exists", "DoesNotExist")), None)
    pod_spec(document)["affinity"] = {"nodeAffinity": found}


def others(choices: Choices, places: Sequence[str]) -> list[str]:
    """A region, or two, that are none of some places."""
    stated = set(map(names.place, places))
    options = [place for place in names.REGIONS if place not in stated]
    return [choices.one_of(options) for _ in range(choices.integer(1, 2))]


def _label(choices: Choices, place: str) -> tuple[str, str]:
    key = choices.one_of(KEYS)
    return key, _label_of(key, place)


def _label_of(key: str, place: str) -> str:
    return place if key in OF_REGIONS else names.zone(place)


def _affinity(choices: Choices, key: str, operator: str, values: list[str] | None) -> Doc:
    expression: Doc = {"key": key, "operator": operator}
    if values is not None:
        expression["values"] = values
    term = {"matchExpressions": [expression]}
    if once_in(choices, 2):
        return {
            "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": term}]
        }
    return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
