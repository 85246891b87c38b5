"""What names an artifact in a registry."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from policylib.errors import BundleError

SCHEME: Final = "oci://"
_NAME = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"oci://(?P<registry>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?)"
    rf"/(?P<repository>{_NAME}(?:/{_NAME})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True)
class Reference:
    """A registry, a repository in it, and a tag or a digest."""

    registry: str
    repository: str
    tag: str = "latest"
    digest: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether the registry is this machine, by its name alone."""
        host = urlsplit(f"//{self.registry}").hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def at(self, digest: str) -> Reference:
        """The artifact of that digest, in the same repository."""
        return replace(self, digest=digest)

    def __str__(self) -> str:
        version = f"@{self.digest}" if self.digest else f":{self.tag}"
        return f"{SCHEME}{self.registry}/{self.repository}{version}"


def parse(text: str) -> Reference:
    """Read `oci://REGISTRY/REPOSITORY[:TAG][@sha256:…]`; a digest goes before a tag.

    Raises `BundleError` for anything else.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise BundleError(
            "this is no reference to an artifact",
            where=text,
            remedy="oci://REGISTRY/REPOSITORY:TAG, or …@sha256: and 64 lower-case digits",
        )
    return Reference(
        found["registry"], found["repository"], found["tag"] or "latest", found["digest"] or ""
    )
