"""Whatever is done to a signed bundle, it is refused, each for its own reason."""

from __future__ import annotations

import base64
import json
import random
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import bundle, rules
from policylib.bundle.signatures import envelope
from policylib.bundle.signatures.envelope import SIGNATURES
from policylib.bundle.signatures.reasons import Reason
from policylib.errors import SignatureError
from tests.bundle.signatures import FILES, KEYID, SCOPE, keys, resigned, signed, verify
from tests.bundle.tampers import TAMPERS, inside, manifest, put

ALGORITHMS = ("RS256", "ES256")


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(content, **options)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(("tampered", "reason"), TAMPERS.values(), ids=TAMPERS)
def test_what_is_tampered_with_is_refused_for_its_own_reason(
    tampered: Callable[[], bytes], reason: Reason
) -> None:
    assert refusal(tampered()) == reason


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_untouched_is_accepted(algorithm: str) -> None:
    assert verify(signed(algorithm), algorithm).sealed


def test_what_the_table_starts_from_is_accepted() -> None:
    assert not verify(resigned(FILES)).sealed
    assert not verify(manifest()).sealed


def test_every_reason_is_tried() -> None:
    tried = {reason for _, reason in TAMPERS.values()}
    of_revisions = {Reason.REVISION_BELOW, Reason.REVISION_OLDER, Reason.REVISION_REUSED}
    assert tried | of_revisions == set(Reason)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_flipped_bit_is_refused(algorithm: str) -> None:
    content = bytearray(signed(algorithm))
    for place in range(len(content)):
        for bit in range(8):
            content[place] ^= 1 << bit
            with pytest.raises(SignatureError):
                verify(bytes(content), algorithm)
            content[place] ^= 1 << bit
    assert verify(bytes(content), algorithm).sealed


def test_flips_all_over_the_bundle_of_all_rules_are_refused() -> None:
    built = bundle.build(bundle.Target.OPA, rules.load(), {})["bundle.tar.gz"]
    content = bytearray(bundle.sign(built, keys("RS256").private, KEYID, scope=SCOPE))
    chance = random.Random(20260101)
    edges = [*range(64), *range(len(content) - 64, len(content))]
    for place in [*edges, *chance.sample(range(len(content)), 600)]:
        bit = 1 << chance.randrange(8)
        content[place] ^= bit
        with pytest.raises(SignatureError):
            verify(bytes(content))
        content[place] ^= bit
    assert verify(bytes(content)).sealed


def test_the_other_value_that_makes_the_same_signature_is_refused() -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    files = dict(envelope.unpack(signed("ES256")).files)
    said, _, signature = json.loads(files[SIGNATURES])["signatures"][0].rpartition(".")
    pair = base64.urlsafe_b64decode(signature + "==")
    other = pair[:32] + (order - int.from_bytes(pair[32:], "big")).to_bytes(32, "big")
    twin = f"{said}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}"
    jwt.decode(twin, keys("ES256").public, algorithms=["ES256"])  # it is valid all the same
    document = (json.dumps({"signatures": [twin]}, indent=2) + "\n").encode()
    files.pop(SIGNATURES)
    forged = envelope.seal(files, lambda head: document)
    assert refusal(forged, algorithm="ES256") == Reason.SEAL_BROKEN


def test_a_head_that_unpacks_to_the_same_is_refused() -> None:
    files = inside()
    document = files.pop(SIGNATURES)
    whole = envelope.seal(files, lambda head: document)
    assert whole == signed()
    plain = zlib.decompress(whole, wbits=31)
    size = 512 + -(-len(document) // 512) * 512 + 1024
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = packer.compress(plain[:-size]) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = envelope._stored(envelope._rest(document)) + whole[-8:]
    twin = whole[:10] + body + tail
    assert zlib.decompress(twin, wbits=31) == plain
    assert refusal(twin) == Reason.SEAL_BROKEN


def test_a_tail_in_other_blocks_is_refused() -> None:
    document = inside()[SIGNATURES]
    stored = envelope._stored(envelope._rest(document))
    head = signed()[: -len(stored) - 8]
    plain = stored[5:]
    blocks = [(0, plain[:100]), (1, plain[100:])]
    split = b"".join(
        struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part for last, part in blocks
    )
    twin = head + split + signed()[-8:]
    assert zlib.decompress(twin, wbits=31) == zlib.decompress(signed(), wbits=31)
    assert refusal(twin) == Reason.SEAL_BROKEN


def test_signatures_in_other_words_are_refused_though_the_head_is_the_same() -> None:
    files = inside()
    document = files.pop(SIGNATURES)
    assert refusal(envelope.seal(files, lambda head: document + b"\n")) == Reason.SEAL_BROKEN


edits = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.integers(0, 40), st.binary(max_size=40)),
    min_size=1,
    max_size=4,
)


@given(edits)
def test_whatever_is_edited_is_refused(found: list[tuple[int, int, bytes]]) -> None:
    content = signed()
    for place, length, data in found:
        start = place % (len(content) + 1)
        content = content[:start] + data + content[start + length :]
    if content == signed():
        assert verify(content).sealed
    else:
        refusal(content)


@given(st.sampled_from(sorted(FILES)), edits)
def test_whatever_is_edited_inside_is_refused(
    name: str, found: list[tuple[int, int, bytes]]
) -> None:
    content = inside()[name]
    for place, length, data in found:
        start = place % (len(content) + 1)
        content = content[:start] + data + content[start + length :]
    if content != inside()[name]:
        refusal(put(name, content))


@given(st.data())
def test_whatever_the_token_is_turned_into_is_refused(data: st.DataObject) -> None:
    text = inside()[SIGNATURES]
    place = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != text[place]))
    refusal(put(SIGNATURES, text[:place] + bytes([byte]) + text[place + 1 :]))


def test_a_signature_expires_to_the_second() -> None:
    content = resigned(FILES, exp=1_800_000_000, nbf=1_700_000_000)
    assert verify(content, now=datetime.fromtimestamp(1_799_999_999, UTC))
    assert verify(content, now=datetime.fromtimestamp(1_700_000_000, UTC))
    assert refusal(content, now=datetime.fromtimestamp(1_800_000_000, UTC)) == Reason.EXPIRED
