"""OPA's configuration, as YAML that says what protects it and how to start it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from policylib.bundle import yaml
from policylib.bundle.sidecar import places
from policylib.bundle.sidecar.places import Credentials, Place
from policylib.bundle.signatures.keys import PublicKey
from policylib.errors import BundleError
from policylib.oci.talk import LARGEST

BUNDLE: Final = "policylib"
"""What OPA calls the bundle, in its status and its decision logs."""
MASK: Final = "/system/log/mask"
UNMASKED: Final = "/system/log/unmasked"
CONSOLE: Final = "console"
# OPA gives these itself, whatever the configuration says.
_LABELS: Final = frozenset({"id", "version"})
_LONGEST_DELAY: Final = 86_400
_LOGS_DELAYS: Final = {"min_delay_seconds": 5, "max_delay_seconds": 30}
# Entries that no server takes for a while are dropped, oldest first, before OPA runs out of memory.
_LOGS_BUFFER: Final = 32 << 20
# One entry that is larger is dropped; OPA's own limit of 32 KiB is soon reached by long answers.
_LOGS_UPLOAD: Final = 1 << 20

Logs: TypeAlias = Place | Literal["console"] | None
"""Where decisions are logged, if anywhere."""


@dataclass(frozen=True)
class Sidecar:
    """What a sidecar is to do.

    `logs` is a place, "console" or None; without a `key` whatever the server holds is activated.

    Raises
    ------
    BundleError
        A value is none that OPA would take as it is meant.
    """

    bundle: Place
    key: PublicKey | None
    key_id: str = ""
    scope: str = ""
    persist: str = ""
    logs: Logs = CONSOLE
    unmasked: bool = False
    polling: tuple[int, int] = (60, 120)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.key is None and (self.key_id or self.scope):
            raise BundleError("a key id or scope says nothing without a key")
        if not (self.logs is None or self.logs == CONSOLE or isinstance(self.logs, Place)):
            raise BundleError(
                f"decisions are logged to no {self.logs!r}",
                remedy=f"a place as `logs_place` makes it, {CONSOLE!r} or None",
            )
        for value, what in ((self.key_id, "key id"), (self.scope, "scope")):
            if value or (self.key is not None and what == "key id"):
                places.name(value, what)
        for label, value in self.labels.items():
            if places.name(label, "label") in _LABELS:
                raise BundleError(f"OPA itself says what its {label} is")
            places.name(value, f"label {label}")
        if self.persist:
            places.file(self.persist, "folder to persist in")
        shortest, longest = self.polling
        if not 1 <= shortest <= longest <= _LONGEST_DELAY:
            raise BundleError(
                f"no bundle can be asked for every {shortest} to {longest} seconds",
                remedy=f"1 ≤ MIN ≤ MAX ≤ {_LONGEST_DELAY}",
            )


def configuration(sidecar: Sidecar) -> dict[str, Any]:
    """What OPA's `--config-file` takes."""
    found: dict[str, Any] = {"services": {"bundles": _service(sidecar.bundle)}}
    if isinstance(sidecar.logs, Place):
        found["services"]["logs"] = _service(sidecar.logs)
    if sidecar.labels:
        found["labels"] = dict(sidecar.labels)
    if sidecar.key is not None:
        found["keys"] = {
            sidecar.key_id: {"algorithm": sidecar.key.algorithm, "key": sidecar.key.pem.decode()}
        }
    if sidecar.persist:
        found["persistence_directory"] = sidecar.persist
    found["bundles"] = {BUNDLE: _bundle(sidecar)}
    found["default_decision"] = "/system/main"
    if sidecar.logs is not None:
        found["decision_logs"] = _logs(sidecar.logs, unmasked=sidecar.unmasked)
    # It makes OPA answer /v1/status, and sends nothing to anybody.
    found["status"] = {"prometheus": True}
    return found


def command(file: str) -> tuple[str, ...]:
    """How to start OPA with the configuration in `file`."""
    return (
        "opa",
        "run",
        "--server",
        f"--config-file={file}",
        "--addr=127.0.0.1:8181",
        "--ready-timeout=300",
        "--min-tls-version=1.3",
        "--log-level=info",
        "--log-format=json",
        "--skip-version-check",
    )


def dump(sidecar: Sidecar) -> str:
    """The configuration as YAML, with comments that say what it rests on."""
    lines = [*_comments(sidecar)]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + yaml.dump(
        configuration(sidecar)
    )


def _service(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"url": place.base}
    if place.is_oci:
        found["type"] = "oci"
    if place.ca:
        found["tls"] = {"ca_cert": places.authorities(place.ca)}
    if place.credentials:
        found["credentials"] = {"bearer": _bearer(place.credentials, is_oci=place.is_oci)}
    return found


def _bearer(credentials: Credentials, *, is_oci: bool) -> dict[str, str]:
    # Of a registry OPA encodes what it is given, as `user:password` has to be.
    scheme = {"scheme": "Basic"} if is_oci else {}
    if credentials.variable and credentials.file:
        raise BundleError("credentials are in a variable or in a file, not in both")
    if credentials.file:
        return {**scheme, "token_path": places.file(credentials.file, "file of credentials")}
    return {**scheme, "token": f"${{{places.variable(credentials.variable)}}}"}


def _bundle(sidecar: Sidecar) -> dict[str, Any]:
    shortest, longest = sidecar.polling
    found: dict[str, Any] = {"service": "bundles", "resource": sidecar.bundle.resource}
    if sidecar.key is not None:
        # Without this section OPA would take a bundle that is not signed at all.
        found["signing"] = {
            "keyid": sidecar.key_id,
            **({"scope": sidecar.scope} if sidecar.scope else {}),
        }
    found["persist"] = bool(sidecar.persist)
    found["polling"] = {"min_delay_seconds": shortest, "max_delay_seconds": longest}
    found["size_limit_bytes"] = LARGEST
    return found


def _logs(logs: Place | Literal["console"], *, unmasked: bool) -> dict[str, Any]:
    mask = {"mask_decision": UNMASKED if unmasked else MASK}
    if not isinstance(logs, Place):
        return {"console": True, **mask}
    reporting = {
        **_LOGS_DELAYS,
        "buffer_size_limit_bytes": _LOGS_BUFFER,
        "upload_size_limit_bytes": _LOGS_UPLOAD,
    }
    return {"service": "logs", "resource": f"/{logs.resource}", **mask, "reporting": reporting}


def _comments(sidecar: Sidecar) -> Iterator[str]:
    yield "The configuration of an OPA that pulls policylib's bundle (`rc bundle opa-config`)."
    yield "What it cannot hold is said on the command line:"
    yield ""
    yield "  " + " ".join(command("opa.yaml"))
    yield ""
    yield "Ask /v1/data with ?strict-builtin-errors=true: OPA has no other switch for it."
    if sidecar.key is None:
        yield from _unsigned(sidecar.bundle)
    elif sidecar.bundle.is_oci:
        yield "The bundle in the artifact has to hold .signatures.json, or OPA refuses it."
    if sidecar.unmasked and sidecar.logs is not None:
        yield "DECISIONS ARE LOGGED WITH THEIR WHOLE INPUT, SECRETS INCLUDED."


def _unsigned(bundle: Place) -> Iterator[str]:
    yield "NO SIGNATURE IS ASKED FOR: whoever can write to the server decides what is enforced."
    if bundle.is_oci:
        yield "OPA takes the registry's word for which artifact it sends, even for a digest, and"
        yield "looks at no signature of cosign: verify the artifact before OPA is given it."
