"""ValidatingPolicies for the digest family: they read references, and need no registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from policylib.bundle.kyverno import cel
from policylib.bundle.kyverno.meaning import Meaning
from policylib.bundle.kyverno.workloads import SCOPES, Scope, policy
from policylib.errors import BundleError
from policylib.models import Rule

Scoped = tuple[Scope, dict[str, Any]]

_TAG = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
_DIGEST = "(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"
_WHOLE_DIGEST = rf"\A{_DIGEST}\z"
_TAIL = rf"{_TAG}@[^/]*\z"
# What an exception covers: an image by its reference, or by its digest wherever it lies.
_ASKED = f"""\
variables.images.filter(i, !exceptions.allowedImages.exists(a,
  i == a || a.matches({cel.literal(_WHOLE_DIGEST)}) && i.endsWith("@" + a)))
"""
_NAMES = 'variables.faults.map(f, f == "" ? "(an image is missing)" : f).join(", ")'
_REPOSITORY = """\
cel.bind(name, regex.replace(i, {at_digest}, ""),
  cel.bind(whole, regex.replace(name, ":[^/:]*\\\\z", ""),
  !name.matches({tagged}) || size(whole) > 255 ? "" :
  cel.bind(host, whole.matches("\\\\A(?:[^/]*[.:][^/]*|localhost)/")
    ? regex.replace(whole.split("/")[0].lowerAscii(), ":443\\\\z", "") : {hub},
  cel.bind(path, whole.matches("\\\\A(?:[^/]*[.:][^/]*|localhost)/")
    ? whole.substring(whole.indexOf("/") + 1) : whole,
  !(host in {hubs}) ? host + "/" + path
  : {hub} + (path.contains("/") ? "/" : "/library/") + path))))
"""
_ALLOWED = """\
variables.asked.filter(i, cel.bind(repository, {repository},
  repository == "" || !variables.registries.exists(r,
    r.endsWith("/") ? repository.startsWith(r) : repository == r)))
"""


def image_pinned(rule: Rule, level: str, meaning: Meaning) -> Iterator[Scoped]:
    """Images are references with a whole digest of an accepted algorithm."""
    digests = [rf"{name}:[0-9a-f]{{{n}}}" for name, n in sorted(meaning.algorithms().items())]
    if not digests:
        raise BundleError("digest.algorithms accepts no digest, as it is malformed")
    whole = rf"\A{meaning.ask('lib.reference.name')}{_TAG}@(?:{'|'.join(digests)})\z"
    name = f"regex.replace(i, {cel.literal(_TAIL)}, '')"
    faults = (
        f"variables.asked.filter(i,\n  !i.matches({cel.literal(whole)})\n  || size({name}) > 255)\n"
    )
    yield from _policies(rule, level, {"faults": faults}, "not pinned by an accepted digest")


def registry_allowed(rule: Rule, level: str, meaning: Meaning) -> Iterator[Scoped]:
    """Images lie in registries and repositories that the settings allow."""
    allowed = meaning.registries()
    if allowed is None:
        return
    hubs = meaning.hub()
    repository = _REPOSITORY.format(
        at_digest=cel.literal(rf"@{_DIGEST}\z"),
        tagged=cel.literal(rf"\A{meaning.ask('lib.reference.name')}{_TAG}\z"),
        hub=cel.literal(hubs[0]),
        hubs=cel.listed(hubs),
    )
    variables = {
        "registries": cel.listed(allowed),
        "faults": _ALLOWED.format(repository=repository.rstrip()),
    }
    yield from _policies(rule, level, variables, "not from an allowed registry")


CARRIED: Final[Mapping[str, Callable[[Rule, str, Meaning], Iterator[Scoped]]]] = {
    "digest.image_pinned": image_pinned,
    "digest.registry_allowed": registry_allowed,
}


def _policies(
    rule: Rule, level: str, variables: Mapping[str, str], problem: str
) -> Iterator[Scoped]:
    for scope in SCOPES:
        yield scope, _policy(rule, level, scope, variables, problem)


def _policy(
    rule: Rule, level: str, scope: Scope, variables: Mapping[str, str], problem: str
) -> dict[str, Any]:
    named = {"images": cel.images(scope.workloads), "asked": _ASKED, **variables}
    message = f"{cel.literal(f'{problem}: ')} + {_NAMES}"
    rest = {
        "variables": [{"name": key, "expression": value} for key, value in named.items()],
        "validations": [
            {"expression": "size(variables.faults) == 0", "messageExpression": message}
        ],
    }
    return policy("ValidatingPolicy", rule, level, scope, rest)
