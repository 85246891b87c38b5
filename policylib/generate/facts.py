"""Facts about images that are as the settings' provenance section demands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from policylib.generate.choices import Choices, once_in
from policylib.generate.sample import Doc, Settings

STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
PREDICATES = ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2")
SBOM_TYPES = {"cyclonedx": "https://cyclonedx.org/bom", "spdx": "https://spdx.dev/Document"}
SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"

VERIFIED = ("2025-03-02T12:00:00Z", "2020-02-29T23:59:59+14:00", "2025-06-01T00:00:00.123456789Z")
EXPIRES = ("2098-03-09T12:00:00Z", "2096-02-29T00:00:00-08:00")

BUILD_TYPES = (
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
)
STRANGER = {"issuer": "https://issuer.evil.example", "identity": "mallory@evil.example"}
ELSEWHERE = "https://code.evil.example/mallory/app"

_WORDS = ("app", "v1.2.3", "a-b", "x", "Web_2", "1.0.0+build:7")


@dataclass(frozen=True)
class Bound:
    """A builder of some level, and a signer who may sign for it."""

    builder: str
    signer: Mapping[str, str]
    level: int


@dataclass(frozen=True)
class Trust:
    """Whom and what a provenance section trusts."""

    section: Mapping[str, Any]

    def listed(self, key: str, usual: Sequence[Any] = ()) -> list[Any]:
        """What stands under a key, or what is usual."""
        found = self.section.get(key, usual)
        return list(found) if isinstance(found, list | tuple) else []

    @cached_property
    def signers(self) -> list[Any]:
        """Who may sign, by issuer and identity."""
        return [e for e in self.listed("signers") if _is_entry(e, {"issuer", "identity"}, set())]

    @cached_property
    def builders(self) -> list[Any]:
        """The builders, by id."""
        optional = {"issuer", "identity"}
        return [e for e in self.listed("builders") if _is_entry(e, {"id", "level"}, optional)]

    @property
    def refs(self) -> list[str]:
        """Which refs may be built."""
        return self.listed("refs", ("refs/heads/main", "refs/tags/*"))

    @property
    def formats(self) -> list[str]:
        """The accepted formats of SBOM."""
        return self.listed("sbom_formats", tuple(SBOM_TYPES))

    def allows(self, signer: Mapping[str, str]) -> bool:
        """Whether a signer is one of those who may sign."""
        return any(
            entry["issuer"] == signer["issuer"] and means(entry["identity"], signer["identity"])
            for entry in self.signers
        )

    def expects(self, url: str) -> bool:
        """Whether a repository is one of those that may be built, or below one."""
        bare = url.removeprefix("git+").removesuffix(".git")
        entries = [entry.removeprefix("git+") for entry in self.listed("sources")]
        return any(
            bare.startswith(entry) if entry.endswith("/") else bare == entry.removesuffix(".git")
            for entry in entries
        )

    def bound(self, choices: Choices, entry: Mapping[str, Any]) -> Bound | None:
        """A builder that an entry means, signed by who may; None where nobody may."""
        builder = concrete(choices, entry["id"])
        identity = concrete(choices, entry["identity"]) if "identity" in entry else builder
        if "issuer" in entry:
            signer = {"issuer": entry["issuer"], "identity": identity}
            return Bound(builder, signer, entry["level"])
        for allowed in self.signers:
            signer = {"issuer": allowed["issuer"], "identity": identity}
            if means(allowed["identity"], identity):
                return Bound(builder, signer, entry["level"])
        return None

    def vouches(self, attestation: Mapping[str, Any]) -> bool:
        """Whether somebody signed who may: an allowed signer, or whom a builder's entry binds."""
        signer = attestation["signer"]
        return self.allows(signer) or any(
            entry.get("issuer") == signer["issuer"] and _owns(entry, attestation)
            for entry in self.builders
        )

    def level(self, attestation: Mapping[str, Any]) -> int:
        """The highest level of a builder that an attestation names and its signer may sign for."""
        signer = attestation["signer"]
        return max(
            (
                entry["level"]
                for entry in self.builders
                if _owns(entry, attestation)
                and (
                    entry["issuer"] == signer["issuer"]
                    if "issuer" in entry
                    else self.allows(signer)
                )
            ),
            default=0,
        )


@lru_cache(maxsize=1024)
def _is_plain(text: str) -> bool:
    return re.fullmatch("[!-~]+", text) is not None


def _is_entry(entry: object, needed: set[str], optional: set[str]) -> bool:
    """Whether an entry is written as the settings' schema says, and so counts."""
    if not isinstance(entry, dict) or not needed <= entry.keys() <= needed | optional:
        return False
    texts = (value for key, value in entry.items() if key != "level")
    return all(isinstance(text, str) and _is_plain(text) for text in texts)


def _owns(entry: Mapping[str, Any], attestation: Mapping[str, Any]) -> bool:
    builder, identity = attestation.get("builder", ""), attestation["signer"]["identity"]
    if not means(entry["id"], builder):
        return False
    return means(entry["identity"], identity) if "identity" in entry else identity == builder


def trust(settings: Settings) -> Trust:
    """What the provenance section of the settings trusts."""
    return Trust(settings.get("provenance") or {})


@lru_cache(maxsize=4096)
def means(pattern: str, text: str) -> bool:
    """Whether a pattern means a text: `*` is one or more characters other than / and @."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch("[^/@]+".join(parts), text) is not None


def concrete(choices: Choices, pattern: str) -> str:
    """A text that a pattern means."""
    first, *rest = pattern.split("*")
    return first + "".join(choices.one_of(_WORDS) + part for part in rest)


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
        _beside(choices, found)
    return found


def _beside(choices: Choices, found: Doc) -> None:
    """What counts for nothing, and takes nothing away."""
    subject = found["image"].split("@")[1]
    for key in ("signers", "attestations", "sbom"):
        if once_in(choices, 2):
            at = choices.integer(0, 1)
            found[key].insert(at, dict(STRANGER) if key == "signers" else scan(key, subject))


def scan(key: str, subject: str) -> Doc:
    """An attestation by a stranger that is no provenance, or an SBOM in no known format."""
    if key == "sbom":
        return {
            "format": "syft",
            "predicate_type": "https://syft.dev/bom",
            "subject": subject,
            "signer": dict(STRANGER),
        }
    return {
        "statement_type": STATEMENTS[0],
        "predicate_type": SCAN,
        "subject": subject,
        "signer": dict(STRANGER),
    }


def signer(choices: Choices, known: Trust) -> Doc:
    """An allowed signer; a stranger where nobody is allowed."""
    if not known.signers:
        return dict(STRANGER)
    entry = choices.one_of(known.signers)
    return {"issuer": entry["issuer"], "identity": concrete(choices, entry["identity"])}


def bounds(choices: Choices, known: Trust, level: int, most: int = 3) -> Iterator[Bound]:
    """The builders from one level to another that somebody may sign for."""
    for entry in known.builders:
        if level <= entry["level"] <= most:
            found = known.bound(choices, entry)
            if found is not None:
                yield found


def provenance(choices: Choices, known: Trust, subject: str, level: int) -> Doc:
    """Provenance by a builder of a level, or by nobody known where there is none."""
    found = list(bounds(choices, known, level))
    named = choices.one_of(found) if found else Bound("https://builder.example", STRANGER, 0)
    return {
        "statement_type": choices.one_of(STATEMENTS),
        "predicate_type": choices.one_of(PREDICATES),
        "subject": subject,
        "signer": dict(named.signer),
        "builder": named.builder,
        "build_type": choices.one_of(known.listed("build_types", BUILD_TYPES) or BUILD_TYPES),
        "source": source(choices, known),
        "external_parameters": parameters(choices, known),
    }


def source(choices: Choices, known: Trust) -> Doc:
    """A repository and ref that may be built."""
    entry = choices.one_of(known.listed("sources") or [ELSEWHERE])
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
    names = known.listed("external_parameters", ("workflow",))
    values = ({"path": ".github/workflows/release.yml"}, "x", None, ["a"])
    return {name: choices.one_of(values) for name in names if not once_in(choices, 3)}


def sbom(choices: Choices, known: Trust, subject: str) -> Doc:
    """An SBOM in an accepted format, by an allowed signer."""
    form = choices.one_of([f for f in known.formats if f in SBOM_TYPES] or ["cyclonedx"])
    return {
        "format": form,
        "predicate_type": SBOM_TYPES[form] + choices.one_of(("", "/v1", "/v2.3", "/v1.6.0")),
        "subject": subject,
        "signer": signer(choices, known),
    }
