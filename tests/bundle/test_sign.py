"""Signed bundles: what a real OPA makes of them, and with which keys there is none."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from policylib import archive, bundle, rules
from policylib.bundle.signatures import envelope
from policylib.bundle.signatures.envelope import SIGNATURES
from policylib.errors import BundleError, SignatureError
from tests import tools
from tests.bundle.signatures import FILES, KEYID, MANIFEST, SCOPE, keys, pair, signed, verify
from tests.bundle.tampers import TAMPERS

ALGORITHMS = ("RS256", "ES256")
REFUSED_BY_OPA = (
    "cut off",
    "a file twice",
    "a second signatures file",
    "stripped",
    "two tokens",
    "no token",
    "somebody else's signature",
    "the public key as a secret",
    "alg none",
    "another scope",
    "a rule altered",
    "data altered",
    "a number written otherwise",
    "a rule added",
    "a rule removed",
    "a rule renamed",
    "data moved",
    "a delta instead",
    "overlapping roots",
    "rules outside",
    "data outside",
)


def payload(content: bytes) -> dict[str, Any]:
    [token] = json.loads(envelope.unpack(content).files[SIGNATURES])["signatures"]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


def opa(folder: Path, content: bytes, algorithm: str = "RS256", scope: str = SCOPE) -> str:
    """What OPA complains of as it activates a bundle; nothing when it answers from it."""
    (folder / "bundle.tar.gz").write_bytes(content)
    (folder / "public.pem").write_bytes(keys(algorithm).public)
    done = subprocess.run(
        [
            tools.path("opa"), "run", "--bundle", "bundle.tar.gz", "--skip-version-check",
            "--verification-key", "public.pem", "--verification-key-id", KEYID,
            "--signing-alg", algorithm, "--scope", scope,
        ],
        cwd=folder,
        input="data.app.limit",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is (done.stdout.splitlines()[-1:] == ["1e2"])
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_opa_activates_it(algorithm: str, tmp_path: Path) -> None:
    assert opa(tmp_path, signed(algorithm), algorithm) == ""
    assert "scope mismatch" in opa(tmp_path, signed(algorithm), algorithm, scope="other")


@pytest.mark.parametrize("tamper", REFUSED_BY_OPA)
def test_opa_refuses_it_after_tampering(tamper: str, tmp_path: Path) -> None:
    assert "error" in opa(tmp_path, TAMPERS[tamper][0]())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_opa_takes_the_bundle_of_all_rules(algorithm: str, tmp_path: Path) -> None:
    built = bundle.build(bundle.Target.OPA, rules.load(), {}, number=3)["bundle.tar.gz"]
    content = bundle.sign(built, keys(algorithm).private, KEYID)
    (tmp_path / "bundle.tar.gz").write_bytes(content)
    (tmp_path / "public.pem").write_bytes(keys(algorithm).public)
    subprocess.run(
        [
            tools.path("opa"), "build", "--bundle", "bundle.tar.gz", "--output", "again.tar.gz",
            "--verification-key", "public.pem", "--verification-key-id", KEYID,
            "--signing-alg", algorithm,
        ],
        cwd=tmp_path,
        check=True,
    )  # fmt: skip
    assert verify(content, algorithm, scope="").number == 3


def test_other_programs_read_the_archive(tmp_path: Path) -> None:
    (tmp_path / "bundle.tar.gz").write_bytes(signed())
    subprocess.run(["gzip", "--test", "bundle.tar.gz"], cwd=tmp_path, check=True)
    subprocess.run(["tar", "--extract", "--file", "bundle.tar.gz"], cwd=tmp_path, check=True)
    for name, content in FILES.items():
        assert (tmp_path / name).read_bytes() == content
    names = {*FILES, SIGNATURES}
    assert {name for name, _ in archive.read(signed(), "it", 1 << 20, 10)} == names


def test_conftest_and_crane_read_the_archive(tmp_path: Path) -> None:
    (tmp_path / "bundle.tar.gz").write_bytes(signed())
    source = f"file://{tmp_path}/bundle.tar.gz"
    subprocess.run(
        [tools.path("conftest"), "pull", "-p", "pulled", source], cwd=tmp_path, check=True
    )
    for name, content in FILES.items():
        assert (tmp_path / "pulled" / name).read_bytes() == content
    append = ["append", "--oci-empty-base", "-f", "bundle.tar.gz", "-t", "a/b:c", "-o", "image.tar"]
    subprocess.run([tools.path("crane"), *append], cwd=tmp_path, check=True, capture_output=True)
    with (tmp_path / "image.tar").open("rb") as image:
        plain = subprocess.run(
            [tools.path("crane"), "export", "-", "-"], stdin=image, check=True, capture_output=True
        ).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as stream:
        assert set(stream.getnames()) >= {*FILES, SIGNATURES}


def test_the_token_says_what_opa_reads_and_no_time() -> None:
    claims = payload(signed())
    assert claims.keys() == {"files", "keyid", "scope", "policylib.dev/head"}
    assert (claims["keyid"], claims["scope"]) == (KEYID, SCOPE)
    assert [one["name"] for one in claims["files"]] == sorted(FILES)
    assert {one["algorithm"] for one in claims["files"]} == {"SHA-256"}
    assert payload(bundle.sign(archive.write(FILES), keys("RS256").private, KEYID))["scope"] == ""


def test_times_are_in_it_when_they_are_asked_for() -> None:
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    content = bundle.sign(
        archive.write(FILES), keys("RS256").private, KEYID, issued_at=begin, expires=end
    )
    claims = payload(content)
    assert (claims["iat"], claims["exp"]) == (int(begin.timestamp()), int(end.timestamp()))
    assert verify(content, scope="", now=begin)
    with pytest.raises(SignatureError, match="expired"):
        verify(content, scope="", now=end)


def test_an_rsa_key_gives_the_same_bytes_each_time() -> None:
    built = archive.write(FILES)
    again = bundle.sign(built, keys("RS256").private, KEYID, scope=SCOPE)
    assert again == signed()
    # Whatever was signed, sealed or packed before does not show.
    assert bundle.sign(signed("ES256"), keys("RS256").private, KEYID, scope=SCOPE) == signed()


def test_an_elliptic_key_gives_the_same_content_each_time() -> None:
    again = bundle.sign(archive.write(FILES), keys("ES256").private, KEYID, scope=SCOPE)
    assert again != signed("ES256")
    assert verify(again, "ES256").content == verify(signed("ES256"), "ES256").content


def test_a_signature_of_another_gives_way() -> None:
    theirs = bundle.sign(archive.write(FILES), keys("RS256", "theirs").private, "theirs")
    ours = bundle.sign(theirs, keys("RS256").private, KEYID, scope=SCOPE)
    assert verify(ours).keyid == KEYID


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (".manifest", json.dumps(MANIFEST | {"roots": [""]}).encode(), "roots-everything"),
        ("app/data.json", b"{", "json-malformed"),
        ("app/sub/data.yaml", b"a: 1", "yaml-data"),
        ("app/.signatures.json", b"{}", "second-signatures-file"),
        ("patch.json", b"{}", "delta"),
    ],
)
def test_what_would_be_refused_is_not_signed(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(SignatureError) as caught:
        bundle.sign(archive.write({**FILES, name: content}), keys("RS256").private, KEYID)
    assert caught.value.reason == reason


def test_a_locked_key_is_opened_with_its_passphrase() -> None:
    key = rsa.generate_private_key(65537, 2048)
    locked = pair(key, b"correct horse")
    content = bundle.sign(archive.write(FILES), locked.private, KEYID, passphrase=b"correct horse")
    assert bundle.verify(content, locked.public, KEYID)
    for wrong in (None, b"battery"):
        with pytest.raises(BundleError, match="passphrase"):
            bundle.sign(archive.write(FILES), locked.private, KEYID, passphrase=wrong)
    with pytest.raises(BundleError, match="no passphrase"):
        bundle.sign(archive.write(FILES), pair(key).private, KEYID, passphrase=b"x")


def test_keys_in_the_forms_that_openssl_writes_are_read(tmp_path: Path) -> None:
    commands = (
        ["genrsa", "-traditional", "-out", "key.pem", "2048"],
        ["ecparam", "-name", "prime256v1", "-genkey", "-out", "key.pem"],
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem"],
    )
    for command in commands:
        subprocess.run(["openssl", *command], cwd=tmp_path, check=True, capture_output=True)
        public = subprocess.run(
            ["openssl", "pkey", "-in", "key.pem", "-pubout"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        ).stdout
        content = bundle.sign(archive.write(FILES), (tmp_path / "key.pem").read_bytes(), KEYID)
        assert bundle.verify(content, public, KEYID)


def pem(key: Any) -> bytes:
    content: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return content


UNFIT = {
    "short": (lambda: pem(rsa.generate_private_key(65537, 1024)), "1024 bits"),
    "a small exponent": (lambda: pem(rsa.generate_private_key(3, 2048)), "exponent"),
    "a weak curve": (lambda: pem(ec.generate_private_key(ec.SECP192R1())), "not P-256"),
    "another curve": (lambda: pem(ec.generate_private_key(ec.SECP384R1())), "not P-256"),
    "a look-alike curve": (lambda: pem(ec.generate_private_key(ec.SECP256K1())), "not P-256"),
    "Ed25519": (lambda: pem(ed25519.Ed25519PrivateKey.generate()), "neither RSA"),
    "DSA": (lambda: pem(dsa.generate_private_key(2048)), "neither RSA"),
    "a public key": (lambda: keys("RS256").public, "this is a public key"),
    "two keys": (lambda: keys("RS256").private + keys("ES256").private, "more than one"),
    "damaged": (
        lambda: keys("RS256").private[:200] + b"\n" + keys("RS256").private[205:],
        "damaged",
    ),
    "no PEM": (lambda: b"secret", "no private key"),
    "empty": (lambda: b"", "no private key"),
}


@pytest.mark.parametrize(("key", "what"), UNFIT.values(), ids=UNFIT)
def test_keys_that_are_unfit_sign_nothing(key: Any, what: str) -> None:
    material = key()
    with pytest.raises(BundleError, match=what) as caught:
        bundle.sign(archive.write(FILES), material, KEYID)
    assert not isinstance(caught.value, SignatureError)
    said = repr(caught.value) + repr(caught.value.__cause__)
    assert all(line.decode() not in said for line in material.splitlines() if len(line) > 40)


@pytest.mark.parametrize(("key", "what"), list(UNFIT.values())[:7], ids=list(UNFIT)[:7])
def test_keys_that_are_unfit_verify_nothing(key: Any, what: str) -> None:
    from cryptography.hazmat.primitives.serialization import PublicFormat, load_pem_private_key

    public = load_pem_private_key(key(), None).public_key()
    material = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(BundleError, match=what) as caught:
        bundle.verify(signed(), material, KEYID)
    assert not isinstance(caught.value, SignatureError)


def test_a_private_key_verifies_nothing() -> None:
    with pytest.raises(BundleError, match="private key"):
        bundle.verify(signed(), keys("RS256").private, KEYID)


def test_the_algorithm_has_to_be_that_of_the_key() -> None:
    with pytest.raises(BundleError, match="for RS256"):
        bundle.sign(archive.write(FILES), keys("RS256").private, KEYID, algorithm="ES256")


@pytest.mark.parametrize(("keyid", "scope"), [("", ""), ("a\nb", ""), ("a", "b\x00")])
def test_names_are_plain_text(keyid: str, scope: str) -> None:
    with pytest.raises(BundleError, match="key id"):
        bundle.sign(archive.write(FILES), keys("RS256").private, keyid, scope=scope)


def test_a_name_that_fits_no_archive_is_an_error() -> None:
    with pytest.raises(BundleError, match="fits no archive"):
        envelope.seal({"a" * 300: b""}, lambda head: b"{}")
