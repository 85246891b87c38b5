"""Write the configuration of an OPA that pulls a signed bundle, and how to start it.

OPA activates only what the key has signed, keeps what it has when something else comes, and logs
its decisions without what was asked, since a secret may stand in it.

For example:
  $ rc bundle opa-config --url https://bundles.example/policy.tar.gz --key signer.pub --keyid k1
  $ rc bundle opa-config --url oci://ghcr.io/example/policy:prod --key signer.pub --keyid k1
  $ rc bundle opa-config --url https://h.example/b --key k.pub --keyid k1 --persist /var/lib/opa
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policylib.cli import common, signature
from policylib.cli.output import Outcome
from policylib.errors import BundleError
from policylib.report.plain import escape

if TYPE_CHECKING:
    from policylib.bundle.sidecar import Credentials, Logs
    from policylib.bundle.signatures.keys import PublicKey

_CONSOLE: Final = "console"
_NONE = "none"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the bundle is, who signs it, and where decisions are logged."""
    parser.add_argument(
        "--url",
        required=True,
        help="https://HOST/PATH, or oci://REGISTRY/REPOSITORY:TAG or @sha256:…",
    )
    _add_signature(parser)
    _add_server(parser, "", "the bundle's server")
    parser.add_argument(
        "--persist",
        metavar="DIR",
        default="",
        help="keep the bundle in this folder, to start when its server is down",
    )
    parser.add_argument(
        "--poll",
        nargs=2,
        type=int,
        metavar=("MIN", "MAX"),
        default=(60, 120),
        help="seconds between two looks for another bundle (default: 60 120)",
    )
    parser.add_argument(
        "--decision-logs",
        metavar="WHERE",
        default=_CONSOLE,
        help="https://HOST/PATH, console (default) or none",
    )
    _add_server(parser, "logs-", "the server of decision logs")
    parser.add_argument(
        "--log-inputs",
        action="store_true",
        help="log inputs as they are, secrets included, for `rc simulate --decisions`",
    )
    parser.add_argument(
        "--label",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="what tells this OPA from others in logs and status; may be repeated",
    )
    common.add_output(parser)


def _add_signature(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key", metavar="FILE", type=Path, help="the public key of the signer, as PEM"
    )
    parser.add_argument("--keyid", metavar="ID", default="", help="what the signer calls the key")
    parser.add_argument(
        "--scope", metavar="NAME", default="", help="the scope that the signature has to name"
    )
    parser.add_argument(
        "--unsigned",
        action="store_true",
        help="ask for no signature: whoever writes to the server decides what is enforced",
    )


def _add_server(parser: argparse.ArgumentParser, prefix: str, server: str) -> None:
    held = "user:password, for a registry" if not prefix else "a bearer token"
    parser.add_argument(
        f"--{prefix}ca",
        metavar="FILE",
        default="",
        help=f"where OPA finds the certificates to trust for {server} (default: the system's)",
    )
    parser.add_argument(
        f"--{prefix}token-env",
        metavar="NAME",
        default="",
        help=f"the environment variable that holds a token for {server} ({held})",
    )
    parser.add_argument(
        f"--{prefix}token-file",
        metavar="FILE",
        default="",
        help=f"where OPA finds it in a file instead, which it reads again each time ({held})",
    )


def run(names: argparse.Namespace) -> Outcome:
    """Write the configuration, and say how OPA is started with it."""
    from policylib.bundle import sidecar

    key = _key(names)
    shortest, longest = names.poll
    wanted = sidecar.Sidecar(
        bundle=sidecar.bundle_place(names.url, _credentials(names, ""), names.ca),
        key=key,
        key_id=names.keyid,
        scope=names.scope,
        persist=names.persist,
        logs=_logs(names),
        unmasked=names.log_inputs,
        polling=(shortest, longest),
        labels=_labels(names.label),
    )
    file = str(names.output) if names.output else "opa.yaml"
    said = " ".join(map(shlex.quote, sidecar.command(file)))
    return Outcome(
        text=sidecar.dump(wanted),
        file=names.output,
        said=f"Wrote {escape(file)}. Start OPA with\n  {escape(said)}\n",
    )


def _key(names: argparse.Namespace) -> PublicKey | None:
    from policylib.bundle.signatures import keys

    if names.unsigned and names.key:
        raise BundleError("a key and --unsigned contradict each other")
    if names.unsigned:
        return None
    missing = [one for one in ("key", "keyid") if not getattr(names, one)]
    if missing:
        given = " and ".join(f"--{one}" for one in missing)
        raise BundleError(
            f"{given} of the signer: missing, and OPA would activate whatever the server holds",
            remedy="--key PUBLIC.pem --keyid ID; or --unsigned, if that is what you want",
        )
    with signature.keyed(names.key):
        return keys.public(signature.read(names.key))


def _logs(names: argparse.Namespace) -> Logs:
    from policylib.bundle import sidecar

    credentials = _credentials(names, "logs_")
    if names.decision_logs not in {_CONSOLE, _NONE}:
        return sidecar.logs_place(names.decision_logs, credentials, names.logs_ca)
    if credentials or names.logs_ca:
        raise BundleError(
            "decision logs are sent to no server", remedy="--decision-logs https://HOST/PATH"
        )
    if names.decision_logs == _NONE and names.log_inputs:
        raise BundleError("inputs cannot be logged where nothing is logged")
    return _CONSOLE if names.decision_logs == _CONSOLE else None


def _credentials(names: argparse.Namespace, prefix: str) -> Credentials:
    from policylib.bundle import sidecar

    held = vars(names)
    return sidecar.Credentials(held[f"{prefix}token_env"], held[f"{prefix}token_file"])


def _labels(given: list[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for text in given:
        label, equals, value = text.partition("=")
        if not equals or label in labels:
            raise BundleError(f"no label NAME=VALUE, or one twice: {text!r}")
        labels[label] = value
    return labels
