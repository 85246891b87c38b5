"""A service that gives out tokens which a real docker-registry takes."""

from __future__ import annotations

import base64
import datetime as dt
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Service:
    """Where tokens come from, and which scopes it has given."""

    configuration: dict[str, str]
    granted: list[str] = field(default_factory=list)


@contextmanager
def serving(folder: Path, users: Mapping[str, str]) -> Iterator[Service]:
    """A token for whoever knows a password; one that permits nothing for everybody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key)
    bundle = folder / "issuer.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    service = Service({"service": "registry", "issuer": "tests", "rootcertbundle": str(bundle)})
    header = {
        "x5c": [base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()]
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            access = [_access(scope) for scope in asked.get("scope", [])]
            if _known(self.headers.get("Authorization", ""), users):
                service.granted.extend(asked.get("scope", []))
            else:
                access = []
            claims = {**_claims(), "access": access}
            token = jwt.encode(claims, key, algorithm="ES256", headers=header)
            body = json.dumps({"token": token}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    service.configuration["realm"] = f"http://127.0.0.1:{server.server_port}/token"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def _known(authorization: str, users: Mapping[str, str]) -> bool:
    wanted = {base64.b64encode(f"{u}:{p}".encode()).decode() for u, p in users.items()}
    return authorization.removeprefix("Basic ") in wanted


def _access(scope: str) -> dict[str, Any]:
    kind, name, actions = scope.split(":")
    return {"type": kind, "name": name, "actions": actions.split(",")}


def _claims() -> dict[str, Any]:
    now = int(dt.datetime.now(dt.UTC).timestamp())
    return {
        "iss": "tests",
        "aud": "registry",
        "sub": "",
        "iat": now,
        "nbf": now - 60,
        "exp": now + 600,
        "jti": "1",
    }


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
