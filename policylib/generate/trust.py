"""Whom and what a provenance section trusts, and what certainly lies outside of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from typing import Any

from policylib.generate.choices import Choices
from policylib.generate.sample import Settings

BUILD_TYPES = (
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
)
# Where builders write what came from outside: GitHub's, the SLSA generator's, GitLab's,
# Cloud Build's, Tekton Chains' and BuildKit's provenance of SLSA v1.
PARAMETERS = (
    *("workflow", "source", "inputs", "vars", "config", "entryPoint", "variables"),
    *("buildConfigSource", "substitutions", "runSpec", "configSource", "request"),
)
FORMATS = ("cyclonedx", "spdx")

_WORDS = ("app", "v1.2.3", "a-b", "x", "Web_2", "1.0.0+build:7")
_HOST = r"https://[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]+)?"
_SEGMENT = r"/[0-9A-Za-z._~-]+"
_LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Bound:
    """A builder of some level, and a signer who may sign for it."""

    builder: str
    signer: Mapping[str, str]
    level: int


@dataclass(frozen=True)
class Trust:
    """Whom and what a provenance section trusts. An entry that is malformed counts for nothing."""

    section: Mapping[str, Any]

    def listed(self, key: str, usual: Sequence[Any] = ()) -> list[Any]:
        """What stands under a key, or what is usual."""
        found = self.section.get(key, usual)
        return list(found) if isinstance(found, list | tuple) else []

    def _texts(self, key: str, usual: Sequence[str] = ()) -> list[str]:
        return [x for x in self.listed(key, usual) if isinstance(x, str) and _is_plain(x)]

    @cached_property
    def signers(self) -> list[Any]:
        """Who may sign, by issuer and identity."""
        return [e for e in self.listed("signers") if _is_entry(e, {"issuer", "identity"}, set())]

    @cached_property
    def builders(self) -> list[Any]:
        """The builders, by id. An id that means many binds each to itself."""
        optional = {"issuer", "identity"}
        found = [e for e in self.listed("builders") if _is_entry(e, {"id", "level"}, optional)]
        return [
            entry
            for entry in found
            if entry["level"] in _LEVELS
            and not isinstance(entry["level"], bool)
            and not ("*" in entry["id"] and "identity" in entry)
        ]

    @property
    def sources(self) -> list[str]:
        """Repositories that may be built, and folders of such, which end in a slash."""
        return [entry for entry in self._texts("sources") if repository(entry) or _is_folder(entry)]

    @property
    def refs(self) -> list[str]:
        """Which refs may be built."""
        return self._texts("refs", ("refs/heads/main", "refs/tags/*"))

    @property
    def build_types(self) -> list[str]:
        """How it may be built."""
        return self._texts("build_types", BUILD_TYPES)

    @property
    def parameters(self) -> list[str]:
        """What may come from outside, by name."""
        found = self.listed("external_parameters", ("workflow",))
        return [name for name in found if isinstance(name, str)]

    @property
    def formats(self) -> list[str]:
        """The accepted formats of SBOM."""
        return [form for form in self.listed("sbom_formats", FORMATS) if form in FORMATS]

    @property
    def stranger(self) -> dict[str, str]:
        """Somebody of whom no entry says anything: issuers are exact."""
        known = {entry.get("issuer") for entry in (*self.signers, *self.builders)}
        issuers = (f"https://issuer{n or ''}.evil.example" for n in count())
        issuer = next(one for one in issuers if one not in known)
        return {"issuer": issuer, "identity": "mallory@evil.example"}

    @property
    def nobody(self) -> str:
        """A builder that no entry means: it has more segments than any."""
        longer = ("https://builder.evil.example/hosted" + "/x" * n for n in count())
        return next(b for b in longer if not any(means(e["id"], b) for e in self.builders))

    @property
    def elsewhere(self) -> str:
        """A repository that no entry covers."""
        urls = (f"https://code{n or ''}.evil.example/mallory/app" for n in count())
        return next(url for url in urls if not self.expects(url))

    def other_refs(self, *refs: str) -> list[str]:
        """Which of these must not be built; one with more levels than any pattern if none is."""
        longer = ("refs/heads/mallory" + "/x" * n for n in count())
        beyond = next(ref for ref in longer if not self.builds(ref))
        return [ref for ref in refs if ref and not self.builds(ref)] or [beyond]

    def builds(self, ref: str) -> bool:
        """Whether a ref may be built."""
        return any(means(pattern, ref) for pattern in self.refs)

    def allows(self, signer: Mapping[str, str]) -> bool:
        """Whether a signer is one of those who may sign."""
        return any(
            entry["issuer"] == signer["issuer"] and means(entry["identity"], signer["identity"])
            for entry in self.signers
        )

    def expects(self, url: str) -> bool:
        """Whether a repository is one of those that may be built, or below one."""
        bare = repository(url)
        return bare is not None and any(
            bare.startswith(entry.removeprefix("git+"))
            if entry.endswith("/")
            else bare == repository(entry)
            for entry in self.sources
        )

    def bounds(self, entry: Mapping[str, Any]) -> list[Bound]:
        """Builders that an entry means, each signed by who may; none where nobody may."""
        found = []
        for builder in self._meant(entry["id"]):
            own = self._meant(entry["identity"]) if "identity" in entry else (builder,)
            for identity in own:
                issuers = [e["issuer"] for e in self.signers if means(e["identity"], identity)]
                for issuer in [entry["issuer"]] if "issuer" in entry else issuers:
                    signer = {"issuer": issuer, "identity": identity}
                    found.append(Bound(builder, signer, entry["level"]))
        return found

    def _meant(self, pattern: str) -> Iterable[str]:
        """Texts that a pattern means, those among them that signers' patterns mean too."""
        signing = [text for entry in self.signers for text in _filled(entry["identity"])]
        shared = [text for text in signing if means(pattern, text)]
        return dict.fromkeys((*_filled(pattern), *shared))

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
def repository(url: str) -> str | None:
    """A repository's URL without git+ and .git; None for what is none, or climbs."""
    bare = url.removeprefix("git+").removesuffix(".git")
    whole = re.fullmatch(f"{_HOST}(?:{_SEGMENT})+", bare) is not None
    return bare if whole and not {".", ".."} & set(bare.split("/")) else None


def _is_folder(entry: str) -> bool:
    """Whether an entry permits all that is below it."""
    return repository(f"{entry}x") is not None and entry.endswith("/")


@lru_cache(maxsize=4096)
def means(pattern: str, text: str) -> bool:
    """Whether a pattern means a text: `*` is one or more characters other than / and @."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch("[^/@]+".join(parts), text) is not None


def _filled(pattern: str) -> list[str]:
    """Texts that a pattern means, with the same word for each star."""
    return [pattern.replace("*", word) for word in (_WORDS if "*" in pattern else ("",))]


def concrete(choices: Choices, pattern: str) -> str:
    """A text that a pattern means."""
    first, *rest = pattern.split("*")
    return first + "".join(choices.one_of(_WORDS) + part for part in rest)


def outside(options: Sequence[str], is_in: Callable[[str], bool], else_: str) -> list[str]:
    """What of these is not in; else one more, made longer until it is not."""
    longer = (else_ + "x" * n for n in count())
    found = [one for one in options if not is_in(one)]
    return found or [next(one for one in longer if not is_in(one))]
