"""Workloads that say of which classes their data is, where they run and whose data it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policylib.generate import catalogs, label_keys
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import elsewhere
from policylib.generate.images import pinned
from policylib.generate.pods import Image
from policylib.generate.residency import names, placing
from policylib.generate.residency.said import Said
from policylib.generate.sample import Doc, Settings
from policylib.generate.workloads import ALL, sound


def workload(choices: Choices, settings: Settings, said: Said, kinds: Sequence[str] = ALL) -> Doc:
    """A workload that says it: by labels, by annotations, or by its service in the catalog.

    Of what is empty it says nothing.
    """
    labels, annotations = statements(choices, settings, said)
    return _placed(choices, _made(choices, settings, labels, annotations, kinds), said)


def runner(
    choices: Choices, settings: Settings, said: Said, kinds: Sequence[str] = elsewhere.ALL
) -> Doc:
    """A pipeline or a custom resource that runs images, and says it as a workload does."""
    labels, annotations = statements(choices, settings, said)
    kind = choices.one_of(kinds)
    return elsewhere.resource(choices, kind, _image(settings), labels, annotations)


def labelled(choices: Choices, settings: Settings, texts: Mapping[str, str]) -> Doc:
    """A workload of any kind that says these texts under their keys, and nothing else."""
    labels, annotations = _apart(choices, texts)
    return _made(choices, settings, labels, annotations, ALL)


def statements(
    choices: Choices, settings: Settings, said: Said
) -> tuple[dict[str, str], dict[str, str]]:
    """Labels and annotations that say it."""
    labels, annotations = written(choices, settings, said)
    service = _service(choices, settings, said)
    if service is not None:
        keys = label_keys.of(settings)
        labels[keys["service"]] = service
        entry = catalogs.known(settings)[service]
        if once_in(choices, 2) and _is_all(entry.get("data_classes", ()), said.classes):
            labels.pop(keys["data_class"], None)
            annotations.pop(keys["data_class"], None)
        places = list(map(names.place, entry.get("regions", ())))
        if once_in(choices, 2) and _is_all(places, list(map(names.place, said.places))):
            labels.pop(keys["region"], None)
            annotations.pop(keys["region"], None)
    return labels, annotations


def written(
    choices: Choices, settings: Settings, said: Said
) -> tuple[dict[str, str], dict[str, str]]:
    """Everything that is said, as labels where it can be one, or else as annotations."""
    keys = label_keys.of(settings)
    written = {"data_class": said.classes, "region": said.places, "tenant": said.tenants}
    texts = {
        keys[name]: choices.one_of((",", ", ")).join(values) if len(values) > 1 else values[0]
        for name, values in written.items()
        if values
    }
    return _apart(choices, texts)


def _apart(choices: Choices, texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    for key, text in texts.items():
        as_label = names.is_label(text) and not once_in(choices, 4)
        (labels if as_label else annotations)[key] = text
    return labels, annotations


def _service(choices: Choices, settings: Settings, said: Said) -> str | None:
    """A service of the catalog that contradicts nothing, now and then."""
    if not (said.classes and said.places and once_in(choices, 3)):
        return None
    fitting = [
        name
        for name, entry in catalogs.known(settings).items()
        if _allows(entry.get("data_classes"), said.classes)
        and _allows(_read(entry.get("regions")), list(map(names.place, said.places)))
    ]
    return choices.one_of(fitting) if fitting else None


def _read(entries: Sequence[str] | None) -> list[str] | None:
    return None if entries is None else [names.place(entry) for entry in entries]


def _allows(known: Sequence[str] | None, values: Sequence[str]) -> bool:
    return known is None or set(values) <= set(known)


def _is_all(known: Sequence[str], values: Sequence[str]) -> bool:
    return bool(known) and set(known) == set(values)


def _made(
    choices: Choices,
    settings: Settings,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    kinds: Sequence[str],
) -> Doc:
    image = _image(settings)
    return sound(choices, labels=labels, annotations=annotations, image=image, kinds=kinds)


def _image(settings: Settings) -> Image:
    registries = settings.get("digest", {}).get("registries", ())
    return lambda choices: pinned(choices, registries)


def _placed(choices: Choices, document: Doc, said: Said) -> Doc:
    """Now and then the scheduler is told to go where the workload says it is, or to stay out.

    Or it is told of what is no place.
    """
    if said.places and once_in(choices, 3):
        place = names.place(choices.one_of(said.places))
        if once_in(choices, 3):
            placing.avoid(choices, document, placing.others(choices, said.places))
        elif names.provider(place):
            placing.choose(choices, document, place)
    elif once_in(choices, 6):
        placing.aside(choices, document)
    return document
