"""`rc bundle sign`: a bundle is signed in place, or not touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from policylib import archive, bundle
from tests.bundle.signatures import FILES, KEYID, keys, pair, signed, verify
from tests.cli.program import rc


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "bundle.tar.gz").write_bytes(archive.write(FILES))
    (tmp_path / "private.pem").write_bytes(keys("RS256").private)
    return tmp_path


def sign(place: Path, *arguments: str | Path, name: str = "bundle.tar.gz") -> tuple[int, str, str]:
    done = rc("bundle", "sign", name, "--keyid", KEYID, *arguments, cwd=place)
    return done.code, done.out, done.err


def test_it_signs_in_place_and_says_the_digest(place: Path) -> None:
    code, out, err = sign(place, "--key", "private.pem", "--scope", "payments")
    assert (code, err) == (0, "")
    content = (place / "bundle.tar.gz").read_bytes()
    assert content == signed()
    digest = verify(content).digest
    assert out == f"Signed bundle.tar.gz as {KEYID}: {digest}\n"
    assert sorted(path.name for path in place.iterdir()) == ["bundle.tar.gz", "private.pem"]


def test_it_writes_elsewhere_when_asked(place: Path) -> None:
    code, _, _ = sign(place, "--key", "private.pem", "--scope", "payments", "-o", "signed.tar.gz")
    assert code == 0
    assert (place / "signed.tar.gz").read_bytes() == signed()
    assert (place / "bundle.tar.gz").read_bytes() == archive.write(FILES)


def test_a_folder_that_was_built_stays_one_that_can_be_built_again(place: Path) -> None:
    build = ("bundle", "build", "--target", "opa", "--output", "build")
    assert rc(*build, cwd=place).code == 0
    assert sign(place, "--key", "private.pem", name="build")[0] == 0
    assert verify((place / "build" / "bundle.tar.gz").read_bytes(), scope="").sealed
    assert rc(*build, cwd=place).code == 0
    # What somebody else changed is not vouched for by signing it.
    built = place / "build" / "bundle.tar.gz"
    built.write_bytes(archive.write(FILES))
    assert sign(place, "--key", "private.pem", name="build")[0] == 0
    assert rc(*build, cwd=place).code == 2


def test_the_mode_of_the_file_stays(place: Path) -> None:
    (place / "bundle.tar.gz").chmod(0o640)
    assert sign(place, "--key", "private.pem")[0] == 0
    assert (place / "bundle.tar.gz").stat().st_mode & 0o777 == 0o640


def test_the_passphrase_comes_from_the_environment(place: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    locked = pair(ec.generate_private_key(ec.SECP256R1()), b"correct horse")
    (place / "locked.pem").write_bytes(locked.private)
    command = ("bundle", "sign", "bundle.tar.gz", "--keyid", KEYID, "--key", "locked.pem")
    done = rc(*command, cwd=place)
    assert (done.code, done.out) == (2, "")
    assert "passphrase" in done.err
    done = rc(*command, cwd=place, POLICYLIB_PASSPHRASE="battery")
    assert done.code == 2
    assert "battery" not in done.err
    assert rc(*command, cwd=place, POLICYLIB_PASSPHRASE="correct horse").code == 0
    named = (*command, "--passphrase-env", "MINE")
    assert rc(*named, cwd=place, MINE="correct horse").code == 0
    assert bundle.verify((place / "bundle.tar.gz").read_bytes(), locked.public, KEYID)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--key", "nowhere.pem"), "nowhere.pem: cannot be read"),
        (("--key", "bundle.tar.gz"), "bundle.tar.gz: this is no private key"),
        (("--key", "private.pem", "--algorithm", "ES256"), "for RS256"),
        (("--key", "private.pem", "--algorithm", "HS256"), "RS256"),
        (("--key", "private.pem", "--expires-in", "soon"), "soon"),
        (("--key", "private.pem", "-o", "no/where.tar.gz"), "no/where.tar.gz: cannot be written"),
        ((), "--key"),
    ],
)
def test_what_goes_wrong_leaves_the_bundle_as_it_was(
    place: Path, arguments: tuple[str, ...], what: str
) -> None:
    code, out, err = sign(place, *arguments)
    assert (code, out) == (2, "")
    assert what in err
    assert (place / "bundle.tar.gz").read_bytes() == archive.write(FILES)


def test_a_bundle_that_nobody_would_accept_is_not_signed(place: Path) -> None:
    (place / "bundle.tar.gz").write_bytes(archive.write({**FILES, "patch.json": b"{}"}))
    code, out, err = sign(place, "--key", "private.pem")
    assert (code, out) == (2, "")
    assert "bundle.tar.gz: patch.json: it makes the bundle a delta" in err


def test_without_the_extra_it_says_what_to_install(place: Path) -> None:
    (place / "jwt.py").write_text("raise ModuleNotFoundError('no module', name='jwt')\n")
    done = rc(
        "bundle", "sign", "bundle.tar.gz", "--keyid", KEYID, "--key", "private.pem",
        cwd=place, PYTHONPATH=str(place),
    )  # fmt: skip
    assert (done.code, done.out) == (2, "")
    assert "pip install 'policylib[sign]'" in done.err


def test_times_are_said_when_asked_for(place: Path) -> None:
    assert sign(place, "--key", "private.pem", "--issued-at", "--expires-in", "90d")[0] == 0
    assert verify((place / "bundle.tar.gz").read_bytes(), scope="").sealed
