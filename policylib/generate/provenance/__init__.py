"""Inputs for the provenance family: workloads with facts about their images, and facts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.family import Family
from policylib.generate.first import First
from policylib.generate.odd import damaged
from policylib.generate.provenance import building, carrying, signing
from policylib.generate.provenance.anything import bystander, odd_facts, odd_workload
from policylib.generate.provenance.holding import holding, images
from policylib.generate.provenance.wrong import Wrong
from policylib.generate.sample import Defect, Generator, Sample, Settings

WRONGS: Mapping[str, Sequence[Wrong]] = {
    "provenance.signed": signing.SIGNED,
    "provenance.attested": signing.ATTESTED,
    "provenance.builder_trusted": building.BUILDER,
    "provenance.source_expected": building.SOURCE,
    "provenance.sbom_present": signing.SBOM,
}
"""All that may be wrong with facts, by the rule that denies it."""

IMAGES = tuple(name for name, _ in images(First(), "a@sha256:0"))
"""What may stand in the place of an image that nobody can have verified."""

_NOBODY = "The settings trust nobody with it."
_GITHUB = "https://token.actions.githubusercontent.com"
_GOOGLE = "https://accounts.google.com"
_RELEASE = "https://github.com/org/*/.github/workflows/release.yml@refs/tags/v*"
_GENERATOR = (
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/"
    "generator_container_slsa3.yml@refs/tags/v2.1.0"
)


def settings(choices: Choices) -> Settings:
    """Settings with a section `provenance`, and services of each tier."""
    signers = [{"issuer": _GOOGLE, "identity": "release@example.com"}]
    builders: list[dict[str, object]] = [
        {"id": "https://build.example.com/a", "issuer": _GITHUB, "identity": "b@e.com", "level": 3},
        {"id": "https://build.example.com/b", "identity": "release@example.com", "level": 1},
    ]
    if once_in(choices, 2):
        signers.append({"issuer": _GITHUB, "identity": _RELEASE})
        builders.append({"id": _RELEASE, "level": 2})
    if once_in(choices, 2):
        builders.append({"id": _GENERATOR, "issuer": _GITHUB, "level": 3})
    section = {"signers": signers, "builders": builders, "sources": _sources(choices)}
    section |= _narrower(choices)
    tiers = {"gateway": "gold", "ingest": "silver", "reports": "bronze", "odd": "copper"}
    services = {n: {"tier": t, "owner": "a", "oncall": "#a"} for n, t in tiers.items()}
    found: dict[str, object] = {"provenance": section, "catalog": {"services": services}}
    if once_in(choices, 6):
        found["labels"] = {"service": "example.com/service"}
    return {**found, "environment": "alone", "enforcement": {"alone": {"digest": "off"}}}


def _sources(choices: Choices) -> list[str]:
    return choices.one_of(
        (
            ["https://github.com/org/"],
            ["https://github.com/org/", "https://git.example.com:8443/platform/app"],
            ["git+https://git.example.com/"],
        )
    )


def _narrower(choices: Choices) -> dict[str, object]:
    """What may be said, or left as it is usual."""
    options: Mapping[str, Sequence[object]] = {
        "minimum_level": (
            {"gold": 3, "silver": 3, "bronze": 2},
            {"gold": 2, "silver": 2, "bronze": 1},
        ),
        "refs": (["refs/heads/main", "refs/heads/release/*"], ["refs/tags/v*"]),
        "build_types": (["https://build.example.com/types/v1"],),
        "external_parameters": (["workflow", "source"], []),
        "sbom_formats": (["spdx"], ["cyclonedx"]),
    }
    return {key: choices.one_of(given) for key, given in options.items() if once_in(choices, 3)}


def _rule(rule: str) -> Generator:
    whole = holding(rule)
    of_documents = [wrong for wrong in whole if wrong.travels]

    def generate(choices: Choices, known: Settings) -> Sample:
        services = carrying.services(choices, known)
        if once_in(choices, 12):
            name = choices.one_of(IMAGES)
            defect = Defect(name, rule, "Nobody can have verified what stands there.")
            return replace(carrying.unverifiable(choices, known, services, name), defect=defect)
        is_document = once_in(choices, 5)
        make = carrying.document if is_document else carrying.workload
        lacking = carrying.lacking(known, services)
        if lacking is not None:
            return replace(
                make(choices, known, services), defect=Defect("untrusted", lacking, _NOBODY)
            )
        if not once_in(choices, 2):
            return make(choices, known, services)
        wrong = choices.one_of(WRONGS[rule])
        if once_in(choices, 3):
            wrong = choices.one_of(of_documents if is_document else whole)
        sample = make(choices, known, services, wrong)
        return replace(sample, defect=Defect(wrong.name, rule, wrong.what))

    return generate


def _anything(choices: Choices, known: Settings) -> Sample:
    if once_in(choices, 2):
        return FAMILY.rules[choices.one_of(tuple(WRONGS))](choices, known)
    shape = weighted(choices, (4, "rule"), (3, "facts"), (2, "workload"), (1, "bystander"))
    if shape == "rule":
        sample = FAMILY.rules[choices.one_of(tuple(WRONGS))](choices, known)
    elif shape == "facts":
        sample = odd_facts(choices, known)
    elif shape == "workload":
        sample = odd_workload(choices, known)
    else:
        sample = Sample(bystander(choices))
    sample = replace(sample, defect=None, stray=True)
    if once_in(choices, 4) and sample.facts:
        image = choices.one_of(list(sample.facts))
        changed = {**sample.facts, image: damaged(choices, sample.facts[image])}
        return replace(sample, facts=changed)
    if once_in(choices, 2):
        return replace(sample, document=damaged(choices, sample.document))
    return sample


FAMILY = Family("provenance", settings, {rule: _rule(rule) for rule in WRONGS}, _anything)
