"""What the settings promise of a catalog or of what runs, read without the rules.

It knows what the guide says of tiers. It reads `data.settings` and documents as plain data, and has
spans, days and names read in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from policylib.matrix.interface import Word
from policylib.matrix.tier.reads import count, leads, moment, number, parts, says, span

# What each tier demands where the settings are silent: gold, silver, bronze.
_GUIDE: dict[str, tuple[Any, Any, Any]] = {
    "slo": (99.95, 99.5, 99),
    "rto": ("1h", "4h", "24h"),
    "rpo": ("5m", "1h", "24h"),
    "latency_p99": ("500ms", "1s", "3s"),
    "chaos_drill_every": ("90d", None, None),
    "replicas": (3, 2, 1),
    "disruption_budget": (True, True, False),
    "alerts": (1, 1, 1),
    "paging": (True, True, False),
    "escalation": (2, 1, 0),
    "runbook": (True, True, True),
}
_TIERS = ("gold", "silver", "bronze")
_MADE_BY = {
    "Pod": (
        "apps/v1/ReplicaSet apps/v1/StatefulSet apps/v1/DaemonSet batch/v1/Job"
        " v1/ReplicationController argoproj.io/v1alpha1/Workflow"
        " tekton.dev/v1/TaskRun tekton.dev/v1beta1/TaskRun"
    ),
    "ReplicaSet": "apps/v1/Deployment argoproj.io/v1alpha1/Rollout",
    "Deployment": "serving.knative.dev/v1/Revision",
    "ReplicationController": "apps.openshift.io/v1/DeploymentConfig",
}
_UNCOUNTED = {"DaemonSet", "Job", "CronJob", "PodTemplate"}
_PIPELINES = re.compile(r"tekton\.dev/.*|argoproj\.io/.* .*workflow.*", re.IGNORECASE)
_KNATIVE = {"Service", "Configuration", "Revision"}


def word(settings: Mapping[str, Any], document: Mapping[str, Any]) -> Word:
    """What the settings say of a document, and why."""
    for fault in _faults(settings, document):
        return Word("deny", fault)
    return Word("allow", "it is all that the settings demand of its tier")


def _is_malformed(key: str, value: object) -> bool:
    """Whether the settings demand what cannot be read, so that nothing can satisfy it."""
    if key == "tier" or (key == "chaos_drill_every" and value is None):
        return False
    if isinstance(_GUIDE[key][0], bool):
        return not isinstance(value, bool)
    if key in {"rto", "rpo", "latency_p99", "chaos_drill_every"}:
        return span(value) is None or (span(value) == 0 and key != "rpo")
    return number(value) is None if key == "slo" else count(value) is None


def _faults(settings: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    if document["kind"] == "ServiceCatalog":
        for name, service in document["services"].items():
            for fault in _Service(settings, service).faults():
                yield f"service {name} {fault}"
    elif document["kind"] == "HorizontalPodAutoscaler":
        yield from _copies(_held_to(settings, document), document["spec"].get("minReplicas", 1))
    elif document["kind"] == "PodDisruptionBudget":
        demands = _held_to(settings, document)
        yield from _budget(demands, document["spec"])
        selector = document["spec"].get("selector") or {}
        selects = selector.get("matchLabels") or selector.get("matchExpressions")
        if demands["disruption_budget"] and not selects:
            yield "a budget has to select something"
    else:
        yield from _workload(settings, document)


def demanded(settings: Mapping[str, Any], tier: object) -> dict[str, Any]:
    """What a tier demands; of what is no tier, what gold does."""
    held = tier if tier in _TIERS else "gold"
    column = _TIERS.index(str(held))
    said = (settings.get("tier") or {}).get(held) or {}
    return {key: said.get(key, usual[column]) for key, usual in _GUIDE.items()} | {"tier": held}


@dataclass(frozen=True)
class _Service:
    """A service of a catalog under review."""

    settings: Mapping[str, Any]
    entry: Mapping[str, Any]

    def faults(self) -> Iterator[str]:
        """All that is wrong, the assignment first."""
        entry, demands = self.entry, demanded(self.settings, self.entry.get("tier"))
        bad = [key for key, value in demands.items() if _is_malformed(key, value)]
        if bad:
            yield f"cannot be judged, since tier.{demands['tier']}.{bad[0]} is malformed"
            return
        if entry.get("tier") not in _TIERS:
            yield "has no known tier"
        for key in ("owner", "oncall"):
            if not says(entry.get(key)):
                yield f"names nobody as {key}"
        if len({key.lower() for key in entry}) < len(entry):
            yield "has keys that differ in case alone"
        tests: tuple[Callable[[dict[str, Any]], Iterator[str]], ...] = (
            self._slo,
            self._alerts,
            self._people,
            self._spans,
            self._drill,
            self._runbook,
        )
        for test in tests:
            yield from test(demands)
        yield from _budget(demands, entry.get("disruption_budget"))
        if not isinstance(entry.get("autoscaled", False), bool):
            yield "says of autoscaled neither true nor false"

    def _slo(self, demands: dict[str, Any]) -> Iterator[str]:
        best = 0.0
        for name, item in parts(self.entry.get("slos")):
            given = [number(item[k]) for k in ("objective", "target") if item.get(k) is not None]
            objective = given[0] if len(given) == 1 else None
            if not says(name) or objective is None or not 0 < objective <= 100:
                yield "has an objective that is not named or no percentage"
                continue
            words = re.split("[^a-z]+", str(item.get("indicator", name)).lower())
            best = max(best, objective if "availability" in words else 0.0)
        if best < demands["slo"] or best == 0:
            yield f"promises {best} percent of availability, and {demands['slo']} are demanded"

    def _alerts(self, demands: dict[str, Any]) -> Iterator[str]:
        found = parts(self.entry.get("alerts"))
        for name, item in found:
            if not says(name) or not says(item.get("severity")):
                yield "has an alert without a name or a severity"
        names = len({name for name, _ in found})
        if names < demands["alerts"]:
            yield f"has {names} alerts, and {demands['alerts']} are demanded"

    def _people(self, demands: dict[str, Any]) -> Iterator[str]:
        paging = self.entry.get("paging")
        named = paging if isinstance(paging, dict) else {}
        given = [named[key] for key in ("policy", "schedule") if named.get(key) is not None]
        if demands["paging"] and not (given and all(says(one) for one in given)):
            yield "pages nobody"
        levels = self.entry.get("escalation")
        before, reached = -1, set()
        for level in levels if isinstance(levels, list) else []:
            after = span(level.get("after", "0s"))
            if not says(level.get("who")) or after is None or after <= before:
                yield "has a level of escalation that is nobody's or comes no later"
                continue
            before = after
            if after <= (span(demands["rto"]) or 0):
                reached.add(level["who"].strip().lower())
        if len(reached) < demands["escalation"]:
            yield f"reaches {len(reached)} people in time, not {demands['escalation']}"

    def _spans(self, demands: dict[str, Any]) -> Iterator[str]:
        latency = self.entry.get("latency")
        p99 = latency.get("p99") if isinstance(latency, dict) else None
        given = {"rto": self.entry.get("rto"), "rpo": self.entry.get("rpo"), "latency_p99": p99}
        for key, text in given.items():
            length, most = span(text), span(demands[key])
            if length is None or most is None or length > most or (length == 0 and key != "rpo"):
                yield f"promises {text!r} as its {key}, and at most {demands[key]} is demanded"

    def _drill(self, demands: dict[str, Any]) -> Iterator[str]:
        every = demands["chaos_drill_every"]
        if every is None:
            return
        drill = self.entry.get("chaos_drill")
        given = drill if isinstance(drill, dict) else {}
        now, last, planned = datetime.now(UTC), given.get("last"), given.get("next")
        held, ahead = moment(last), moment(planned)
        most = timedelta(milliseconds=span(every) or 0)
        if last is None and planned is None:
            yield "was never drilled, and no drill is planned"
        elif (last is not None and held is None) or (planned is not None and ahead is None):
            yield "has a drill on a day that is none"
        elif held is not None and held > now + (
            timedelta(days=1) if len(str(last)) == 10 else timedelta()
        ):
            yield "has a last drill that is yet to come"
        elif ahead is not None and ahead > now:
            if ahead > now + most:
                yield f"plans its next drill later than {every} from now"
        elif ahead is not None and (held is None or held < ahead):
            yield "missed its drill"
        elif held is None or now - held > most:
            yield f"was drilled longer ago than {every}"

    def _runbook(self, demands: dict[str, Any]) -> Iterator[str]:
        text = self.entry.get("runbook")
        if demands["runbook"] and not (says(text) and leads(str(text))):
            yield "has no runbook that leads somewhere"


def _budget(demands: dict[str, Any], budget: object) -> Iterator[str]:
    for key in ("disruption_budget", "replicas"):
        if _is_malformed(key, demands[key]):
            yield f"cannot be judged, since tier.{demands['tier']}.{key} is malformed"
            return
    if not demands["disruption_budget"]:
        return
    least = max(2, demands["replicas"])
    limits = budget if isinstance(budget, dict) else {}
    given = {k: v for k, v in limits.items() if k in {"minAvailable", "maxUnavailable"}}
    given = {key: value for key, value in given.items() if value is not None}
    if len(given) != 1:
        yield "has no disruption budget with one limit"
        return
    [(key, value)] = given.items()
    share = re.fullmatch(r"(100|[1-9]?\d)%", value) if isinstance(value, str) else None
    whole = count(value)
    if share is None and whole is None:
        yield f"has {value!r} as a limit of its disruption budget"
        return
    if key == "minAvailable":
        staying = least if share else 1 if whole else 0
        wrong = value in {0, "0%", "100%"}
    else:
        going = -(-least * int(share[1]) // 100) if share else whole or 0
        staying, wrong = least - going, going == 0
    if wrong or staying < 1:
        yield f"has a disruption budget with {key} {value}, of {least} copies"


def services(settings: Mapping[str, Any], document: Mapping[str, Any]) -> set[object]:
    """The services that what runs names, by labels, annotations and what its selector selects."""
    key = (settings.get("labels") or {}).get("service") or "policylib.dev/service"
    spec = document.get("spec") or {}
    jobs = spec.get("jobTemplate") or {}
    template = (jobs.get("spec") or {}).get("template")
    holders = (document, spec.get("template"), document.get("template"), jobs, template)
    metadata = [holder.get("metadata") or {} for holder in holders if holder]
    maps = [one.get(kind) or {} for one in metadata for kind in ("labels", "annotations")]
    selector = spec.get("selector") or {}
    maps.append(selector.get("matchLabels") or {})
    terms = [one for one in selector.get("matchExpressions") or [] if one["key"] == key]
    selected = {value for one in terms if one["operator"] == "In" for value in one["values"]}
    return {one[key] for one in maps if key in one} | selected


def _entry(settings: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    names = services(settings, document)
    known = (settings.get("catalog") or {}).get("services") or {}
    found = known.get(next(iter(names))) if len(names) == 1 else None
    return found if isinstance(found, dict) else None


def _held_to(settings: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    return demanded(settings, (_entry(settings, document) or {}).get("tier"))


def _copies(demands: dict[str, Any], value: object) -> Iterator[str]:
    if _is_malformed("replicas", demands["replicas"]):
        yield f"cannot be judged, since tier.{demands['tier']}.replicas is malformed"
        return
    running = count(value)
    if running is None or running < demands["replicas"]:
        yield f"runs {value} copies, and {demands['replicas']} are demanded"


def _is_made(document: Mapping[str, Any]) -> bool:
    """Whether a controller made it, which answers for the copies."""
    makers = _MADE_BY.get(document["kind"], "").split()
    return any(
        owner.get("controller") is True
        and f"{owner['apiVersion']}/{owner['kind']}" in makers
        and bool(owner["name"])
        and re.fullmatch("[0-9a-f-]{36}", str(owner["uid"])) is not None
        for owner in document["metadata"].get("ownerReferences") or []
    )


def _workload(settings: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    entry = _entry(settings, document)
    if entry is None:
        yield "it names no single service of the catalog"
        return
    if entry.get("tier") not in _TIERS or not (
        says(entry.get("owner")) and says(entry.get("oncall"))
    ):
        yield "its service lacks a tier, an owner or somebody on call"
    kind, demands = document["kind"], demanded(settings, entry.get("tier"))
    version = document["apiVersion"]
    if kind in _UNCOUNTED or _PIPELINES.fullmatch(f"{version} {kind}") or _is_made(document):
        return
    if kind in _KNATIVE:
        place = document if kind == "Revision" else document["spec"]["template"]
        text = (place["metadata"].get("annotations") or {}).get("autoscaling.knative.dev/min-scale")
        least = int(text) if isinstance(text, str) and text.isdigit() else text
        if least is not None or demands["replicas"] > 1:
            yield from _copies(demands, least)
        return
    # The API server puts in one where the number is left to an autoscaler.
    given = document["spec"].get("replicas", 1)
    is_known = re.fullmatch("v1|apps/.*|extensions/.*|argoproj.io/.*", version) is not None
    is_open = is_known and kind != "Pod" and type(given) is int and given == 1
    if not (is_open and entry.get("autoscaled") is True):
        yield from _copies(demands, given)
