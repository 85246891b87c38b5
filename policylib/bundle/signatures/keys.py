"""Keys that sign and verify bundles: RSA for RS256, P-256 for ES256, and none that is weak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from policylib.errors import BundleError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

ALGORITHMS: Final = ("RS256", "ES256")
SMALLEST_MODULUS: Final = 2048
"""Bits of an RSA key."""
LARGEST_MODULUS: Final = 8192
SMALLEST_EXPONENT: Final = 65537


_Private: TypeAlias = "RSAPrivateKey | EllipticCurvePrivateKey"
_Public: TypeAlias = "RSAPublicKey | EllipticCurvePublicKey"
WHERE: Final = "the key"
"""Where an error of a key is, to what knows no file."""
_MAKE_ONE: Final = (
    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, or -algorithm RSA "
    "-pkeyopt rsa_keygen_bits:3072"
)
_WHOSE_PRIVATE: Final = "sign with the private key that it belongs to"
_UNLOCK: Final = (
    "`bundle sign` reads the passphrase in $POLICYLIB_PASSPHRASE, or in the variable that "
    "--passphrase-env names"
)
_WHOSE_PUBLIC: Final = (
    "openssl pkey -in PRIVATE.pem -pubout, or openssl x509 -in CERTIFICATE.pem -pubkey -noout"
)


@dataclass(frozen=True)
class PrivateKey:
    """A key that signs, and the one algorithm that it signs with."""

    key: _Private
    algorithm: str

    @property
    def public(self) -> PublicKey:
        """The key that verifies what this one signs."""
        return PublicKey(self.key.public_key(), self.algorithm)

    def __repr__(self) -> str:
        return f"PrivateKey(algorithm={self.algorithm!r})"


@dataclass(frozen=True)
class PublicKey:
    """A key that verifies, and the one algorithm that it may verify."""

    key: _Public
    algorithm: str

    @property
    def pem(self) -> bytes:
        """The key as a file holds it."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private(pem: bytes, passphrase: bytes | None = None) -> PrivateKey:
    """Read a private key; raises `BundleError` when it is none, is locked, or is weak."""
    require_libraries()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    _one_block(pem)
    if b"PRIVATE KEY-----" not in pem:
        public_one = b"PUBLIC KEY-----" in pem
        what = "this is a public key" if public_one else "this is no private key in PEM"
        raise _unusable(what, remedy=_WHOSE_PRIVATE if public_one else _MAKE_ONE)
    try:
        key = load_pem_private_key(pem, passphrase)
    except TypeError as error:
        locked = passphrase is None
        what = "the key has a passphrase" if locked else "the key has no passphrase"
        remedy = _UNLOCK if locked else "leave it out"
        raise _unusable(what, remedy=remedy) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(
            "the private key cannot be read: it is damaged, or the passphrase is wrong",
            remedy=_UNLOCK,
        ) from error
    algorithm = _algorithm(key)
    return PrivateKey(key, algorithm)  # type: ignore[arg-type] # the algorithm tells its type


def public(pem: bytes) -> PublicKey:
    """Read a public key; raises `BundleError` when it is none, or is weak."""
    require_libraries()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    _one_block(pem)
    if b"PRIVATE KEY" in pem:
        raise _unusable(
            "this is a private key, which no verifier should hold",
            remedy=_WHOSE_PUBLIC,
        )
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable("this is no public key in PEM", remedy=_WHOSE_PUBLIC) from error
    algorithm = _algorithm(key)
    return PublicKey(key, algorithm)  # type: ignore[arg-type] # the algorithm tells its type


def require_libraries() -> None:
    """Raise `BundleError` unless what signs and verifies is installed."""
    try:
        import cryptography
        import jwt

        _ = cryptography, jwt
    except ModuleNotFoundError as error:
        raise BundleError(
            f"what signs and verifies is missing: {error.name}",
            remedy="pip install 'policylib[sign]'",
        ) from error


def _one_block(pem: bytes) -> None:
    if pem.count(b"KEY-----") > 2:  # one begins it, one ends it
        raise _unusable("the file holds more than one key", remedy="leave one")


def _algorithm(key: object) -> str:
    """The algorithm of a key that is strong enough."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        key = key.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if not SMALLEST_MODULUS <= key.key_size <= LARGEST_MODULUS:
            raise _unusable(
                f"an RSA key of {key.key_size} bits is not used: "
                f"{SMALLEST_MODULUS} to {LARGEST_MODULUS}",
                remedy=_MAKE_ONE,
            )
        if key.public_numbers().e < SMALLEST_EXPONENT:
            raise _unusable("the RSA key's public exponent is too small", remedy=_MAKE_ONE)
        return "RS256"
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, ec.SECP256R1):
            raise _unusable(f"the curve {key.curve.name} is not P-256", remedy=_MAKE_ONE)
        return "ES256"
    raise _unusable("the key is neither RSA nor of the curve P-256", remedy=_MAKE_ONE)


def _unusable(what: str, remedy: str = "") -> BundleError:
    return BundleError(what, where=WHERE, remedy=remedy)
