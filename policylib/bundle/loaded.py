"""Bundles read back: rules, settings and facts, ready to be compared and asked.

What is read may come from anywhere, so that it is bounded, and nothing of it is passed over that
could decide something. It is asked as an engine would ask it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from policylib import oci, reading, rules
from policylib._native import read
from policylib.bundle import definition, opa, unpacked
from policylib.engine.interface import UNCONFIGURED, Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import BundleError, PolicylibError
from policylib.overlay import DECISION
from policylib.rules import RuleSet

_DEEPEST = 100
_GZIP = b"\x1f\x8b"
_DATA_MODULES = ("settings/settings.rego", "facts/facts.rego")
_PROBE = "policylib_probe"
_ASKS = """\
package {name}

import rego.v1

default settings := {{}}

settings := data.settings

default facts := {{}}

facts := data.facts
"""
_COMPILED = "compiled policy cannot be compared"
_YAML = "data as YAML means different things to its readers: write data.json"
_UNREAD = {
    "patch.json": "it is a delta: only whole bundles can be compared",
    "data.yaml": _YAML,
    "data.yml": _YAML,
    "plan.json": _COMPILED,
    "plan.pb": _COMPILED,
}


@dataclass(frozen=True)
class Loaded:
    """A bundle in memory.

    `modules` is all of its Rego, tests and what stands for data too; `data` all of its data.
    """

    name: str
    revision: str
    modules: Mapping[str, str]
    data: Mapping[str, Any]

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Its Rego below the root of the rules, without what stands for data."""
        return _rooted({k: v for k, v in self.modules.items() if k not in _DATA_MODULES})

    @cached_property
    def rules(self) -> RuleSet:
        """Its rules, and the modules that they need; raises `BundleError`."""
        found = {k: v for k, v in self.sources.items() if not rules.is_test(PurePosixPath(k))}
        try:
            index = rules.of(found)
        except PolicylibError as error:
            place = f"{self.name}: {error.where}" if error.where else self.name
            raise BundleError(error.what, where=place, remedy=error.remedy) from error
        if DECISION not in found or not index.rules:
            raise BundleError(
                "policylib's rules and its decision are not in this bundle",
                where=self.name,
                remedy=f"the decision is {DECISION}, below the root of the bundle",
            )
        return index

    @cached_property
    def engine(self) -> RegorusEngine:
        """The native engine with the bundle as it is; raises `BundleError`."""
        return self._engine(self.modules)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What its rules read as `data.settings`; raises `BundleError`."""
        return self._given["settings"]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What its rules read as `data.facts`; raises `BundleError`."""
        return self._given["facts"]

    @cached_property
    def unconfigured(self) -> frozenset[str]:
        """The families that it does not ask."""
        [answer] = self.engine.evaluate(UNCONFIGURED, [{}])
        if isinstance(answer, Failure):
            raise BundleError(
                f"it does not say which families it asks: {answer.message}", where=self.name
            )
        return frozenset(map(str, answer.value))

    @cached_property
    def _given(self) -> dict[str, dict[str, Any]]:
        """Settings and facts, whether they are data or Rego."""
        name = _PROBE
        while name in self.data or any(name in text for text in self.modules.values()):
            name += "_"
        engine = self._engine({**self.modules, f"{name}.rego": _ASKS.format(name=name)})
        found: dict[str, dict[str, Any]] = {}
        for what in ("settings", "facts"):
            [answer] = engine.evaluate(f"data.{name}.{what}", [{}])
            if isinstance(answer, Failure) or not isinstance(answer.value, dict):
                why = answer.message if isinstance(answer, Failure) else "they are no mapping"
                raise BundleError(f"its {what} cannot be read: {why}", where=self.name)
            _require_shallow(answer.value, f"{self.name}: {what}")
            found[what] = answer.value
        return found

    def _engine(self, modules: Mapping[str, str]) -> RegorusEngine:
        try:
            return RegorusEngine(modules, self.data)
        except PolicylibError as error:
            raise BundleError(f"its Rego does not load: {error.what}", where=self.name) from error


def load(source: str) -> Loaded:
    """The bundle that a name leads to.

    Parameters
    ----------
    source
        `oci://…`, an archive, a folder that was built or unpacked, or a definition.

    Raises
    ------
    BundleError
        It is none of these, cannot be read, or holds what cannot be compared.
    PolicylibError
        What a definition names cannot be used.
    """
    if source.startswith(oci.SCHEME):
        return _loaded(source, oci.pull(source).files)
    path = Path(source)
    try:
        if path.is_dir():
            return _loaded(source, unpacked.of_folder(path))
        content = reading.read(path, pipes=True)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        reason = getattr(error, "strerror", None) or str(error)
        raise BundleError(f"the bundle cannot be read: {reason}", where=source) from error
    if content.startswith(_GZIP):
        return _loaded(source, unpacked.of_archive(content, source))
    return _defined(path, content)


def _defined(path: Path, content: bytes) -> Loaded:
    found = definition.load(path, content)
    policy = found.policy
    data = {"settings": policy.data} | ({} if found.facts is None else {"facts": found.facts})
    return Loaded(str(path), policy.revision, policy.rules.modules, data)


def _loaded(name: str, files: Mapping[str, bytes]) -> Loaded:
    if files.keys() == {opa.ARCHIVE}:
        return _loaded(name, unpacked.of_archive(files[opa.ARCHIVE], name))
    for path in files:
        usual = _COMPILED if path.endswith(".wasm") else ""
        if why := _UNREAD.get(PurePosixPath(path).name, usual):
            raise BundleError(why, where=f"{name}: {path}")
    modules = {
        path: _text(name, path, content)
        for path, content in sorted(files.items())
        if path.endswith(".rego")
    }
    if not modules:
        raise BundleError(
            "there is no Rego in this bundle",
            where=name,
            remedy="of Gatekeeper's resources compare the definitions that they are built from",
        )
    return Loaded(name, _revision(name, files), modules, _data(name, files))


def _revision(name: str, files: Mapping[str, bytes]) -> str:
    if opa.MANIFEST not in files:
        return ""
    where = f"{name}: {opa.MANIFEST}"
    said = _json(where, files[opa.MANIFEST])
    if not isinstance(said, dict):
        raise BundleError("the manifest is no object", where=where)
    versions = said.get("file_rego_versions", {})
    every = [
        said.get("rego_version", 1),
        *(versions.values() if isinstance(versions, dict) else ()),
    ]
    if any(version != 1 for version in every):
        raise BundleError("it asks for another Rego than v1", where=where)
    return str(said.get("revision", ""))


def _data(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """All data of a bundle: each data.json is found under the folders that it lies in."""
    found: dict[str, Any] = {}
    for path, content in sorted(files.items()):
        if PurePosixPath(path).name != "data.json":
            continue
        where = f"{name}: {path}"
        value = _json(where, content)
        for folder in reversed(PurePosixPath(path).parts[:-1]):
            value = {folder: value}
        if not isinstance(value, dict):
            raise BundleError("the data of a root are no object", where=where)
        _require_shallow(value, where)
        _merge(found, value, where)
    return found


def _require_shallow(value: object, where: str) -> None:
    """Refuse what is nested more deeply than whoever walks through it could follow."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [part for many in inner for part in many if isinstance(part, (dict, list))]
        if not level:
            return
    raise BundleError(f"it is nested deeper than {_DEEPEST} levels", where=where)


def _merge(into: dict[str, Any], more: Mapping[str, Any], where: str) -> None:
    for key, value in more.items():
        if key not in into:
            into[key] = value
        elif isinstance(into[key], dict) and isinstance(value, dict):
            _merge(into[key], value, where)
        else:
            raise BundleError(f"it says again what {key!r} is", where=where)


def _json(where: str, content: bytes) -> Any:  # noqa: ANN401 - any JSON
    texts, problems = read("data.json", content)
    if problems or len(texts) != 1:
        why = problems[0][2] if problems else "it is empty"
        raise BundleError(f"this is no JSON: {why}", where=where)
    return json.loads(texts[0])


def _text(name: str, path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleError(f"the module is not UTF-8: {error}", where=f"{name}: {path}") from error


def _rooted(modules: Mapping[str, str]) -> dict[str, str]:
    """Modules by their path below the root of the rules, wherever a bundle has that."""
    found = min(
        (path for path in modules if f"/{path}".endswith(f"/{DECISION}")), default="", key=len
    )
    root = found.removesuffix(DECISION)
    return {path.removeprefix(root): text for path, text in modules.items()}
