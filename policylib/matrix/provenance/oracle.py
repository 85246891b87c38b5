"""What the settings promise of a workload and the facts about its images, read without the rules.

It knows what the guide says of provenance. It reads `data.settings`, documents and facts as plain
data, with patterns, dates and URLs read in its own way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from policylib.matrix.interface import Word
from policylib.matrix.provenance.reads import is_digest, moment, pattern_means, plain, repository

_ALLOW = Word("allow", "all that the settings ask for was verified, by whom they trust")
_STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
_PROVENANCE = ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2")
_BOMS = {"cyclonedx": "https://cyclonedx.org/bom", "spdx": "https://spdx.dev/Document"}
_GITHUB = (
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
)
_DEFAULTS: dict[str, Any] = {
    "signers": (),
    "builders": (),
    "sources": (),
    "refs": ("refs/heads/main", "refs/tags/*"),
    "build_types": _GITHUB,
    "external_parameters": ("workflow",),
    "sbom_formats": ("cyclonedx", "spdx"),
}
_KEYS = {"apiVersion", "kind", "image", "verified_at", "expires_at", "errors"}
_LISTS: dict[str, tuple[set[str], set[str]]] = {
    "signers": ({"issuer", "identity"}, set()),
    "attestations": (
        {"statement_type", "predicate_type", "subject", "signer"},
        {"builder", "build_type", "source", "external_parameters"},
    ),
    "sbom": ({"format", "predicate_type", "subject", "signer"}, set()),
}

Data = Mapping[str, Any]


def word(settings: Data, document: Data, facts: Data) -> Word:
    """What the settings say of a document with facts about its images, and why."""
    found: list[tuple[str | None, Data | None]]
    if document["kind"] == "ImageFacts":
        found = [(_key(document.get("image")), document)]
    else:
        found = [(key, facts.get(key or "")) for key in map(_key, images(document))]
    for key, held in found:
        fault = next(_faults(settings, document, key, held), None)
        if fault is not None:
            return Word("deny", fault)
    return _ALLOW


def images(value: object) -> list[object]:
    """What stands in the place of an image, anywhere in what runs some."""
    if isinstance(value, list):
        return [image for item in value for image in images(item)]
    if not isinstance(value, dict):
        return []
    found: list[object] = []
    for key, item in value.items():
        if key == "image":
            found.append(_whole(item) if isinstance(item, dict) else item)
        elif key == "podSpecPatch":
            found.extend(images(json.loads(item)))
        else:
            found.extend(images(item))
    return found


def _whole(image: Data) -> object:
    """The reference of an image that is an object: of a volume, or in parts."""
    if "repository" not in image:
        return image.get("reference")
    tag, digest = image.get("tag"), image.get("digest")
    return image["repository"] + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _key(reference: object) -> str | None:
    """The repository and digest under which facts are kept."""
    if not isinstance(reference, str) or reference.count("@") != 1:
        return None
    name, digest = reference.split("@")
    last = name.rsplit("/", 1)[-1]
    if ":" in last:
        name = name[: len(name) - len(last)] + last.split(":", maxsplit=1)[0]
    return f"{name}@{digest}" if is_digest(digest) and name else None


def _faults(settings: Data, document: Data, key: str | None, held: Data | None) -> Iterator[str]:
    if key is None:
        yield "an image has no whole sha256 digest, so nobody can have verified it"
    elif held is None:
        yield "nobody verified the image"
    else:
        whole = next(_unusable(held, key), None)
        yield from [whole] if whole else _untrusted(settings, document, held)


def _unusable(held: Data, key: str) -> Iterator[str]:
    """Why facts are worth nothing."""
    names = set(held) - {"metadata"}
    if names != _KEYS | set(_LISTS):
        yield f"facts lack or add {', '.join(sorted(names ^ (_KEYS | set(_LISTS))))}"
        return
    if held["apiVersion"] != "policylib.dev/v1":
        yield "facts are of another version"
    if held["image"] != key:
        yield "the facts are about another image"
    for name, (needed, optional) in _LISTS.items():
        if not isinstance(held[name], list):
            yield f"{name} are no list"
        elif not all(_is_item(item, needed, optional) for item in held[name]):
            yield f"one of {name} is not written as it should be"
    if not isinstance(held["errors"], list) or held["errors"]:
        yield "the facts tell of an error"
    begins, ends, now = moment(held["verified_at"]), moment(held["expires_at"]), datetime.now(UTC)
    if begins is None or ends is None:
        yield "nobody knows when the facts hold"
    elif not begins <= now < ends:
        yield "the facts do not hold at this time"


def _is_item(item: object, needed: set[str], optional: set[str]) -> bool:
    if not isinstance(item, dict) or not needed <= set(item) <= needed | optional:
        return False
    source = item.get("source", {})
    signer = item.get("signer", {"issuer": "-", "identity": "-"})
    texts = (v for k, v in item.items() if k not in {"signer", "source", "external_parameters"})
    return (
        isinstance(source, dict)
        and set(source) <= {"repository", "ref", "commit"}
        and isinstance(signer, dict)
        and set(signer) == {"issuer", "identity"}
        and all(map(plain, texts))
    )


def _listed(settings: Data, key: str) -> list[Any]:
    given = settings["provenance"].get(key, _DEFAULTS[key])
    return list(given) if isinstance(given, list | tuple) else []


def _allowed(settings: Data, signer: Data) -> bool:
    """Whether one entry of `signers` has both the issuer and the identity."""
    return any(
        set(entry) == {"issuer", "identity"}
        and entry["issuer"] == signer["issuer"]
        and pattern_means(entry["identity"], signer["identity"])
        for entry in _listed(settings, "signers")
    )


def _untrusted(settings: Data, document: Data, held: Data) -> Iterator[str]:
    digest = held["image"].split("@")[1]
    if not any(_allowed(settings, one) for one in held["signers"]):
        yield "no allowed signer signed the image"
    accepted = [
        one
        for one in held["attestations"]
        if one["statement_type"] in _STATEMENTS
        and one["predicate_type"] in _PROVENANCE
        and one["subject"] == digest
        and (_allowed(settings, one["signer"]) or _bound(settings, one, "issued") > 0)
    ]
    if not accepted:
        yield "there is no SLSA provenance for the digest from who may sign it"
    level = demanded(settings, document)
    built = [one for one in accepted if _bound(settings, one, "any") >= level]
    if not built:
        yield f"no trusted builder of level {level} built it and signed for it"
    if not any(_is_expected(settings, one) for one in built or accepted):
        yield "it was not built from an expected source in an expected way"
    boms = [one for one in held["sbom"] if _is_bom(settings, one) and one["subject"] == digest]
    if not any(_allowed(settings, one["signer"]) for one in boms):
        yield "there is no SBOM in an accepted format for the digest from an allowed signer"


def _bound(settings: Data, attestation: Data, whose: str) -> int:
    """The highest level of an entry that is about the builder and lets the signer sign for it.

    With `issued` only of entries that name the issuer themselves.
    """
    levels, signer = [0], attestation["signer"]
    for entry in _listed(settings, "builders"):
        builder = attestation.get("builder", "")
        if not pattern_means(entry["id"], builder):
            continue
        identity = entry.get("identity")
        if identity is None and signer["identity"] != builder:
            continue
        if identity is not None and not pattern_means(identity, signer["identity"]):
            continue
        if "issuer" in entry:
            is_right = entry["issuer"] == signer["issuer"]
        else:
            is_right = whose == "any" and _allowed(settings, signer)
        if is_right and not ("*" in entry["id"] and identity is not None):
            levels.append(entry["level"])
    return max(levels)


def demanded(settings: Data, document: Data) -> int:
    """The level that the tier of a workload's service demands; the highest for no one service."""
    levels = settings["provenance"].get("minimum_level", {"gold": 3, "silver": 2, "bronze": 1})
    if not isinstance(levels, dict) or not levels or not set(levels.values()) <= {1, 2, 3}:
        return 4
    key = (settings.get("labels") or {}).get("service") or "policylib.dev/service"
    names = set(_said(document, key))
    services = (settings.get("catalog") or {}).get("services") or {}
    entry = services.get(names.pop()) if len(names) == 1 else None
    tier = entry.get("tier") if isinstance(entry, dict) else None
    return int(levels[tier]) if tier in levels else int(max(levels.values()))


def _said(value: object, key: str) -> Iterator[str]:
    """What labels and annotations say under a key, of a workload and of what it makes."""
    if isinstance(value, dict):
        metadata = value.get("metadata") or {}
        for kind in ("labels", "annotations"):
            if key in (metadata.get(kind) or {}):
                yield metadata[kind][key]
        for below in ("spec", "template", "jobTemplate"):
            yield from _said(value.get(below), key)


def _is_expected(settings: Data, attestation: Data) -> bool:
    source = attestation.get("source") or {}
    url, parameters = (
        repository(source.get("repository", "")),
        attestation.get("external_parameters"),
    )
    if url is None or not isinstance(parameters, dict):
        return False
    ref = source.get("ref", "")
    return (
        any(_covers(entry, url) for entry in _listed(settings, "sources"))
        and any(pattern_means(one, ref) for one in _listed(settings, "refs"))
        and attestation.get("build_type") in _listed(settings, "build_types")
        and set(parameters) <= set(_listed(settings, "external_parameters"))
    )


def _covers(entry: str, url: str) -> bool:
    """Whether an entry permits a repository: itself, or all below it where it ends in a slash."""
    if entry.endswith("/"):
        return url.startswith(entry.removeprefix("git+"))
    return repository(entry) == url


def _is_bom(settings: Data, bom: Data) -> bool:
    if bom["format"] not in _BOMS or bom["format"] not in _listed(settings, "sbom_formats"):
        return False
    kind, base = bom["predicate_type"], _BOMS[bom["format"]]
    if kind == base:
        return True
    version = kind.removeprefix(base + "/v")
    return version != kind and all(part.isdigit() and part.isascii() for part in version.split("."))
