"""What carries images and their facts: workloads, and documents of facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from policylib.generate import facts, workloads
from policylib.generate.choices import Choices, once_in
from policylib.generate.first import First
from policylib.generate.images import digest
from policylib.generate.provenance.holding import images
from policylib.generate.provenance.wrong import Wrong
from policylib.generate.sample import Doc, Sample, Settings
from policylib.generate.trust import trust

USUAL = {"gold": 3, "silver": 2, "bronze": 1}
BEYOND = 4
"""More than any builder can have: where the settings are malformed none is trusted."""

NO_SUCH = "no-such-service"
NO_SERVICES = (None, None, NO_SUCH)

_NAMES = ("ghcr.io/org/app", "registry.example.com:5000/team/api", "localhost/a", "nginx")
_TAGS = ("", "", ":1.4.2", ":latest")


def label_key(settings: Settings) -> str:
    """The key of the label that names a service."""
    return str((settings.get("labels") or {}).get("service") or "policylib.dev/service")


def levels(settings: Settings) -> dict[str, int]:
    """The level that each tier demands; empty where what the settings say of it is malformed."""
    found = (settings.get("provenance") or {}).get("minimum_level", USUAL)
    is_sound = isinstance(found, dict) and all(level in (1, 2, 3) for level in found.values())
    return dict(found) if is_sound else {}


def services(settings: Settings, tier: str) -> list[str]:
    """The services of a tier in the settings' catalog."""
    found = (settings.get("catalog") or {}).get("services") or {}
    return [
        n for n, entry in found.items() if isinstance(entry, dict) and entry.get("tier") == tier
    ]


def needed(settings: Settings, service: str | None) -> int:
    """The level that a workload of a service needs: the highest where it names none."""
    demanded = levels(settings)
    entry = ((settings.get("catalog") or {}).get("services") or {}).get(service)
    tier = entry.get("tier") if isinstance(entry, dict) else None
    return demanded.get(str(tier), max(demanded.values(), default=BEYOND))


def workload(
    choices: Choices,
    settings: Settings,
    service: str | None,
    wrong: Wrong | None = None,
    kinds: Sequence[str] = workloads.ALL,
) -> Sample:
    """A workload of a service, the facts of whose images are sound but for one that is not."""
    known, level = trust(settings), needed(settings, service)
    document, references = _running(choices, settings, service, kinds)
    held = {image: facts.facts(choices, known, image, level) for image in references.values()}
    if wrong is not None:
        image = choices.one_of(list(held))
        wrong.spoil(choices, known, level, held[image])
        if not held[image]:
            del held[image]
    return Sample(document, facts=held)


def unverifiable(choices: Choices, settings: Settings, service: str | None, name: str) -> Sample:
    """A workload with sound facts that has something else in the place of one of its images."""
    sample = workload(choices, settings, service)
    image = choices.one_of(list(sample.facts))
    by_name = dict(images(choices, image))
    document = replaced(sample.document, lambda text: _untagged(text) == image, by_name[name])
    return Sample(document, facts=sample.facts)


def document(
    choices: Choices, settings: Settings, service: str | None, wrong: Wrong | None = None
) -> Sample:
    """Facts as a document of their own, which may say what they are part of."""
    known, level = trust(settings), needed(settings, service)
    found = facts.facts(choices, known, f"{choices.one_of(_NAMES)}@{digest(choices)}", level)
    if wrong is not None:
        wrong.spoil(choices, known, level, found)
    if service is not None:
        found["metadata"] = {"name": "facts", "labels": {label_key(settings): service}}
    return Sample(found)


def _running(
    choices: Choices, settings: Settings, service: str | None, kinds: Sequence[str]
) -> tuple[Doc, dict[str, str]]:
    """A workload, and the image without its tag of each reference in it."""
    references: dict[str, str] = {}

    def image(choices: Choices) -> str:
        name = choices.one_of(_NAMES) + (str(len(references)) if references else "")
        subject = digest(choices)
        reference = f"{name}{choices.one_of(_TAGS)}@{subject}"
        references[reference] = f"{name}@{subject}"
        return reference

    said = {} if service is None else {label_key(settings): service}
    if said and once_in(choices, 5):
        return workloads.sound(choices, annotations=said, image=image, kinds=kinds), references
    return workloads.sound(choices, labels=said, image=image, kinds=kinds), references


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


def lacking(settings: Settings, service: str | None) -> str | None:
    """The rule that nothing can satisfy, since the settings trust nobody with what it asks for."""
    known = trust(settings)
    if not known.signers:
        return "provenance.signed"
    if not any(facts.bounds(First(), known, needed(settings, service))):
        return "provenance.builder_trusted"
    if not all((known.sources, known.refs, known.build_types)):
        return "provenance.source_expected"
    return None if known.formats else "provenance.sbom_present"


def service(choices: Choices, settings: Settings) -> str | None:
    """A service of some tier, or none; if possible one for which sound provenance can be had."""
    tiers = [name for tier in USUAL for name in services(settings, tier)]
    options = [*tiers, *NO_SERVICES]
    found = choices.one_of(options)
    if lacking(settings, found) is None:
        return found
    return next((one for one in options if lacking(settings, one) is None), found)
