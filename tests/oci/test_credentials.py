"""Whose credentials a registry is told: those that Docker has for its name, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policylib import archive, oci
from policylib.errors import BundleError
from tests.oci.docker import basic, logged_in
from tests.oci.hostile import Answer, Lie, Registry

FILES = {"main.rego": b"package main\n"}
ARTIFACT = oci.Artifact(archive.write(FILES), ".", unpack=True)


def wanting_a_password(held: Registry, method: str, path: str) -> Answer | None:
    wants = Answer(401, headers={"Www-Authenticate": 'Basic realm="x"'})
    return wants if method == "HEAD" else None


def redirecting(place: str) -> Lie:
    """A registry that gives its token to anybody, and keeps its layers at another place."""

    def lie(held: Registry, method: str, path: str) -> Answer | None:
        demand = f'Bearer realm="http://{held.host}/token",service="s"'
        if path.startswith("/token"):
            return Answer(200, b'{"token": "t"}')
        if not held.credentials:
            return Answer(401, headers={"Www-Authenticate": demand})
        if method == "GET" and path.startswith("/v2/a/b/blobs/"):
            there = f"{place}/kept/{path.rpartition('/')[2]}"
            return Answer(307, headers={"Location": there})
        return None

    return lie


@pytest.fixture(params=["machine 127.0.0.1", "machine localhost", "default"])
def _netrc(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".netrc"
    file.write_text(f"{request.param} login user password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))


@pytest.mark.usefixtures("_netrc")
def test_netrc_is_not_for_who_asks() -> None:
    with (
        Registry(wanting_a_password) as fake,
        pytest.raises(BundleError, match="wants to know who asks"),
    ):
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
    assert fake.credentials == []


@pytest.mark.usefixtures("_netrc")
def test_netrc_is_not_for_who_a_redirect_leads_to() -> None:
    with Registry() as other, Registry() as fake:
        other.blobs = fake.blobs
        fake.lie = redirecting(f"http://{other.host}".replace("127.0.0.1", "localhost"))
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        assert oci.pull(f"oci://{fake.host}/a/b:v1").files == FILES
    assert other.asked != []
    assert other.credentials == []


@pytest.mark.usefixtures("_netrc")
def test_netrc_does_not_replace_a_token() -> None:
    with Registry(redirecting("")) as fake:
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        assert oci.pull(f"oci://{fake.host}/a/b:v1").files == FILES
    assert set(fake.credentials) == {"Bearer t"}


def test_cookies_are_not_sent_back() -> None:
    """A registry that sets one takes who returns it for a browser."""
    given = Answer(404, headers={"Set-Cookie": "session=1"})
    with Registry(
        lambda _, method, path: given if "HEAD /v2/a/b/blobs/" in f"{method} {path}" else None
    ) as fake:
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
    assert fake.credentials == []


@pytest.mark.parametrize(
    ("chosen", "home", "told"),
    [
        ("mine", {"mine", "theirs"}, {"Basic " + basic("mine")}),
        ("theirs", {"mine", "theirs"}, {"Basic " + basic("theirs")}),
        ("", {"home"}, {"Basic " + basic("home")}),
        (None, {"home"}, {"Basic " + basic("home")}),
        ("nothing", {"home"}, set()),
    ],
)
def test_one_configuration_counts(
    chosen: str | None, home: set[str], told: set[str], tmp_path: Path, monkeypatch: Any
) -> None:
    """That of DOCKER_CONFIG, where it is set: Docker does not look further."""
    monkeypatch.setenv("HOME", str(tmp_path))
    if chosen is None:
        monkeypatch.delenv("DOCKER_CONFIG")
    else:
        monkeypatch.setenv("DOCKER_CONFIG", chosen and str(tmp_path / chosen))
    with Registry(wanting_a_password) as fake:
        for user in {"home"} | home:
            folder = ".docker" if user == "home" else user
            logged_in(tmp_path / folder, fake.host, user, credsStore="of-nobody")
        with pytest.raises(BundleError, match="wants to know who asks"):
            oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
    assert set(fake.credentials) == told


@pytest.mark.parametrize("name", ["localhost", "localhost:1"])
def test_a_helper_is_asked_for_the_name_that_was_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = tmp_path / "docker-credential-tests"
    helper.write_text('#!/bin/sh\nread -r host\necho "$host" >>"$0.asked"\nexit 1\n')
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "config.json").write_text('{"credsStore": "tests", "auths": null}')
    with pytest.raises(BundleError):
        oci.pull(f"oci://{name}/a/b:v1")
    assert (tmp_path / "docker-credential-tests.asked").read_text() == f"{name}\n"
