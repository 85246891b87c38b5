"""Another machine is spoken to with encryption, and only when its certificate is trusted."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from policylib import archive, oci
from policylib.errors import BundleError
from tests.oci import hostile
from tests.packages import registry

NAME = "registry.example"
FILES = {"main.rego": b"package main\n"}
ARTIFACT = oci.Artifact(archive.write(FILES), ".", unpack=True)


def certified(folder: Path, name: str) -> dict[str, str]:
    """A key, and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.key").write_bytes(private)
    return {"certificate": str(folder / "server.pem"), "key": str(folder / "server.key")}


@pytest.fixture
def _resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of other machines lead to this one, and no proxy stands between."""
    resolve = socket.getaddrinfo

    def here(host: str, *args: Any, **more: Any) -> Any:
        return resolve("127.0.0.1" if host.endswith(".example") else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def port(tmp_path: Path, _resolved: None) -> Iterator[str]:
    """Where a registry with a certificate for NAME listens."""
    with registry.on_disk(tmp_path, tls=certified(tmp_path, NAME)) as address:
        yield address.rpartition(":")[2]


def test_who_is_trusted_is_spoken_to(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
    pushed = oci.push(f"oci://{NAME}:{port}/team/policy:v1", ARTIFACT)
    assert oci.pull(str(pushed.reference)).files == FILES


def refuses(reference: str, complaint: str) -> None:
    for asked in (lambda: oci.push(reference, ARTIFACT), lambda: oci.pull(reference)):
        with pytest.raises(BundleError, match=complaint) as refusal:
            asked()
        assert "REQUESTS_CA_BUNDLE" in refusal.value.remedy


def test_who_is_not_trusted_is_not_spoken_to(port: str, tmp_path: Path) -> None:
    complaint = f"certificate of {NAME}:{port} is not trusted: self-signed certificate"
    refuses(f"oci://{NAME}:{port}/team/policy:v1", complaint)
    assert "/v2/" not in (tmp_path / "log").read_text()


def test_a_certificate_is_for_one_name(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
    complaint = f"certificate of another.example:{port} is not trusted: Hostname mismatch"
    refuses(f"oci://another.example:{port}/team/policy:v1", complaint)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_what_is_not_encrypted_passes_no_proxy(
    variable: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy is another machine, and is told nothing; nor is the registry told its password."""
    for one in ("http_proxy", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(one, raising=False)
    with hostile.Registry() as proxy, hostile.Registry(elsewhere) as fake:
        monkeypatch.setenv(variable, f"http://user:secret@{proxy.host}")
        reference = f"oci://{fake.host}/a/b:v1".replace("127.0.0.1", name)
        oci.push(reference, ARTIFACT)
        assert oci.pull(reference).files == FILES
    assert proxy.asked == []
    assert any("/kept/" in asked for asked in fake.asked)
    assert fake.credentials == []


def elsewhere(held: hostile.Registry, method: str, path: str) -> hostile.Answer | None:
    """A registry that keeps its layers at another place of its own."""
    there = {"Location": f"/kept/{path.rpartition('/')[2]}"}
    leads = method == "GET" and "/v2/a/b/blobs/" in path
    return hostile.Answer(307, headers=there) if leads else None
