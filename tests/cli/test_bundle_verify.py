"""`rc bundle verify`: exit code 0 for what is accepted, 1 for what is refused, 2 for the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policylib import archive
from tests.bundle.signatures import FILES, KEYID, REVISION, keys, resigned, signed, verify
from tests.cli.program import Done, rc


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "bundle.tar.gz").write_bytes(signed())
    (tmp_path / "public.pem").write_bytes(keys("RS256").public)
    return tmp_path


def run(place: Path, *arguments: str | Path, name: str = "bundle.tar.gz") -> Done:
    command = ("bundle", "verify", name, "--key", "public.pem", "--keyid", KEYID)
    scope = ("--scope", "payments")
    return rc(*command, *scope, *arguments, cwd=place, XDG_STATE_HOME=str(place / "state"))


def test_what_is_accepted_is_described(place: Path) -> None:
    done = run(place)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Accepted bundle.tar.gz\n"
        f"  revision  {REVISION}\n"
        f"  key       {KEYID} (RS256), scope payments\n"
        f"  digest    {verify(signed()).digest}\n"
        "  holds     3 files\n"
        "  note      the first of this key and scope: nothing was known to compare it with\n"
    )
    assert "note" not in run(place).out


def test_programs_read_it_as_json(place: Path) -> None:
    said = json.loads(run(place, "--format", "json").out)
    assert said == {
        "accepted": True,
        "bundle": "bundle.tar.gz",
        **verify(signed()).model_dump(mode="json"),
        "first_seen": True,
    }
    (place / "bundle.tar.gz").write_bytes(signed()[:-1] + b"\1")
    done = run(place, "--format", "json")
    assert done.code == 1
    refused = json.loads(done.out)
    assert (refused["accepted"], refused["reason"]) == (False, "archive-corrupt")
    assert refused["message"]


def test_what_is_refused_is_said_with_its_reason(place: Path) -> None:
    (place / "bundle.tar.gz").write_bytes(archive.write(FILES))
    done = run(place)
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "Refused bundle.tar.gz: the bundle has no .signatures.json (unsigned)\n"
        "  help: `bundle sign` signs it\n"
    )


def test_what_opa_packs_is_said_to_be_covered_in_part(place: Path) -> None:
    (place / "bundle.tar.gz").write_bytes(resigned(FILES))
    assert "how it is packed is not signed" in run(place, "--stateless").out


def test_an_older_bundle_is_refused_from_now_on(place: Path) -> None:
    assert run(place).code == 0
    older = {**FILES, ".manifest": FILES[".manifest"].replace(b'"7+', b'"6+')}
    (place / "older.tar.gz").write_bytes(resigned(older))
    done = run(place, name="older.tar.gz")
    assert done.code == 1
    assert "(revision-older)" in done.out
    assert run(place, "--stateless", name="older.tar.gz").code == 0
    assert run(place, "--seen", "elsewhere.json", name="older.tar.gz").code == 0
    assert run(place, "--stateless", "--at-least", "7", name="older.tar.gz").code == 1
    assert (place / "state" / "policylib" / "bundles.json").exists()
    assert (place / "elsewhere.json").exists()


def test_nothing_is_remembered_without_state(place: Path) -> None:
    assert run(place, "--stateless").code == 0
    assert not (place / "state").exists()


def test_a_folder_stands_for_the_bundle_in_it(place: Path) -> None:
    (place / "build").mkdir()
    (place / "bundle.tar.gz").rename(place / "build" / "bundle.tar.gz")
    assert run(place, name="build").code == 0


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--key", "nowhere.pem"), "nowhere.pem: cannot be read"),
        (("--key", "bundle.tar.gz"), "no public key"),
        (("--keyid", ""), "key id"),
        (("--at-least", "-1"), "--at-least"),
        (("--at-least", "\u0667"), "number"),
        (("--seen", "x", "--stateless"), "not allowed"),
        (("--seen", "bundle.tar.gz"), "not as it was written"),
        (("--seen", "bundle.tar.gz/x"), "cannot be read or kept"),
        (("--seen", "."), "this is a folder"),
        (("--seen", "/"), "this is a folder"),
        (("--seen", ".."), "this is a folder"),
    ],
)
def test_what_cannot_be_looked_at_is_an_error(
    place: Path, arguments: tuple[str, ...], what: str
) -> None:
    done = run(place, *arguments)
    assert (done.code, done.out) == (2, "")
    assert what in done.err


def test_a_bundle_that_is_not_there_is_an_error(place: Path) -> None:
    done = run(place, name="nowhere.tar.gz")
    assert (done.code, done.out) == (2, "")
    assert "nowhere.tar.gz: cannot be read" in done.err


def test_a_weak_key_is_an_error(place: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    weak = rsa.generate_private_key(65537, 1024).public_key()
    content = weak.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (place / "public.pem").write_bytes(content)
    done = run(place)
    assert (done.code, done.out) == (2, "")
    assert "1024 bits" in done.err


def test_without_the_extra_it_says_what_to_install(place: Path) -> None:
    (place / "cryptography.py").write_text("raise ModuleNotFoundError('x', name='cryptography')\n")
    done = rc(
        "bundle", "verify", "bundle.tar.gz", "--key", "public.pem", "--keyid", KEYID,
        cwd=place, PYTHONPATH=str(place),
    )  # fmt: skip
    assert (done.code, done.out) == (2, "")
    assert "pip install 'policylib[sign]'" in done.err
