"""Arguments about a cluster and its admission webhook, and what they stand for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policylib.bundle.webhook import Service


def add_webhook(parser: argparse.ArgumentParser, *, service: str, path: str) -> None:
    """Declare where the API server asks, and what it does not ask about."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--service",
        metavar="NAME[:PORT]",
        default=service,
        help=f"the service to ask, in --namespace (default: {service})",
    )
    where.add_argument(
        "--url", metavar="URL", help=f"ask this https URL instead (path by default: {path})"
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


def endpoint(names: argparse.Namespace) -> Service | str:
    """The service or the URL to ask; raises `BundleError` for what is none."""
    from policylib.bundle import webhook

    if names.url is not None:
        return webhook.url(names.url)
    return webhook.Service.parse(names.service, names.namespace)


def exempt(names: argparse.Namespace) -> tuple[str, ...]:
    """The namespaces that nothing is asked about.

    The one that the webhook itself runs in is among them: if it had to be asked before it runs, it
    could never start.
    """
    from policylib.bundle import webhook

    own = [] if names.url is not None else [names.namespace]
    named = [webhook.label(one, "namespace") for one in (*own, *names.exempt_namespace)]
    return tuple(dict.fromkeys(named))


def told(exempted: tuple[str, ...]) -> str:
    """Say which namespaces are exempt."""
    if not exempted:
        return "No namespace is exempt.\n"
    return f"Exempt, so that anything gets in there: {', '.join(exempted)}\n"
