"""Registries as people write them: one in several spellings, and others that look like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from policylib.generate.choices import Choices

HUB = "docker.io"
_HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io")
_ALIKE = (("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"), ("vv", "w"), ("5", "s"))
_HUB_ALIKE = (
    "mirror.gcr.io",
    "registry.hub.docker.com",
    "hub.docker.com",
    "docker.com",
    "registry-2.docker.io",
)
"""Hosts that mirror Docker Hub or are taken for it, and are not another name of it."""
_OTHERS = (
    "quay.io/org/app",
    "evil.example.net/app",
    "gcr.io/project/app",
    "localhost:5000/app",
    "[2001:db8::1]:5000/app",
    "other-organisation/app",
    "alpine",
    "docker.io/other-organisation/app",
    "unheard-of.example.org/app",
)


class Name(NamedTuple):
    """A repository, or what an entry of the settings allows: its host and the path there."""

    host: str
    path: str

    @property
    def text(self) -> str:
        """Host and path in one."""
        return f"{self.host}/{self.path}"


def named(text: str) -> Name:
    """Host and path of a repository, or of an entry, in one spelling."""
    first, slash, rest = text.partition("/")
    is_host = slash and (any(mark in first for mark in ".:") or first.lower() == "localhost")
    host, path = (first.lower().removesuffix(":443"), rest) if is_host else (HUB, text)
    host = HUB if host in _HUB_NAMES else host
    return Name(host, f"library/{path}" if host == HUB and path and "/" not in path else path)


def is_allowed(entries: Sequence[str], repository: str) -> bool:
    """Whether an entry allows a repository."""
    text = named(repository).text
    return any(
        text.startswith(named(entry).text) if entry.endswith("/") else text == named(entry).text
        for entry in entries
    )


def respelled(choices: Choices, repository: str) -> str:
    """The same repository, written differently."""
    host, path = named(repository)
    if host == "localhost":
        return repository
    if host != HUB:
        spellings = [f"{host.upper()}/{path}", f"{host.capitalize()}/{path}"]
        if ":" not in host:
            spellings.append(f"{host}:443/{path}")
    else:
        short = path.removeprefix("library/")
        spellings = [short if "/" not in short else path]
        spellings += [f"{name}/{path}" for name in _HUB_NAMES]
    return choices.one_of(spellings)


def other(choices: Choices, entries: Sequence[str]) -> str:
    """A repository in a registry that no entry names; it may have the path of an allowed one."""
    return choices.one_of(_others(tuple(entries)))


@lru_cache(maxsize=256)
def _others(entries: tuple[str, ...]) -> list[str]:
    paths = [_tail(entry) for entry in entries]
    moved = [f"{host}/{path}" for path in paths for host in ("quay.io", "mirror.gcr.io")]
    return [name for name in (*_OTHERS, *moved) if not is_allowed(entries, name)] or [*_OTHERS]


def _tail(entry: str) -> str:
    """The path of a repository that an entry allows."""
    path = named(entry).path
    return f"{path}app" if entry.endswith("/") else path


@lru_cache(maxsize=256)
def lookalikes(entry: str, entries: tuple[str, ...]) -> list[list[str]]:
    """Repositories that may be taken for what an entry allows, and are elsewhere.

    They stand together by what was done to the host: something put before or behind it, another
    port, marks that look like others, and slips of the finger.
    """
    host, tail = named(entry).host, _tail(entry)
    hub = _HUB_ALIKE if host == HUB else ()
    ways = (_longer(host), _preceded(host), hub, _ports(host), _misread(host), _edited(host))
    found = [[f"{name}/{tail}" for name in way] for way in ways]
    kept = [[name for name in way if not is_allowed(entries, name)] for way in found]
    return [way for way in kept if way]


@lru_cache(maxsize=256)
def neighbours(entry: str, entries: tuple[str, ...]) -> list[str]:
    """Repositories on the host of an entry that are not what it allows."""
    host, path = named(entry)
    if not path:
        return []
    kept = path.rstrip("/")
    above = kept.rpartition("/")[0]
    parent = f"{above}/" if above else ""
    paths = [f"{kept}anisation/app", f"{kept}-other/app", f"{kept}x", f"{parent}other/app"]
    paths += [kept] if entry.endswith("/") else [f"{kept}/below"]
    paths += [f"other/{kept}", f"other/{_tail(entry)}"]
    found = [*(f"{host}/{path}" for path in paths), *_shorter(entry)]
    return [name for name in found if not is_allowed(entries, name)]


def _shorter(entry: str) -> list[str]:
    """What an entry allows, cut short within the last word of its path."""
    host, path = named(entry)
    kept = path.rstrip("/")[:-1]
    return [f"{host}/{kept}"] if kept and kept[-1].isalnum() else []


@lru_cache(maxsize=256)
def cut_short(entry: str, entries: tuple[str, ...]) -> list[str]:
    """Registries on the host of an entry that neither hold nor lie in what is allowed."""
    found = [*_shorter(entry), *neighbours(entry, entries)]
    return [name for name in found if not is_around(entries, name)][:3]


def is_around(entries: Sequence[str], name: str) -> bool:
    """Whether a registry holds what an entry allows, lies in it, or is it."""
    text = f"{named(name).text}/"
    return is_allowed(entries, name) or any(
        f"{named(entry).text}/".startswith(text) for entry in entries
    )


@lru_cache(maxsize=256)
def resembling(entry: str, entries: tuple[str, ...]) -> list[str]:
    """The other entries of the settings that may be taken for this one."""
    own = named(entry)
    return [
        other
        for other in entries
        if named(other) != own and _resemble(own, named(other)) and other != entry
    ]


def _resemble(one: Name, two: Name) -> bool:
    if _skeleton(one.text) == _skeleton(two.text):
        return True
    if one.host == two.host:
        return False
    longer = two.host.startswith(f"{one.host}.") or two.host.endswith(f"-{one.host}")
    return longer or two.host in set(_edited(one.host)) or one.host in set(_edited(two.host))


def _skeleton(text: str) -> str:
    """A text with all that looks alike written alike."""
    for written, read in _ALIKE:
        text = text.replace(written, read)
    return text.replace("-", "").replace("_", "")


def _longer(host: str) -> Iterator[str]:
    if not host.startswith("["):
        bare = host.partition(":")[0]
        yield f"{bare}.evil.example.net"
        yield f"{bare.replace('.', '-')}.example.net"


def _preceded(host: str) -> Iterator[str]:
    """A host at the end of another, or in the path of another."""
    yield f"evil.example.net/{host}" if _is_path(host) else "evil.example.net"
    if not host.startswith("["):
        yield f"evil-{host}"
        yield f"mirror.{host}" if host != "localhost" else "mirror-localhost.example.net"


def _is_path(host: str) -> bool:
    """Whether a host may be a part of a path, where nothing has a port."""
    return ":" not in host


def _ports(host: str) -> Iterator[str]:
    bare, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        yield f"{bare}:{int(port) % 65535 + 1}"
        yield f"{bare}:1{port}" if int(port) < 10000 else f"{bare}:80"
    else:
        yield from (f"{host}:8443", f"{host}:5000", f"{host}:4430", f"{host}:80")


def _misread(host: str) -> Iterator[str]:
    if not host.startswith("["):
        for written, read in _ALIKE:
            for one, two in ((read, written), (written, read)):
                if one in host:
                    yield host.replace(one, two, 1)


def _edited(host: str) -> Iterator[str]:
    """A host with two letters swapped, one left out or one doubled, its port kept."""
    if host.startswith("["):
        return
    bare, colon, port = host.partition(":")
    for i in range(len(bare) - 1):
        one, two = bare[i], bare[i + 1]
        if not (one.isalpha() and two.isalpha()):
            continue
        if one != two:
            yield f"{bare[:i]}{two}{one}{bare[i + 2 :]}{colon}{port}"
        yield f"{bare[:i]}{one}{bare[i:]}{colon}{port}"
        yield f"{bare[:i]}{bare[i + 1 :]}{colon}{port}"
