"""Why a registry gives no answer, in words for who has to do something about it."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from requests import exceptions

from policylib.errors import BundleError

_SILENT: Final = "the registry does not answer"
_LONGEST: Final = 200
_ASK_AGAIN: Final = "ask again later"
_PROXY: Final = "HTTPS_PROXY names the proxy, and NO_PROXY the hosts that are asked without one"
# From the special to the general: the first that is among the causes says it.
_CASES: Final[tuple[tuple[type[BaseException], str, str], ...]] = (
    (exceptions.ProxyError, "the proxy does not lead to {place}: {why}", _PROXY),
    (exceptions.InvalidProxyURL, "the proxy has no address", _PROXY),
    (
        ssl.SSLCertVerificationError,
        "the certificate of {place} is not trusted: {why}",
        "REQUESTS_CA_BUNDLE names the file of the authorities to trust",
    ),
    (
        exceptions.SSLError,
        "{place} does not speak TLS: {why}",
        "another machine has to speak TLS, 1.2 or later; is this its port?",
    ),
    (
        socket.gaierror,
        f"{_SILENT}: no address is known of {{place}}: {{why}}",
        "correct the name; behind a proxy, set HTTPS_PROXY",
    ),
    (
        ConnectionRefusedError,
        f"{_SILENT}: nothing listens at {{place}}",
        "start it, or correct the port",
    ),
    (
        TimeoutError,
        f"{_SILENT}: {{place}} is silent",
        "ask again later; behind a proxy, set HTTPS_PROXY",
    ),
    (exceptions.TooManyRedirects, "the registry redirects without an end", ""),
    (exceptions.InvalidURL, "the registry leads to what is no address: {why}", ""),
    (exceptions.InvalidSchema, "the registry leads to what cannot be asked: {why}", ""),
    (exceptions.ChunkedEncodingError, "the answer of the registry breaks off", _ASK_AGAIN),
    (exceptions.ContentDecodingError, "the answer of the registry is damaged", _ASK_AGAIN),
    (ConnectionError, f"{_SILENT}: {{place}} hangs up", _ASK_AGAIN),
    (http.client.HTTPException, "{place} does not speak HTTP", "is this the port of a registry?"),
    (exceptions.ConnectionError, f"{_SILENT}: {{place}} is out of reach: {{why}}", _ASK_AGAIN),
    (OSError, "the registry cannot be asked: {why}", ""),
)


def unreached(error: OSError, where: str) -> BundleError:
    """What to say of an error of requests, whose own words are those of its insides."""
    causes = list(_causes(error))
    said, remedy = next(
        case for kind, *case in _CASES if any(isinstance(cause, kind) for cause in causes)
    )
    url = getattr(getattr(error, "request", None), "url", None)
    place = urlsplit(url or "").netloc.rpartition("@")[2] or "it"
    return BundleError(said.format(place=place, why=_why(causes[-1])), where=where, remedy=remedy)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it was made of, down to what the system said."""
    while error is not None:
        yield error
        error = error.__context__


def _why(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return str(getattr(error, "strerror", "") or error)[:_LONGEST]
