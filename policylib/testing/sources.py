"""What the strategies draw from: for each kind of input, the generators of the rules about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from policylib.errors import RuleError
from policylib.generate import FAMILIES, exceptions, family, workloads
from policylib.generate import settings as settings_files
from policylib.generate.choices import Choices
from policylib.generate.first import First
from policylib.generate.sample import Defect, Generator, Sample, Settings
from policylib.settings.checks import advice

_TRANSFERS = ("residency.egress_allowed", "residency.pipeline_allowlisted")


def simplest(name: str) -> Settings:
    """The simplest sound settings of a family, as Rego reads them."""
    return family(name).settings(First())


def rules(about: str) -> Generator:
    """What is generated for a rule, or for any rule of a family.

    Raises `RuleError` when there is no such rule or family.
    """
    name = about.partition(".")[0]
    if name not in FAMILIES:
        raise RuleError(f"no inputs are generated for {about!r}", remedy=advice(name, FAMILIES))
    known = family(name).rules
    if about not in {name, *known}:
        raise RuleError(f"no inputs are generated for {about!r}", remedy=advice(about, known))
    return any_of([known[about]] if about in known else list(known.values()))


def any_of(generators: Sequence[Generator]) -> Generator:
    """What any of the generators makes."""
    return lambda choices, settings: choices.one_of(generators)(choices, settings)


def of_rules(ids: Iterable[str]) -> Generator:
    """What is generated for any of some rules."""
    return any_of([rules(id_) for id_ in ids])


def kinds(*names: str) -> Callable[[Any], bool]:
    """Whether a document is of one of some kinds."""
    return lambda document: isinstance(document, Mapping) and document.get("kind") in names


def workload(choices: Choices, settings: Settings) -> Sample:
    """A workload with an image in some state, in some place of its pods."""
    from policylib.generate.digest import runs

    return _carried(choices, settings, frozenset(runs.GROUPS))


def values(choices: Choices, settings: Settings) -> Sample:
    """Values of a chart that choose an image in some state."""
    return _carried(choices, settings, frozenset({"Helm values"}))


def _carried(choices: Choices, settings: Settings, groups: frozenset[str]) -> Sample:
    from policylib.generate.digest import cases, terms

    accepted = terms.terms(settings)
    place = choices.one_of([one for one in cases.places() if one.group in groups])
    every = [cases.Case(place, state) for state in cases.states(place, accepted)]
    right = [one for one in every if one.denied_by(accepted) is None]
    wrong = [one for one in every if one.denied_by(accepted) is not None]
    one = choices.one_of(wrong if choices.integer(0, 1) else right)
    return one.sample(choices, accepted)


def reference(choices: Choices, settings: Settings) -> Sample:
    """The reference of an image, as text."""
    from policylib.generate.digest import cases, flaws, terms

    accepted = terms.terms(settings)
    if not choices.integer(0, 1):
        return Sample(terms.sound(accepted)(choices))
    algorithm = choices.one_of(accepted.algorithms)
    if accepted.registries is not None and not choices.integer(0, 7):
        name = cases.outside(choices, accepted.registries, cases.OTHER, None)
        text = terms.reference(choices, name, algorithm)
        return Sample(text, Defect(cases.OTHER, cases.REGISTRY, "the registry is not allowed"))
    flaw = choices.one_of(flaws.FLAWS)
    text = flaw.write(choices, terms.name(choices, accepted), algorithm)
    return Sample(text, Defect(flaw.name, "digest.image_pinned", f"the image {flaw.what}"))


def transfer(choices: Choices, settings: Settings) -> Sample:
    """A TransferRequest or an EgressEvent, and some other documents."""
    return of_rules(_TRANSFERS)(choices, settings)


def catalog(choices: Choices, settings: Settings) -> Sample:
    """A ServiceCatalog, and some other documents."""
    return rules("tier")(choices, settings)


def plan(choices: Choices, settings: Settings) -> Sample:
    """A Terraform plan, and some other documents."""
    return rules("residency.storage_allowed")(choices, settings)


def facts(choices: Choices, settings: Settings) -> Sample:
    """A document of ImageFacts."""
    from policylib.generate.provenance import WRONGS, carrying

    services = carrying.services(choices, settings)
    if not choices.integer(0, 1):
        return carrying.document(choices, settings, services)
    wrong = choices.one_of([one for some in WRONGS.values() for one in some if one.travels])
    sample = carrying.document(choices, settings, services, wrong)
    return Sample(sample.document, Defect(wrong.name, wrong.rule, wrong.what))


def setting(ids: Sequence[str]) -> Generator:
    """What a settings file holds, which may speak of some rules."""

    def generate(choices: Choices, _: Settings) -> Sample:
        made = {name: family(name).settings(choices).get(name) for name in FAMILIES}
        sections = {name: made[name] for name in FAMILIES if made[name] and choices.integer(0, 1)}
        return settings_files.sample(choices, sections, ids)

    return generate


def excepting(ids: Sequence[str]) -> Generator:
    """A file of exceptions to some rules."""
    return lambda choices, _: exceptions.sample(choices, ids)


WORKLOADS = kinds(*workloads.ALL)
HELM_VALUES = kinds("HelmValues")
TRANSFERS = kinds("TransferRequest", "EgressEvent")
CATALOGS = kinds("ServiceCatalog")
PLANS = kinds("TerraformPlan")
