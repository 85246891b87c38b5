"""The code of a template: its own module, which is generated, and the rule with all it imports.

In Gatekeeper a rule is a library, and so is all that it imports: packages below `lib`, always
imported. What a template's own module holds is generated: there an exception takes effect.
Settings and facts arrive as the constraint's parameters, so the modules that read them read those
instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from policylib.bundle.gatekeeper import schema
from policylib.errors import BundleError
from policylib.models import Rule
from policylib.reach import Index, Package
from policylib.rules import RuleSet, path_of

_IMPORT = re.compile(r"^import data\.(\S+)", re.MULTILINE)
_INLINE = re.compile(r"^(?!import )[^#\n]*\bdata\.policylib\b", re.MULTILINE)
# The modules that read data, what of it, and where Gatekeeper has that.
_READERS = {
    "policylib.lib.settings": (r"\bdata\.settings\b", "input.parameters"),
    "policylib.lib.facts": (r"\bdata\.facts\b", "input.parameters.facts"),
}
_EXCEPTIONS = "policylib.lib.exceptions"
_FACTS = "policylib.lib.facts"
_REVIEW = "policylib.lib.review"
# The section of the settings that a module reads.
_SECTION = re.compile(r'\bsettings\.get\(\["(\w+)"')
_MAIN = """\
package gatekeeper

import data.lib.policylib.lib.exceptions
import data.lib.policylib.lib.review.resource
import data.lib.{package} as rule

violation contains v if {{
	some v in rule.violation
	not is_excepted(v, resource)
}}

is_excepted(v, about) if {{
	exceptions.covering({{
		"rule": "{rule}",
		"msg": v.msg,
		"path": v.details.path,
		"details": v.details,
		"resource": about,
	}})
}}
"""


class Libraries:
    """A rule with all that it imports, and what that reads of the settings."""

    def __init__(self, rule: Rule, rules: RuleSet, index: Index) -> None:
        self._rule = rule
        self._schemas = rules.known().families
        package, path = f"policylib.{rule.id}", path_of(rule.id)
        if index.packages.get(_path(package)) != {path}:
            raise BundleError(f"the package {package} is not one module", where=path)
        common = (index.packages[_path(name)] for name in (_EXCEPTIONS, _REVIEW))
        self._sources = index.closure({path}.union(*common))
        _require_provided(self._sources, index.packages)
        self._sections = {
            section for text in self._sources.values() for section in _SECTION.findall(text)
        }

    def code(self) -> dict[str, Any]:
        """The code of the template: what is generated, and the libraries."""
        main = _MAIN.format(package=f"policylib.{self._rule.id}", rule=self._rule.id)
        libs = [_lib(path, source) for path, source in self._sources.items()]
        return {"engine": "Rego", "source": {"version": "v1", "rego": main, "libs": libs}}

    def schema(self) -> dict[str, Any]:
        """The parameters that the constraint takes, as properties of a structural schema."""
        found: dict[str, Any] = {"exceptions": schema.EXCEPTIONS}
        if "catalog" in self._sections:
            found["catalog"] = {"type": "object", "properties": {"services": schema.ANYTHING}}
        if "labels" in self._sections:
            found["labels"] = {"type": "object", "additionalProperties": {"type": "string"}}
        if self._reads_facts():
            found["facts"] = {"type": "object", "properties": {"images": schema.ANYTHING}}
        for family in sorted(self._families()):
            properties = schema.properties(self._declared(family), self._rule.id)
            found[family] = {"type": "object", "properties": properties}
        return found

    def parameters(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What the settings hold of that."""
        found: dict[str, Any] = {}
        for family in sorted(self._families()):
            declared = self._declared(family).get("properties", {})
            section = settings.get(family, {})
            if chosen := {key: value for key, value in section.items() if key in declared}:
                found[family] = chosen
        frame = [key for key in ("catalog", "labels") if key in self._sections]
        frame += ["facts"] if self._reads_facts() else []
        found |= {key: settings[key] for key in frame if key in settings}
        entries = [one for one in settings.get("exceptions", ()) if one["rule"] == self._rule.id]
        return {**found, "exceptions": entries} if entries else found

    def _declared(self, family: str) -> Mapping[str, Any]:
        """The schema of a family's section; of its own one, what the rule declares."""
        return self._rule.parameters if family == self._rule.family else self._schemas[family]

    def _families(self) -> set[str]:
        return {self._rule.family, *(self._sections & self._schemas.keys())}

    def _reads_facts(self) -> bool:
        return any(f"package {_FACTS}" in source for source in self._sources.values())


def _path(name: str) -> Package:
    return tuple(name.split("."))


def _require_provided(sources: Mapping[str, str], packages: Collection[Package]) -> None:
    """Require that every import names a package, or a rule of one."""
    for path, source in sources.items():
        for name in _IMPORT.findall(source):
            if _path(name) not in packages and _path(name)[:-1] not in packages:
                raise BundleError(f"it imports data.{name}, which no module provides", where=path)


def _lib(path: str, source: str) -> str:
    if _INLINE.search(source):
        raise BundleError(
            "it names a policylib package without an import", where=path, remedy="import it"
        )
    moved = re.sub(r"^package policylib\b", "package lib.policylib", source, flags=re.MULTILINE)
    moved = re.sub(
        r"^import data\.policylib\b", "import data.lib.policylib", moved, flags=re.MULTILINE
    )
    # The template says that it is v1, and refuses every import that is not a library.
    moved = re.sub(r"^import rego\.v1\n\n?", "", moved, flags=re.MULTILINE)
    for package, (data, parameters) in _READERS.items():
        reads = re.search(data, moved) is not None
        if reads != (re.search(rf"^package {package}$", source, re.MULTILINE) is not None):
            what = data.replace("\\b", "").replace("\\", "")
            raise BundleError(f"only {package} may read {what}, and it has to", where=path)
        moved = re.sub(data, parameters, moved)
    return moved
