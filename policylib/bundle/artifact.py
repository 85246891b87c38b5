"""The one artifact for OPA, conftest and gator, and how it and an OPA bundle lie in a registry.

Each takes from it what it knows, and looks at nothing else: OPA the manifest and the Rego,
conftest the Rego, gator the templates and constraints. Settings and facts are Rego, since gator
takes every JSON and YAML file for a resource, and conftest no data from where policies lie.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from policylib import archive, reading
from policylib.bundle import conftest, folder, gatekeeper, opa, unpacked
from policylib.errors import BundleError
from policylib.oci import Artifact
from policylib.rules import RuleSet

_NUMBERED: Final = re.compile(r"([0-9]{1,18})\+")
REVISION: Final = "dev.policylib.revision"
"""The annotation of an artifact that says its revision."""
_RESOURCES: Final = ("templates/", "constraints/")


def files(
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    revision: str,
) -> dict[str, bytes]:
    """The manifest, the rules, settings and facts as Rego, and Gatekeeper's resources.

    Raises
    ------
    BundleError
        A rule or setting cannot be carried to one of the three.
    """
    found = conftest.files(rules, settings, facts, revision)
    return found | gatekeeper.files(rules, settings, facts)


def read(source: Path) -> Artifact:
    """What is to be pushed of a folder that was built, or of an OPA bundle.

    Raises
    ------
    BundleError
        It is neither, was changed since it was built, or cannot be read.
    """
    if not source.is_dir():
        return _bundle(_content(source), str(source))
    return pack(folder.read(source), str(source))


def pack(found: Mapping[str, bytes], where: str) -> Artifact:
    """What is to be pushed of the files of a target.

    Raises
    ------
    BundleError
        It is no OPA bundle, and OPA, conftest or gator would find nothing in it.
    """
    if found.keys() == {opa.ARCHIVE}:
        return _bundle(found[opa.ARCHIVE], where)
    missing = [
        what
        for what, has in (
            ("a manifest", opa.MANIFEST in found),
            ("settings as Rego", "settings/settings.rego" in found),
            ("Gatekeeper's resources", any(name.startswith(_RESOURCES) for name in found)),
        )
        if not has
    ]
    if missing:
        raise BundleError(
            f"this is no artifact for OPA, conftest and gator: it lacks {' and '.join(missing)}",
            where=where,
            remedy="`bundle build --target artifact` builds one, `--target opa` a bundle for OPA",
        )
    said = _annotations(found[opa.MANIFEST], where)
    return Artifact(archive.write(found, folders=True), ".", unpack=True, annotations=said)


def revision(files: Mapping[str, bytes]) -> str:
    """The revision that a release's files say they are, which nobody vouches for; or nothing."""
    try:
        archived = files.get(opa.ARCHIVE)
        held = files if archived is None else unpacked.of_archive(archived, opa.ARCHIVE)
        return _annotations(held[opa.MANIFEST], opa.MANIFEST)[REVISION]
    except (BundleError, KeyError):
        return ""


def is_older(revision: str, than: str) -> bool:
    """Whether a revision's number is the lower one; one without a number is older than any.

    >>> is_older("9+sha256:…", "10+sha256:…"), is_older("", "0+sha256:…"), is_older("", "")
    (True, True, False)
    """
    return _number(revision) < _number(than)


def _number(revision: str) -> int:
    found = _NUMBERED.match(revision)
    return int(found[1]) if found else -1


def _bundle(content: bytes, where: str) -> Artifact:
    """An OPA bundle as it is: a file to all but OPA.

    conftest would take its rules without its settings, and gator nothing at all, if they
    unpacked it.
    """
    found = unpacked.of_archive(content, where)
    if opa.MANIFEST not in found:
        raise BundleError(
            "this is no bundle: it has no manifest",
            where=where,
            remedy="`bundle build --target opa` builds one",
        )
    said = _annotations(found[opa.MANIFEST], where)
    return Artifact(content, opa.ARCHIVE, unpack=False, annotations=said)


def _annotations(manifest: bytes, where: str) -> dict[str, str]:
    """What a registry shows of a bundle."""
    try:
        said = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise BundleError("the manifest is not JSON", where=where) from error
    revision = said.get("revision") if isinstance(said, dict) else None
    if not isinstance(revision, str) or not revision.isprintable() or not revision:
        raise BundleError("the manifest says no revision", where=where)
    return {
        REVISION: revision,
        "org.opencontainers.image.revision": revision,
        "org.opencontainers.image.title": "policylib",
    }


def _content(source: Path) -> bytes:
    try:
        return reading.read(source)
    except OSError as error:
        raise BundleError(f"cannot be read: {error.strerror}", where=str(source)) from error
