"""Policies out of a registry: the real one, real artifacts, and hostile ones."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import socket
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policylib import oci, packages
from policylib.errors import BundleError, RuleError
from policylib.inputs.interface import Source
from policylib.oci import manifest, pulling, talk
from tests import tools
from tests.packages import peers, registry

REGO = 'package main\n\nimport rego.v1\n\ndeny contains data.words.bad if input.kind == "Pod"\n'
DATA = '{"bad": "no pods"}'
TLS_HANDSHAKE = b"\x16"
POLICY = {"policy/main.rego": REGO, "policy/words/words.json": DATA}


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with registry.serving() as address:
        yield address


def push(host: str, *layers: tuple[bytes, dict[str, Any]], **more: Any) -> str:
    """An artifact of these layers; its reference by digest."""
    described = {"layers": [one for _, one in layers]} | more
    pushed = registry.push(host, "hostile/policy", [content for content, _ in layers], described)
    return f"oci://{host}/hostile/policy@{pushed}"


def packed(*members: tuple[tarfile.TarInfo, bytes]) -> tuple[bytes, dict[str, Any]]:
    content = registry.archive(*members)
    return content, registry.layer(content, title=".")


def said(reference: str) -> list[str]:
    judgement = packages.load(reference).judge([Source("a.yaml", b"kind: Pod\n")])
    assert judgement.problems == ()
    return [violation.message for violation in judgement.violations]


def test_what_conftest_pushes_is_judged(host: str, tmp_path: Path) -> None:
    peers.written(tmp_path, POLICY)
    command = [str(tools.path("conftest")), "push", f"{host}/team/policy:v1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    digest = done.stdout.rpartition("digest: ")[2].strip()
    pulled = oci.pull(f"oci://{host}/team/policy:v1")
    assert pulled.digest == digest
    assert pulled.files == {"main.rego": REGO.encode(), "words/words.json": DATA.encode()}
    loaded = packages.load(f"oci://{host}/team/policy:v1")
    assert any(f"this tag is {digest} today" in note for note in loaded.notes)
    for reference in (f"oci://{host}/team/policy:v1", f"oci://{host}/team/policy@{digest}"):
        assert said(reference) == ["no pods"]
    assert packages.load(f"oci://{host}/team/policy:v1@{digest}").notes == ()


def test_what_conftest_pulls_says_the_same(host: str, tmp_path: Path) -> None:
    peers.written(tmp_path, {**POLICY, "pod.yaml": "kind: Pod\n"})
    conftest = tools.path("conftest")
    reference = f"oci://{host}/team/compared:v1"
    subprocess.run([conftest, "push", reference], cwd=tmp_path, capture_output=True, check=True)
    subprocess.run([conftest, "pull", "--policy", "pulled", reference], cwd=tmp_path, check=True)
    documents, folder = [tmp_path / "pod.yaml"], tmp_path / "pulled" / "policy"
    theirs = peers.conftest(folder, documents, ["main"], [folder])
    assert peers.ours(packages.load(reference), documents) == (theirs, [])


def test_an_opa_bundle_is_judged(host: str, tmp_path: Path) -> None:
    """`opa build` writes names that start with a slash."""
    peers.written(tmp_path, {"b/main.rego": REGO, "b/words/data.json": DATA})
    command = [str(tools.path("opa")), "build", "--bundle", "b", "--output", "bundle.tar.gz"]
    subprocess.run(command, cwd=tmp_path, check=True)
    content = (tmp_path / "bundle.tar.gz").read_bytes()
    reference = push(host, (content, registry.layer(content, title="bundle.tar.gz")))
    assert set(oci.pull(reference).files) == {"b/main.rego", "data.json", ".manifest"}
    assert said(reference) == ["no pods"]


def test_folders_in_an_archive_stay(host: str) -> None:
    members = [
        registry.file("./policy/main.rego", REGO.encode()),
        registry.file("./words/words.json", DATA.encode()),
    ]
    assert set(oci.pull(push(host, packed(*members))).files) == {
        "policy/main.rego",
        "words/words.json",
    }
    only = push(host, packed(registry.file("policy/main.rego", REGO.encode())))
    assert set(oci.pull(only).files) == {"policy/main.rego"}


def link(kind: bytes, target: str) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo("main.rego")
    member.type, member.linkname = kind, target
    return member, b""


def sparse(size: int) -> tuple[tarfile.TarInfo, bytes]:
    """A file that says it is large, and of which the archive holds nothing."""
    member = tarfile.TarInfo("main.rego")
    member.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "main.rego",
        "GNU.sparse.realsize": str(size),
    }
    return member, b"0\n".ljust(tarfile.BLOCKSIZE, b"\0")


HOSTILE: dict[str, tuple[Callable[[], tuple[bytes, dict[str, Any]]], str]] = {
    "a path that leaves": (
        lambda: packed(registry.file("../../etc/main.rego", b"")),
        "is no path below its root",
    ),
    "a path that leaves in the middle": (
        lambda: packed(registry.file("a/../../main.rego", b"")),
        "is no path below its root",
    ),
    "a path of another system": (
        lambda: packed(registry.file("..\\main.rego", b"")),
        "is no path below its root",
    ),
    "a name with control characters": (
        lambda: packed(registry.file("a\x1b[2J.rego", b"")),
        r"'a\\x1b\[2J\.rego' in the artifact is no path",
    ),
    "a symbolic link": (lambda: packed(link(tarfile.SYMTYPE, "/etc/passwd")), "no plain file"),
    "a hard link": (lambda: packed(link(tarfile.LNKTYPE, "/etc/passwd")), "no plain file"),
    "a device": (lambda: packed(link(tarfile.CHRTYPE, "")), "no plain file"),
    "a pipe": (lambda: packed(link(tarfile.FIFOTYPE, "")), "no plain file"),
    "a sparse file": (lambda: packed(sparse(1 << 40)), "no plain file"),
    "one name twice": (
        lambda: packed(registry.file("a.rego", b"x"), registry.file("./a.rego", b"y")),
        "holds a.rego twice",
    ),
    "what unpacks to a lot": (
        lambda: packed(registry.file("a.rego", b"\0" * (talk.LARGEST + 1))),
        "more than is permitted",
    ),
    "padding that unpacks to a lot": (
        lambda: plain(gzip.compress(b"\0" * (talk.LARGEST * 2))),
        "unpacks to more than is permitted",
    ),
    "an archive that is none": (lambda: plain(b"not gzip"), "the archive cannot be read"),
    "an archive that ends": (
        lambda: plain(registry.archive(registry.file("a.rego", b"x" * 99_999))[:60]),
        "the archive cannot be read|ends too early",
    ),
    "a title that leaves": (lambda: titled("../main.rego"), "is no path below its root"),
    "an empty title": (lambda: titled(""), "nothing is known of a layer"),
    "a title that is a folder": (lambda: titled("/"), "is no path below its root"),
}


def plain(content: bytes) -> tuple[bytes, dict[str, Any]]:
    return content, registry.layer(content)


def titled(name: str) -> tuple[bytes, dict[str, Any]]:
    kind = "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego"
    return REGO.encode(), registry.layer(REGO.encode(), kind, name)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_artifacts_are_refused(
    name: str, host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, complaint = HOSTILE[name]
    reference = push(host, made())
    monkeypatch.chdir(tmp_path)
    with pytest.raises((BundleError, RuleError), match=complaint) as refusal:
        packages.load(reference)
    assert "\x1b" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_too_many_files_are_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "MOST_FILES", 3)
    members = [registry.file(f"{n}.rego", b"") for n in range(4)]
    with pytest.raises(BundleError, match="too many files"):
        oci.pull(push(host, packed(*members)))


def test_many_layers_share_one_limit(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "LARGEST", 1000)
    layers = [packed(registry.file(f"{n}.rego", b"x" * 400)) for n in range(3)]
    with pytest.raises(BundleError, match="more than"):
        oci.pull(push(host, *layers))


@pytest.mark.parametrize(
    ("layers", "complaint"),
    [
        ([], "lists no layers"),
        ("x", "lists no layers"),
        ([5], "no SHA-256 digest"),
        ([{"digest": "sha512:" + "a" * 128}], "no SHA-256 digest"),
        ([{"digest": "sha256:../../x"}], "no SHA-256 digest"),
        ([{"digest": "sha256:" + "a" * 64, "size": -1}], "no size up to"),
        ([{"digest": "sha256:" + "a" * 64, "size": 1 << 40}], "no size up to"),
        ([{"digest": "sha256:" + "a" * 64, "size": 1}], "described in no known way"),
        (
            [{"digest": "sha256:" + "a" * 64, "size": 1, "mediaType": "x"}],
            "there is no such artifact",
        ),
    ],
)
def test_a_manifest_that_describes_nothing(layers: Any, complaint: str) -> None:
    with (
        answering({"/v2/a/b/manifests/v1": json.dumps({"layers": layers}).encode()}) as fake,
        pytest.raises(BundleError, match=complaint),
    ):
        oci.pull(f"oci://{fake}/a/b:v1")


def test_an_index_is_no_policy(host: str) -> None:
    kind = "application/vnd.oci.image.index.v1+json"
    pushed = registry.push(host, "team/index", [], {"mediaType": kind, "manifests": []})
    with pytest.raises(BundleError, match=r"lists no layers \(an index"):
        oci.pull(f"oci://{host}/team/index@{pushed}")


class Fake(http.server.BaseHTTPRequestHandler):
    """A registry that lies: it answers with what it was told, whatever was asked for."""

    answers: dict[str, bytes] = {}  # noqa: RUF012
    location = ""
    status = 200
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(str(self.headers.get("Authorization")))
        body = self.answers.get(self.path)
        if self.location:
            self.send_response(307)
            self.send_header("Location", self.location)
        elif body is None:
            self.send_response(404)
        else:
            self.send_response(self.status)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


class answering:  # noqa: N801
    """The lying registry, while it runs."""

    def __init__(self, answers: dict[str, bytes], **more: Any) -> None:
        self.handler = type("Handler", (Fake,), {"answers": answers, "asked": [], **more})

    def __enter__(self) -> str:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return f"127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_a_manifest_has_to_be_the_one_that_was_named() -> None:
    named = "sha256:" + "a" * 64
    manifest = json.dumps({"layers": [titled("main.rego")[1]]}).encode()
    with (
        answering({f"/v2/a/b/manifests/{named}": manifest}) as fake,
        pytest.raises(BundleError, match="not the one that the digest names"),
    ):
        oci.pull(f"oci://{fake}/a/b@{named}")


@pytest.mark.parametrize(
    ("served", "complaint"),
    [(REGO.replace("deny", "warn"), "is not what it says"), (REGO + "#", "more than")],
)
def test_a_layer_has_to_be_what_the_manifest_says(served: str, complaint: str) -> None:
    _, described = titled("main.rego")
    answers = {
        "/v2/a/b/manifests/v1": json.dumps({"layers": [described]}).encode(),
        f"/v2/a/b/blobs/{described['digest']}": served.encode(),
    }
    with answering(answers) as fake, pytest.raises(BundleError, match=complaint):
        oci.pull(f"oci://{fake}/a/b:v1")


def test_a_manifest_is_small_and_json() -> None:
    for body, complaint in (
        (b"\0" * (manifest.LARGEST + 1), "more than"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "lists no layers"),
    ):
        with (
            answering({"/v2/a/b/manifests/v1": body}) as fake,
            pytest.raises(BundleError, match=complaint),
        ):
            oci.pull(f"oci://{fake}/a/b:v1")


def test_a_registry_cannot_lead_away_from_encryption() -> None:
    with (
        answering({}, location="http://192.0.2.1/elsewhere") as fake,
        pytest.raises(BundleError, match=r"leads to 192\.0\.2\.1 without encryption"),
    ):
        oci.pull(f"oci://{fake}/a/b:v1")


def test_another_machine_is_asked_with_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sought: list[tuple[object, ...]] = []

        def here(*place: object, **_: object) -> list[object]:
            sought.append(place[:2])
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", server.getsockname())]

        def listen() -> None:
            asker, _ = server.accept()
            with asker:
                first.append(asker.recv(1))

        first: list[bytes] = []
        listener = threading.Thread(target=listen)
        listener.start()
        monkeypatch.setattr(socket, "getaddrinfo", here)
        monkeypatch.setenv("NO_PROXY", "*")
        with pytest.raises(BundleError):
            oci.pull("oci://registry.invalid/a/b")
        listener.join()
    assert sought == [("registry.invalid", 443)]
    assert first == [TLS_HANDSHAKE]


@pytest.mark.parametrize(
    ("status", "complaint"),
    [(403, "request for authentication|does not let you"), (500, "status 500"), (404, "no such")],
)
def test_other_answers(status: int, complaint: str) -> None:
    with (
        answering({"/v2/a/b/manifests/v1": b"{}"}, status=status) as fake,
        pytest.raises(BundleError, match=complaint),
    ):
        oci.pull(f"oci://{fake}/a/b:v1")


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(BundleError, match="the registry does not answer"):
        oci.pull(f"oci://127.0.0.1:{port}/a/b:v1")


@pytest.mark.parametrize(
    "text",
    [
        "oci://",
        "oci://host",
        "oci://host/",
        "host/a:v1",
        "oci://host/A:v1",
        "oci://host/a/../b:v1",
        "oci://host/a//b",
        "oci://host/a:v1\n",
        "oci://host/a: v1",
        "oci://host/a?x=1",
        "oci://user@host/a:v1",
        "oci://host/a@sha256:" + "A" * 64,
        "oci://host/a@sha256:" + "a" * 63,
        "oci://host/a@sha512:" + "a" * 128,
        "oci://host/a@sha256:" + "a" * 64 + "@sha256:" + "a" * 64,
        "oci://host:123456/a",
        "oci://hоst/a",  # noqa: RUF001 - a Cyrillic letter
    ],
)
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(BundleError, match="no reference"):
        oci.parse(text)


@pytest.mark.parametrize(
    ("text", "shown", "loopback"),
    [
        ("oci://ghcr.io/org/policy", "oci://ghcr.io/org/policy:latest", False),
        ("oci://localhost:5000/a:v1", "oci://localhost:5000/a:v1", True),
        ("oci://127.8.9.1/a:v1", "oci://127.8.9.1/a:v1", True),
        ("oci://[::1]:5000/a:v1", "oci://[::1]:5000/a:v1", True),
        ("oci://127.0.0.1.nip.io/a:v1", "oci://127.0.0.1.nip.io/a:v1", False),
        ("oci://localhost.example/a:v1", "oci://localhost.example/a:v1", False),
        (f"oci://h/a:v1@sha256:{'a' * 64}", f"oci://h/a@sha256:{'a' * 64}", False),
    ],
)
def test_references(text: str, shown: str, loopback: bool) -> None:
    reference = oci.parse(text)
    assert str(reference) == shown
    assert reference.is_loopback is loopback


def test_credentials_are_those_of_docker(tmp_path: Path) -> None:
    """A registry that demands a token gets the credentials of its own name, and no other."""
    secret = base64.b64encode(b"user:secret").decode()
    other = base64.b64encode(b"other:secret").decode()
    handler = Demanding
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    Demanding.realm, Demanding.asked = f"http://{host}/token", []
    config = {"auths": {host: {"auth": secret}, "ghcr.io": {"auth": other}}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    try:
        assert set(oci.pull(f"oci://{host}/a/b:v1").files) == {"main.rego"}
    finally:
        server.shutdown()
        server.server_close()
    assert {"Basic " + secret, "Bearer t"} <= set(Demanding.asked)
    assert not [asked for asked in Demanding.asked if other in asked]


class Demanding(http.server.BaseHTTPRequestHandler):
    realm = ""
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        authorization = str(self.headers.get("Authorization"))
        self.asked.append(authorization)
        _, described = titled("main.rego")
        bodies = {
            "token": json.dumps({"token": "t"}).encode(),
            "v1": json.dumps({"layers": [described]}).encode(),
            described["digest"]: REGO.encode(),
        }
        body = bodies[self.path.partition("?")[0].rpartition("/")[2]]
        if authorization != "Bearer t" and "/token" not in self.path:
            self.send_response(401)
            demand = f'Bearer realm="{self.realm}",service="s",scope="repository:a/b:pull"'
            self.send_header("Www-Authenticate", demand)
            body = b""
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
