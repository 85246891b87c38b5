"""Verifying: what others signed, what was seen before, and archives that mean harm."""

from __future__ import annotations

import functools
import gzip
import json
import multiprocessing
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import archive, bundle, rules
from policylib.bundle.signatures import envelope, seen
from policylib.bundle.signatures.reasons import Reason
from policylib.errors import BundleError, SignatureError
from tests import tools
from tests.bundle.signatures import (
    FILES,
    KEYID,
    MANIFEST,
    SCOPE,
    keys,
    listed,
    members,
    pack,
    resigned,
    signatures,
    signed,
    verify,
)

ALGORITHMS = ("RS256", "ES256")


@functools.cache
def numbered(number: int, **data: Any) -> bytes:
    """The small bundle with another number and other data."""
    manifest = {**MANIFEST, "revision": f"{number}+sha256:{'cd' * 32}"}
    files = {**FILES, ".manifest": json.dumps(manifest).encode()}
    files["app/data.json"] = json.dumps({"limit": 1, **data}).encode()
    return bundle.sign(archive.write(files), keys("RS256").private, KEYID, scope=SCOPE)


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(content, **options)
    return caught.value.reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small bundle's files, keys, and the claims that OPA is told."""
    for name, content in FILES.items():
        (tmp_path / "bundle" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / name).write_bytes(content)
    for algorithm in ALGORITHMS:
        (tmp_path / f"{algorithm}.pem").write_bytes(keys(algorithm).private)
    (tmp_path / "claims.json").write_text(json.dumps({"keyid": KEYID, "scope": SCOPE}))
    return tmp_path


def opa(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [tools.path("opa"), *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )


def signing(algorithm: str) -> tuple[str, ...]:
    key = f"../{algorithm}.pem"
    return ("--signing-key", key, "--signing-alg", algorithm, "--claims-file", "../claims.json")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_opa_built_and_signed_is_accepted(algorithm: str, folder: Path) -> None:
    opa(folder / "bundle", "build", "--bundle", ".", "-o", "../b.tar.gz", *signing(algorithm))
    verified = verify((folder / "b.tar.gz").read_bytes(), algorithm)
    assert not verified.sealed
    assert verified.algorithm == algorithm
    assert (verified.number, verified.revision) == (7, MANIFEST["revision"])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("dialect", ["ustar", "gnu"])
def test_what_opa_signed_and_tar_packed_is_accepted(
    algorithm: str, dialect: str, folder: Path
) -> None:
    opa(folder / "bundle", "sign", "--bundle", ".", *signing(algorithm))
    names = [".manifest", ".signatures.json", "app"]
    command = ["tar", f"--format={dialect}", "-czf", "../b.tar.gz", *names]
    subprocess.run(command, cwd=folder / "bundle", check=True)
    assert not verify((folder / "b.tar.gz").read_bytes(), algorithm).sealed


def test_all_rules_that_opa_built_and_signed_are_accepted(folder: Path) -> None:
    built = bundle.build(bundle.Target.OPA, rules.load(), {}, number=9)["bundle.tar.gz"]
    (folder / "bundle" / "built.tar.gz").write_bytes(built)
    arguments = ("--bundle", "built.tar.gz", "-o", "../b.tar.gz", *signing("RS256"))
    opa(folder / "bundle", "build", *arguments)
    content = (folder / "b.tar.gz").read_bytes()
    assert verify(content).number == 9
    # Signed by us, it is sealed, and in the names that we write.
    again = bundle.sign(content, keys("RS256").private, KEYID, scope=SCOPE)
    assert verify(again).sealed


def test_stronger_hashes_are_accepted() -> None:
    import hashlib

    algorithms = {"SHA-384": "sha384", "SHA-512": "sha512", "SHA-512-256": "sha512_256"}
    rego = "app/sub/rules.rego"
    for name, algorithm in algorithms.items():
        digest = hashlib.new(algorithm, FILES[rego]).hexdigest()
        one = {"name": rego, "hash": digest, "algorithm": name}
        files = [one if each["name"] == rego else each for each in listed(FILES)]
        assert verify(resigned(FILES, files=files))


def test_it_says_what_was_accepted() -> None:
    verified = verify(signed())
    assert (verified.keyid, verified.scope, verified.algorithm) == (KEYID, SCOPE, "RS256")
    assert verified.files == tuple(sorted(FILES))
    assert verified.sealed
    assert verified.first_seen is None
    # The content is the same however it is packed, and whoever signed it.
    assert verified.content == verify(resigned(FILES)).content
    assert verified.digest != verify(resigned(FILES)).digest


def test_without_a_scope_only_signatures_for_none_are_accepted() -> None:
    for scope in (None, ""):
        assert verify(resigned(FILES, scope=scope), scope="").scope == ""
    assert refusal(signed(), scope="") == "scope-mismatch"


def test_without_a_key_id_nothing_is_verified() -> None:
    with pytest.raises(BundleError, match="key id"):
        bundle.verify(signed(), keys("RS256").public, "")


def test_a_refusal_survives_pickling() -> None:
    with pytest.raises(SignatureError) as caught:
        verify(b"")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.reason, str(again)) == (caught.value.reason, str(caught.value))


def test_an_older_bundle_is_refused(tmp_path: Path) -> None:
    memory = tmp_path / "state" / "bundles.json"
    assert verify(numbered(3), seen_file=memory).first_seen
    assert verify(numbered(3), seen_file=memory).first_seen is False
    assert verify(numbered(10), seen_file=memory).first_seen is False
    known = memory.read_bytes()
    assert refusal(numbered(9), seen_file=memory) == "revision-older"
    assert refusal(numbered(3), seen_file=memory) == "revision-older"
    assert memory.read_bytes() == known
    assert verify(numbered(11, more=1), seen_file=memory)


def test_a_number_stands_for_one_content(tmp_path: Path) -> None:
    memory = tmp_path / "bundles.json"
    verify(numbered(3), seen_file=memory)
    assert refusal(numbered(3, more=1), seen_file=memory) == "revision-reused"
    # Signed again, by another key of that name or by OPA, it is the same content.
    files = {n: c for n, c in envelope.unpack(numbered(3)).files.items() if "signatures" not in n}
    assert verify(resigned(files), seen_file=memory).first_seen is False


def test_keys_and_scopes_have_numbers_of_their_own(tmp_path: Path) -> None:
    memory = tmp_path / "bundles.json"
    assert verify(numbered(5), seen_file=memory).first_seen
    other = bundle.sign(numbered(4), keys("RS256").private, KEYID, scope="other")
    assert verify(other, scope="other", seen_file=memory).first_seen
    third = bundle.sign(numbered(3), keys("RS256").private, "another", scope=SCOPE)
    key = keys("RS256").public
    assert bundle.verify(third, key, "another", scope=SCOPE, seen_file=memory).first_seen
    assert refusal(numbered(4), seen_file=memory) == "revision-older"


def test_what_is_refused_is_not_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "bundles.json"
    files = {n: c for n, c in envelope.unpack(numbered(99)).files.items() if "signatures" not in n}
    stranger = bundle.sign(archive.write(files), keys("RS256", "x").private, KEYID, scope=SCOPE)
    assert refusal(stranger, seen_file=memory) == "signature-wrong"
    assert refusal(numbered(99), seen_file=memory, at_least=100) == "revision-below-minimum"
    assert not memory.exists()
    assert verify(numbered(1), seen_file=memory).first_seen


def test_without_memory_the_lowest_number_is_what_was_asked_for() -> None:
    assert verify(numbered(7), at_least=7)
    assert refusal(numbered(7), at_least=8) == "revision-below-minimum"


ENTRY = {
    "keyid": KEYID,
    "scope": SCOPE,
    "number": 3,
    "revision": "r",
    "content": f"sha256:{'a' * 64}",
}
MALFORMED = {
    "empty": b"",
    "no JSON": b"{",
    "another shape": b"[]",
    "a later version": b'{"version": 2, "bundles": []}',
    "no bundles": b'{"version": 1}',
    "no version": b'{"bundles": []}',
    "more than is known": b'{"version": 1, "bundles": [], "x": 1}',
    "a number as text": json.dumps(
        {"version": 1, "bundles": [{**ENTRY, "number": "3"}]}).encode(),
    "a number below all": json.dumps({"version": 1, "bundles": [{**ENTRY, "number": -1}]}).encode(),
    "a pair twice": json.dumps({"version": 1, "bundles": [ENTRY, ENTRY]}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_memory_is_an_error_and_stays(content: bytes, tmp_path: Path) -> None:
    memory = tmp_path / "bundles.json"
    memory.write_bytes(content)
    with pytest.raises(BundleError) as caught:
        verify(numbered(3), seen_file=memory)
    assert not isinstance(caught.value, SignatureError)
    assert memory.read_bytes() == content


@given(data=st.data())
def test_a_memory_with_a_byte_changed_never_lets_an_older_bundle_in(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory = tmp_path_factory.mktemp("seen") / "bundles.json"
    entry = {**ENTRY, "number": 50}
    text = json.dumps({"version": 1, "bundles": [entry]}).encode()
    # Elsewhere a change can make it the memory of another key, or of another number.
    sound = [place for place in range(len(text)) if text[place : place + 1] in b'{}[]:,"']
    place = data.draw(st.sampled_from(sound))
    memory.write_bytes(text[:place] + data.draw(st.binary(max_size=3)) + text[place + 1 :])
    if memory.read_bytes() != text:
        with pytest.raises(BundleError):
            seen.advance(memory, seen.Latest(**ENTRY))


def test_a_memory_that_is_no_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "text").write_bytes(b"")
    for memory in (tmp_path / "folder", tmp_path / "pipe", tmp_path / "text" / "bundles.json"):
        with pytest.raises(BundleError) as caught:
            verify(numbered(3), seen_file=memory)
        assert not isinstance(caught.value, SignatureError)


def test_a_memory_that_another_process_holds_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    memory = tmp_path / "bundles.json"
    monkeypatch.setattr(seen, "PATIENCE", 0.1)
    with (tmp_path / "bundles.json.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BundleError, match="holds it"):
            verify(numbered(3), seen_file=memory)
    assert verify(numbered(3), seen_file=memory).first_seen


def _advance(file: Path, number: int) -> bool:
    bundle = seen.Latest(**{**ENTRY, "number": number, "keyid": f"k{number % 3}"})
    try:
        seen.advance(file, bundle)
    except SignatureError:
        return False
    return True


def test_processes_at_once_forget_nothing(tmp_path: Path) -> None:
    memory = tmp_path / "bundles.json"
    numbers = [number * 7 % 60 for number in range(60)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, context) as pool:
        list(pool.map(_advance, [memory] * len(numbers), numbers))
    kept = json.loads(memory.read_text())["bundles"]
    assert {one["keyid"]: one["number"] for one in kept} == {"k0": 57, "k1": 58, "k2": 59}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bundles.json",
        "bundles.json.lock",
    ]


def test_where_it_is_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert seen.default_path() == tmp_path / "state" / "policylib" / "bundles.json"
    for none in ("", "relative"):
        monkeypatch.setenv("XDG_STATE_HOME", none)
        assert seen.default_path() == tmp_path / ".local/state/policylib/bundles.json"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: gzip.compress(bytes(1 << 28), 1),
    "lists": lambda: of_data(b"[" + b"[]," * 20_000_000 + b"1]"),
    "objects that just fit": lambda: of_data(
        b"{" + b",".join(b'"%x":{}' % number for number in range(499_000)) + b"}"
    ),
    "levels": lambda: of_data(b"[" * 900_000),
    "one text": lambda: of_data(b'{"a": "' + b"x" * 60_000_000 + b'"}'),
    "tokens": lambda: of_signatures(signatures(*["a.b.c"] * 2_000_000)),
    "one token": lambda: of_signatures(signatures("a" * 60_000_000)),
}
ROOM = 512 << 20
"""Bytes that a verifying process may have in memory."""
BOUNDED = """
import resource, sys
from pathlib import Path
from policylib import bundle
from policylib.errors import SignatureError
for name in sys.argv[1:]:
    try:
        content, key = Path(name).read_bytes(), Path("public").read_bytes()
        bundle.verify(content, key, "prod-2026", scope="payments")
    except SignatureError as error:
        print(error.reason)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def of_data(content: bytes) -> bytes:
    """The signed bundle with other data; OPA would read it before it compares digests."""
    files = {**envelope.unpack(signed()).files, "app/data.json": content}
    return pack(members(files))


def of_signatures(content: bytes) -> bytes:
    return pack(members({**FILES, ".signatures.json": content}))


def test_archives_that_mean_harm_are_refused_within_bounded_memory(tmp_path: Path) -> None:
    for name, hostile in HOSTILE.items():
        (tmp_path / name).write_bytes(hostile())
    (tmp_path / "public").write_bytes(keys("RS256").public)
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, *HOSTILE],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *reasons, peak = done.stdout.split()
    assert len(reasons) == len(HOSTILE)
    assert int(peak) < ROOM


def test_the_guide_lists_every_reason() -> None:
    guide = (tools.ROOT / "docs" / "guide" / "signing.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in guide.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([a-z-]+)`", " ".join(rows))) == sorted(Reason)
