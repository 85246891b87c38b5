"""What Kyverno is not told, or told more strictly than the settings say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from policylib.bundle.kyverno import exceptions, provenance, slsa
from policylib.bundle.kyverno.meaning import Meaning
from policylib.models import PolicyException, Rule
from policylib.report.plain import escape
from policylib.rules import RuleSet, load, path_of

_UNSAID: Final = {
    "digest.values_pinned": (
        "Kyverno judges what runs pods; values, overrides, applications and releases are not asked"
    ),
    "digest.env_image_pinned": "images in variables and arguments are not asked",
    "tier": "Kyverno has no service catalog",
    "residency": "Kyverno reads neither the catalog nor the plans by which a place is told",
}
_OWN: Final = "it is a rule of your own, and Kyverno runs no Rego"
_KINDS: Final = (
    "workloads built into Kubernetes, Rollouts and Knative's are asked; Tekton, Argo Workflows, "
    "other custom resources, and patches that hold containers are not"
)
_CHANGED: Final = "its Rego is not that of policylib, and what was changed there is not carried"
_CHOSEN: Final = "values and overrides that choose an image are not asked"


@dataclass(frozen=True)
class Note:
    """One difference between what the settings say and what was written.

    `missing` means that Kyverno lets pass what the settings deny, `stricter` that it denies what
    they permit, and `expired` that an exception has ended and was not written.
    """

    about: str
    effect: Literal["missing", "stricter", "expired"]
    why: str


def of_unsaid(rule: Rule, meaning: Meaning) -> Iterator[Note]:
    """That nothing is said of a rule that the settings ask for."""
    if rule.id not in load().rules:
        yield Note(rule.id, "missing", _OWN)
    elif rule.id != "digest.env_image_pinned" or not meaning.holds(f"{rule.id}.is_off"):
        yield Note(rule.id, "missing", _UNSAID.get(rule.id) or _UNSAID[rule.family])


def of_carried(rule: Rule) -> Iterator[Note]:
    """What a policy does not say of its rule."""
    yield Note(rule.id, "missing", _KINDS)
    if rule.id == "digest.registry_allowed":
        yield Note(rule.id, "missing", _CHOSEN)


def of_changed(rule: Rule, rules: RuleSet) -> Iterator[Note]:
    """That a rule, or what it is made of, is not what the policies were written after."""
    ours = load().modules
    own = {path for path in ours if path.startswith("policylib/lib/")} | {path_of(rule.id)}
    if any(rules.modules.get(path) != ours[path] for path in own):
        yield Note(rule.id, "missing", _CHANGED)


def of_trust(rule: Rule, trusted: provenance.Trust) -> Iterator[Note]:
    """What a rule of the provenance family says more strictly."""
    for why in _stricter(rule.id, trusted):
        yield Note(rule.id, "stricter", why)


def _stricter(rule: str, trusted: provenance.Trust) -> Iterator[str]:
    if rule == "provenance.signed":
        yield "only signatures in the form of cosign 3 (a Sigstore bundle) count"
    if rule == "provenance.sbom_present":
        yield f"only these types of SBOM count: {', '.join(provenance.sbom_types(trusted))}"
    if rule in {"provenance.attested", "provenance.builder_trusted", "provenance.source_expected"}:
        yield from (
            f"the builder {one['id']} does not count: Kyverno cannot tell who signs for it"
            for one in trusted.lost
            if rule != "provenance.attested" or "issuer" in one
        )
    if rule in {"provenance.builder_trusted", "provenance.source_expected"}:
        yield (
            f"every workload is held to level {trusted.level}, "
            "as Kyverno has no catalog to look a tier up in"
        )
    if rule == "provenance.source_expected":
        yield "only the provenance of a builder that is trusted counts"
        if unread := [one for one in trusted.expected["build_types"] if one not in slsa.GITHUB]:
            yield f"in SLSA v1 these build types do not say their source: {', '.join(unread)}"


def of_exception(entry: PolicyException, *, is_active: bool) -> Iterator[Note]:
    """What becomes of an exception that is not written, or not for all that it covers."""
    about = f"the exception to {entry.rule} for {entry.target}"
    if not is_active:
        yield Note(about, "expired", f"it ended with {entry.expires}, and is not written")
    elif why := exceptions.obstacle(entry.data()):
        yield Note(about, "stricter", f"{why}, and it is not written")
    elif why := exceptions.limit(entry.data()):
        yield Note(about, "stricter", why)


def text(notes: Iterable[Note]) -> str:
    """The notes in lines; what is to be said of several rules is said once."""
    abouts: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        abouts.setdefault((note.effect, note.why), []).append(note.about)
    return "".join(
        escape(f"{effect}: {', '.join(about)}: {why}") + "\n"
        for (effect, why), about in abouts.items()
    )
