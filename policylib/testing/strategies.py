"""Inputs to draw from, as Hypothesis strategies: each comes with the defect planted in it.

Every strategy takes the settings under which its inputs are sound or broken: a `Policy`, or what
Rego reads as `data.settings`. Without them the simplest that the rules' family has are taken.
`broken` chooses inputs with a defect (True), without one (False), or both (None).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from policylib import rules as rule_files
from policylib.errors import RuleError
from policylib.evaluate import Policy
from policylib.generate.drawn import strategy
from policylib.generate.sample import Generator, Sample
from policylib.settings.checks import advice
from policylib.testing import sources

Under = Policy | Mapping[str, Any] | None
Samples = SearchStrategy[Sample]


def workloads(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """Workloads of every kind that runs pods, with images in every place and state."""
    return _samples("digest", sources.workload, settings, sources.WORKLOADS, broken=broken)


def image_references(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """References of images as text: pinned by a digest, or wrong in one way."""
    return _samples("digest", sources.reference, settings, broken=broken)


def helm_values(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """Values of charts, as a file of values is read, that choose an image in every form."""
    return _samples("digest", sources.values, settings, sources.HELM_VALUES, broken=broken)


def transfer_requests(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """TransferRequests and EgressEvents, with and without a pipeline."""
    return _samples("residency", sources.transfer, settings, sources.TRANSFERS, broken=broken)


def terraform_plans(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """Terraform plans, as `terraform show -json` has them, of the three large clouds."""
    return _samples("residency", sources.plan, settings, sources.PLANS, broken=broken)


def catalogs(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """Service catalogs: services that promise what their tier demands, or all but one thing."""
    return _samples("tier", sources.catalog, settings, sources.CATALOGS, broken=broken)


def image_facts(settings: Under = None, *, broken: bool | None = None) -> Samples:
    """ImageFacts: signatures, attestations and SBOMs of one image.

    `inputs("provenance")` also draws workloads with the facts about all their images.
    """
    return _samples("provenance", sources.facts, settings, broken=broken)


def settings(*, broken: bool | None = None) -> Samples:
    """What a `policylib.yaml` holds, as a mapping; a broken one is refused when it is read."""
    return _samples("digest", sources.setting(tuple(rule_files.load().rules)), {}, broken=broken)


def exceptions(*rules: str, broken: bool | None = None) -> Samples:
    """Files of exceptions to some rules (to any rule of policylib's where none is named).

    Raises `RuleError` for a rule that policylib does not have.
    """
    known = rule_files.load().rules
    for rule in rules:
        if rule not in known:
            raise RuleError(f"no rule is called {rule!r}", remedy=advice(rule, known))
    return _samples("digest", sources.excepting(rules or tuple(known)), {}, broken=broken)


def inputs(about: str, settings: Under = None, *, broken: bool | None = None) -> Samples:
    """What is generated for one of policylib's rules, or for a family.

    A sample may hold facts about the images in its document. Raises `RuleError` when there is no
    such rule or family.
    """
    family = about.partition(".")[0]
    return _samples(family, sources.rules(about), settings, broken=broken)


def _samples(
    family: str,
    generator: Generator,
    settings: Under,
    fits: Callable[[Any], bool] = lambda _: True,
    *,
    broken: bool | None,
) -> Samples:
    under = settings.data if isinstance(settings, Policy) else settings
    known = sources.simplest(family) if under is None else under

    def wanted(sample: Sample) -> bool:
        is_broken = sample.defect is not None
        return fits(sample.document) and (broken is None or broken is is_broken)

    return strategy(lambda choices: generator(choices, known)).filter(wanted)
