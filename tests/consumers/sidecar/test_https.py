"""OPA pulls from a plain static HTTPS server: it takes what is signed, and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policylib import archive
from tests.consumers.sidecar import servers
from tests.consumers.sidecar.servers import Site
from tests.consumers.sidecar.sidecar import (
    NOT_READY,
    PINNED,
    Opa,
    signed,
    started,
    unsigned,
    written,
)
from tests.e2e.processes import wait_until

Change = Callable[[dict[str, bytes]], None]
ENFORCEMENT = "policylib/lib/enforcement/enforcement.rego"


def changed(content: bytes, change: Change) -> bytes:
    """An archive with other files."""
    before = dict(archive.read(content, "bundle", 1 << 26, 10_000))
    files = {**before}
    change(files)
    assert files != before
    return archive.write(files)


def weakened(files: dict[str, bytes]) -> None:
    files[ENFORCEMENT] = files[ENFORCEMENT].replace(b'else := "deny"', b'else := "log"')


def strip(files: dict[str, bytes]) -> None:
    del files[".signatures.json"]


def add(files: dict[str, bytes]) -> None:
    files["policylib/x.rego"] = b"package policylib.x\n\nimport rego.v1\n\ny := 1\n"


def remove(files: dict[str, bytes]) -> None:
    del files["policylib/digest/image_pinned/image_pinned.rego"]


def loosen(files: dict[str, bytes]) -> None:
    files["settings/data.json"] = b'{"environment": "x", "enforcement": {"x": {"digest": "off"}}}'


def renumber(files: dict[str, bytes]) -> None:
    files[".manifest"] = files[".manifest"].replace(b'"revision": "', b'"revision": "9')


BAD: dict[str, tuple[Callable[[int], bytes], str]] = {
    "a changed rule": (lambda n: changed(signed(n), weakened), "digest mismatch"),
    "changed settings": (lambda n: changed(signed(n), loosen), "digest mismatch"),
    "another revision": (lambda n: changed(signed(n), renumber), "digest mismatch"),
    "one file more": (lambda n: changed(signed(n), add), "not included in bundle signature"),
    "one file less": (lambda n: changed(signed(n), remove), "specified in bundle signatures"),
    "no signature": (lambda n: changed(signed(n), strip), "missing .signatures.json"),
    "never signed": (unsigned, "missing .signatures.json"),
    "another key": (lambda n: signed(n, whose="theirs"), "failed to verify JWT signature"),
    "another kind of key": (lambda n: signed(n, algorithm="RS256"), "verify JWT signature"),
    "another scope": (lambda n: signed(n, scope="other"), "scope mismatch"),
    "no scope": (lambda n: signed(n, scope=""), "scope mismatch"),
    "half an archive": (lambda n: signed(n)[: len(signed(n)) // 2], "unexpected EOF"),
    "no archive": (lambda _: b"<html>down for maintenance</html>", "invalid header"),
    "an empty archive": (lambda _: empty(), "missing .signatures.json"),
    "nothing at all": (lambda _: b"", "404"),
}


GOOD = signed(7)


def empty() -> bytes:
    packed = io.BytesIO()
    tarfile.open(fileobj=packed, mode="w").close()
    return gzip.compress(packed.getvalue())


@pytest.fixture(scope="module")
def running(
    authority: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Opa]]:
    """An OPA whose server each test gives something else to send."""
    folder = tmp_path_factory.mktemp("running")
    with servers.site(authority) as site:
        config = written(folder, site.url, f"--ca={authority}/ca.crt")
        site.content = signed(1)
        with started(config) as opa:
            yield site, opa


def test_it_pulls_decides_and_takes_another_revision(running: tuple[Site, Opa]) -> None:
    site, opa = running
    site.content = signed(100)
    opa.wait_for(100)
    assert opa.is_ready
    assert opa.denies("nginx")
    assert not opa.denies(PINNED)
    assert not opa.admits("nginx")
    assert opa.admits(PINNED)
    site.content = signed(101, warns=True)
    opa.wait_for(101)
    assert opa.is_ready
    assert not opa.denies("nginx")
    assert opa.admits("nginx")
    assert not opa.status.get("errors")


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_leaves_the_old_in_force(what: str, running: tuple[Site, Opa]) -> None:
    site, opa = running
    make, reason = BAD[what]
    site.content = GOOD
    opa.wait_for(7)
    site.content = make(8)
    opa.wait_for_refusal(reason)
    assert opa.revision.startswith("7+sha256:")
    assert opa.is_ready
    assert opa.denies("nginx")
    assert not opa.admits("nginx")
    assert opa.admits(PINNED)
    site.content = GOOD
    opa.server.wait_until(lambda: "code" not in opa.status, "it has no more to complain of")


def test_half_a_download_and_a_dead_server_do_no_harm(running: tuple[Site, Opa]) -> None:
    site, opa = running
    site.content = signed(20)
    opa.wait_for(20)
    site.half = True
    site.content = signed(21)
    opa.wait_for_refusal("unexpected EOF")
    assert opa.denies("nginx")
    site.half = False
    opa.wait_for(21)
    site.down()
    try:
        opa.wait_for_refusal("connection refused")
        assert opa.is_ready
        assert opa.revision.startswith("21+sha256:")
        assert opa.denies("nginx")
        assert not opa.admits("nginx")
    finally:
        site.up()
    site.content = signed(22)
    opa.wait_for(22)


def test_an_older_signed_revision_is_taken(running: tuple[Site, Opa]) -> None:
    # OPA has no memory of what it had: the guide says what to do about it.
    site, opa = running
    site.content = signed(31)
    opa.wait_for(31)
    site.content = signed(30, warns=True)
    opa.wait_for(30)
    assert opa.admits("nginx")
    assert "code" not in opa.status


def test_the_key_decides_whatever_its_id(site: Site, authority: Path, tmp_path: Path) -> None:
    # OPA takes the key that it is configured with, and never compares the id in the signature.
    site.content = signed(50, keyid="another")
    with started(written(tmp_path, site.url, f"--ca={authority}/ca.crt")) as opa:
        opa.wait_for(50)
        assert opa.denies("nginx")


def test_what_the_bundle_owns_nobody_changes(running: tuple[Site, Opa]) -> None:
    site, opa = running
    site.content = signed(40)
    opa.wait_for(40)
    lenient = {"environment": "x", "enforcement": {"x": {"digest": "off"}}}
    for root in ("settings", "policylib", "system", "main", "residency"):
        assert opa.ask(f"/v1/data/{root}", lenient, "PUT")[0] == 400
    assert opa.denies("nginx")
    # Facts that are not in the bundle are anybody's who reaches the API.
    assert opa.ask("/v1/data/facts", {"images": {}}, "PUT")[0] == 204
    assert opa.ask("/v1/data/facts", method="DELETE")[0] == 204


@pytest.mark.parametrize("what", ["another key", "no signature", "a changed rule"])
def test_without_a_bundle_that_is_good_nothing_is_allowed(
    what: str, site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = BAD[what][0](1)
    with started(written(tmp_path, site.url, f"--ca={authority}/ca.crt")) as opa:
        opa.wait_for_refusal(BAD[what][1])
        assert_decides_nothing(opa)
        site.content = signed(2)
        opa.wait_for(2)
        assert opa.admits(PINNED)


def assert_decides_nothing(opa: Opa) -> None:
    assert opa.ask("/health?bundles=true")[0] == NOT_READY
    assert opa.ask("/health?bundles=true&plugins=true")[0] == NOT_READY
    assert not opa.admits(PINNED)
    assert not opa.admits("nginx")
    path = "/v1/data/policylib/decision/violations?strict-builtin-errors=true"
    code, answer = opa.ask(path, {"input": {}})
    assert code == 200
    assert "result" not in answer


def test_a_server_that_is_down_and_nothing_kept(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    site.down()
    config = written(tmp_path, site.url, f"--ca={authority}/ca.crt")
    with started(config) as opa:
        opa.wait_for_refusal("connection refused")
        assert_decides_nothing(opa)


def test_as_the_program_says_it_answers_nobody_before_it_is_ready(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    config = written(tmp_path, site.url, f"--ca={authority}/ca.crt")
    with started(config, ready_timeout=True) as opa:
        opa.server.wait_until(lambda: len(site.authorizations) > 1, "it asks again")
        assert not opa.listens
        site.content = signed(1)
        opa.wait_for(1)
        assert opa.is_ready


def test_it_ends_when_it_does_not_become_ready(site: Site, authority: Path, tmp_path: Path) -> None:
    config = written(tmp_path, site.url, f"--ca={authority}/ca.crt")
    with started(config, "--ready-timeout=1") as opa:
        wait_until(lambda: not opa.server.running, "it ends", said=opa.server.said)
        assert "Failed to wait for plugins activation" in opa.log


def test_an_authority_that_did_not_sign_is_not_believed(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = signed(1)
    with started(written(tmp_path, site.url)) as opa:  # the system's authorities
        opa.wait_for_refusal("x509")
        assert_decides_nothing(opa)


def test_what_is_kept_decides_when_the_server_is_down(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    arguments = (f"--ca={authority}/ca.crt", f"--persist={kept}")
    config = written(tmp_path, site.url, *arguments)
    site.content = signed(5)
    with started(config) as opa:
        opa.wait_for(5)
        opa.server.kill()  # a crash tidies nothing up
    site.down()
    with started(config, ready_timeout=True) as opa:
        opa.wait_for(5)
        assert opa.is_ready
        assert opa.denies("nginx")
        assert opa.admits(PINNED)
        opa.wait_for_refusal("connection refused")
        site.content = signed(6)
        site.up()
        opa.wait_for(6)
    site.down()
    (file,) = (kept / "bundles").rglob("bundle.tar.gz")
    file.write_bytes(changed(file.read_bytes(), weakened))
    with started(config) as opa:
        opa.wait_for_refusal("connection refused")
        said = opa.log
        assert "Failed to load bundle from disk" in said
        assert "digest mismatch" in said
        assert_decides_nothing(opa)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_credentials_and_labels(
    algorithm: str,
    site: Site,
    authority: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BUNDLE_TOKEN", "t0ken")
    site.content = signed(3, algorithm=algorithm)
    config = written(
        tmp_path,
        site.url,
        f"--ca={authority}/ca.crt",
        "--token-env=BUNDLE_TOKEN",
        "--label=team=payments",
        algorithm=algorithm,
    )
    assert "t0ken" not in config.read_text()
    with started(config) as opa:
        opa.wait_for(3)
        labels = opa.ask("/v1/status")[1]["result"]["labels"]
        assert labels["team"] == "payments"
        assert "t0ken" not in json.dumps(opa.ask("/v1/config"))
    assert set(site.authorizations) == {"Bearer t0ken"}


def test_a_token_out_of_a_file(site: Site, authority: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("f1le\n")
    site.content = signed(3)
    arguments = (f"--ca={authority}/ca.crt", f"--token-file={token}")
    with started(written(tmp_path, site.url, *arguments)) as opa:
        opa.wait_for(3)
    assert set(site.authorizations) == {"Bearer f1le"}


def test_opa_knows_every_key_of_the_configuration(
    site: Site, authority: Path, tmp_path: Path
) -> None:
    site.content = signed(1)
    arguments = [f"--ca={authority}/ca.crt", f"--persist={tmp_path}/kept", "--label=a=b"]
    arguments += [f"--decision-logs={site.url}", f"--logs-ca={authority}/ca.crt"]
    with started(written(tmp_path, site.url, *arguments)) as opa:
        opa.wait_for(1)
        lines = [json.loads(line) for line in opa.log.splitlines()]
    warnings = [line["msg"] for line in lines if line["level"] not in {"info", "debug"}]
    assert [text for text in warnings if "root privileges" not in text] == []
