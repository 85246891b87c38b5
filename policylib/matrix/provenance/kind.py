"""The provenance matrix: what was verified of an image, by what may be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policylib.generate import catalogs, label_keys
from policylib.generate.choices import Choices
from policylib.generate.first import First
from policylib.generate.provenance import IMAGES, carrying, signing
from policylib.generate.provenance.wrong import Wrong
from policylib.generate.sample import Defect, Sample, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.model import Dimension
from policylib.matrix.provenance import oracle
from policylib.matrix.provenance.rows import as_demanded, panels

TIERS = ("gold", "silver", "bronze")
ANY = "any"
NONE = "(no service)"
SEVERAL = "(several services)"
UNKNOWN = "(unknown service)"

IMAGE = "Image"
SIGNED, UNSIGNED = "Kind, all verified", "Kind, one image unsigned"
OF_SERVICE = "Builder of each service"
LABEL = "Label of what runs"
FACTS = "ImageFacts"
_BY_TIER = ("Builder", "Who builds")


@dataclass(frozen=True)
class Provenance:
    """The kind; see `policylib.matrix.interface.Kind`."""

    name: str = "provenance"
    title: str = "What was verified of images, and by whom"
    family: str = "provenance"

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        """See `Kind.dimensions`."""
        rows = _rows(settings)
        names = dict.fromkeys(row for found in rows.values() for row in found)
        return (
            Dimension(name="state", title="What there is", values=tuple(names)),
            Dimension(name="tier", title="Tier", values=(ANY, *TIERS, NONE, SEVERAL, UNKNOWN)),
            Dimension(name="fact", title="What is verified", values=tuple(rows)),
        )

    def cells(self, settings: Settings) -> Sequence[At]:
        """See `Kind.cells`. The tier makes a difference to builders alone.

        Each service is asked about with a builder that is good enough for each tier, and no better
        than it has to be.
        """
        return [
            {"state": row, "tier": tier, "fact": panel}
            for panel, names in _rows(settings).items()
            for row in names
            for tier in _tiers(settings, panel)
        ]

    def promised(self, settings: Settings, at: At) -> Word:
        """See `Kind.promised`: the oracle's word on the simplest input."""
        sample = _sample(First(), settings, at)
        return oracle.word(settings, sample.document, sample.facts)

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        """See `Kind.sample`."""
        sample = _sample(choices, settings, at)
        if self.promised(settings, at).promise == "allow":
            return sample
        what = f"{at['fact']}: {at['state']}"
        return replace(sample, defect=Defect(at["state"], "provenance", what))


def _rows(settings: Settings) -> dict[str, Sequence[str]]:
    return {
        IMAGE: IMAGES,
        **{panel: tuple(rows) for panel, rows in panels(settings).items()},
        SIGNED: (*carrying.KINDS, FACTS),
        UNSIGNED: (*carrying.KINDS, FACTS),
        OF_SERVICE: tuple(catalogs.known(settings)),
        LABEL: tuple(_keys(settings)),
    }


def _tiers(settings: Settings, panel: str) -> Sequence[str]:
    if panel == OF_SERVICE:
        return TIERS
    if panel not in {LABEL, *_BY_TIER}:
        return (ANY,)
    known = [tier for tier in TIERS if carrying.of_tier(settings, tier)]
    if panel == LABEL:
        return known
    return (*known, NONE, *([SEVERAL] if known else []), UNKNOWN)


def _sample(choices: Choices, settings: Settings, at: At) -> Sample:
    panel, state = at["fact"], at["state"]
    if panel in {OF_SERVICE, LABEL}:
        return _demanded(choices, settings, at)
    services = _services(choices, settings, at["tier"])
    if panel == IMAGE:
        return carrying.unverifiable(choices, settings, services, state)
    if panel in {SIGNED, UNSIGNED}:
        wrong = signing.SIGNED[0] if panel == UNSIGNED else None
        if state == FACTS:
            return carrying.document(choices, settings, services, wrong)
        return carrying.workload(choices, settings, services, wrong, (state,))
    spoil = panels(settings)[panel][state]
    return carrying.workload(choices, settings, services, Wrong(state, "provenance", "", spoil))


def _demanded(choices: Choices, settings: Settings, at: At) -> Sample:
    """A workload of a service whose builder is good enough for a tier."""
    built = Wrong(at["state"], "provenance", "", as_demanded(settings, at["tier"]))
    if at["fact"] == OF_SERVICE:
        return carrying.workload(choices, settings, (at["state"],), built)
    named_so = {**settings, "labels": {"service": _keys(settings)[at["state"]]}}
    service = choices.one_of(carrying.of_tier(settings, at["tier"]))
    return carrying.workload(choices, named_so, (service,), built)


def _keys(settings: Settings) -> dict[str, str]:
    """The keys that a service may be named by: what is usual, and what the settings say."""
    return {f"by {key}": key for key in label_keys.either(settings, "service")}


def _services(choices: Choices, settings: Settings, tier: str) -> carrying.Services:
    if tier == ANY:
        return carrying.services(choices, settings)
    if tier == SEVERAL:
        return carrying.several(choices, settings)
    if tier in TIERS:
        return (choices.one_of(carrying.of_tier(settings, tier)),)
    return () if tier == NONE else (carrying.NO_SUCH,)


KIND = Provenance()
