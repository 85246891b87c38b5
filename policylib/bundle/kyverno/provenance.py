"""ImageValidatingPolicies for the provenance family: Kyverno fetches and verifies as it admits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policylib.bundle.kyverno import cel, slsa
from policylib.bundle.kyverno.meaning import Meaning
from policylib.bundle.kyverno.workloads import SCOPES, Scope, policy
from policylib.models import Rule

Signer = Mapping[str, str]
Builder = Mapping[str, Any]

# What cosign 3 writes as an image's signature; older forms are not told from attestations.
_SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
_VERSIONS: Final = {
    "cyclonedx": ("https://cyclonedx.org/bom", ("1.4", "1.5", "1.6", "1.7")),
    "spdx": ("https://spdx.dev/Document", ("2.2", "2.3", "3.0")),
}
_SECONDS = 30


@dataclass(frozen=True)
class Attestor:
    """Somebody who may have signed; any of the identities will do."""

    name: str
    identities: tuple[Signer, ...]

    def document(self) -> dict[str, Any]:
        """The attestor as Kyverno reads it. Without an identity it would accept anybody."""
        keyless = {"identities": [_identity(one) for one in self.identities]}
        return {"name": self.name, "cosign": {"keyless": keyless}}


@dataclass(frozen=True)
class Demand:
    """What has to hold of an image: of an attestation of a type, by an attestor, a condition."""

    attestor: Attestor
    attestation: str
    condition: str = ""

    def expression(self) -> str:
        """The demand in CEL, of the image `i`.

        The payload is read right after the signature was verified: Kyverno keeps one of each
        type, that which was verified last.
        """
        named = f"attestations.{slsa.name(self.attestation)}"
        attestors = f"[attestors.{self.attestor.name}]"
        verified = f"verifyAttestationSignatures(i, {named}, {attestors}) > 0"
        if not self.condition:
            return verified
        return f"{verified}\n    && cel.bind(p, extractPayload(i, {named}),\n{self.condition})"


@dataclass(frozen=True)
class Trust:
    """Who is trusted, as far as Kyverno can tell them, and who it cannot tell."""

    signers: Attestor | None
    builders: tuple[tuple[Attestor, Builder], ...]
    lost: tuple[Builder, ...]
    level: int
    expected: Mapping[str, Sequence[str]]
    formats: tuple[str, ...]

    @property
    def good_builders(self) -> tuple[tuple[Attestor, Builder], ...]:
        """Those with the level that every workload is held to."""
        return tuple(one for one in self.builders if one[1]["level"] >= self.level)


def trust(meaning: Meaning) -> Trust:
    """Read whom the settings trust."""
    signers: list[Signer] = meaning.ask("lib.trust.signers")
    told: list[tuple[Attestor, Builder]] = []
    lost: list[Builder] = []
    for index, builder in enumerate(meaning.ask("lib.trust.builders")):
        if identities := _owners(builder, signers):
            told.append((Attestor(f"builder{index}", identities), builder))
        else:
            lost.append(builder)
    return Trust(
        signers=Attestor("signers", tuple(signers)) if signers else None,
        builders=tuple(told),
        lost=tuple(lost),
        level=meaning.ask("lib.assurance.highest"),
        expected=meaning.ask("lib.trust.expected"),
        formats=tuple(meaning.ask("lib.trust.formats")),
    )


def _owners(builder: Builder, signers: Iterable[Signer]) -> tuple[Signer, ...]:
    """Who may sign for a builder, as identities; none where Kyverno cannot tell.

    A builder that signs as itself has an identity that equals its id. Kyverno compares an identity
    with what the settings say, never with what the provenance says: it can tell one id, not many.
    """
    identity = builder.get("identity", builder["id"])
    if "identity" not in builder and "*" in identity:
        return ()
    if "issuer" in builder:
        return ({"issuer": builder["issuer"], "identity": identity},)
    issuers = [
        one["issuer"]
        for one in signers
        if one["identity"] == identity or ("*" not in identity and _matches(one, identity))
    ]
    return tuple({"issuer": issuer, "identity": identity} for issuer in dict.fromkeys(issuers))


def _matches(signer: Signer, identity: str) -> bool:
    return slsa.matches(signer["identity"], identity)


def _identity(signer: Signer) -> dict[str, str]:
    subject = signer["identity"]
    if "*" in subject:
        return {"issuer": signer["issuer"], "subjectRegExp": cel.expression(subject)}
    return {"issuer": signer["issuer"], "subject": subject}


def signed(trusted: Trust) -> list[Demand]:
    """An allowed signer signed the image."""
    return _by_signers(trusted, [_SIGNATURE])


def sbom_present(trusted: Trust) -> list[Demand]:
    """An allowed signer attested an SBOM in an allowed format."""
    return _by_signers(trusted, sbom_types(trusted))


def sbom_types(trusted: Trust) -> list[str]:
    """The types of attestation that carry an SBOM in an allowed format."""
    return [type_ for format_ in trusted.formats for type_ in _types(format_)]


def attested(trusted: Trust) -> list[Demand]:
    """There is provenance by an allowed signer, or by a builder who is allowed to say so."""
    own = [one for one in trusted.builders if "issuer" in one[1]]
    return [
        *_by_signers(trusted, slsa.TYPES, slsa.statement),
        *_by_builders(own, slsa.built_by),
    ]


def builder_trusted(trusted: Trust) -> list[Demand]:
    """There is provenance by a builder of the level."""
    return _by_builders(trusted.good_builders, slsa.built_by)


def source_expected(trusted: Trust) -> list[Demand]:
    """A builder of the level says in its provenance what was expected.

    Where the settings trust no builder at all, the provenance that anybody allowed signed says so.
    """
    source = slsa.Source(trusted.expected)
    if trusted.builders or trusted.lost:
        return _by_builders(trusted.good_builders, source.of_builder)
    return _by_signers(trusted, slsa.TYPES, source.condition)


CARRIED: Final[Mapping[str, Callable[[Trust], list[Demand]]]] = {
    "provenance.attested": attested,
    "provenance.builder_trusted": builder_trusted,
    "provenance.sbom_present": sbom_present,
    "provenance.signed": signed,
    "provenance.source_expected": source_expected,
}


def _types(format_: str) -> list[str]:
    base, versions = _VERSIONS[format_]
    return [base, *(f"{base}/v{version}" for version in versions)]


def _by_signers(
    trusted: Trust, types: Sequence[str], condition: Callable[[str], str] = lambda _: ""
) -> list[Demand]:
    if trusted.signers is None:
        return []
    return [Demand(trusted.signers, type_, condition(type_)) for type_ in types]


def _by_builders(
    builders: Iterable[tuple[Attestor, Builder]], condition: Callable[[str, str], str]
) -> list[Demand]:
    return [
        Demand(attestor, type_, condition(type_, builder["id"]))
        for attestor, builder in builders
        for type_ in slsa.TYPES
    ]


def policies(rule: Rule, level: str, trusted: Trust) -> Iterator[tuple[Scope, dict[str, Any]]]:
    """The policies of a rule: every image has to meet one of its demands."""
    demands = CARRIED[rule.id](trusted)
    for scope in SCOPES:
        yield scope, _policy(rule, level, scope, demands)


def _extracted(scope: Scope) -> list[dict[str, str]]:
    """Every image once, in the place of what Kyverno extracts by itself.

    Beside its own lists, or with an image twice, Kyverno 1.19.1 takes a lock that it never gives
    back, and waits for itself as soon as there is another image to fetch.
    """
    every = f"{cel.images(scope.workloads).rstrip()}\n  .distinct()\n"
    return [
        {"name": "containers", "expression": every},
        {"name": "initContainers", "expression": "[]"},
        {"name": "ephemeralContainers", "expression": "[]"},
    ]


def _policy(rule: Rule, level: str, scope: Scope, demands: Sequence[Demand]) -> dict[str, Any]:
    attestors = {one.attestor.name: one.attestor for one in demands}
    types = dict.fromkeys(one.attestation for one in demands)
    met = cel.either(one.expression() for one in demands)
    rest = {
        # What was reviewed is to run: nothing is mutated, and a tag has to have its digest.
        "validationConfigurations": {"mutateDigest": False, "verifyDigest": True, "required": True},
        "webhookConfiguration": {"timeoutSeconds": _SECONDS},
        "images": _extracted(scope),
        "attestors": [one.document() for one in attestors.values()],
        "attestations": [{"name": slsa.name(one), "intoto": {"type": one}} for one in types],
        "validations": [
            {
                "expression": f"images.containers.all(i,\n  {met})\n",
                "message": f"{rule.title}: not every image does what {rule.id} demands",
            }
        ],
    }
    return policy("ImageValidatingPolicy", rule, level, scope, rest)
