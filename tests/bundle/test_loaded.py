"""Bundles read back: what policylib and a real OPA build, and what nobody should."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policylib import archive, bundle, oci, rules
from policylib.bundle import artifact, loaded
from policylib.bundle.loaded import Loaded
from policylib.engine.interface import DECISION, Value
from policylib.errors import BundleError, PolicylibError
from tests import tools
from tests.bundle.samples import RELAXED, SHA512, UNPINNED
from tests.packages import registry

SETTINGS = {**RELAXED, "provenance": {}, "enforcement": {"prod": {"digest": "warn"}}}
FACTS: dict[str, Any] = {"images": {}}
READABLE = [bundle.Target.OPA, bundle.Target.CONFTEST, bundle.Target.ARTIFACT]


def files() -> dict[str, bytes]:
    """The files of an OPA bundle."""
    built = bundle.build(bundle.Target.OPA, rules.load(), SETTINGS, FACTS, number=42)
    return dict(archive.read(built["bundle.tar.gz"], "it", 1 << 24, 1000))


FILES = files()
DECIDES = "policylib/decision/decision.rego"
RULE = "policylib/digest/image_pinned/image_pinned.rego"


def packed(found: dict[str, bytes], folder: Path) -> str:
    path = folder / "bundle.tar.gz"
    path.write_bytes(archive.write(found))
    return str(path)


def said(one: Loaded, document: dict[str, Any]) -> list[str]:
    [answer] = one.engine.evaluate(DECISION, [{"review": {"object": document}}])
    assert isinstance(answer, Value)
    return sorted({violation["rule"] for violation in answer.value})


def require_whole(one: Loaded) -> None:
    """It holds the rules, settings and facts that were built, and judges by them."""
    assert one.rules.rules == rules.load().rules
    assert one.settings == SETTINGS
    assert one.facts == FACTS
    assert one.unconfigured == {"residency", "tier"}
    assert "digest.image_pinned" in said(one, UNPINNED)
    assert "digest.image_pinned" not in said(one, SHA512)


@pytest.mark.parametrize("target", READABLE)
def test_what_is_built_is_read_back(tmp_path: Path, target: bundle.Target) -> None:
    bundle.write(target, tmp_path / "out", rules.load(), SETTINGS, FACTS, number=42)
    one = loaded.load(str(tmp_path / "out"))
    require_whole(one)
    assert one.name == str(tmp_path / "out")
    assert one.revision.startswith("42+sha256:")
    assert one.rules.revision == rules.load().revision


def test_an_archive_is_read_back_whatever_it_is_called(tmp_path: Path) -> None:
    Path(packed(FILES, tmp_path)).rename(tmp_path / "policy.yaml")
    require_whole(loaded.load(str(tmp_path / "policy.yaml")))


def test_a_definition_is_a_bundle(tmp_path: Path) -> None:
    text = "version: 1\nprovenance: {}\n"
    (tmp_path / "policylib.yaml").write_text(text)
    (tmp_path / "mine.yaml").write_text("version: 1\ntarget: opa\nsettings: policylib.yaml\n")
    one = loaded.load(str(tmp_path / "mine.yaml"))
    assert one.settings == {"enforcement": {}, "provenance": {}}
    assert one.facts == {}
    assert one.revision.startswith("sha256:")


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with registry.serving() as address:
        yield address


@pytest.mark.parametrize("target", [bundle.Target.OPA, bundle.Target.ARTIFACT])
def test_a_bundle_in_a_registry_is_read(host: str, tmp_path: Path, target: bundle.Target) -> None:
    bundle.write(target, tmp_path / "out", rules.load(), SETTINGS, FACTS, number=42)
    pushed = oci.push(f"oci://{host}/policy/{target}:v1", artifact.read(tmp_path / "out"))
    require_whole(loaded.load(str(pushed.reference)))


# What a real OPA builds.


def opa(*arguments: str | Path) -> None:
    subprocess.run([tools.path("opa"), "build", *arguments], check=True, capture_output=True)


def test_what_opa_builds_of_our_bundle_is_read(tmp_path: Path) -> None:
    bundle.write(bundle.Target.OPA, tmp_path / "out", rules.load(), SETTINGS, FACTS, number=42)
    opa("-b", tmp_path / "out/bundle.tar.gz", "-o", tmp_path / "again.tar.gz")
    one = loaded.load(str(tmp_path / "again.tar.gz"))
    require_whole(one)
    assert one.revision.startswith("42+sha256:")


def test_what_opa_builds_of_the_source_is_read(tmp_path: Path) -> None:
    """Its paths begin where the build began, and it has the tests in it."""
    opa(tools.ROOT / "rego", "-o", tmp_path / "source.tar.gz", "--revision", "by hand")
    one = loaded.load(str(tmp_path / "source.tar.gz"))
    assert one.rules.rules == rules.load().rules
    assert one.settings == {}
    assert one.revision == "by hand"
    assert said(one, UNPINNED) == ["digest.image_pinned"]


@pytest.mark.parametrize("target", ["plan", "wasm"])
def test_compiled_policy_is_not_compared(tmp_path: Path, target: str) -> None:
    (tmp_path / "a.rego").write_text("package a\n\np if input.b == 1\n")
    archive_ = tmp_path / f"{target}.tar.gz"
    opa(tmp_path / "a.rego", "-t", target, "-e", "a/p", "-o", archive_)
    with pytest.raises(BundleError, match="compiled policy cannot be reviewed"):
        loaded.load(str(archive_))


# What nobody should build.

_Files = dict[str, bytes]


def changed(name: str, content: bytes) -> Callable[[_Files], _Files]:
    return lambda found: {**found, name: content}


def without(*names: str) -> Callable[[_Files], _Files]:
    return lambda found: {name: content for name, content in found.items() if name not in names}


UNASKED = re.compile(rb"^unconfigured contains .*?^}", re.MULTILINE | re.DOTALL)
DEEP = b'{"a":' * 150 + b"1" + b"}" * 150
REFUSED: dict[str, tuple[Callable[[_Files], _Files], str]] = {
    "nothing": (lambda _: {}, "there is no Rego"),
    "no Rego": (lambda found: {".manifest": found[".manifest"]}, "there is no Rego"),
    "no decision": (without(DECIDES), "are not in this bundle|does not say which families"),
    "another policy": (lambda _: {"a.rego": b"package a\n"}, "are not in this bundle"),
    "a rule in the wrong place": (changed("x/y.rego", FILES[RULE]), "no rule is package"),
    "METADATA cut off": (
        lambda found: {**found, RULE: found[RULE][found[RULE].index(b"package ") :]},
        "METADATA cannot be read",
    ),
    "Rego that does not parse": (changed("policylib/lib/x/x.rego", b"package x\nimport"), "load"),
    "Rego that is not UTF-8": (changed("x.rego", b"package x\n\xff"), "is not UTF-8"),
    "a delta": (changed("patch.json", b"{}"), "only whole bundles"),
    "data as YAML": (changed("settings/data.yaml", b"a: 1"), "write data.json"),
    "Wasm": (changed("policy.wasm", b"\0asm"), "compiled policy"),
    "Wasm by another name": (changed("a/b.wasm", b"\0asm"), "compiled policy"),
    "data that are not JSON": (changed("settings/data.json", b"{"), "this is no JSON"),
    "data twice": (changed("data.json", b'{"settings": {"digest": 1}}'), "says again"),
    "a key twice": (changed("settings/data.json", b'{"a": 1, "a": 2}'), "this is no JSON"),
    "data of all that are a list": (changed("data.json", b"[]"), "are no object"),
    "settings that are a list": (changed("settings/data.json", b"[]"), "are no mapping"),
    "data that are deep": (changed("settings/data.json", DEEP), "nested deeper than 100"),
    "data in deep folders": (changed("a/" * 110 + "data.json", b"{}"), "nested deeper than 100"),
    "a manifest that is no JSON": (changed(".manifest", b"\xff"), "it is no JSON"),
    "a manifest that is a list": (changed(".manifest", b"[]"), "is no object"),
    "a key of a manifest twice": (
        changed(".manifest", b'{"rego_version": 0, "rego_version": 1}'),
        "twice in one object",
    ),
    "a manifest of other keys": (changed(".manifest", b'{"Rego_Version": 0}'), "is not known"),
    "a manifest that names Wasm": (changed(".manifest", b'{"wasm": [{}]}'), "compiled policy"),
    "a revision that is no text": (changed(".manifest", b'{"revision": 1}'), "is no text"),
    "a second manifest": (changed("x.manifest", b"{}"), "takes it for a manifest"),
    "other signatures": (changed("a/.signatures.json", b"{}"), "another signatures file"),
    "Rego of old": (changed(".manifest", b'{"rego_version": 0}'), "another Rego than v1"),
    "Rego of no version": (changed(".manifest", b'{"rego_version": true}'), "neither 0 nor 1"),
    "a module of old": (
        changed(".manifest", b'{"file_rego_versions": {"/a.rego": 0}}'),
        "another Rego than v1",
    ),
    "a module below the root of the rules and beside it": (
        lambda found: {
            **{f"x/{name}": text for name, text in found.items() if name.endswith(".rego")},
            "x/policylib/lib/y.rego": b"package y\n",
            "policylib/lib/y.rego": b"package z\n",
        },
        "policylib/lib/y.rego lies both below x/ and beside it",
    ),
    "families that are a number": (
        lambda found: {**found, DECIDES: UNASKED.sub(b"unconfigured := 5", found[DECIDES])},
        "that it does not ask are no names",
    ),
    "families that are a text": (
        lambda found: {**found, DECIDES: UNASKED.sub(b'unconfigured := "tier"', found[DECIDES])},
        "that it does not ask are no names",
    ),
    "families that are not said": (
        lambda found: {
            **found,
            DECIDES: found[DECIDES].replace(b"unconfigured contains", b"others contains"),
        },
        "does not say which families|does not load",
    ),
}


def read_whole(source: str) -> None:
    """Read all that a comparison reads."""
    one = loaded.load(source)
    _ = one.rules, one.engine, one.settings, one.facts, one.unconfigured


def test_the_untouched_bundle_is_read(tmp_path: Path) -> None:
    read_whole(packed(FILES, tmp_path))


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_bundle_is_an_error(tmp_path: Path, name: str) -> None:
    change, what = REFUSED[name]
    with pytest.raises(BundleError, match=what) as caught:
        read_whole(packed(change(FILES), tmp_path))
    assert str(tmp_path) in str(caught.value)


def member(name: str, content: bytes = b"", **more: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in more.items():
        setattr(info, key, value)
    return info, content


@pytest.mark.parametrize(
    "members",
    [
        [member("../x.rego", b"package x")],
        [member("x.rego", b"package x"), member("/x.rego", b"package y")],
        [member("x.rego", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
        [member("x.rego", type=tarfile.FIFOTYPE)],
    ],
    ids=["above the root", "twice", "a link", "a pipe"],
)
def test_a_hostile_archive_is_an_error(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]]
) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as written:
        for info, content in members:
            written.addfile(info, io.BytesIO(content))
    (tmp_path / "b").write_bytes(buffer.getvalue())
    with pytest.raises(BundleError):
        loaded.load(str(tmp_path / "b"))


def test_what_unpacks_to_too_much_is_an_error(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(archive.LARGEST + (64 << 20)))
    (tmp_path / "b").write_bytes(bomb)
    with pytest.raises(BundleError):
        loaded.load(str(tmp_path / "b"))


def test_a_damaged_header_hides_no_rule(tmp_path: Path) -> None:
    path = Path(packed(FILES, tmp_path))
    name = RULE.encode()
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(name, name.upper())))
    with pytest.raises(BundleError, match="stands what is no file"):
        loaded.load(str(path))


@pytest.mark.parametrize("cut", [10, 100, -9, -1])
def test_half_an_archive_is_an_error(tmp_path: Path, cut: int) -> None:
    path = Path(packed(FILES, tmp_path))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BundleError):
        loaded.load(str(path))


def test_what_is_no_plain_file_in_a_folder_is_an_error(tmp_path: Path) -> None:
    out = tmp_path / "out"
    bundle.write(bundle.Target.CONFTEST, out, rules.load(), {})
    (out / "x.rego").symlink_to(out / DECIDES)
    with pytest.raises(BundleError, match="links are not followed"):
        loaded.load(str(out))
    (out / "x.rego").unlink()
    os.mkfifo(out / "x.rego")
    with pytest.raises(BundleError, match="cannot be read"):
        loaded.load(str(out))


@pytest.mark.parametrize("source", ["gone", "", "a\0b", "oci://", "oci://127.0.0.1:1/a:b"])
def test_what_is_not_there_is_an_error(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicylibError):
        loaded.load(source)


def test_gatekeepers_resources_are_not_compared(tmp_path: Path) -> None:
    bundle.write(bundle.Target.GATEKEEPER, tmp_path / "out", rules.load(), {})
    with pytest.raises(BundleError, match="compare the definitions"):
        loaded.load(str(tmp_path / "out"))


def test_a_bundle_cannot_say_what_its_own_settings_seem(tmp_path: Path) -> None:
    """The module that asks for the settings has a name that the bundle does not use."""
    speaks = b'package policylib_probe\n\nsettings := {"a": 1}\n\npackage_ := "policylib_probe_"\n'
    data = json.dumps({"policylib_probe__": {"settings": {"b": 2}}}).encode()
    found = {**FILES, "x.rego": speaks, "data.json": data}
    assert loaded.load(packed(found, tmp_path)).settings == SETTINGS


def test_a_bundle_cannot_stand_in_for_the_module_that_asks_for_its_settings() -> None:
    speaks = 'package settings\n\nimport rego.v1\n\ntier := {"a": 1}\n'
    one = Loaded("it", "", {**rules.load().modules, "policylib_probe.rego": speaks}, {})
    assert one.settings == {"tier": {"a": 1}}


def test_signatures_are_no_resource(tmp_path: Path) -> None:
    found = {**FILES, ".signatures.json": b'{"signatures": ["a.b.c"]}'}
    assert loaded.load(packed(found, tmp_path)).resources == {}


def test_a_name_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    bundle.write(bundle.Target.CONFTEST, tmp_path / "out", rules.load(), {})
    Path(os.fsdecode(b"%s/out/\xff.rego" % os.fsencode(tmp_path))).write_text("package x\n")
    with pytest.raises(BundleError, match="no path below its root"):
        loaded.load(str(tmp_path / "out"))


def test_a_bundle_whose_name_is_no_text_is_named_all_the_same(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    Path(packed(FILES, tmp_path)).rename(path)
    assert loaded.load(str(path)).name == f"{tmp_path}/\\xff"


def test_an_archive_in_an_archive_is_opened_once(tmp_path: Path) -> None:
    inner = archive.write({"bundle.tar.gz": archive.write(FILES)})
    with pytest.raises(BundleError, match="there is no Rego"):
        loaded.load(packed({"bundle.tar.gz": inner}, tmp_path))


def test_a_test_in_a_bundle_counts_as_it_does_in_opa(tmp_path: Path) -> None:
    module = b'package policylib.decision\n\nimport rego.v1\n\nunconfigured contains "digest"\n'
    one = loaded.load(packed({**FILES, "policylib/decision/x_test.rego": module}, tmp_path))
    assert "digest" in one.unconfigured
    assert "policylib/decision/x_test.rego" in one.sources
