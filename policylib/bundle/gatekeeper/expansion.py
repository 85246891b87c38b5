"""Expansion templates: the Pods that a custom resource will create, judged before it does.

The rules judge the kinds that they know themselves, with the place in what was applied. To expand
those as well would say everything twice. What is left are kinds that create Pods from a template
and that no constraint matches.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from policylib.errors import BundleError
from policylib.models import Model

_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_FORM = re.compile(
    rf"(?P<group>{_LABEL}(?:\.{_LABEL})+)/(?P<versions>v[0-9a-z]+(?:,v[0-9a-z]+)*)/"
    r"(?P<kind>[A-Z][A-Za-z0-9]*)=(?P<source>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)",
    re.ASCII,
)
# Gatekeeper takes no longer name.
_LONGEST = 63
_USUAL = "spec.template"
_POD = {"group": "", "version": "v1", "kind": "Pod"}


class Expansion(Model):
    """A kind that creates Pods, and where it keeps their template."""

    group: str
    versions: tuple[str, ...]
    kind: str
    source: str

    @classmethod
    def parse(cls, text: str) -> Expansion:
        """Read `GROUP/VERSION/KIND=PATH`; raises `BundleError` when it is none."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise BundleError(
                f"{text!r} does not say which kind creates Pods",
                remedy="write GROUP/VERSION/KIND=PATH, as in example.com/v1/Widget=spec.template",
            )
        versions = tuple(found["versions"].split(","))
        return cls(
            group=found["group"], versions=versions, kind=found["kind"], source=found["source"]
        )

    @property
    def name(self) -> str:
        """The template's name, which also names its file.

        A digest stands for what makes it too long, and for a path that is not the usual one.
        """
        plain = f"{self.kind.lower()}-{self.group.replace('.', '-')}"
        if self.source == _USUAL and len(plain) <= _LONGEST:
            return plain
        whole = f"{self.group}/{self.kind}={self.source}"
        digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
        return f"{plain[: _LONGEST - len(digest) - 1].rstrip('-')}-{digest}"

    def generator(self) -> dict[str, list[str]]:
        """The kind, as a constraint's match and a webhook's rules name it."""
        return {"apiGroups": [self.group], "kinds": [self.kind]}

    def template(self) -> dict[str, Any]:
        """The ExpansionTemplate."""
        applied = {"groups": [self.group], "versions": [*self.versions], "kinds": [self.kind]}
        return {
            "apiVersion": "expansion.gatekeeper.sh/v1beta1",
            "kind": "ExpansionTemplate",
            "metadata": {"name": self.name},
            "spec": {"applyTo": [applied], "templateSource": self.source, "generatedGVK": _POD},
        }


def _known(group: str, kind: str, source: str, *versions: str) -> Expansion:
    return Expansion(group=group, versions=versions, kind=kind, source=source)


# Each requires its template: Gatekeeper refuses an object whose template is missing.
KNOWN: Final = (
    _known("actions.github.com", "AutoscalingRunnerSet", "spec.template", "v1alpha1"),
    _known("apps.kruise.io", "BroadcastJob", "spec.template", "v1alpha1", "v1beta1"),
    _known("apps.kruise.io", "CloneSet", "spec.template", "v1alpha1", "v1beta1"),
    _known("apps.kruise.io", "DaemonSet", "spec.template", "v1alpha1", "v1beta1"),
    _known("apps.kruise.io", "StatefulSet", "spec.template", "v1alpha1", "v1beta1"),
    _known("apps.openshift.io", "DeploymentConfig", "spec.template", "v1"),
    _known("keda.sh", "ScaledJob", "spec.jobTargetRef.template", "v1alpha1"),
    _known(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.workerTemplate",
        "v1",
    ),
)
"""Widespread kinds that create Pods and that the rules do not know."""


def wanted(
    matches: Sequence[Mapping[str, Any]], chosen: Iterable[Expansion]
) -> tuple[Expansion, ...]:
    """The known kinds that no constraint matches by name, and those that were chosen.

    A kind may keep several templates, in a place each. None at all where no constraint is about
    Pods.

    Raises
    ------
    BundleError
        Two of them would have one name.
    """
    if not any(_names(match, "", "Pod") for match in matches):
        return ()
    known = (
        one
        for one in KNOWN
        if not any(_names(match, one.group, one.kind, wildcards=False) for match in matches)
    )
    found: dict[str, Expansion] = {}
    for one in (*known, *chosen):
        found[one.name] = _joined(found.get(one.name, one), one)
    return tuple(found[name] for name in sorted(found))


def _joined(one: Expansion, other: Expansion) -> Expansion:
    """Two expansions of one name: the same, in the versions of both."""
    if (one.group, one.kind, one.source) != (other.group, other.kind, other.source):
        raise BundleError(
            f"the expansion templates of {one.kind} in {one.group} and of {other.kind} in "
            f"{other.group} would both be called {one.name}",
            remedy="expand one of them by a template of your own",
        )
    versions = tuple(dict.fromkeys((*one.versions, *other.versions)))
    return one.model_copy(update={"versions": versions})


def _names(match: Mapping[str, Any], group: str, kind: str, *, wildcards: bool = True) -> bool:
    """Whether a match covers a kind; without `wildcards` only where it says so by name."""
    entries = match.get("kinds", [])
    if not entries:
        return wildcards
    any_of = {"*"} if wildcards else set()
    return any(
        {group, *any_of} & set(entry.get("apiGroups") or any_of)
        and {kind, *any_of} & set(entry.get("kinds") or any_of)
        for entry in entries
    )
