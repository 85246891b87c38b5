"""A ValidatingWebhookConfiguration that asks about every kind that rules are about.

It fails closed: without an answer nothing gets in. The one gap is a namespace that was named.
"""

from __future__ import annotations

import base64
import re
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from policylib import reading
from policylib.errors import BundleError
from policylib.models import Model

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_PORT: Final = re.compile("[0-9]{1,5}")
_HIGHEST_PORT: Final = 65535
_LONGEST_WAIT: Final = 30

# Groups that Kubernetes itself serves: their resources have regular names. What another group calls
# its resources is up to whoever defined it, so all of that group is asked about.
_SERVED: Final = {
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "autoscaling", "batch", "networking.k8s.io", "policy", "rbac.authorization.k8s.io",
    "scheduling.k8s.io", "storage.k8s.io",
}  # fmt: skip

# What Kubernetes itself writes all the time and could not run without, and what runs nothing.
_NEVER_ASKED: Final = {
    "": ("bindings", "endpoints", "events", "nodes"),
    "authentication.k8s.io": ("*",),
    "authorization.k8s.io": ("*",),
    "coordination.k8s.io": ("*",),
    "discovery.k8s.io": ("*",),
    "events.k8s.io": ("*",),
}


class Service(Model):
    """A service in the cluster."""

    namespace: str
    name: str
    port: int = 443

    @classmethod
    def parse(cls, text: str, namespace: str) -> Service:
        """Read `NAME` or `NAME:PORT`; raises `BundleError`."""
        name, colon, port = text.partition(":")
        number = int(port) if _PORT.fullmatch(port) else 0
        if not _LABEL.fullmatch(name) or (colon and not 0 < number <= _HIGHEST_PORT):
            raise BundleError(f"{text!r} is no service", remedy="write NAME or NAME:PORT")
        return cls(namespace=label(namespace, "namespace"), name=name, port=number or 443)


class Webhook(Model):
    """Where the API server asks, how long it waits, and what it does not ask about.

    `configuration` names the object that holds the webhook, and `name` the webhook itself. `at` is
    a service or an https URL; `path` stands behind a URL that has none. `ca` is the certificates
    that the answer is trusted by, base64-encoded; without any, whoever installs the webhook puts
    them in.
    """

    configuration: str
    name: str
    at: Service | str
    path: str
    ca: str | None = None
    exempt: tuple[str, ...] = ()
    timeout: int = 10


def label(text: str, what: str) -> str:
    """A name as Kubernetes takes it; raises `BundleError` for what is none."""
    if not _LABEL.fullmatch(text):
        raise BundleError(f"{text!r} is no {what}", remedy="use lower-case letters, digits and -")
    return text


def url(text: str) -> str:
    """A URL as the API server takes it; raises `BundleError`."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme == "https" and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or "@" in parts.netloc or {"?", "#"} & set(text) or not text.isprintable():
        raise BundleError(
            f"{text!r} is no URL of a webhook",
            remedy="write https://HOST:PORT/PATH, without a user, a query or a fragment",
        )
    return text


def timeout(seconds: int) -> int:
    """How long the API server waits; raises `BundleError` for what it does not take."""
    if not 1 <= seconds <= _LONGEST_WAIT:
        raise BundleError(f"the API server waits 1 to {_LONGEST_WAIT} seconds, not {seconds}")
    return seconds


def authority(file: Path) -> str:
    """The certificates in a PEM file, as a webhook carries them; raises `BundleError`."""
    remedy = "name a file of PEM certificates, and of nothing else"
    try:
        content = reading.read(file)
    except OSError as error:
        raise BundleError(f"cannot be read: {error.strerror}", where=str(file)) from error
    try:
        text = content.decode("ascii")
        ssl.create_default_context().load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        raise BundleError("it holds no certificate", where=str(file), remedy=remedy) from error
    if "PRIVATE KEY" in text:
        raise BundleError("it holds a private key", where=str(file), remedy=remedy)
    return base64.b64encode(text.encode()).decode()


def configuration(webhook: Webhook, matches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The configuration that asks about what constraints match.

    Raises
    ------
    BundleError
        Nothing is matched: a webhook that is never asked protects nothing.
    """
    rules = _rules(matches)
    if not rules:
        raise BundleError(
            "no rule is asked, so the webhook would be asked about nothing",
            remedy="choose an environment that enforces one",
        )
    names = sorted(set(webhook.exempt))
    selected = [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": names}]
    one: dict[str, Any] = {
        "name": webhook.name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": _client(webhook),
        "failurePolicy": "Fail",
        "matchPolicy": "Equivalent",
        "namespaceSelector": {"matchExpressions": selected if names else []},
        "objectSelector": {},
        "rules": rules,
        "sideEffects": "None",
        "timeoutSeconds": webhook.timeout,
    }
    if any(rule["apiGroups"] == ["*"] for rule in rules):
        one["matchConditions"] = _conditions()
    told = {"annotations": {"policylib.dev/exempt-namespaces": ", ".join(names)}} if names else {}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": webhook.configuration, **told},
        "webhooks": [one],
    }


def _client(webhook: Webhook) -> dict[str, Any]:
    trusted = {"caBundle": webhook.ca} if webhook.ca else {}
    if isinstance(webhook.at, Service):
        return {"service": {**webhook.at.model_dump(), "path": webhook.path}, **trusted}
    bare = urlsplit(webhook.at).path in {"", "/"}
    return {"url": webhook.at.rstrip("/") + webhook.path if bare else webhook.at, **trusted}


def _rules(matches: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One rule a group. A match without kinds, or an entry without groups, is about all."""
    found: dict[str, set[str]] = {}
    for match in matches:
        for entry in match.get("kinds") or [{}]:
            for group in entry.get("apiGroups") or ["*"]:
                kinds = entry.get("kinds") or ["*"]
                found.setdefault(group, set()).update(_resource(group, kind) for kind in kinds)
    if "*" in found:
        found = {"*": {"*"}}
    return [_rule(group, found[group]) for group in sorted(found)]


def _rule(group: str, resources: set[str]) -> dict[str, Any]:
    asked = {"*"} if "*" in resources else set(resources)
    if group in {"", "*"} and asked & {"*", "pods"}:
        # `kubectl debug` puts a container into a Pod by way of this subresource.
        asked.add("pods/ephemeralcontainers")
    return {
        "apiGroups": [group],
        "apiVersions": ["*"],
        "operations": ["CREATE", "UPDATE"],
        "resources": sorted(asked),
        "scope": "*",
    }


def _resource(group: str, kind: str) -> str:
    """What the API calls the objects of a kind."""
    if kind == "*" or group not in _SERVED:
        return "*"
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _conditions() -> list[dict[str, str]]:
    """Let pass what must not wait for a webhook."""
    found = []
    for group, resources in _NEVER_ASKED.items():
        asked = f'request.resource.group != "{group}"'
        if resources != ("*",):
            named = ", ".join(f'"{name}"' for name in resources)
            asked += f" || !(request.resource.resource in [{named}])"
        found.append({"name": f"not-{group.replace('.', '-') or 'core'}", "expression": asked})
    return found
