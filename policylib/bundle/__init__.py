"""Bundles: the rules and settings in the form that one enforcement point takes.

    opa          bundle.tar.gz, for OPA as a server, a sidecar or an admission webhook
    conftest     a folder of Rego for `conftest test -p`
    gatekeeper   ConstraintTemplates and constraints

The same rules and settings give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from policylib.bundle import conftest, folder, gatekeeper, opa
from policylib.evaluate import revision
from policylib.rules import RuleSet

__all__ = ["Target", "build", "write"]


class Target(StrEnum):
    """The enforcement point that a bundle is for."""

    OPA = "opa"
    CONFTEST = "conftest"
    GATEKEEPER = "gatekeeper"


def build(
    target: Target,
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """The files of a bundle: posix path → content.

    Parameters
    ----------
    settings
        What Rego reads as `data.settings`, as `Policy.data` gives it.
    facts
        What Rego reads as `data.facts`; without any, the bundle leaves that root to another.

    Raises
    ------
    BundleError
        A rule or setting cannot be carried to this target.
    """
    match target:
        case Target.OPA:
            return opa.files(rules, settings, facts, revision(rules, settings))
        case Target.CONFTEST:
            return conftest.files(rules, settings, facts)
        case Target.GATEKEEPER:
            return gatekeeper.files(rules, settings, facts)


def write(  # noqa: PLR0913 - what goes in, where to, and whether by force
    target: Target,
    output: Path,
    rules: RuleSet,
    settings: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    *,
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
    files = build(target, rules, settings, facts)
    folder.write(files, output, force=force)
    return tuple(sorted(files))
