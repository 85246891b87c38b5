"""Where a sidecar finds things: addresses, files and names, checked before they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import SplitResult, urlsplit

from policylib import oci, reading
from policylib.errors import BundleError

_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~+@,=:-]+)+")
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/@-]{0,252})")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FILE: Final = re.compile(r"(?:/[A-Za-z0-9._~+@,=: -]+)+")


@dataclass(frozen=True)
class Credentials:
    """What a server wants to be shown: in an environment variable, or in a file."""

    variable: str = ""
    file: str = ""

    def __bool__(self) -> bool:
        return bool(self.variable or self.file)


@dataclass(frozen=True)
class Place:
    """A server, and what to ask it for.

    `is_pinned` says of an artifact that its digest names it.
    """

    base: str
    resource: str
    is_oci: bool = False
    is_pinned: bool = False
    credentials: Credentials = Credentials()
    ca: str = ""


def bundle_place(url: str, credentials: Credentials = Credentials(), ca: str = "") -> Place:
    """The place of a bundle: `https://…` or `oci://…`.

    Without encryption only this machine is spoken to.

    Raises `BundleError` for anything else.
    """
    if url.startswith(oci.SCHEME):
        if "@" in url.removeprefix(oci.SCHEME).partition("/")[0]:
            _refuse("", "the reference holds credentials", "put them in a variable or a file")
        reference = oci.parse(url)
        scheme = "http" if reference.is_loopback else "https"
        return Place(
            base=f"{scheme}://{reference.registry}",
            resource=str(reference).removeprefix(oci.SCHEME),
            is_oci=True,
            is_pinned=bool(reference.digest),
            credentials=credentials,
            ca=ca,
        )
    return _web_place(url, "https:// or oci://", credentials, ca)


def logs_place(url: str, credentials: Credentials = Credentials(), ca: str = "") -> Place:
    """The place that decision logs are sent to: `https://…`. Raises `BundleError`."""
    return _web_place(url, "https://, console or none", credentials, ca)


def name(text: str, what: str) -> str:
    """A name that means itself in YAML and to OPA; raises `BundleError` for another."""
    if _NAME.fullmatch(text) is None:
        raise BundleError(
            f"the {what} is no plain name: {text!r}",
            remedy="letters, digits and ._:/@- only",
        )
    return text


def variable(text: str) -> str:
    """The name of an environment variable; raises `BundleError` for anything else."""
    if _VARIABLE.fullmatch(text) is None:
        # What it is may be the secret itself, so it is not repeated.
        raise BundleError(
            "this is no name of an environment variable",
            remedy="name the variable that holds the credential, not the credential",
        )
    return text


def file(text: str, what: str) -> str:
    """The path of a file or folder where OPA runs, absolute; raises `BundleError` for another."""
    if _FILE.fullmatch(text) is None or "/../" in f"{text}/":
        raise BundleError(
            f"the {what} is no plain absolute path: {text!r}",
            remedy="name it as OPA will see it, from the root",
        )
    return text


def authorities(text: str) -> str:
    """The path of the certificates to trust where OPA runs; what is there here too is looked at.

    Raises `BundleError` for another path, and for a file that holds none.
    """
    place = Path(file(text, "file of authorities"))
    try:
        content = reading.read(place)
    except FileNotFoundError:
        return text
    except OSError as error:
        raise BundleError(
            f"the authorities cannot be read: {error.strerror or error}", where=text
        ) from error
    if b"-----BEGIN CERTIFICATE-----" not in content or b"PRIVATE KEY-----" in content.upper():
        _refuse(text, "the file holds no certificates, or more than those", "certificates as PEM")
    return text


def _web_place(url: str, known: str, credentials: Credentials, ca: str) -> Place:
    parts = _split(url)
    shown = (
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else ""
    )
    if "@" in parts.netloc:
        _refuse(shown, "the address holds credentials", "put them in a variable or a file")
    if parts.scheme not in {"https", "http"}:
        _refuse(shown, f"the scheme is {parts.scheme or 'missing'}", f"known are {known}")
    if "?" in url or "#" in url:
        _refuse(shown, "the address holds more than a path", "leave out ? and #, and what follows")
    if _HOST.fullmatch(_host(parts)) is None:
        _refuse(shown, "the address names no host", "https://HOST/PATH")
    if parts.scheme == "http" and not oci.Reference(parts.netloc, "").is_loopback:
        _refuse(shown, "only this machine is spoken to without encryption", "https://…")
    if _PATH.fullmatch(parts.path) is None:
        _refuse(shown, "the address has no plain path", "https://HOST/PATH")
    base = f"{parts.scheme}://{parts.netloc}"
    return Place(base, parts.path.removeprefix("/"), credentials=credentials, ca=ca)


def _split(url: str) -> SplitResult:
    """The parts of an address with a plausible port."""
    try:
        if not url.isascii() or not url.isprintable():
            raise ValueError
        parts = urlsplit(url)
        if parts.port == 0 or parts.netloc.endswith(":"):
            raise ValueError
    except ValueError:
        # It is not repeated, as it may hold credentials.
        raise BundleError("this is no address", remedy="https://HOST/PATH") from None
    return parts


def _host(parts: SplitResult) -> str:
    return parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]


def _refuse(where: str, what: str, remedy: str) -> NoReturn:
    raise BundleError(what, where=where, remedy=remedy)
