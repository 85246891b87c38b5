"""What CEL asks of SLSA provenance, v1 and v0.2, that Kyverno has verified."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from policylib.bundle.kyverno import cel

V1: Final = "https://slsa.dev/provenance/v1"
V02: Final = "https://slsa.dev/provenance/v0.2"
TYPES: Final = (V1, V02)
GITHUB: Final = (
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
)
"""The build types of v1 whose parameters say which repository and ref were built."""

_STATEMENTS = ("https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1")
_BUILDER = {V1: "p.predicate.?runDetails.?builder.?id", V02: "p.predicate.?builder.?id"}
_TYPE = {V1: "p.predicate.?buildDefinition.?buildType", V02: "p.predicate.?buildType"}
_PARAMETERS = {
    V1: "p.predicate.?buildDefinition.?externalParameters",
    V02: "p.predicate.?invocation.?parameters",
}
_WORKFLOW = "p.predicate.?buildDefinition.?externalParameters.?workflow"
_URI = 'string(p.predicate.?invocation.?configSource.?uri.orValue(""))'
_URL = r"\Ahttps://[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?::[0-9]+)?(?:/[0-9A-Za-z._~-]+)+\z"


def name(type_: str) -> str:
    """What an attestation of a type is called in a policy.

    >>> name("https://slsa.dev/provenance/v0.2")
    'slsa_dev_provenance_v0_2'
    """
    return re.sub(r"[^a-z0-9]+", "_", type_.removeprefix("https://").lower())


def matches(pattern: str, text: str) -> bool:
    """Whether a text is, as a whole, what a pattern of the settings means."""
    parts = map(re.escape, pattern.split("*"))
    return pattern == text or re.fullmatch("[!-.0-?A-~]+".join(parts), text) is not None


def statement(_: str) -> str:
    """Whether the payload is a statement of a kind that is accepted."""
    return f'    string(p[?"_type"].orValue("")) in {cel.listed(_STATEMENTS)}'


def built_by(type_: str, builder: str) -> str:
    """Whether the provenance names a builder."""
    named = f'string({_BUILDER[type_]}.orValue(""))'
    return f"{statement(type_)}\n    && {cel.pattern(builder, named)}"


class Source:
    """What the settings expect of where an image was built from."""

    def __init__(self, expected: Mapping[str, Sequence[str]]) -> None:
        self._expected = expected

    def of_builder(self, type_: str, builder: str) -> str:
        """Whether a builder says that."""
        return f"{built_by(type_, builder)}\n{self._conditions(type_)}"

    def condition(self, type_: str) -> str:
        """Whether the provenance says that."""
        return f"{statement(type_)}\n{self._conditions(type_)}"

    def _conditions(self, type_: str) -> str:
        names = cel.listed(self._expected["external_parameters"])
        types = self._expected["build_types"]
        if type_ == V1:
            types = [one for one in types if one in GITHUB]
        repository, ref = _origin(type_)
        return "\n".join(
            f"    && {one}"
            for one in (
                f'string({_TYPE[type_]}.orValue("")) in {cel.listed(types)}',
                f"type({_PARAMETERS[type_]}.orValue(null)) == map",
                f"{_PARAMETERS[type_]}.orValue({{}}).all(k, k in {names})",
                _is_expected(self._expected["sources"], repository),
                f"cel.bind(ref, {ref}, {cel.either(map(_ref, self._expected['refs']))})",
            )
        )


def _origin(type_: str) -> tuple[str, str]:
    """The expressions of the repository and of the ref."""
    if type_ == V1:
        return _parameter("repository"), _parameter("ref")
    parts = f'{_URI}.split("@")'
    return f"{parts}[0]", f'(size({parts}) == 2 ? {parts}[1] : "")'


def _parameter(key: str) -> str:
    return f'string({_WORKFLOW}.?{key}.orValue(""))'


def _ref(pattern: str) -> str:
    return cel.pattern(pattern, "ref")


def _is_expected(sources: Sequence[str], repository: str) -> str:
    """Whether a URL is a repository in one spelling, and lies where one is expected."""
    entries = [_spelled(one) for one in sources]
    spelled = f'regex.replace({repository}, "\\\\Agit[+]|[.]git\\\\z", "")'
    return (
        f"cel.bind(url, {spelled},\n"
        f"      url.matches({cel.literal(_URL)})\n"
        '      && !url.split("/").exists(s, s == "." || s == "..")\n'
        f"      && {cel.listed(entries)}.exists(e,"
        ' e.endsWith("/") ? url.startsWith(e) : url == e))'
    )


def _spelled(source: str) -> str:
    source = source.removeprefix("git+")
    return source if source.endswith("/") else source.removesuffix(".git")
