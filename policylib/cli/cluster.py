"""Arguments about a cluster and its admission webhook, what they stand for, and what is told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.errors import BundleError

if TYPE_CHECKING:
    from policylib import Policy
    from policylib.bundle.webhook import Webhook


@dataclass(frozen=True)
class Usual:
    """Whom the API server asks where the arguments do not say so: what `runs`, and where."""

    runs: str
    namespace: str
    service: str
    name: str
    path: str


def add_webhook(parser: argparse.ArgumentParser, usual: Usual) -> None:
    """Declare where the API server asks, about which kinds, and what it does not ask about."""
    parser.add_argument(
        "--namespace",
        metavar="NAME",
        default=usual.namespace,
        help=f"where {usual.runs} runs (default: {usual.namespace})",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--service",
        metavar="NAME[:PORT]",
        default=usual.service,
        help=f"the service to ask, in --namespace (default: {usual.service})",
    )
    where.add_argument(
        "--url", metavar="URL", help=f"ask this https URL instead (path by default: {usual.path})"
    )
    parser.add_argument(
        "--ca", metavar="FILE", type=Path, help="PEM certificates that the answer is trusted by"
    )
    parser.add_argument(
        "--exempt-namespace",
        metavar="NAME",
        action="append",
        default=[],
        help="ask about nothing in this namespace; may be repeated",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=int,
        default=10,
        help="how long to wait for an answer; none is a denial (default: 10)",
    )
    parser.add_argument(
        "--webhook-name",
        metavar="NAME",
        default=usual.name,
        help=f"the name of the webhook configuration (default: {usual.name})",
    )
    parser.add_argument(
        "--all-kinds",
        action="store_true",
        help="ask about every kind, and so about custom resources that no rule names",
    )


def webhook(names: argparse.Namespace, called: str, usual: Usual) -> Webhook:
    """What the arguments say of a webhook that is `called` so; raises `BundleError`."""
    from policylib.bundle.webhook import Service, Webhook, authority, label, timeout, url

    named = names.url is not None
    return Webhook(
        configuration=label(names.webhook_name, "name of a webhook configuration"),
        name=called,
        at=url(names.url) if named else Service.parse(names.service, names.namespace),
        path=usual.path,
        ca=None if names.ca is None else authority(names.ca),
        exempt=_exempt(names),
        timeout=timeout(names.timeout),
    )


def _exempt(names: argparse.Namespace) -> tuple[str, ...]:
    """The namespaces that nothing is asked about.

    The one that the webhook itself runs in is among them: if it had to be asked before it runs, it
    could never start.
    """
    from policylib.bundle.webhook import label

    own = [] if names.url is not None else [names.namespace]
    named = [label(one, "namespace") for one in (*own, *names.exempt_namespace)]
    return tuple(dict.fromkeys(named))


def told(exempted: Sequence[str]) -> str:
    """Say which namespaces are exempt."""
    if not exempted:
        return "No namespace is exempt.\n"
    return f"Exempt, so that anything gets in there: {', '.join(exempted)}\n"


def without_template(policy: Policy, required: Sequence[str]) -> list[str]:
    """The rules in force that Gatekeeper is not asked about; raises if a family was `required`."""
    from policylib.bundle.gatekeeper import constraints

    in_force = constraints.asked(policy.rules, policy.data, policy.unconfigured)
    lacking = constraints.without_template(policy.rules, in_force)
    for rule_id in lacking:
        if policy.rules.rules[rule_id].family in required:
            raise BundleError(
                f"Gatekeeper is given no template of {rule_id}, whose family is required",
                remedy="name a kind in its METADATA: `gatekeeper: {kind: …, match: {kinds: …}}`",
            )
    return lacking


def not_asked(why: str, names: Sequence[str]) -> str:
    """Say which families or rules nobody is asked about, if any."""
    return f"{why}, so not asked: {', '.join(names)}\n" if names else ""
