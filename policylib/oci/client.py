"""A client of one repository: oras, held to limits of time, size, place and encryption."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from oras.auth.token import TokenAuth
from oras.provider import Registry
from oras.utils import append_url_params
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from policylib.errors import BundleError
from policylib.oci.manifest import KINDS, MANIFEST
from policylib.oci.reference import Reference
from policylib.oci.talk import RefusalError

TIMEOUT: Final = (10.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes."""
_CHUNK: Final = 1 << 16
_REASON: Final = 1 << 14
_LONGEST: Final = 200
_MOST: Final = 65 << 20
"""Bytes of any body; those that are asked for have lower limits."""
_READING: Final = {"GET", "HEAD"}
# oras would try again for minutes, and say nothing.
_once: Any = Registry.do_request.__wrapped__


class Client:
    """What is asked of a repository, until the clock (`time.monotonic`) says `until`.

    Raises `BundleError` for an answer that is not the one asked for; what fails below, oras and
    requests raise as they do.
    """

    def __init__(self, reference: Reference, until: float) -> None:
        self._reference = reference
        self._oras = Registry(insecure=reference.is_loopback)
        self._oras.session = _Session()
        guard = _Guard(reference, until)
        self._oras.session.mount("https://", guard)
        self._oras.session.mount("http://", guard)
        self._oras.auth = _Auth(reference)
        self._oras.auth.session = self._oras.session
        self._oras.auth.prefix = self._oras.prefix
        self._oras.auth._tls_verify = True  # noqa: SLF001 - as oras' own factory does
        _load_credentials(self._oras.auth, reference)
        self._base = f"{self._oras.prefix}://{reference.registry}/v2/{reference.repository}"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._oras.session.close()

    def get(self, path: str, most: int) -> bytes:
        """The body of an answer, `most` bytes at most."""
        accept = {"Accept": ", ".join((*KINDS, "*/*;q=0.5")), "Accept-Encoding": "identity"}
        with self._ask("GET", f"{self._base}/{path}", accept) as response:
            if response.status_code != 200:
                raise self._refused(response, "read this")
            content = bytearray()
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > most:
                    raise BundleError(
                        f"an answer has more than {most} bytes", where=str(self._reference)
                    )
            return bytes(content)

    def has(self, path: str) -> bool:
        """Whether something is there, as the registry says."""
        accept = {"Accept": ", ".join((*KINDS, "*/*;q=0.5"))}
        with self._ask("HEAD", f"{self._base}/{path}", accept) as response:
            if response.status_code not in {200, 404}:
                raise self._refused(response, "read this")
            return response.status_code == 200

    def upload(self, content: bytes, digest: str) -> None:
        """Store a blob."""
        start = f"{self._base}/blobs/uploads/"
        binary = {"Content-Type": "application/octet-stream"}
        with self._ask("POST", start, {**binary, "Content-Length": "0"}) as response:
            location = response.headers.get("Location", "")
            if response.status_code != 202 or not location:
                raise self._refused(response, "store this")
        place = append_url_params(urljoin(start, location), {"digest": digest})
        with self._ask("PUT", place, binary, content) as response:
            if response.status_code != 201:
                raise self._refused(response, "store this")

    def put_manifest(self, content: bytes, name: str) -> None:
        """Store a manifest under a tag or its digest."""
        kind = {"Content-Type": MANIFEST}
        with self._ask("PUT", f"{self._base}/manifests/{name}", kind, content) as response:
            if response.status_code != 201:
                raise self._refused(response, "store this")

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None = None
    ) -> Response:
        response: Response = _once(
            self._oras, url, method, data=data, headers={**headers}, stream=True
        )
        return response

    def _refused(self, response: Response, what: str) -> BundleError:
        """What to say of an answer; one of 4xx says that nothing was done."""
        status, registry = response.status_code, self._reference.registry
        said = {
            401: "the registry wants to know who asks",
            403: f"the registry does not let you {what}",
            404: "there is no such artifact",
            429: "the registry is asked too often",
        }.get(status, "")
        if status == 404 and what == "store this":
            said = "the registry has no such repository"
        said = said or f"the registry answers with status {status}{_reason(response)}"
        remedy = {401: f"docker login {registry}", 403: f"docker login {registry}"}
        kind = RefusalError if 400 <= status < 500 else BundleError
        return kind(said, where=str(self._reference), remedy=remedy.get(status, ""))


def _reason(response: Response) -> str:
    """What a registry says of its refusal, if it says so in the way that is agreed on."""
    try:
        content = next(response.iter_content(_REASON), b"")
        error = json.loads(content)["errors"][0]
        said = f"{error['code']}: {error['message']}"
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return ""
    return f" ({said[:_LONGEST]})"


class _Auth(TokenAuth):  # type: ignore[misc]
    """Credentials as a registry asks for them: for a token of the scope it names, or themselves.

    Where a registry leads to another, that one may ask as it likes.
    """

    def __init__(self, reference: Reference) -> None:
        super().__init__()
        self._place = _place(_root(reference))

    def authenticate_request(
        self,
        original: Response,
        headers: dict[str, str],
        refresh: bool = False,  # noqa: FBT001, FBT002 - as oras calls it
    ) -> tuple[dict[str, str], bool]:
        """Add what the answer demands, if it can be had; the next answer then says it all."""
        original.close()  # what else it says is of no use
        asks = _place(urlsplit(original.url)) == self._place
        demand = original.headers.get("Www-Authenticate", "") if asks else ""
        if demand.lower().startswith("basic"):
            known = getattr(self, "_basic_auth", None)
            return {**headers, **({"Authorization": f"Basic {known}"} if known else {})}, True
        if demand:
            self.token = None  # the one there is was not enough: it is for another scope
            headers, _ = super().authenticate_request(original, headers, refresh)
        return headers, True

    def know(self, configuration: dict[str, Any], registry: str) -> None:
        """Take the credentials that a Docker configuration has for the name of a registry."""
        self._auth_config = configuration
        self._load_auth(registry)


class _Session(Session):
    """Sends the credentials that oras gives it, and no others: requests would ask ~/.netrc."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = _as_it_is
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # as oras' own has it

    def rebuild_auth(self, prepared_request: PreparedRequest, response: Response) -> None:
        """Leave the credentials behind where a redirect leads to somebody else."""
        if self.should_strip_auth(response.request.url or "", prepared_request.url or ""):
            prepared_request.headers.pop("Authorization", None)


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    return request


class _Guard(HTTPAdapter):
    """Lets through what keeps to the limits.

    Nothing goes to another machine without encryption, and nothing is stored elsewhere than in
    the registry that was named, wherever it leads.
    """

    def __init__(self, reference: Reference, until: float) -> None:
        super().__init__()
        self._reference, self._until = reference, until
        self._place = _place(_root(reference))

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:  # noqa: ANN401
        url, where = urlsplit(request.url or ""), str(self._reference)
        if url.scheme != "https":
            if not Reference(url.netloc, "").is_loopback:
                raise BundleError(
                    f"the registry leads to {url.hostname} without encryption", where=where
                )
            options["proxies"] = {}  # a proxy is another machine
            request.headers.pop("Proxy-Authorization", None)
        if request.method not in _READING and _place(url) != self._place:
            raise BundleError(f"the registry leads to {url.hostname} to store it", where=where)
        if time.monotonic() > self._until:
            raise BundleError("the registry takes too long", where=where)
        response = super().send(request, *args, **{**options, "timeout": TIMEOUT})
        response.raw = _Bounded(response.raw, _MOST, where)
        return response


class _Bounded:
    """A body that fails when it gives more than it may, whoever reads it."""

    def __init__(self, raw: Any, most: int, where: str) -> None:  # noqa: ANN401 - urllib3's
        self._raw, self._left, self._where = raw, most, where

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._raw, name)

    def stream(self, *args: Any, **options: Any) -> Iterator[bytes]:  # noqa: ANN401
        """As urllib3's, which requests reads all bodies by."""
        for chunk in self._raw.stream(*args, **options):
            self._count(chunk)
            yield chunk

    def read(self, *_: Any, **options: Any) -> bytes:  # noqa: ANN401
        """As urllib3's; requests calls it to be rid of a body that it cannot decode."""
        content: bytes = self._raw.read(self._left + 1, **options)
        self._count(content)
        return content

    def _count(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            self._raw.close()
            raise BundleError("the registry answers without an end", where=self._where)


def _root(reference: Reference) -> SplitResult:
    return urlsplit(f"{'http' if reference.is_loopback else 'https'}://{reference.registry}")


def _place(url: SplitResult) -> tuple[str | None, int]:
    """Where a URL leads: host and port, however they are written."""
    return url.hostname, url.port or (443 if url.scheme == "https" else 80)


def _load_credentials(auth: _Auth, reference: Reference) -> None:
    """Read the Docker configuration, the one file of it, for the credentials of this registry."""
    home = os.path.expanduser("~/.docker")  # noqa: PTH111 - Path's fails where there is no home
    file = Path(os.environ.get("DOCKER_CONFIG") or home, "config.json")
    try:
        said = json.loads(file.read_bytes()) if file.exists() else {}
        known = {kind: said.get(kind) or {} for kind in ("auths", "credHelpers", "credsStore")}
        auth.know(known, reference.registry)
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise BundleError(
            f"the Docker configuration gives no credentials: {error}",
            where=str(file),
            remedy=f"docker login {reference.registry}",
        ) from error
