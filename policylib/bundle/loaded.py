"""Bundles read back: rules, settings and facts, ready to be compared and asked.

What is read may come from anywhere, so that it is bounded, and nothing of it is passed over that
could decide something. It is asked as an engine would ask it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from policylib import oci, reading, rules
from policylib._native import read
from policylib.bundle import Target, definition, gatekeeper, opa, unpacked
from policylib.bundle.signatures.content import manifest, refuse_name, rego_versions
from policylib.bundle.signatures.envelope import SIGNATURES
from policylib.bundle.signatures.hashes import File, Number
from policylib.engine.interface import UNCONFIGURED, Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import BundleError, PolicylibError, SignatureError
from policylib.inputs.interface import shown
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
_DATA = "data.json"
_YAML_DATA = ("data.yaml", "data.yml")
# What gator and kubectl take of a folder.
_RESOURCES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Loaded:
    """A bundle in memory.

    `modules` is all of its Rego, tests and what stands for data too; `data` all of its data;
    `resources` every other file that a cluster or gator would take.
    """

    name: str
    revision: str
    modules: Mapping[str, str]
    data: Mapping[str, Any]
    resources: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Its Rego below the root of the rules, without what stands for data."""
        rest = {path: text for path, text in self.modules.items() if not _is_data(path, text)}
        return _rooted(rest, self.name)

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
        names = answer.value
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            raise BundleError("the families that it does not ask are no names", where=self.name)
        return frozenset(names)

    @cached_property
    def _given(self) -> dict[str, dict[str, Any]]:
        """Settings and facts, whether they are data or Rego."""
        name = _PROBE
        while name in self.data or any(name in said for said in chain(*self.modules.items())):
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
    path, name = Path(source), shown(source)
    try:
        if path.is_dir():
            return _loaded(name, unpacked.of_folder(path))
        content = reading.read(path, pipes=True)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        reason = getattr(error, "strerror", None) or str(error)
        raise BundleError(f"the bundle cannot be read: {reason}", where=name) from error
    if content.startswith(_GZIP):
        return _loaded(name, unpacked.of_archive(content, name))
    return _defined(path, content)


def _defined(path: Path, content: bytes) -> Loaded:
    found = definition.load(path, content)
    policy = found.policy
    data = {"settings": policy.data} | ({} if found.facts is None else {"facts": found.facts})
    resources: dict[str, bytes] = {}
    if found.target in {Target.GATEKEEPER, Target.ARTIFACT}:
        resources = gatekeeper.files(policy.rules, policy.data, found.facts)
    return Loaded(str(path), policy.revision, policy.rules.modules, data, resources)


def _loaded(name: str, files: Mapping[str, bytes]) -> Loaded:
    if files.keys() == {opa.ARCHIVE}:
        files = unpacked.of_archive(files[opa.ARCHIVE], name)
    for path in files:
        _refuse_name(name, path)
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
    revision, data = _revision(name, files), _data(name, files)
    return Loaded(name, revision, modules, data, _resources(name, files))


def _refuse_name(name: str, path: str) -> None:
    """Refuse what would decide and says nothing of rules, or is read in more than one way."""
    if PurePosixPath(path).name in _YAML_DATA:
        raise BundleError(
            "data as YAML means different things to its readers: write data.json",
            where=f"{name}: {path}",
        )
    if path != SIGNATURES:
        with _within(name):
            refuse_name(path)


def _revision(name: str, files: Mapping[str, bytes]) -> str:
    if opa.MANIFEST not in files:
        return ""
    with _within(name):
        said = manifest(File(opa.MANIFEST, files[opa.MANIFEST]))
    where = f"{name}: {opa.MANIFEST}"
    if rego_versions(said) != {"1"}:
        raise BundleError("it asks for another Rego than v1", where=where)
    revision = said.get("revision", "")
    if not isinstance(revision, str) or isinstance(revision, Number):
        raise BundleError("its revision is no text", where=where)
    return revision


@contextmanager
def _within(name: str) -> Iterator[None]:
    """Say of what is refused in which bundle it lies."""
    try:
        yield
    except SignatureError as error:
        where = f"{name}: {error.where}"
        raise BundleError(error.what, where=where, remedy=error.remedy) from error


def _data(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """All data of a bundle: each data.json is found under the folders that it lies in."""
    found: dict[str, Any] = {}
    for path, content in sorted(files.items()):
        if PurePosixPath(path).name != _DATA:
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


def _resources(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {
        path: content
        for path, content in files.items()
        if path.lower().endswith(_RESOURCES) and PurePosixPath(path).name != _DATA
    }
    if SIGNATURES in found:
        said = _json(f"{name}: {SIGNATURES}", found[SIGNATURES])
        if isinstance(said, dict) and said.keys() == {"signatures"}:
            del found[SIGNATURES]  # it decides nothing, and each signing writes another
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


def _is_data(path: str, text: str) -> bool:
    """Whether a module is nothing but data: a package of values, written as our targets have it.

    Whatever else it holds could decide, so that it is compared like any other.
    """
    if path not in _DATA_MODULES:
        return False
    first, *rest = [line for line in text.split("\n") if line] or [""]
    return first == f"package {PurePosixPath(path).stem}" and all(map(_is_value, rest))


def _is_value(line: str) -> bool:
    key, sign, value = line.partition(" := ")
    if not sign:
        return line == "import rego.v1"
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return key.isidentifier()


def _rooted(modules: Mapping[str, str], where: str) -> dict[str, str]:
    """Modules by their path below the root of the rules, wherever a bundle has that."""
    decision = min(
        (path for path in modules if f"/{path}".endswith(f"/{DECISION}")), default="", key=len
    )
    root = decision.removesuffix(DECISION)
    found: dict[str, str] = {}
    for path, text in modules.items():
        inner = path.removeprefix(root)
        if inner in found:
            raise BundleError(f"{inner} lies both below {root} and beside it", where=where)
        found[inner] = text
    return found
