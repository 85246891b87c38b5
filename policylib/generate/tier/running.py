"""What runs for a service, with as many copies as its tier demands, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policylib.generate import catalogs, label_keys, workloads
from policylib.generate.catalogs import TIERS, Demands
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import elsewhere
from policylib.generate.images import pinned
from policylib.generate.sample import Doc, Settings
from policylib.generate.tier import owners
from policylib.generate.tier.wrong import YES, anyway, says

REPLICATED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout")
KNATIVE = ("Service", "Configuration", "Revision")
SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")
PIPELINE, CUSTOM = "pipeline", "custom resource"
COUNTED = (*REPLICATED, *KNATIVE, CUSTOM)
UNCOUNTED = ("DaemonSet", "Job", "CronJob", "PodTemplate", PIPELINE)
_ELSEWHERE = {PIPELINE: elsewhere.PIPELINES, CUSTOM: elsewhere.CUSTOM}

MIN_SCALE = "autoscaling.knative.dev/min-scale"


Make = Callable[[Choices, Settings, Demands, str], Doc]
"""Makes what runs for a service of a tier with such demands."""


@dataclass(frozen=True)
class Running:
    """A way for what runs to be wrong; `matters` as for `Wrong`."""

    name: str
    rule: str
    what: str
    make: Make
    matters: Callable[[Demands], bool] = anyway


def registered(settings: Settings, tier: str, *, autoscaled: bool | None = None) -> list[str]:
    """The services of a tier in the catalog of the settings that lack nothing."""
    services = catalogs.known(settings)
    return [
        name
        for name, entry in services.items()
        if isinstance(entry, dict)
        and re.fullmatch("[0-9A-Za-z](?:[0-9A-Za-z._-]{0,61}[0-9A-Za-z])?", name)
        and len({key.lower() for key in entry}) == len(entry)
        and entry.get("tier") == tier
        and says(entry.get("owner"))
        and says(entry.get("oncall"))
        and (autoscaled is None or (entry.get("autoscaled") is True) == autoscaled)
    ]


def workload(choices: Choices, settings: Settings, service: str, kinds: Sequence[str]) -> Doc:
    """A workload of a service, which says so by labels, by annotations, or by its pods alone."""
    said, kind = {label_keys.service(settings): service}, choices.one_of(kinds)
    labels, annotations = ({}, said) if once_in(choices, 5) else (said, {})
    if once_in(choices, 4):
        labels = {**labels, **_aside(settings)}
    if kind in _ELSEWHERE:
        place = choices.one_of(_ELSEWHERE[kind])
        return elsewhere.resource(choices, place, pinned, labels, annotations)
    found = workloads.sound(choices, labels=labels, annotations=annotations, kinds=(kind,))
    if annotations:
        return found
    if kind in REPLICATED and once_in(choices, 4):
        del found["metadata"]["labels"][label_keys.service(settings)]
    if kind in SELECTING and once_in(choices, 3):
        select(choices, found, label_keys.service(settings), service)
    return found


def _aside(settings: Settings) -> Doc:
    """Labels that say other things of a workload than whose it is."""
    keys = label_keys.of(settings)
    said = {"region": "us-east-1", "data_class": "logs", "tenant": "acme"}
    return {keys[name]: value for name, value in said.items()}


def select(choices: Choices, found: Doc, key: str, service: str) -> None:
    """Select the pods by their service too, in one of the ways that a selector has."""
    selector = found["spec"]["selector"]
    if once_in(choices, 3):
        selector["matchExpressions"] = [{"key": key, "operator": "In", "values": [service]}]
    else:
        selector["matchLabels"][key] = service
    if once_in(choices, 3):
        # What pods must not be names nothing.
        asked = {"key": key, "operator": "NotIn", "values": [f"not-{service[:50]}"]}
        selector["matchExpressions"] = [*selector.get("matchExpressions", []), asked]


def put_copies(found: Doc, number: object) -> None:
    """Say how many copies run; None leaves it out."""
    if found["kind"] not in KNATIVE:
        found["spec"].pop("replicas", None)
        if number is not None:
            found["spec"]["replicas"] = number
        return
    place = found if found["kind"] == "Revision" else found["spec"].setdefault("template", {})
    annotations = place.setdefault("metadata", {}).setdefault("annotations", {})
    annotations.pop(MIN_SCALE, None)
    if number is not None:
        annotations[MIN_SCALE] = str(number) if isinstance(number, int) else number


def copies(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    """A workload that runs as many copies as demanded, or whose copies are not counted."""
    kind = choices.one_of((*COUNTED, *UNCOUNTED, "owned", "Pod"))
    if kind == "Pod" and wanted.replicas > 1:
        kind = "owned"
    if kind == "owned":
        return owned(choices, settings, service)
    found = workload(choices, settings, service, (kind,))
    if kind in COUNTED:
        least = wanted.replicas
        put_copies(found, choices.one_of((least, least + 1, least * 10)))
    if kind in REPLICATED and service in registered(settings, wanted.tier, autoscaled=True):
        put_copies(found, choices.one_of((None, 1, wanted.replicas)))
    return found


def left_open(choices: Choices, settings: Settings, service: str) -> Doc:
    """A workload that does not say how many copies run, as beside an autoscaler."""
    found = workload(choices, settings, service, REPLICATED)
    put_copies(found, None)
    return found


def owned(choices: Choices, settings: Settings, service: str) -> Doc:
    """What a controller made, which answers for the copies; of each kind by each of its makers."""
    kind, maker = choices.one_of(
        [(kind, maker) for kind, makers in owners.MAKERS.items() for maker in makers]
    )
    found = workload(choices, settings, service, (kind,))
    if kind != "Pod":
        put_copies(found, choices.one_of((0, 1, 3)))
    found["metadata"]["ownerReferences"] = owners.references(choices, maker)
    return found


def _orphaned(spoiled: owners.Spoiled) -> Make:
    """Too few copies of what no controller made, although it says that it has an owner."""

    def make(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
        kinds = tuple(kind for kind in owners.MAKERS if kind != "Pod" or several(wanted))
        kind = choices.one_of(kinds)
        found = workload(choices, settings, service, (kind,))
        if kind != "Pod":
            put_copies(found, choices.one_of(_too_few(settings, wanted, service, found["kind"])))
        found["metadata"]["ownerReferences"] = spoiled(choices, kind)
        return found

    return make


def _named(*names: str) -> Make:
    def make(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
        found, name = copies(choices, settings, wanted, service), choices.one_of(names)
        for said in _saying(found, label_keys.service(settings)):
            said[label_keys.service(settings)] = name
        return found

    return make


def _unknown(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    held = catalogs.known(settings)
    names = ("no-such-service", "Gateway9", f"{service[:60]}-2", service.swapcase())
    free = [name for name in names if name not in held]
    return _named(*(free or ["x".join(["x", *held])[:63]]))(choices, settings, wanted, service)


def _saying(found: Doc, key: str) -> list[Doc]:
    """The labels and annotations that hold a key, when no selector does any more."""
    selector = found.get("spec", {}).get("selector", {})
    selector.pop("matchExpressions", None)
    selector.get("matchLabels", {}).pop(key, None)
    all_said = [
        metadata.get(kind, {})
        for metadata in (found["metadata"], *_templates(found))
        for kind in ("labels", "annotations")
    ]
    return [said for said in all_said if key in said]


def _templates(found: Doc) -> list[Doc]:
    spec = found.get("spec", {})
    job = spec.get("jobTemplate", {}).get("spec", {})
    holders = (found.get("template"), spec.get("template"), job.get("template"))
    return [holder["metadata"] for holder in holders if holder and "metadata" in holder]


def _unnamed(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    found = copies(choices, settings, wanted, service)
    for said in _saying(found, label_keys.service(settings)):
        del said[label_keys.service(settings)]
    return found


def _contradicting(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    found = copies(choices, settings, wanted, service)
    metadata = choices.one_of((found["metadata"], *_templates(found)))
    names = {"labels": service, "annotations": _another(choices, settings, service)}
    for kind, name in names.items():
        metadata.setdefault(kind, {})[label_keys.service(settings)] = name
    return found


def _jobs_of_another(choices: Choices, settings: Settings, _wanted: Demands, service: str) -> Doc:
    found = workload(choices, settings, service, ("CronJob",))
    said = {label_keys.service(settings): _another(choices, settings, service)}
    found["spec"]["jobTemplate"]["metadata"] = {choices.one_of(("labels", "annotations")): said}
    return found


def _another(choices: Choices, settings: Settings, service: str) -> str:
    """The name of another service: one of any tier, or that nobody knows."""
    unknown = "other" if service != "other" else "another"
    known = [name for tier in TIERS for name in registered(settings, tier) if name != service]
    return choices.one_of([*known, unknown])


def _selecting_another(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    found = workload(choices, settings, service, SELECTING)
    if found["kind"] != "DaemonSet":
        put_copies(found, wanted.replicas)
    select(choices, found, label_keys.service(settings), _another(choices, settings, service))
    return found


def _counted(*numbers: object) -> Make:
    def make(choices: Choices, settings: Settings, _wanted: Demands, service: str) -> Doc:
        found = workload(choices, settings, service, COUNTED)
        put_copies(found, choices.one_of(numbers))
        return found

    return make


def fewer(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    """A workload with fewer copies than demanded, where any are."""
    kinds = (*COUNTED, "Pod") if wanted.replicas > 1 else COUNTED
    found = workload(choices, settings, service, kinds)
    if found["kind"] != "Pod":
        put_copies(found, choices.one_of(_too_few(settings, wanted, service, found["kind"])))
    return found


def _too_few(settings: Settings, wanted: Demands, service: str, kind: str) -> list[int]:
    """Numbers of copies that are less than demanded: one may be the API server's own doing."""
    scaled = service in registered(settings, wanted.tier, autoscaled=True)
    less = sorted({wanted.replicas - 1, 0, 1} - {-1}, reverse=True)
    spared = {1} if scaled and kind in REPLICATED else set()
    return [n for n in less if n < wanted.replicas and n not in spared] or [0]


def _autoscaled(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    """Too few copies, said of a service for which an autoscaler is promised, if there is one."""
    scaled = registered(settings, wanted.tier, autoscaled=True)
    found = workload(choices, settings, choices.one_of(scaled or [service]), REPLICATED)
    put_copies(found, choices.one_of([n for n in (wanted.replicas - 1, 0) if n != 1 and n >= 0]))
    return found


def _open(choices: Choices, settings: Settings, wanted: Demands, service: str) -> Doc:
    scaled = service in registered(settings, wanted.tier, autoscaled=True)
    found = workload(choices, settings, service, KNATIVE if scaled else COUNTED)
    put_copies(found, None)
    return found


def some_run(wanted: Demands) -> bool:
    """Whether any copy has to run."""
    return wanted.replicas > 0


def several(wanted: Demands) -> bool:
    """Whether more than one copy has to run."""
    return wanted.replicas > 1


LABELS: tuple[Running, ...] = tuple(
    Running(name, "tier.assigned", what, make)
    for name, what, make in (
        ("no service", "The workload names no service.", _unnamed),
        ("several services", "The workload names several services.", _contradicting),
        (
            "selector of another service",
            "Its pods are another service's by the selector.",
            _selecting_another,
        ),
        ("jobs of another service", "Its jobs are another service's.", _jobs_of_another),
        ("unknown service", "The catalog has no such service.", _unknown),
        (
            "no name of a service",
            "No service is called so.",
            _named("", "web api", "-web", "a/b", "x" * 64),
        ),
    )
)

COPIES: tuple[Running, ...] = tuple(
    Running(name, "tier.redundancy", what, make, matters)
    for name, what, make, matters in (
        ("fewer copies", "The workload runs too few copies.", fewer, some_run),
        (
            "fewer copies beside an autoscaler",
            "The number is not left to the autoscaler.",
            _autoscaled,
            some_run,
        ),
        ("owner not in control", "No owner controls it.", _orphaned(owners.uncontrolled), some_run),
        ("owner that makes none", "It makes none of them.", _orphaned(owners.strange), some_run),
        ("owner that is nobody", "It cannot be found.", _orphaned(owners.unnamed), some_run),
        ("copies not said", "One copy runs, or nobody knows.", _open, several),
        (
            "no number of copies",
            "It is no whole number.",
            _counted(2.5, -1, [3], {}, YES, "many"),
            anyway,
        ),
    )
)
"""What may be wrong with how many copies a workload runs."""
