"""Kyverno's resources: policies of `policies.kyverno.io/v1`, and exceptions to them.

Kyverno runs no Rego. The policies are written anew in CEL, as far as it goes; what it cannot say is
refused or said more strictly, and named in the notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policylib.bundle import folder, webhook, yaml
from policylib.bundle.kyverno import digest, exceptions, notes, provenance
from policylib.bundle.kyverno.meaning import Meaning
from policylib.bundle.kyverno.notes import Note
from policylib.bundle.kyverno.workloads import Scope
from policylib.errors import BundleError
from policylib.evaluate import Policy
from policylib.models import Rule

__all__ = ["NAMESPACE", "NOTES", "Note", "Resources", "files", "write"]

NAMESPACE = "kyverno"
"""Where Kyverno looks for exceptions, as it is usually installed."""

NOTES = "NOTES.txt"
"""The file that says what was not written, or written more strictly."""


@dataclass(frozen=True)
class Resources:
    """What is written for Kyverno: posix path → content, and what it does not say."""

    files: dict[str, bytes]
    notes: tuple[Note, ...]

    def families(self) -> set[str]:
        """The families of rules that have a policy."""
        paths = (name.split("/") for name in self.files)
        return {path[1].split(".")[0] for path in paths if path[0] == "policies"}


def files(policy: Policy, namespace: str = NAMESPACE) -> Resources:
    """The resources for a policy, the same bytes for the same settings.

    An exception that has expired is not written.

    Parameters
    ----------
    namespace
        Where the exceptions are to lie.

    Raises
    ------
    BundleError
        The settings permit nothing by mistake, the rules do not say what they mean, or there
        cannot be such a namespace.
    """
    webhook.label(namespace, "namespace")
    meaning = Meaning(policy)
    found: dict[str, bytes] = {}
    told: list[Note] = []
    for rule, level in _asked(policy):
        documents, said = _of_rule(rule, level, meaning)
        told += said
        for scope, document in documents:
            found[f"policies/{rule.id}{scope.suffix}.yaml"] = _yaml(document)
        if documents:
            changed = notes.of_changed(rule, policy.rules)
            excepted, said = _exceptions(policy, rule, meaning, namespace)
            found |= excepted
            told += [*changed, *said]
    environment = policy.environment or "the strictest"
    head = f"policylib {policy.revision}, environment: {environment}\n\n"
    return Resources({**found, NOTES: (head + notes.text(told)).encode()}, tuple(told))


def write(
    policy: Policy,
    output: Path,
    *,
    namespace: str = NAMESPACE,
    require: Iterable[str] = (),
    force: bool = False,
) -> Resources:
    """Write the resources into the folder `output`, whole or not at all.

    Parameters
    ----------
    require
        Families that have to have a policy.
    force
        Replace a folder that policylib did not write.

    Raises
    ------
    BundleError
        As `files`; or a family that is required has none; or the folder is refused or cannot be
        written, and is as it was.
    """
    made = files(policy, namespace)
    if lacking := sorted(set(require) - made.families()):
        raise BundleError(
            f"Kyverno is given no policy of the family {lacking[0]}",
            remedy="enforce it elsewhere, and do not require it here",
        )
    folder.write(made.files, output, force=force)
    return made


def _asked(policy: Policy) -> Iterator[tuple[Rule, str]]:
    """The rules that are configured and not off, with what a violation of each does."""
    entering = policy.rules.entering()
    for rule in policy.rules.rules.values():
        level = policy.settings.level(policy.environment, rule.id, entering)
        if rule.family not in policy.unconfigured and level != "off":
            yield rule, level


def _of_rule(
    rule: Rule, level: str, meaning: Meaning
) -> tuple[list[tuple[Scope, dict[str, Any]]], list[Note]]:
    """The policies of a rule, each with its scope, and what they do not say."""
    if rule.id in digest.CARRIED:
        documents = list(digest.CARRIED[rule.id](rule, level, meaning))
        said = notes.of_carried(rule) if documents else ()
        return documents, list(said)
    if rule.id in provenance.CARRIED:
        trusted = provenance.trust(meaning)
        documents = list(provenance.policies(rule, level, trusted))
        return documents, [*notes.of_carried(rule), *notes.of_trust(rule, trusted)]
    return [], list(notes.of_unsaid(rule, meaning))


def _exceptions(
    policy: Policy, rule: Rule, meaning: Meaning, namespace: str
) -> tuple[dict[str, bytes], list[Note]]:
    """The exceptions to a rule, and what becomes of those that are not written."""
    active = meaning.ask("lib.exceptions.active")
    found: dict[str, bytes] = {}
    told: list[Note] = []
    for one in policy.settings.exceptions:
        if one.rule != rule.id:
            continue
        entry = one.data()
        told += notes.of_exception(one, is_active=entry in active)
        if entry in active and not exceptions.obstacle(entry):
            name = f"exceptions/{rule.id}-{exceptions.digest(entry)}.yaml"
            found[name] = _yaml(exceptions.document(entry, namespace))
    return found, told


def _yaml(document: Mapping[str, yaml.Plain]) -> bytes:
    return b"# Generated by `rc kyverno`.\n" + yaml.dump(document).encode()
