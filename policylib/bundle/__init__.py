"""Bundles: the rules and settings in the form that one enforcement point takes.

    opa          bundle.tar.gz, for OPA as a server, a sidecar or an admission webhook
    conftest     a folder of Rego for `conftest test -p`
    gatekeeper   ConstraintTemplates and constraints
    artifact     one folder for OPA, conftest and gator, to be pushed to a registry

The same rules, settings, facts and number give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from policylib.bundle import artifact, conftest, folder, gatekeeper, opa
from policylib.bundle.signatures.signing import sign
from policylib.bundle.signatures.verifying import Verified, verify
from policylib.errors import BundleError
from policylib.evaluate import revision
from policylib.rules import RuleSet

__all__ = ["Target", "Verified", "build", "numbered", "sign", "verify", "write"]

_NUMBERS = 10**15


class Target(StrEnum):
    """The enforcement point that a bundle is for."""

    OPA = "opa"
    CONFTEST = "conftest"
    GATEKEEPER = "gatekeeper"
    ARTIFACT = "artifact"


def build(
    target: Target,
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    *,
    number: int = 0,
) -> dict[str, bytes]:
    """The files of a bundle: posix path → content.

    Parameters
    ----------
    settings
        What Rego reads as `data.settings`, as `Policy.data` gives it.
    facts
        What Rego reads as `data.facts`; without any, the bundle leaves that root to another.
    number
        Tells a later bundle from an earlier one. Gatekeeper's resources have no place for it.

    Raises
    ------
    BundleError
        A rule or setting cannot be carried to this target, or the number is none.
    """
    said = numbered(revision(rules, settings, facts), number)
    match target:
        case Target.OPA:
            return opa.files(rules, settings, facts, said)
        case Target.CONFTEST:
            return conftest.files(rules, settings, facts, said)
        case Target.GATEKEEPER:
            return gatekeeper.files(rules, settings, facts)
        case Target.ARTIFACT:
            return artifact.files(rules, settings, facts, said)


def write(  # noqa: PLR0913 - what goes in, where to, and whether by force
    target: Target,
    output: Path,
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    *,
    number: int = 0,
    force: bool = False,
) -> tuple[str, ...]:
    """Build a bundle into the folder `output`, whole or not at all, and answer with its files.

    A folder that an earlier bundle was written to is replaced; one that holds anything else, or
    a file that was changed since, is refused unless `force` is set.

    Raises
    ------
    BundleError
        As `build`; or the folder is refused or cannot be written, and is as it was.
    """
    files = build(target, rules, settings, facts, number=number)
    folder.write(files, output, force=force)
    return tuple(sorted(files))


def numbered(digest: str, number: int) -> str:
    """The revision of a bundle: its number, and the digest that reports of a check have too.

    >>> numbered("sha256:…", 42)
    '42+sha256:…'

    Raises `BundleError` for what is no number, or one that other readers would round.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < _NUMBERS:
        raise BundleError(
            f"{number!r} is no number of a bundle",
            remedy=f"a number is a whole one from 0 to {_NUMBERS - 1}",
        )
    return f"{number}+{digest}"
