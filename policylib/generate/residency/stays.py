"""Inputs of `region_allowed`, `tenant_allowed` and `storage_allowed`: data that stays somewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from policylib.generate import catalogs, label_keys
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import elsewhere
from policylib.generate.digest.bystanders import bystander
from policylib.generate.residency import (
    flaws,
    kinds,
    names,
    permits,
    placing,
    plans,
    sound,
    storage,
    terraform,
    transfers,
    workloads,
)
from policylib.generate.residency.making import SILENT, Broken, Maker, Rule, flawed, writing
from policylib.generate.residency.regions import MULTI
from policylib.generate.residency.said import Said, Way
from policylib.generate.sample import Doc, Settings
from policylib.generate.workloads import ALL


def runs_or_asks(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A workload, or a request about one place."""
    if len(said.places) == 1 and once_in(choices, 3):
        return transfers.request(choices, said)
    return workloads.workload(choices, settings, said)


def _running(kind: str) -> Maker:
    """Sound workloads of a kind."""
    return writing(partial(workloads.workload, kinds=(kind,)))


def _typed(kinds: Sequence[str], choices: Choices, settings: Settings) -> Doc | None:
    """Sound plans with a resource of each of some types of Terraform."""
    said = sound.mute(choices, settings)
    if said is None or kinds[0] not in terraform.types(said.places[0]):
        return None
    one = replace(said, places=said.places[:1])
    found = [terraform.resource(choices, settings, one, kind, kind) for kind in kinds]
    return terraform.document(choices, found)


def belongs(choices: Choices, settings: Settings, said: Said) -> Doc:
    """A workload, a request, or a transfer within one place."""
    if len(said.places) == 1 and once_in(choices, 4):
        place = said.places[0]
        return transfers.transfer(choices, Way(said.classes, place, place, said.tenants))
    return runs_or_asks(choices, settings, said)


def keeps(choices: Choices, settings: Settings, said: Said) -> Doc:
    """What keeps data, in Kubernetes or by Terraform."""
    if once_in(choices, 2):
        return terraform.plan(choices, settings, said)
    return choices.one_of(storage.KINDS)(choices, settings, said)


def _no_region(choices: Choices, settings: Settings) -> Doc | None:
    said = sound.mute(choices, settings)
    if said is None:
        return None
    write = choices.one_of((workloads.workload, workloads.runner))
    return write(choices, settings, replace(said, places=()))


def _no_class(choices: Choices, settings: Settings) -> Doc | None:
    said = sound.mute(choices, settings)
    if said is None:
        return None
    write = choices.one_of((workloads.workload, workloads.runner))
    return write(choices, settings, replace(said, classes=()))


def _request_without(choices: Choices, settings: Settings) -> Doc | None:
    said = sound.mute(choices, settings)
    if said is None:
        return None
    return transfers.request(choices, replace(said, **{choices.one_of(("places", "classes")): ()}))


def _placed_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """In a region that the workload does not say, be it permitted or not."""
    said = sound.mute(choices, settings)
    if said is None:
        return None
    document = workloads.workload(choices, settings, said)
    stated = {names.place(place) for place in said.places}
    if stated & set(MULTI):
        return None  # a region may lie within them
    permitted = permits.places(settings, said.classes)
    near, far = (
        [place for place in places if place not in stated and names.provider(place)]
        for places in (permitted, names.REGIONS)
    )
    placing.choose(choices, document, choices.one_of(choices.one_of((near or far, far))))
    return document


def _custom_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """A custom resource that chooses nodes in a region that it does not say."""
    said = sound.mute(choices, settings)
    stated = {names.place(place) for place in said.places} if said else set()
    if said is None or stated & set(MULTI):
        return None
    document = workloads.runner(choices, settings, said, elsewhere.CUSTOM)
    place = choices.one_of([place for place in names.REGIONS if place not in stated])
    spec = document["spec"]
    if once_in(choices, 2):
        spec = spec.setdefault("placement", {})
    placing.choose(choices, document, place, spec)
    return document


def _kept_out(choices: Choices, settings: Settings) -> Doc | None:
    """Kept out of the region that the workload says."""
    said = sound.mute(choices, settings)
    if said is None:
        return None
    places = [place for place in map(names.place, said.places) if names.provider(place)]
    if not places or not all(map(names.is_known, places)):
        return None
    document = workloads.workload(choices, settings, said)
    placing.avoid(choices, document, (choices.one_of(places),), placing.OF_REGIONS)
    return document


def _labelled_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """A transfer between places that are permitted, with a label that says another one."""
    way = sound.way(choices, settings)
    options = way and flaws.other_places(settings, way.classes[0])
    if way is None or not options:
        return None
    document = transfers.transfer(choices, way)
    said = Said((), (sound.spelt(choices, flaws.mistaken(choices, options)),))
    labels, annotations = workloads.written(choices, settings, said)
    pairs = {"labels": labels, "annotations": annotations}
    document["metadata"] |= {name: found for name, found in pairs.items() if found}
    return document


def _stray(choices: Choices, settings: Settings) -> Doc | None:
    said = sound.mute(choices, settings)
    if said is None:
        return None
    document = transfers.request(choices, said)
    parts = [transfers.body(document), document, document["metadata"]]
    choices.one_of(parts)[choices.one_of(transfers.STRAYS)] = ["eu-west-1"]
    return document


def _not_of_the_service(choices: Choices, settings: Settings) -> Doc | None:
    """A region, or a class, that is permitted, and that the catalog's service does not have."""
    said = sound.mute(choices, settings)
    key = label_keys.service(settings)
    if said is None:
        return None
    strangers = [
        name
        for name, entry in catalogs.known(settings).items()
        if entry.get("data_classes") and not set(said.classes) & set(entry["data_classes"])
    ]
    if not strangers:
        return None
    unnamed = {**settings, "catalog": {}}
    document = workloads.workload(choices, unnamed, said)
    document["metadata"].setdefault("labels", {})[key] = choices.one_of(strangers)
    return document


def _outside_the_service(choices: Choices, settings: Settings) -> Doc | None:
    """A region that the class may be in, and that the catalog's service does not have."""
    options = [
        (service, name, place)
        for service, entry in catalogs.known(settings).items()
        if entry.get("regions") and all(map(names.is_known, entry["regions"]))
        for name in permits.classes(settings)
        if name in entry.get("data_classes", (name,))
        for place in permits.places(settings, [name])
        if names.provider(place) and _is_outside(place, entry["regions"])
    ]
    if not options:
        return None
    service, name, place = choices.one_of(options)
    said = Said((name,), (sound.spelt(choices, place),))
    document = workloads.workload(choices, {**settings, "catalog": {}}, said)
    key = label_keys.service(settings)
    document["metadata"].setdefault("labels", {})[key] = service
    return document


def _is_outside(place: str, regions: Sequence[str]) -> bool:
    known = set(map(names.place, regions))
    return place not in known and not (names.provider(place) == "google" and known & set(MULTI))


REGION = Rule(
    "residency.region_allowed",
    [writing(runs_or_asks), *map(_running, ALL), writing(workloads.runner)],
    [
        *(flawed(flaw, runs_or_asks) for flaw in flaws.ABOUT_PLACES),
        flawed(flaws.ONE_OF_TWO_PLACES, workloads.workload),
        Broken("placed-elsewhere", "scheduled where it does not say", _placed_elsewhere),
        Broken("custom-elsewhere", "the same of a custom resource", _custom_elsewhere),
        flawed(flaws.ABOUT_PLACES[0], workloads.runner),
        Broken("kept-out", "kept out of where it says it is", _kept_out),
        Broken(
            "outside-the-service", "a region that the service does not have", _outside_the_service
        ),
        Broken("no-region", "a workload that says no region", _no_region),
        Broken("no-class", "a workload that says no data class", _no_class),
        Broken("request-without", "a request without its region or class", _request_without),
        Broken("placed-elsewhere", "scheduled where it does not say", _placed_elsewhere),
        Broken("extra-key", "a key that may hide a location", _stray),
        Broken("labelled-elsewhere", "a transfer whose label says more", _labelled_elsewhere),
        Broken("not-of-the-service", "a class that the service does not have", _not_of_the_service),
    ],
)


def _sent_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """A transfer of which one end, permitted to the class, is not the tenant's."""
    way = sound.way(choices, settings, tenanted=True)
    if way is None:
        return None
    strange = flaws.foreign_places(settings, way.tenants[0])
    if not strange:
        return None
    place = sound.spelt(choices, flaws.mistaken(choices, strange))
    ends = (replace(way, target=place), replace(way, source=place))
    return transfers.transfer(choices, choices.one_of(ends))


def _piped_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """An allow-listed pipeline that leaves the tenant's regions."""
    way = sound.piped(choices, settings)
    if way is None:
        return None
    homes = permits.section(settings, "tenants")
    target = names.place(way.target)
    left = [name for name in homes if target in permits.elsewhere(settings, homes[name])]
    if not left:
        return None
    return transfers.transfer(choices, replace(way, tenants=(choices.one_of(left),)))


TENANT = Rule(
    "residency.tenant_allowed",
    [writing(belongs, tenanted=True), writing(belongs, tenanted=True), writing(belongs)],
    [
        *(flawed(flaw, belongs, tenanted=True) for flaw in flaws.ABOUT_TENANTS),
        Broken("end-elsewhere", "an end that is not the tenant's", _sent_elsewhere),
        Broken("piped-elsewhere", "a pipeline out of the tenant's regions", _piped_elsewhere),
    ],
)


def _kept_without(choices: Choices, settings: Settings) -> Doc | None:
    """A store that says no class, or no place where it has to."""
    said = sound.mute(choices, settings)
    if said is None:
        return None
    if once_in(choices, 2):
        return keeps(choices, settings, replace(said, classes=()))
    return choices.one_of(storage.KEEPERS)(choices, settings, replace(said, places=()))


def _placeless(kind: str, choices: Choices, settings: Settings) -> Doc | None:
    """A type of Terraform that does not say where it is."""
    said = sound.mute(choices, settings)
    return None if said is None else terraform.placeless(choices, settings, said, kind)


def _astray(
    write: Callable[[Choices, Settings, Said, list[str]], Doc], keep: Callable[[str], object] = bool
) -> Maker:
    """By a writer of what may be said, and of places where its first class may not be."""

    def make(choices: Choices, settings: Settings) -> Doc | None:
        said = sound.mute(choices, settings)
        options = flaws.other_places(settings, said.classes[0]) if said else []
        kept = list(filter(keep, options))
        return write(choices, settings, said, kept) if said and kept else None

    return make


def _mounted_elsewhere(choices: Choices, settings: Settings, said: Said, regions: list[str]) -> Doc:
    """A workload with a volume in another region than it says."""
    document = workloads.workload(choices, settings, said)
    volume = _mount(choices, flaws.mistaken(choices, regions))
    placing.pod_spec(document).setdefault("volumes", []).append({"name": "shared", **volume})
    return document


def _mount(choices: Choices, region: str) -> Doc:
    """What is mounted from a region."""
    options: Sequence[Doc] = (
        {"csi": {"driver": "csi.example.com", "volumeAttributes": {"region": region}}},
        {"nfs": {"server": f"fs-1.{region}.example.com", "path": "/"}},
    )
    return choices.one_of(options)


def _volume_elsewhere(choices: Choices, settings: Settings, said: Said, regions: list[str]) -> Doc:
    """A volume that lies in another region than it says."""
    document = storage.volume(choices, settings, said)
    del document["spec"]["csi"]
    document["spec"] |= _mount(choices, flaws.mistaken(choices, regions))
    return document


def _replicated_elsewhere(
    choices: Choices, settings: Settings, said: Said, options: list[str]
) -> Doc:
    kind = choices.one_of(terraform.types(said.places[0]))
    own = terraform.resource(choices, settings, replace(said, places=said.places[:1]), kind)
    return terraform.document(
        choices, terraform.replicated(choices, own, flaws.mistaken(choices, options))
    )


def _paired_elsewhere(choices: Choices, settings: Settings) -> Doc | None:
    """A class of volumes with copies in the paired region, where the class may not be."""
    home = plans.unpaired(choices, settings)
    if home is None:
        return None
    document = storage.volume_class(choices, settings, home)
    document.pop("allowedTopologies", None)
    document["parameters"] = {
        choices.one_of(kinds.GEO_PARAMETERS): choices.one_of(kinds.GEO_KINDS),
        "location": home.places[0],
    }
    return document


def _made_elsewhere(choices: Choices, settings: Settings, said: Said, regions: list[str]) -> Doc:
    """A class of volumes whose parameters name a place where the class of data may not be."""
    document = storage.volume_class(choices, settings, replace(said, places=()))
    zone = names.zone(flaws.mistaken(choices, regions))
    document["parameters"] = {choices.one_of(storage.PARAMETERS): zone}
    return document


def _selects_elsewhere(choices: Choices, settings: Settings, said: Said, regions: list[str]) -> Doc:
    document = storage.claim(choices, settings, said)
    zone = names.zone(flaws.mistaken(choices, regions))
    document["spec"]["selector"] = {"matchLabels": {"topology.kubernetes.io/zone": zone}}
    return document


def _without_a_kind(choices: Choices, settings: Settings, said: Said, options: list[str]) -> Doc:
    """A claim elsewhere, of which the kind is left out."""
    place = sound.spelt(choices, flaws.mistaken(choices, options))
    document = storage.claim(choices, settings, replace(said, places=(place,)))
    del document["kind"]
    return document


def _silent(choices: Choices, _: Settings) -> Doc:
    """What no rule of the family speaks of."""
    return choices.one_of((SILENT, bystander(choices, "registry.example.com/app")))


def _failed(choices: Choices, settings: Settings) -> Doc | None:
    said = sound.mute(choices, settings)
    if said is None:
        return None
    return {**terraform.plan(choices, settings, said), "errored": True}


_TOGETHER = 6
"""Types of Terraform in one sound plan: a denial of any shows."""

_KEEPING = [*(writing(keep) for keep in storage.KINDS), writing(keeps, tenanted=True), _silent]
_TYPED = [
    partial(_typed, types[i : i + _TOGETHER])
    for types in terraform.OF_PROVIDERS.values()
    for i in range(0, len(types), _TOGETHER)
]
_TOO_LITTLE = "no data class, or no location"
_PLACELESS = [
    Broken("says-too-little", _TOO_LITTLE, partial(_placeless, kind))
    for kind in dict.fromkeys(terraform.HOMELESS)
]

STORAGE = Rule(
    "residency.storage_allowed",
    [*_KEEPING, *_TYPED, *plans.SOUND],
    [
        *(flawed(flaw, keeps) for flaw in (*flaws.ABOUT_PLACES, flaws.ONE_OF_TWO_PLACES)),
        *(flawed(flaw, keeps, tenanted=True) for flaw in flaws.ABOUT_TENANTS),
        *(Broken("says-too-little", _TOO_LITTLE, _kept_without),) * 3,
        *_PLACELESS,
        Broken(
            "mounted-elsewhere",
            "a volume that lies elsewhere",
            _astray(_mounted_elsewhere, names.provider),
        ),
        *(
            Broken(
                "volume-elsewhere",
                "a volume not where it says",
                _astray(_volume_elsewhere, names.provider),
            ),
        )
        * 4,
        *(
            Broken(
                "replica-elsewhere", "a copy where it may not be", _astray(_replicated_elsewhere)
            ),
        )
        * 8,
        *(Broken("pair-elsewhere", "geo-redundant copies elsewhere", _paired_elsewhere),) * 4,
        *(
            Broken(
                "made-elsewhere",
                "a class that makes volumes elsewhere",
                _astray(_made_elsewhere, names.provider),
            ),
        )
        * 3,
        Broken(
            "selects-elsewhere",
            "a claim for a volume elsewhere",
            _astray(_selects_elsewhere, names.provider),
        ),
        *plans.BROKEN,
        *(Broken("without-a-kind", "a claim that leaves out its kind", _astray(_without_a_kind)),)
        * 2,
        Broken("failed-plan", "a plan that failed", _failed),
    ],
)
