"""Registries that lie to who pushes: nothing is named by a tag that did not come back as sent."""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from policylib import archive, oci
from policylib.errors import BundleError
from policylib.oci import talk
from tests.oci.hostile import Answer, Lie, Registry
from tests.packages import registry

ARTIFACT = oci.Artifact(archive.write({"main.rego": b"package main\n"}), ".", unpack=True)
OTHER = oci.Artifact(archive.write({"main.rego": b"package other\n"}), ".", unpack=True)
TAG = "/v2/a/b/manifests/v1"


def on(method: str, part: str, answer: Answer) -> Lie:
    """One answer to every request of a kind."""
    return lambda _, asked, path: answer if asked == method and part in path else None


def blob_of_another(held: Registry, method: str, path: str) -> Answer | None:
    wanted = registry.digest(ARTIFACT.content)
    return Answer(200, OTHER.content) if method == "GET" and wanted in path else None


def truncated(held: Registry, method: str, path: str) -> Answer | None:
    wanted = registry.digest(ARTIFACT.content)
    return Answer(200, ARTIFACT.content[:-1]) if method == "GET" and wanted in path else None


def manifest_of_another(held: Registry, method: str, path: str) -> Answer | None:
    read = method == "GET" and "/manifests/sha256:" in path
    return Answer(200, OTHER.manifest) if read else None


def last_look(answer: Answer) -> Lie:
    """One answer to who asks for the tag after it has been stored."""

    def lie(held: Registry, method: str, path: str) -> Answer | None:
        stored = f"PUT {TAG}" in held.asked
        return answer if stored and path == TAG and method != "PUT" else None

    return lie


def demanding(token: Answer, service: str = "") -> Lie:
    """Every answer demands a token of a service: of the registry itself, or another."""

    def lie(held: Registry, method: str, path: str) -> Answer:
        realm = f"{service or f'http://{held.host}'}/token"
        demand = f'Bearer realm="{realm}",service="s",scope="repository:a/b:pull"'
        is_token = path.startswith("/token")
        return token if is_token else Answer(401, headers={"Www-Authenticate": demand})

    return lie


WANTED = registry.digest(ARTIFACT.manifest)
MOVED = f"after the tag was moved to {WANTED}"
MOVING = f"while the tag was being moved to {WANTED}"
ELSEWHERE = {"Location": "https://elsewhere.invalid/v2/a/b/blobs/uploads/1"}

LIES: dict[str, tuple[Lie, str]] = {
    "it says that it has what it has not": (
        on("HEAD", "/blobs/", Answer(200)),
        "there is no such artifact",
    ),
    "it gives back another layer": (blob_of_another, "is not what it says|has more than"),
    "it gives back part of the layer": (truncated, "is not what it says"),
    "it gives back another manifest": (manifest_of_another, "not the one that the digest names"),
    "the tag names another": (
        last_look(Answer(200, OTHER.manifest)),
        f"registry names {registry.digest(OTHER.manifest)} by this tag, {MOVED}",
    ),
    "the tag names nothing": (last_look(Answer(404)), f"names nothing by this tag, {MOVED}"),
    "the tag is not shown": (last_look(Answer(403)), f"does not let you read this, {MOVED}"),
    "the tag cannot be looked at": (last_look(Answer(500)), f"status 500, {MOVED}"),
    "the tag leads nowhere": (
        last_look(Answer(307, headers={"Location": "http://127.0.0.1:1/"})),
        f"nothing listens at 127.0.0.1:1, {MOVED}",
    ),
    "it refuses the tag": (on("PUT", TAG, Answer(409)), "status 409$"),
    "it breaks off over the tag": (on("PUT", TAG, Answer(502)), f"status 502, {MOVING}"),
    "it sends the upload elsewhere": (
        on("POST", "/uploads/", Answer(202, headers=ELSEWHERE)),
        r"leads to elsewhere\.invalid to store it",
    ),
    "it sends the upload elsewhere in the clear": (
        on("POST", "/uploads/", Answer(202, headers={"Location": "http://192.0.2.1/x"})),
        r"leads to 192\.0\.2\.1 without encryption",
    ),
    "it sends the upload to a file": (
        on("POST", "/uploads/", Answer(202, headers={"Location": "file:///etc/passwd"})),
        "leads to what cannot be asked",
    ),
    "it redirects the start of the upload": (
        on("POST", "/uploads/", Answer(307, headers=ELSEWHERE)),
        r"leads to elsewhere\.invalid to store it",
    ),
    "it redirects the layer": (
        on("PUT", "/uploads/", Answer(307, headers=ELSEWHERE)),
        r"leads to elsewhere\.invalid to store it",
    ),
    "it redirects the manifest": (
        on("PUT", "/manifests/", Answer(308, headers=ELSEWHERE)),
        r"leads to elsewhere\.invalid to store it",
    ),
    "it redirects forever": (
        on("POST", "/uploads/", Answer(307, headers={"Location": "/v2/a/b/blobs/uploads/"})),
        "redirects without an end",
    ),
    "it names no place for the upload": (on("POST", "/uploads/", Answer(202)), "status 202"),
    "it has the upload at once": (on("POST", "/uploads/", Answer(201)), "status 201"),
    "the layer is too large for it": (on("PUT", "/uploads/", Answer(413)), "status 413"),
    "it fails": (on("POST", "/uploads/", Answer(500)), "status 500"),
    "it fails at the manifest": (on("PUT", "/manifests/", Answer(503)), "status 503"),
    "it dislikes the manifest": (on("PUT", "/manifests/", Answer(400)), "status 400"),
    "it says yes and does nothing": (on("PUT", "/manifests/", Answer(200)), "status 200"),
    "it is asked too often": (on("POST", "/uploads/", Answer(429)), "asked too often"),
    "it does not let us": (on("POST", "/uploads/", Answer(403)), "does not let you store this"),
    "it does not let us look": (on("HEAD", "", Answer(403)), "does not let you read this"),
    "it does not know what it has": (on("HEAD", "/blobs/", Answer(503)), "status 503"),
    "it does not know what there was": (on("HEAD", TAG, Answer(500)), "status 500"),
    "it is not asked what there was": (on("HEAD", TAG, Answer(429)), "asked too often"),
    "it has nothing to say of it": (on("HEAD", TAG, Answer(204)), "status 204"),
    "it wants a name": (on("POST", "/uploads/", Answer(401)), "wants to know who asks"),
    "it has no such place": (on("POST", "/uploads/", Answer(404)), "has no such repository"),
    "it answers without end": (
        on("GET", "/blobs/", Answer(200, endless=b"\0" * 65536)),
        "has more than",
    ),
    "its errors have no end": (
        on("POST", "/uploads/", Answer(500, endless=b"x" * 65536)),
        "status 500$",
    ),
    "its errors are none": (
        on("POST", "/uploads/", Answer(500, b'{"errors": [5]}')),
        "status 500$",
    ),
    "it says why": (
        on(
            "PUT",
            "/manifests/",
            Answer(400, b'{"errors": [{"code": "TAG_INVALID", "message": "immutable"}]}'),
        ),
        r"status 400 \(TAG_INVALID: immutable\)$",
    ),
    "it demands a token that has no end": (
        demanding(Answer(200, endless=b"[" * 65536)),
        "answers without an end",
    ),
    "it demands a token that is none": (demanding(Answer(200, b'["token"]')), "nonsense"),
    "it demands a token and gives none": (demanding(Answer(500)), "wants to know who asks"),
    "it has tokens in the clear elsewhere": (
        demanding(Answer(), "http://192.0.2.1"),
        r"leads to 192\.0\.2\.1 without encryption",
    ),
    "the tag names something huge": (
        lambda held, method, path: (
            Answer(200, bytes((4 << 20) + 1)) if path == TAG and method != "PUT" else None
        ),
        "has more than",
    ),
    "it demands what makes no sense": (
        on("HEAD", "", Answer(401, headers={"Www-Authenticate": "Bearer " + "x" * 5000})),
        "wants to know|nonsense|does not answer",
    ),
}


def test_the_registry_without_a_lie_is_believed() -> None:
    with Registry() as fake:
        pushed = oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        assert oci.pull(f"oci://{fake.host}/a/b:v1").digest == pushed.digest
        by_digest = fake.asked.index(f"PUT /v2/a/b/manifests/{pushed.digest}")
        read_back = fake.asked.index(f"GET /v2/a/b/blobs/{registry.digest(ARTIFACT.content)}")
        assert by_digest < read_back < fake.asked.index(f"PUT {TAG}")


@pytest.mark.parametrize("name", LIES)
def test_lies_are_told(name: str) -> None:
    lie, complaint = LIES[name]
    with Registry(lie) as fake:
        with pytest.raises(BundleError, match=complaint):
            oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        if "tag" not in name:
            assert f"PUT {TAG}" not in fake.asked


@pytest.mark.parametrize("written", ["http://{0}/x", "HTTP://{0}/x", "//{0}/x", "/x", "?x=1"])
def test_the_place_for_the_upload_may_be_written_in_many_ways(written: str) -> None:
    def lie(held: Registry, method: str, path: str) -> Answer | None:
        if method == "PUT" and "/manifests/" not in path:
            held.blobs[path.rpartition("digest=")[2].replace("%3A", ":")] = held.body
            return Answer(201)
        there = {"Location": written.format(held.host.replace("127.0.0.1", "LocalHost"))}
        return Answer(202, headers=there) if method == "POST" else None

    with Registry(lie) as fake:
        place = f"oci://{fake.host.replace('127.0.0.1', 'LOCALHOST')}/a/b:v1"
        oci.push(place, ARTIFACT)
        assert oci.pull(place).files == {"main.rego": b"package main\n"}


def test_where_it_leads_to_nobody_is_told_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry keeps its layers elsewhere, and there somebody asks for credentials."""

    def elsewhere(held: Registry, method: str, path: str) -> Answer | None:
        return demanding(Answer(200, b'{"token": "t"}'))(held, method, path)

    with Registry(elsewhere) as other, Registry() as fake:
        secret = {"auth": base64.b64encode(b"user:secret").decode()}
        auths = {"auths": {fake.host: secret}}
        (tmp_path / "config.json").write_text(json.dumps(auths))
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        there = Answer(307, headers={"Location": f"http://{other.host}/layer"})
        fake.lie = on("GET", "/blobs/", there)
        with pytest.raises(BundleError, match="wants to know who asks"):
            oci.pull(f"oci://{fake.host}/a/b:v1")
        assert other.asked == ["GET /layer", "GET /layer"]
        assert other.credentials == []


def test_another_port_is_another_place() -> None:
    with Registry() as other:
        there = {"Location": f"http://{other.host}/v2/a/b/blobs/uploads/1"}
        with (
            Registry(on("POST", "/uploads/", Answer(202, headers=there))) as fake,
            pytest.raises(BundleError, match=r"leads to 127\.0\.0\.1 to store it"),
        ):
            oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        assert other.asked == []


@pytest.mark.parametrize("part", ["/blobs/", "/manifests/"])
def test_a_registry_that_trickles_is_given_up_on(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Registry() as fake:
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
        fake.lie = on("GET", part, Answer(200, endless=b"x"))
        monkeypatch.setattr(talk, "PATIENCE", 0.2)
        for asked in (oci.pull, lambda reference: oci.push(reference, OTHER)):
            with pytest.raises(BundleError, match="takes too long"):
                asked(f"oci://{fake.host}/a/b:v1")
        assert fake.manifests["v1"] == ARTIFACT.manifest


def test_who_gave_up_stores_nothing_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was on its way when time was over goes no further."""
    given_up = threading.Event()

    def slow(held: Registry, method: str, path: str) -> Answer | None:
        given_up.wait()
        return None

    with Registry(slow) as fake:
        reference = f"oci://{fake.host}/a/b:v1"
        monkeypatch.setattr(talk, "PATIENCE", 0.2)
        with pytest.raises(BundleError, match=r"takes too long$"):
            oci.push(reference, ARTIFACT)
        (client,) = (thread for thread in threading.enumerate() if thread.name == reference)
        given_up.set()
        client.join(timeout=60)
        assert not client.is_alive()
        assert [asked for asked in fake.asked if asked.startswith("P")] == []


@pytest.mark.parametrize(
    ("reached", "complaint"),
    [
        (f"HEAD {TAG}", "takes too long$"),
        (f"PUT /v2/a/b/manifests/{WANTED}", "takes too long$"),
        (f"PUT {TAG}", f"takes too long, {MOVING}"),
        (f"GET {TAG}", f"takes too long, {MOVED}"),
    ],
)
def test_who_gives_up_says_what_became_of_the_tag(
    reached: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is over as soon as the registry has been asked this, which it does not answer."""
    asked = threading.Event()

    def silent(held: Registry, method: str, path: str) -> Answer | None:
        if f"{method} {path}" == reached:
            asked.set()
            held.over.wait()
        return None

    class Impatient(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            assert asked.wait(timeout)
            raise TimeoutError

    monkeypatch.setattr(talk, "Future", Impatient)
    with Registry(silent) as fake, pytest.raises(BundleError, match=complaint) as failure:
        oci.push(f"oci://{fake.host}/a/b:v1", ARTIFACT)
    assert (failure.value.remedy != "") == ("tag" in complaint)
