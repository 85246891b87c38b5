"""PolicyReport and ClusterPolicyReport, for the tools that show them in a cluster.

The answer is one JSON List that `kubectl apply` takes. What is about an object of a namespace
stands in a report of that namespace, everything else in a report of the cluster. A report that
would grow too large goes on in another. The same check writes the same bytes: there are no times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policylib.models import Report, Rule
from policylib.report.interface import DEFAULTS, Options
from policylib.report.results import SOURCE, Json, results, shortened

LARGEST: Final = 200_000
"""Bytes of one report. `kubectl apply` keeps a copy in an annotation, which may have 262,144."""

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LABELS: Final = {"app.kubernetes.io/managed-by": SOURCE}
_OUTCOMES: Final = ("pass", "fail", "warn", "error", "skip")
# As Go writes them: six bytes each.
_LONGER: Final = re.compile(r"[<>&]")


@dataclass(frozen=True)
class Api:
    """One of the forms that these reports take."""

    version: str
    namespaced: str
    cluster: str
    whole: Mapping[str, Any]
    """What stands at the top of each report."""


WGPOLICY: Final = Api("wgpolicyk8s.io/v1alpha2", "PolicyReport", "ClusterPolicyReport", {})
OPENREPORTS: Final = Api("openreports.io/v1alpha1", "Report", "ClusterReport", {"source": SOURCE})


def write(report: Report, rules: Mapping[str, Rule], options: Options = DEFAULTS) -> str:
    """Write the form of the working group policy, wgpolicyk8s.io/v1alpha2."""
    return listed(WGPOLICY, report, rules, options)


def listed(api: Api, report: Report, rules: Mapping[str, Rule], options: Options) -> str:
    """Write a List of reports of one form; that of the cluster comes first and is always there."""
    held: dict[str, list[Json]] = {"": []}
    for namespace, result in results(report, rules, options):
        known = _NAMESPACE.fullmatch(namespace)
        held.setdefault(namespace if known else "", []).append(result)
    annotations = _annotations(report)
    items = [
        _item(api, namespace, part, found, annotations)
        for namespace, all_found in sorted(held.items())
        for part, found in enumerate(_parts(all_found), start=1)
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2) + "\n"


def ours(text: str) -> bool:
    """Say whether a file holds what `listed` wrote and nothing else."""
    try:
        whole = json.loads(text)
        written = [(item["apiVersion"], item["metadata"]["labels"]) for item in whole["items"]]
        return (
            whole["kind"] == "List"
            and bool(written)
            and all(
                version in (WGPOLICY.version, OPENREPORTS.version) and labels == _LABELS
                for version, labels in written
            )
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _parts(found: Iterable[Json]) -> Iterator[list[Json]]:
    """Split results into what one report may hold; there is always a first part."""
    part: list[Json] = []
    size = 0
    for result in found:
        more = _size(result)
        if part and size + more > LARGEST:
            yield part
            part, size = [], 0
        part.append(result)
        size += more
    yield part


def _size(result: Json) -> int:
    """Count no fewer bytes than Kubernetes' own writer needs."""
    text = json.dumps(result)
    return len(text) + 5 * len(_LONGER.findall(text))


def _annotations(report: Report) -> dict[str, str]:
    said = {
        "version": report.version,
        "engine": report.engine,
        "revision": report.revision,
        "environment": report.environment or "",
    }
    return {f"policylib.dev/{key}": shortened(value) for key, value in said.items() if value}


def _item(
    api: Api, namespace: str, part: int, found: list[Json], annotations: Mapping[str, str]
) -> Json:
    metadata: Json = {
        "name": SOURCE if part == 1 else f"{SOURCE}-{part}",
        "labels": _LABELS,
        "annotations": annotations,
    }
    if namespace:
        metadata["namespace"] = namespace
    outcomes = [result["result"] for result in found]
    return {
        "apiVersion": api.version,
        "kind": api.namespaced if namespace else api.cluster,
        "metadata": metadata,
        **api.whole,
        "summary": {outcome: outcomes.count(outcome) for outcome in _OUTCOMES},
        "results": found,
    }
