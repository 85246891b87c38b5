"""`rc bundle push` and `rc bundle pull`, with a real registry and a real cosign."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from policylib import archive, oci
from policylib.bundle.folder import MARKER
from tests import tools
from tests.cli.program import Done, rc
from tests.packages import registry

PASSWORD = "of no meaning"
# What says: no transparency log, no time stamps, no network.
SIGNING = {
    "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    "rekorTlogConfig": {},
    "tsaConfig": {},
}


@pytest.fixture(scope="module", params=registry.KINDS)
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.of_kind(request.param, tmp_path_factory.mktemp("registry")) as address:
        yield address


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with build/, the artifact."""
    folder = tmp_path_factory.mktemp("built")
    done = rc("bundle", "build", "--target", "artifact", "-o", "build", cwd=folder)
    assert done.code == 0, done.err
    return folder


def pushed(host: str, built: Path, name: str) -> str:
    done = rc("bundle", "push", "build", f"oci://{host}/team/{name}:v1", cwd=built)
    assert done.code == 0, done.err
    return done.out.strip()


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_what_push_prints_is_what_pull_takes(host: str, built: Path, tmp_path: Path) -> None:
    reference = pushed(host, built, "piped")
    done = rc("bundle", "pull", reference, "-o", "policy", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert f" of {reference} to policy\nrevision 0+sha256:" in done.out
    assert tree(tmp_path / "policy") == tree(built / "build")
    again = rc("bundle", "push", "policy", f"oci://{host}/team/again:v1", cwd=tmp_path)
    assert again.out == reference.replace("/piped@", "/again@") + "\n"


def test_what_programs_read(host: str, built: Path, tmp_path: Path) -> None:
    place = f"oci://{host}/team/told:v1"
    said = json.loads(rc("bundle", "push", "build", place, "-f", "json", cwd=built).out)
    revision = json.loads((built / "build" / ".manifest").read_text())["revision"]
    assert said == {
        "reference": f"oci://{host}/team/told@{said['digest']}",
        "digest": said["digest"],
        "tag": "v1",
        "tag_before": None,
        "revision": revision,
    }
    again = json.loads(rc("bundle", "push", "build", place, "-f", "json", cwd=built).out)
    assert again == {**said, "tag_before": said["digest"]}
    done = rc("bundle", "pull", place, "-o", "policy", "-f", "json", cwd=tmp_path)
    pulled = json.loads(done.out)
    assert pulled["reference"] == said["reference"]
    assert pulled["digest"] == said["digest"]
    assert pulled["revision"] == revision
    assert set(pulled["files"]) == tree(tmp_path / "policy").keys() - {MARKER}
    assert len(pulled["notes"]) == 1


def test_a_tag_is_told(host: str, built: Path, tmp_path: Path) -> None:
    digest = pushed(host, built, "tagged").rpartition("@")[2]
    done = rc("bundle", "pull", f"oci://{host}/team/tagged:v1", "-o", "policy", cwd=tmp_path)
    assert done.code == 0
    assert done.out.startswith(f"note: this tag is {digest} today;")


def test_an_opa_bundle_comes_back_as_it_went(host: str, tmp_path: Path) -> None:
    assert rc("bundle", "build", "--target", "opa", "-o", "opa", cwd=tmp_path).code == 0
    source = Path("opa", "bundle.tar.gz")
    reference = rc("bundle", "push", source, f"oci://{host}/team/opa:v1", cwd=tmp_path).out.strip()
    assert rc("bundle", "pull", reference, "-o", "pulled", cwd=tmp_path).code == 0
    content = (tmp_path / "opa" / "bundle.tar.gz").read_bytes()
    assert (tmp_path / "pulled" / "bundle.tar.gz").read_bytes() == content


def test_a_signed_bundle_keeps_its_signature(host: str, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "private.pem").write_bytes(private)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(public)
    signed = ["sign", "opa", "--key", "private.pem", "--keyid", "k1"]
    verified = ["verify", "pulled", "--key", "public.pem", "--keyid", "k1", "--stateless"]
    place = f"oci://{host}/team/signed-opa:v1"
    for arguments in (
        ["build", "--target", "opa", "-o", "opa"],
        signed,
        ["push", "opa", place],
        ["pull", place, "-o", "pulled"],
        verified,
    ):
        done = rc("bundle", *arguments, cwd=tmp_path)
        assert done.code == 0, done.err


@pytest.mark.parametrize("target", ["artifact", "opa"])
def test_a_tag_that_was_moved_back_brings_no_older_revision(
    target: str, host: str, tmp_path: Path
) -> None:
    place = f"oci://{host}/team/back-{target}:prod"
    digests = {}
    for number in (10, 9):
        build = ("build", "--target", target, "-o", "build", "--number", str(number))
        assert rc("bundle", *build, cwd=tmp_path).code == 0
        digests[number] = rc("bundle", "push", "build", place, cwd=tmp_path).out.strip()
        pull = rc("bundle", "pull", place, "-o", "policy", cwd=tmp_path)
        assert pull.code == (0 if number == 10 else 1)
    assert "revision 9+sha256:" in pull.err
    assert "is older than 10+sha256:" in pull.err
    assert rc("bundle", "push", "policy", place, cwd=tmp_path).out.strip() == digests[10]
    named = rc("bundle", "pull", digests[9], "-o", "policy", "-f", "json", cwd=tmp_path)
    said = json.loads(named.out)
    assert said["revision"].startswith("9+sha256:")
    assert "is older than 10+sha256:" in said["notes"][0]
    again = rc("bundle", "pull", place, "-o", "policy", cwd=tmp_path)
    assert again.code == 0, again.err


def test_a_definition_is_built_and_pushed(host: str, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("version: 1\ntarget: artifact\n")
    place = f"oci://{host}/team/defined:v7"
    done = rc("bundle", "push", "b.yaml", place, "--number", "7", "-f", "json", cwd=tmp_path)
    said = json.loads(done.out)
    assert said["revision"].startswith("7+sha256:")
    done = rc("bundle", "build", "b.yaml", "-o", "build", "--number", "7", cwd=tmp_path)
    assert done.code == 0, done.err
    assert rc("bundle", "push", "build", place, cwd=tmp_path).out.strip() == said["reference"]
    refused = rc("bundle", "push", "build", place, "--number", "8", cwd=tmp_path)
    assert refused.code == 2
    assert "leave out --number" in refused.err


def test_a_folder_of_somebody_elses_is_not_replaced(host: str, built: Path, tmp_path: Path) -> None:
    reference = pushed(host, built, "foreign")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.txt").write_text("mine")
    done = rc("bundle", "pull", reference, "-o", "policy", cwd=tmp_path)
    assert done.code == 2
    assert "mine.txt" in done.err
    assert tree(tmp_path) == {"policy/mine.txt": b"mine"}
    assert rc("bundle", "pull", reference, "-o", "policy", "--force", cwd=tmp_path).code == 0
    assert "mine.txt" not in tree(tmp_path / "policy")


def test_what_tells_no_revision_is_replaced_by_force_alone(
    host: str, built: Path, tmp_path: Path
) -> None:
    reference = pushed(host, built, "odd")
    (tmp_path / "policy" / ".manifest").mkdir(parents=True)
    pull = ("bundle", "pull", reference, "-o", "policy")
    refused = rc(*pull, cwd=tmp_path)
    assert refused.code == 2
    assert "its revision cannot be read: Is a directory" in refused.err
    assert rc(*pull, "--force", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"a": b"", "a/b": b""}, "cannot write the bundle"),
        ({"a.rego": b"", "../b.rego": b""}, "is no path below its root"),
        ({MARKER: b"{}"}, f"holds a {MARKER} of its own"),
        ({"a/" + "x" * 300: b""}, "cannot write the bundle"),
    ],
)
def test_what_cannot_be_written_whole_leaves_nothing(
    files: dict[str, bytes], complaint: str, host: str, tmp_path: Path
) -> None:
    members = [registry.file(name, content) for name, content in files.items()]
    odd = oci.Artifact(registry.archive(*members), ".", unpack=True)
    reference = str(oci.push(f"oci://{host}/team/odd:v1", odd).reference)
    done = rc("bundle", "pull", reference, "-o", "policy", cwd=tmp_path)
    assert done.code == 2
    assert complaint in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["push", "nothing", "oci://127.0.0.1:1/a/b:v1"], "cannot be read"),
        (["push", "nothing.yaml", "oci://127.0.0.1:1/a/b:v1"], "nothing.yaml"),
        (["push", "build", "127.0.0.1:1/a/b:v1"], "no reference to an artifact"),
        (["push", "build", "oci://127.0.0.1:1/a/b:v1"], "the registry does not answer"),
        (["pull", "oci://127.0.0.1:1/a/b:v1", "-o", "x"], "the registry does not answer"),
        (["pull", "oci://127.0.0.1:1/a/b:v1"], "required: -o"),
    ],
)
def test_what_goes_wrong_is_an_error(arguments: list[str], complaint: str, built: Path) -> None:
    done = rc("bundle", *arguments, cwd=built)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err


class Signer:
    """A key of cosign's, and what it signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.public = folder / "cosign.pub"
        (folder / "signing.json").write_text(json.dumps(SIGNING))
        self._cosign("generate-key-pair")

    def sign(self, reference: str, *options: str) -> None:
        name = reference.removeprefix("oci://")
        chosen = options or ("--signing-config=signing.json",)
        self._cosign("sign", "--key=cosign.key", "--yes", *chosen, name)

    def _cosign(self, *arguments: str) -> None:
        command = [str(tools.path("cosign")), *arguments]
        environment = {**os.environ, "COSIGN_PASSWORD": PASSWORD, "HOME": str(self._folder)}
        done = subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Signer, Signer]:
    return Signer(tmp_path_factory.mktemp("ours")), Signer(tmp_path_factory.mktemp("theirs"))


def vouched(reference: str, key: Path | str, folder: Path, **environment: str) -> Done:
    path = f"{tools.path('cosign').parent}{os.pathsep}{os.environ['PATH']}"
    where = {"PATH": path, "HOME": str(folder), **environment}
    options = ["-o", "policy", "--cosign-key", key]
    return rc("bundle", "pull", reference, *options, cwd=folder, stdin=b"", **where)


def refuses(done: Done, folder: Path, complaint: str, code: int = 1) -> None:
    assert (done.code, done.out) == (code, ""), done.err
    assert complaint in done.err
    assert not (folder / "policy").exists()


@pytest.mark.parametrize(
    "options",
    [(), ("--new-bundle-format=false", "--tlog-upload=false", "--use-signing-config=false")],
)
def test_cosign_vouches_for_what_is_pulled(
    options: tuple[str, ...], host: str, built: Path, signers: tuple[Signer, Signer], tmp_path: Path
) -> None:
    reference = pushed(host, built, f"signed-{len(options)}")
    tag = f"{reference.partition('@')[0]}:v1"
    ours, theirs = signers
    refuses(vouched(reference, ours.public, tmp_path), tmp_path, "does not vouch for it")
    ours.sign(reference, *options)
    refuses(vouched(reference, theirs.public, tmp_path), tmp_path, "does not vouch for it")
    for asked in (reference, tag):
        done = vouched(asked, ours.public, tmp_path)
        assert done.code == 0, done.err
        assert tree(tmp_path / "policy") == tree(built / "build")


def test_a_signature_is_for_one_digest(
    host: str, built: Path, signers: tuple[Signer, Signer], tmp_path: Path
) -> None:
    """The signature of one artifact is copied to where that of another would lie."""
    ours, _ = signers
    signed = pushed(host, built, "copied")
    ours.sign(signed)
    other = oci.Artifact(archive.write({"main.rego": b"package main\n"}), ".", unpack=True)
    evil = oci.push(f"oci://{host}/team/copied:v2", other).digest
    crane = str(tools.path("crane"))
    where = f"{host}/team/copied"
    name = signed.rpartition("@")[2].replace(":", "-")
    moved = [f"{where}:{name}", f"{where}:{evil.replace(':', '-')}"]
    subprocess.run([crane, "copy", *moved], capture_output=True, check=True)
    done = vouched(f"oci://{where}@{evil}", ours.public, tmp_path)
    refuses(done, tmp_path, "does not vouch for it")


@pytest.mark.parametrize("said", ["", "echo '[]'", "echo '{'", "echo '[{}]'"])
def test_a_cosign_that_says_nothing_does_not_vouch(
    said: str, host: str, built: Path, signers: tuple[Signer, Signer], tmp_path: Path
) -> None:
    """What is called cosign ends well, and does not name the digest."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "cosign"
    program.write_text(f"#!/bin/sh\n{said}\n")
    program.chmod(0o755)
    reference = pushed(host, built, "silent")
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    done = vouched(reference, signers[0].public, tmp_path, PATH=path)
    refuses(done, tmp_path, "does not vouch for it")


def test_what_cosign_is_told_by_its_environment_does_not_count(
    host: str, built: Path, signers: tuple[Signer, Signer], tmp_path: Path
) -> None:
    reference = pushed(host, built, "environment")
    signers[0].sign(reference)
    wishes = {"COSIGN_KEY": str(signers[0].public), "COSIGN_CHECK_CLAIMS": "false"}
    done = vouched(reference, signers[1].public, tmp_path, **wishes)
    refuses(done, tmp_path, "does not vouch for it")


def test_without_cosign_nothing_is_vouched_for(host: str, built: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text("")
    reference = pushed(host, built, "missing")
    done = vouched(reference, tmp_path / "key.pub", tmp_path, PATH=str(tmp_path))
    refuses(done, tmp_path, "cosign is missing", code=2)
    done = vouched(reference, "nothing.pub", tmp_path)
    refuses(done, tmp_path, "there is no such key", code=2)
