"""What carries images and their facts: all that runs them, and documents of facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from policylib.generate import catalogs, facts, label_keys, workloads
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import elsewhere
from policylib.generate.first import First
from policylib.generate.images import digest
from policylib.generate.provenance.holding import images
from policylib.generate.provenance.wrong import Wrong
from policylib.generate.sample import Doc, Sample, Settings
from policylib.generate.trust import trust

USUAL = {"gold": 3, "silver": 2, "bronze": 1}
BEYOND = 4
"""More than any builder can have: where the settings are malformed none is trusted."""

Services = tuple[str, ...]
"""The services that something says it is part of: none, one, or two of which neither counts."""

NO_SUCH = "no-such-service"
NO_SERVICES: Sequence[Services] = ((), (), (NO_SUCH,))

KINDS: Sequence[str] = (*workloads.ALL, *elsewhere.ALL)
"""All that runs images: the kinds that run pods, and the places of pipelines and of others."""

_NAMES = ("ghcr.io/org/app", "registry.example.com:5000/team/api", "localhost/a", "nginx")
_TAGS = ("", "", ":1.4.2", ":latest")


def levels(settings: Settings) -> dict[str, int]:
    """The level that each tier demands; empty where what the settings say of it is malformed."""
    found = (settings.get("provenance") or {}).get("minimum_level", USUAL)
    is_sound = isinstance(found, dict) and all(level in (1, 2, 3) for level in found.values())
    return dict(found) if is_sound else {}


def of_tier(settings: Settings, tier: str) -> list[str]:
    """The services of a tier in the settings' catalog."""
    return [
        n
        for n, entry in catalogs.known(settings).items()
        if isinstance(entry, dict) and entry.get("tier") == tier
    ]


def needed(settings: Settings, services: Services) -> int:
    """The level that a workload of a service needs: the highest where it does not name just one."""
    demanded = levels(settings)
    entry = catalogs.known(settings).get(services[0]) if len(services) == 1 else None
    tier = entry.get("tier") if isinstance(entry, dict) else None
    return demanded.get(str(tier), max(demanded.values(), default=BEYOND))


def workload(
    choices: Choices,
    settings: Settings,
    services: Services,
    wrong: Wrong | None = None,
    kinds: Sequence[str] = KINDS,
) -> Sample:
    """What runs for services, the facts of whose images are sound but for one that is not."""
    known, level = trust(settings), needed(settings, services)
    kind = choices.one_of(kinds)
    document, references = _running(choices, settings, services, kind)
    held = {image: facts.facts(choices, known, image, level) for image in references.values()}
    if wrong is not None:
        image = next(iter(held)) if kind in elsewhere.ALL else choices.one_of(list(held))
        wrong.spoil(choices, known, level, held[image])
        if not held[image]:
            del held[image]
    return Sample(document, facts=held)


def unverifiable(choices: Choices, settings: Settings, services: Services, name: str) -> Sample:
    """A workload with sound facts that has something else in the place of one of its images."""
    sample = workload(choices, settings, services, kinds=workloads.ALL)
    image = choices.one_of(list(sample.facts))
    by_name = dict(images(choices, image))
    document = replaced(sample.document, lambda text: _untagged(text) == image, by_name[name])
    return Sample(document, facts=sample.facts)


def document(
    choices: Choices, settings: Settings, services: Services, wrong: Wrong | None = None
) -> Sample:
    """Facts as a document of their own, which may say what they are part of."""
    known, level = trust(settings), needed(settings, services)
    found = facts.facts(choices, known, f"{choices.one_of(_NAMES)}@{digest(choices)}", level)
    if wrong is not None:
        wrong.spoil(choices, known, level, found)
    if services:
        labels, annotations = _said(choices, settings, services)
        found["metadata"] = {"name": "facts", "labels": labels, "annotations": annotations}
    return Sample(found)


def _running(
    choices: Choices, settings: Settings, services: Services, kind: str
) -> tuple[Doc, dict[str, str]]:
    """What runs images, and the image without its tag of each reference in it.

    The first is the one in the place that `kind` may name.
    """
    made: dict[str, str] = {}

    def image(choices: Choices) -> str:
        name = choices.one_of(_NAMES) + (str(len(made)) if made else "")
        subject = digest(choices)
        reference = f"{name}{choices.one_of(_TAGS)}@{subject}"
        made[reference] = f"{name}@{subject}"
        return reference

    labels, annotations = _said(choices, settings, services)
    if kind in elsewhere.ALL:
        found = elsewhere.resource(choices, kind, image, labels, annotations)
    else:
        found = workloads.sound(
            choices, labels=labels, annotations=annotations, image=image, kinds=(kind,)
        )
    text = json.dumps(found)  # a place may replace what it was given
    return found, {one: bare for one, bare in made.items() if bare.partition("@")[2] in text}


def _said(choices: Choices, settings: Settings, services: Services) -> tuple[Doc, Doc]:
    """The labels and annotations that name services: one kind for each."""
    one, other = [*({label_keys.service(settings): name} for name in services), {}, {}][:2]
    return (other, one) if services and once_in(choices, 4) else (one, other)


def _untagged(text: str) -> str:
    name, at, subject = text.partition("@")
    head, colon, tail = name.rpartition(":")
    return f"{name if '/' in tail or not colon else head}{at}{subject}"


def replaced(value: Any, is_it: Callable[[str], bool], by: object) -> Any:  # noqa: ANN401
    """A copy in which each text that is meant is something else."""
    if isinstance(value, dict):
        return {key: replaced(item, is_it, by) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, is_it, by) for item in value]
    return by if isinstance(value, str) and is_it(value) else value


def lacking(settings: Settings, services: Services) -> str | None:
    """The rule that nothing can satisfy, since the settings trust nobody with what it asks for."""
    known = trust(settings)
    if not known.signers:
        return "provenance.signed"
    if not any(facts.bounds(First(), known, needed(settings, services))):
        return "provenance.builder_trusted"
    if not all((known.sources, known.refs, known.build_types)):
        return "provenance.source_expected"
    return None if known.formats else "provenance.sbom_present"


def services(choices: Choices, settings: Settings) -> Services:
    """A service of some tier, several or none; if possible so that sound facts can be had."""
    tiers: list[Services] = [(name,) for tier in USUAL for name in of_tier(settings, tier)]
    options = [*tiers, *NO_SERVICES]
    found = choices.one_of(options)
    if tiers and once_in(choices, 8):
        found = several(choices, settings)
    if lacking(settings, found) is None:
        return found
    return next((one for one in options if lacking(settings, one) is None), found)


def several(choices: Choices, settings: Settings) -> Services:
    """A service of some tier, and one of another tier, of the same, or that nobody knows."""
    tiers = [names for tier in USUAL if (names := of_tier(settings, tier))]
    same = choices.one_of(tiers)
    one = choices.one_of(same)
    others = [[name for names in tiers if names is not same for name in names]]
    others += [[NO_SUCH], [name for name in same if name != one]]
    return one, choices.one_of(choices.one_of([names for names in others if names]))
