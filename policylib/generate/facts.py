"""Facts about images that are as the settings' provenance section demands."""

from __future__ import annotations

from collections.abc import Iterator

from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc
from policylib.generate.trust import BUILD_TYPES, Bound, Trust, concrete

STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
PREDICATES = ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2")
SBOM_TYPES = {"cyclonedx": "https://cyclonedx.org/bom", "spdx": "https://spdx.dev/Document"}
SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"

VERIFIED = ("2025-03-02T12:00:00Z", "2020-02-29T23:59:59+14:00", "2025-06-01T00:00:00.123456789Z")
EXPIRES = ("2098-03-09T12:00:00Z", "2096-02-29T00:00:00-08:00")


def facts(choices: Choices, known: Trust, image: str, level: int) -> Doc:
    """Facts about an image that are as they should be, for a workload that needs a level."""
    subject = image.split("@")[1]
    found: Doc = {
        "apiVersion": "policylib.dev/v1",
        "kind": "ImageFacts",
        "image": image,
        "verified_at": choices.one_of(VERIFIED),
        "expires_at": choices.one_of(EXPIRES),
        "signers": [signer(choices, known)],
        "attestations": [provenance(choices, known, subject, level)],
        "sbom": [sbom(choices, known, subject)],
        "errors": [],
    }
    if once_in(choices, 6):
        found["metadata"] = {"name": "facts", "labels": {"team": "a"}}
    if once_in(choices, 3):
        _beside(choices, known, level, found)
    return found


def _beside(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """What counts for nothing, and takes nothing away."""
    for key in ("signers", "attestations", "sbom"):
        if once_in(choices, 2):
            at = choices.integer(0, 1)
            found[key].insert(at, _one_beside(choices, known, level, key, found[key][0]))


def _one_beside(choices: Choices, known: Trust, level: int, key: str, sound: Doc) -> Doc:
    """A stranger, what he signed, what is of another kind, or right in another respect alone."""
    if key == "signers":
        return known.stranger
    options = [scan(known, key, sound["subject"]), {**sound, "signer": known.stranger}]
    if key == "attestations" and known.level(sound) >= level:
        # Where a builder is trusted, nothing depends on what others say.
        source = {**sound["source"], "repository": known.elsewhere}
        unknown = {**sound, "builder": known.nobody, "signer": signer(choices, known)}
        options += [unknown, {**sound, "source": source}]
    return choices.one_of(options)


def scan(known: Trust, key: str, subject: str) -> Doc:
    """An attestation by a stranger that is no provenance, or an SBOM in no known format."""
    if key == "sbom":
        return {
            "format": "syft",
            "predicate_type": "https://syft.dev/bom",
            "subject": subject,
            "signer": known.stranger,
        }
    return {
        "statement_type": STATEMENTS[0],
        "predicate_type": SCAN,
        "subject": subject,
        "signer": known.stranger,
    }


def signer(choices: Choices, known: Trust) -> Doc:
    """An allowed signer; a stranger where nobody is allowed."""
    if not known.signers:
        return known.stranger
    entry = choices.one_of(known.signers)
    return {"issuer": entry["issuer"], "identity": concrete(choices, entry["identity"])}


def bounds(choices: Choices, known: Trust, level: int, most: int = 3) -> Iterator[Bound]:
    """The builders from one level to another that somebody may sign for."""
    for entry in known.builders:
        if level <= entry["level"] <= most:
            found = known.bounds(entry)
            if found:
                yield choices.one_of(found)


def provenance(choices: Choices, known: Trust, subject: str, level: int) -> Doc:
    """Provenance by a builder of a level, or by nobody known where there is none."""
    found = list(bounds(choices, known, level))
    named = choices.one_of(found) if found else Bound(known.nobody, known.stranger, 0)
    return {
        "statement_type": choices.one_of(STATEMENTS),
        "predicate_type": choices.one_of(PREDICATES),
        "subject": subject,
        "signer": dict(named.signer),
        "builder": named.builder,
        "build_type": choices.one_of(known.build_types or BUILD_TYPES),
        "source": source(choices, known),
        "external_parameters": parameters(choices, known),
    }


def source(choices: Choices, known: Trust) -> Doc:
    """A repository and ref that may be built."""
    entry = choices.one_of(known.sources or [known.elsewhere])
    url = (
        entry + choices.one_of(("app", "group/app", "a.b_c-d~e")) if entry.endswith("/") else entry
    )
    if not url.startswith("git+") and once_in(choices, 4):
        url = f"git+{url}"
    if not url.endswith(".git") and once_in(choices, 4):
        url = f"{url}.git"
    found = {"repository": url, "ref": concrete(choices, choices.one_of(known.refs or ["main"]))}
    if once_in(choices, 2):
        found["commit"] = "6f0c5d2a9b1e4c7f8a3d5e6b7c8d9e0f1a2b3c4d"
    return found


def parameters(choices: Choices, known: Trust) -> Doc:
    """Parameters from outside, or none, under names that are allowed."""
    values = ({"path": ".github/workflows/release.yml"}, "x", None, ["a"])
    return {name: choices.one_of(values) for name in known.parameters if not once_in(choices, 3)}


def sbom(choices: Choices, known: Trust, subject: str) -> Doc:
    """An SBOM in an accepted format, by an allowed signer."""
    form = choices.one_of(known.formats or ["cyclonedx"])
    return {
        "format": form,
        "predicate_type": SBOM_TYPES[form] + choices.one_of(("", "/v1", "/v2.3", "/v1.6.0")),
        "subject": subject,
        "signer": signer(choices, known),
    }
