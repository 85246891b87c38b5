"""What a bundle may hold: one manifest that says what it owns, and nothing outside of that."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from policylib import heads
from policylib.bundle.signatures.hashes import File, Json, Number
from policylib.bundle.signatures.reasons import Reason, refused

MANIFEST: Final = ".manifest"

_KEYS: Final = {"revision", "roots", "rego_version", "file_rego_versions", "wasm", "metadata"}
_REGO_VERSIONS: Final = frozenset({"0", "1"})
_REVISION: Final = re.compile(r"(0|[1-9][0-9]{0,14})\+sha256:([0-9a-f]{64})")
_OTHER_SIGNATURES: Final = re.compile(r"\.*signatures\.json.*|\.+signatures.*")

_Path = tuple[str, ...]


@dataclass(frozen=True)
class Revision:
    """A manifest's revision: a number that only grows, and a digest."""

    text: str
    number: int


def check(files: Mapping[str, File]) -> Revision:
    """The revision of a bundle whose files (without signatures) keep to what a bundle may hold.

    Raises `SignatureError` for any other.
    """
    for name in files:
        refuse_name(name)
    if MANIFEST not in files:
        raise refused(Reason.MANIFEST_MISSING, "the bundle has no .manifest")
    said = manifest(files[MANIFEST])
    roots = _roots(said.get("roots", [""]))
    packages = {
        name: _package(name, file.content) for name, file in files.items() if name.endswith(".rego")
    }
    data = {
        _folder(name): (name, file.value)
        for name, file in files.items()
        if name.rpartition("/")[2] == "data.json"
    }
    for name, package in packages.items():
        if not _owned(package, roots):
            what = f"it is package {'.'.join(package)}, which no root of the bundle owns"
            raise refused(Reason.REGO_OUTSIDE, what, name)
    above = {prefix for root in roots for prefix in _prefixes(root)}
    for folder, (name, value) in data.items():
        _refuse_outside(folder, value, roots, above, name)
    _refuse_empty(roots, packages.values(), {at: value for at, (_, value) in data.items()})
    return _revision(said.get("revision", ""))


def is_signatures(name: str) -> bool:
    """Whether a name is that of a signatures file, or could be taken for one."""
    return _OTHER_SIGNATURES.fullmatch(name.rpartition("/")[2].casefold()) is not None


def refuse_name(name: str) -> None:
    """Refuse files that a reader takes for more than they seem; raises `SignatureError`."""
    base = name.rpartition("/")[2]
    if is_signatures(name):
        raise refused(Reason.SECOND_SIGNATURES, "it looks like another signatures file", name)
    if base == "patch.json":
        raise refused(
            Reason.DELTA, "it makes the bundle a delta: only whole bundles are read", name
        )
    if name.endswith(".wasm") or base in {"plan.json", "plan.pb"}:
        raise refused(Reason.COMPILED, "compiled policy cannot be reviewed", name)
    if name != MANIFEST and name.endswith((".manifest", ".manifest.pb")):
        raise refused(Reason.SECOND_MANIFEST, "OPA takes it for a manifest", name)


def manifest(file: File) -> Mapping[str, Json]:
    """What a manifest says, in keys that mean the same to every reader: to OPA case is nothing.

    Raises `SignatureError`.
    """
    said = file.value
    if not isinstance(said, Mapping):
        raise refused(Reason.MANIFEST_MALFORMED, "it is no object", MANIFEST)
    if unknown := said.keys() - _KEYS:
        what = f"it has a key that is not known: {min(unknown)!r}"
        raise refused(Reason.MANIFEST_MALFORMED, what, MANIFEST)
    if not isinstance(said.get("metadata", {}), Mapping):
        raise refused(Reason.MANIFEST_MALFORMED, "its metadata are no object", MANIFEST)
    if said.get("wasm", []) != []:
        raise refused(Reason.COMPILED, "it names compiled policy", MANIFEST)
    rego_versions(said)
    return said


def rego_versions(manifest: Mapping[str, Json]) -> frozenset[str]:
    """The versions of Rego that a manifest asks for; raises `SignatureError` for what is none."""
    by_file = manifest.get("file_rego_versions", {})
    if not isinstance(by_file, Mapping):
        raise refused(Reason.MANIFEST_MALFORMED, "its file_rego_versions are no object", MANIFEST)
    every = (manifest.get("rego_version", Number("1")), *by_file.values())
    found = frozenset(one if isinstance(one, Number) else "" for one in every)
    if not found <= _REGO_VERSIONS:
        what = "it asks for a Rego version that is neither 0 nor 1"
        raise refused(Reason.REGO_VERSION, what, MANIFEST)
    return found


def _roots(said: Json) -> frozenset[_Path]:
    if not isinstance(said, Sequence) or isinstance(said, str) or not said:
        raise refused(Reason.MANIFEST_MALFORMED, "its roots are no list of paths", MANIFEST)
    roots: list[_Path] = []
    for root in said:
        if not isinstance(root, str) or isinstance(root, Number):
            raise refused(Reason.MANIFEST_MALFORMED, "a root is no text", MANIFEST)
        if root.strip("/") == "":
            raise refused(
                Reason.ROOTS_EVERYTHING,
                "a root is empty or there are none, so that the bundle owns all of data",
                MANIFEST,
                "name the roots that it fills",
            )
        parts = tuple(root.split("/"))
        if "" in parts:
            raise refused(Reason.MANIFEST_MALFORMED, f"the root {root!r} is no path", MANIFEST)
        roots.append(parts)
    for one, other in pairwise(sorted(roots)):
        if other[: len(one)] == one:
            what = f"the roots {'/'.join(one)} and {'/'.join(other)} overlap"
            raise refused(Reason.ROOTS_OVERLAP, what, MANIFEST)
    return frozenset(roots)


def _package(name: str, content: bytes) -> _Path:
    try:
        found = heads.package(content.decode("utf-8"))
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise refused(Reason.PACKAGE_UNREADABLE, heads.UNREADABLE, name, heads.REMEDY)
    return found


def _folder(name: str) -> _Path:
    """Where OPA puts a data file."""
    folder = name.rpartition("/")[0]
    if folder.startswith("."):
        raise refused(Reason.ODD_NAME, "OPA drops the dots in front of its folder", name)
    return tuple(folder.split("/")) if folder else ()


def _prefixes(path: _Path) -> Iterator[_Path]:
    """Where a path leads through, from the top down to itself."""
    return (path[:length] for length in range(len(path) + 1))


def _owned(path: _Path, roots: Collection[_Path]) -> bool:
    return any(prefix in roots for prefix in _prefixes(path))


def _refuse_outside(
    path: _Path, value: Json, roots: Collection[_Path], above: Collection[_Path], name: str
) -> None:
    """Refuse data that are neither below a root nor on the way to one."""
    if _owned(path, roots):
        return
    if path not in above or not isinstance(value, Mapping):
        what = f"it holds data at /{'/'.join(path)}, which no root of the bundle owns"
        raise refused(Reason.DATA_OUTSIDE, what, name)
    for key, item in value.items():
        _refuse_outside((*path, key), item, roots, above, name)


def _refuse_empty(
    roots: Iterable[_Path], packages: Iterable[_Path], data: Mapping[_Path, Json]
) -> None:
    filled = {prefix for path in (*packages, *data) for prefix in _prefixes(path)}
    for root in sorted(roots):
        if root not in filled and not _within(root, data):
            what = f"nothing in the bundle belongs to its root {'/'.join(root)}"
            raise refused(Reason.ROOTS_EMPTY, what, MANIFEST)


def _within(root: _Path, data: Mapping[_Path, Json]) -> bool:
    """Whether a data file above a root holds something there."""
    return any(_reaches(root[len(at) :], data[at]) for at in _prefixes(root) if at in data)


def _reaches(path: _Path, value: Json) -> bool:
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


def _revision(said: Json) -> Revision:
    found = _REVISION.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise refused(
            Reason.REVISION_MALFORMED,
            f"its revision {said!r} is no NUMBER+sha256:DIGEST",
            MANIFEST,
            "the number only grows; so an older bundle is told from a later one",
        )
    return Revision(found[0], int(found[1]))
