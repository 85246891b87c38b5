"""Artifacts into real registries: stored once, read back, and named last."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policylib import archive, oci
from policylib.errors import BundleError
from policylib.oci import talk
from tests.oci import tokens
from tests.oci.docker import logged_in
from tests.packages import registry

FILES = {"main.rego": b"package main\n", "words/a.rego": b"package words\n"}
# bcrypt of "secret"
HTPASSWD = "team:$2a$05$YwKKJ9j/qsbJcuOIKf.cA.cPYm8djzyxDkIKyGggzAw1EWRb4NP52\n"


def artifact(files: dict[str, bytes] | None = None, **annotations: str) -> oci.Artifact:
    content = archive.write(files or FILES, folders=True)
    return oci.Artifact(content, ".", unpack=True, annotations=annotations)


@pytest.fixture(scope="module", params=registry.KINDS)
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """crane's registry, and Debian's."""
    with registry.of_kind(request.param, tmp_path_factory.mktemp("registry")) as address:
        yield address


def test_what_is_pushed_is_pulled(host: str) -> None:
    pushed = oci.push(f"oci://{host}/team/policy:v1", artifact())
    assert str(pushed.reference) == f"oci://{host}/team/policy@{pushed.digest}"
    assert (pushed.tag, pushed.before) == ("v1", "")
    for reference in (str(pushed.reference), f"oci://{host}/team/policy:v1"):
        pulled = oci.pull(reference)
        assert (pulled.digest, pulled.files) == (pushed.digest, FILES)


def test_the_digest_is_that_of_the_content_alone(host: str) -> None:
    expected = registry.digest(artifact(a="1", b="2").manifest)
    for place in ("one/policy:v1", "another/policy:v2"):
        pushed = oci.push(f"oci://{host}/{place}", artifact(b="2", a="1"))
        assert pushed.digest == expected


def test_a_tag_moves_and_what_it_named_stays(host: str) -> None:
    first = oci.push(f"oci://{host}/team/moving:v1", artifact())
    second = oci.push(f"oci://{host}/team/moving:v1", artifact({"a.rego": b"package a\n"}))
    assert second.before == first.digest
    assert oci.pull(f"oci://{host}/team/moving:v1").digest == second.digest
    assert oci.pull(str(first.reference)).files == FILES
    again = oci.push(f"oci://{host}/team/moving:v1", artifact())
    assert (again.digest, again.before) == (first.digest, second.digest)


def test_a_file_stays_a_file_for_who_wants_it_packed(host: str) -> None:
    content = archive.write(FILES)
    named = oci.Artifact(content, "bundle.tar.gz", unpack=False)
    pushed = oci.push(f"oci://{host}/team/packed:v1", named)
    assert oci.pull(str(pushed.reference), packed=True).files == {"bundle.tar.gz": content}
    assert oci.pull(str(pushed.reference)).files == FILES


def test_the_manifest_says_what_consumers_ask_for() -> None:
    said = json.loads(artifact(x="y").manifest)
    assert said["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    assert said["artifactType"] == "application/vnd.policylib.bundle.v1"
    (layer,) = said["layers"]
    assert layer["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip"
    assert layer["annotations"] == {
        "org.opencontainers.image.title": ".",
        "io.deis.oras.content.unpack": "true",
    }
    assert said["annotations"] == {"x": "y"}
    assert "created" not in json.dumps(said)


def uploads(log: Path) -> int:
    """How often the registry was asked to store a blob, as its own log says."""
    return len(re.findall(r'"PUT /v2/\S+/blobs/uploads/', log.read_text()))


def test_what_is_there_is_not_sent_again(tmp_path: Path) -> None:
    with registry.on_disk(tmp_path) as host:
        oci.push(f"oci://{host}/team/policy:v1", artifact())
        assert uploads(tmp_path / "log") == 2  # the layer, and the empty configuration
        oci.push(f"oci://{host}/team/policy:v1", artifact())
        oci.push(f"oci://{host}/team/policy:v2", artifact(more="said"))
        assert uploads(tmp_path / "log") == 2
        oci.push(f"oci://{host}/team/policy:v3", artifact({"b.rego": b"package b\n"}))
        assert uploads(tmp_path / "log") == 3


def test_a_corrupted_store_is_told(tmp_path: Path) -> None:
    """The registry has the blob by name, and something else on its disk."""
    with registry.on_disk(tmp_path) as host:
        oci.push(f"oci://{host}/team/policy:v1", artifact())
        digest = registry.digest(artifact().content).removeprefix("sha256:")
        (data,) = (tmp_path / "store").rglob(f"{digest}/data")
        data.write_bytes(bytes(len(data.read_bytes())))
        with pytest.raises(BundleError, match="is not what it says"):
            oci.push(f"oci://{host}/team/policy:v2", artifact())
        with pytest.raises(BundleError, match="no such artifact"):
            oci.pull(f"oci://{host}/team/policy:v2")


def refuses(host: str, complaint: str) -> None:
    reference = f"oci://{host}/team/policy:v1"
    for asked in (lambda: oci.push(reference, artifact()), lambda: oci.pull(reference)):
        with pytest.raises(BundleError, match=complaint) as refusal:
            asked()
        assert refusal.value.remedy == f"docker login {host}"


def test_a_registry_that_wants_a_password(tmp_path: Path) -> None:
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    basic = {"realm": "a realm that is no URL", "path": str(tmp_path / "htpasswd")}
    with registry.on_disk(tmp_path, htpasswd=basic) as host:
        refuses(host, "wants to know who asks")
        logged_in(tmp_path, host, "team", "wrong")
        refuses(host, "wants to know who asks")
        logged_in(tmp_path, host, "team", "secret")
        pushed = oci.push(f"oci://{host}/team/policy:v1", artifact())
        assert oci.pull(str(pushed.reference)).files == FILES


@pytest.mark.parametrize("configuration", ["credsStore", "credHelpers"])
def test_a_helper_keeps_the_password(
    configuration: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Docker's own do, it is asked for the registry on standard input."""
    helper = tmp_path / "docker-credential-tests"
    helper.write_text(
        '#!/bin/sh\nread -r host\necho "$host" >"$0.asked"\n'
        """echo '{"Username": "team", "Secret": "secret"}'\n"""
    )
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    basic = {"realm": "x", "path": str(tmp_path / "htpasswd")}
    with registry.on_disk(tmp_path, htpasswd=basic) as host:
        said = {"credsStore": "tests", "credHelpers": {host: "tests"}}[configuration]
        (tmp_path / "config.json").write_text(json.dumps({configuration: said}))
        oci.push(f"oci://{host}/team/policy:v1", artifact())
        assert (tmp_path / "docker-credential-tests.asked").read_text() == f"{host}\n"


def test_a_registry_that_wants_tokens(tmp_path: Path) -> None:
    """Tokens are for one scope: the one to look is not the one to store."""
    with tokens.serving(tmp_path, {"team": "secret"}) as service:
        with registry.on_disk(tmp_path, token=service.configuration) as host:
            refuses(host, "wants to know who asks")
            logged_in(tmp_path, host, "team", "wrong")
            refuses(host, "wants to know who asks")
            logged_in(tmp_path, host, "team", "secret")
            pushed = oci.push(f"oci://{host}/team/policy:v1", artifact())
            assert oci.pull(str(pushed.reference)).files == FILES
        assert any("push" in scope for scope in service.granted)


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("oci://127.0.0.1:1/a/b@sha256:" + "a" * 64, "a digest cannot be chosen"),
        ("127.0.0.1:1/a/b:v1", "no reference"),
        ("oci://127.0.0.1:1/a/b:v1", "the registry does not answer"),
    ],
)
def test_what_cannot_be_pushed_to(reference: str, complaint: str) -> None:
    with pytest.raises(BundleError, match=complaint):
        oci.push(reference, artifact())


def test_what_could_not_be_pulled_is_not_pushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "LARGEST", 10)
    with pytest.raises(BundleError, match="more than 10 bytes"):
        oci.push("oci://127.0.0.1:1/a/b:v1", artifact())


def test_a_configuration_that_is_none_is_named(tmp_path: Path) -> None:
    said: Any
    for said in ("{", "[]", '{"auths": {"127.0.0.1:1": 5}}'):
        (tmp_path / "config.json").write_text(said)
        with pytest.raises(BundleError, match="the Docker configuration gives no credentials"):
            oci.push("oci://127.0.0.1:1/a/b:v1", artifact())
