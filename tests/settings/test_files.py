"""What a settings file and the files that it names may say, and how mistakes are reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policylib import SettingsError, reading, rules
from policylib.settings import Settings, files, load

KNOWN = rules.load().known()
ENTRY = """\
  - rule: digest.image_pinned
    target: {kind: Pod, namespace: shop, name: web}
    reason: the vendor publishes no digest
    ticket: OPS-1
    approver: ada@example.com
    expires: 2098-12-31
"""


def parse(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "policylib.yaml"
    path.write_text(text)
    return load(path, KNOWN).settings


def test_all_keys(tmp_path: Path) -> None:
    (tmp_path / "exceptions.yaml").write_text(f"version: 1\nexceptions:\n{ENTRY}")
    (tmp_path / "catalog.yaml").write_text("services: {web: {tier: gold}}\n")
    text = """\
version: 1
exclude: ["vendor/**"]
digest: {algorithms: [sha256, sha512]}
labels: {service: example.com/service}
catalog: catalog.yaml
exceptions: exceptions.yaml
enforcement:
  dev: {digest: warn}
"""
    settings = parse(tmp_path, text)
    assert settings.exclude == ("vendor/**",)
    assert settings.data("dev") == {
        "digest": {"algorithms": ["sha256", "sha512"]},
        "enforcement": {"dev": {"digest": "warn"}},
        "environment": "dev",
        "labels": {"service": "example.com/service"},
        "catalog": {"services": {"web": {"tier": "gold"}}},
        "exceptions": [
            {
                "rule": "digest.image_pinned",
                "target": {"kind": "Pod", "namespace": "shop", "name": "web"},
                "reason": "the vendor publishes no digest",
                "ticket": "OPS-1",
                "approver": "ada@example.com",
                "expires": "2098-12-31",
            }
        ],
    }


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("version: 2\n", "1:10", "version 2 is newer than 1"),
        ("version: 0\n", "1:10", "version"),
        ("exlude: []\n", "1:9", "did you mean exclude?"),
        ("digest:\n  algoritms: [sha256]\n", "2:14", "did you mean algorithms?"),
        ("digest:\n  algorithms: [md5]\n", "2:16", "md5"),
        ("digest:\n  algorithms: []\n", "2:15", "at least 1 entry"),
        ("digest:\n  algorithms: [sha256, sha256]\n", "2:24", "there twice"),
        ("digest: true\n", "1:9", "true is a boolean, not a mapping"),
        ("digest: null\n", "1:9", "null is nothing, not a mapping"),
        ("digest:\n", "1:8", "null is nothing, not a mapping"),
        ("enforcement:\n  dev:\n    digset: warn\n", "3:13", "did you mean digest?"),
        ("enforcement:\n  dev: {digest: maybe}\n", "2:17", "enforcement.dev.digest"),
        ("enforcement:\n  dev: log\n", "2:8", '"log" is text, not a mapping'),
        ("exclude: vendor\n", "1:10", '"vendor" is text, not a list'),
        ("exclude: [' ']\n", "1:11", "says nothing"),
        ("a: 1\na: 2\n", "2:1", "a"),
        ("- a\n", "", "mapping"),
        ("", "", "one YAML document"),
        ("a: 1\n---\nb: 1\n", "", "one YAML document"),
        ("a: [\n", "2:1", ""),
        ("version: true\n", "1:10", "true is a boolean, not a whole number"),
        ("version: '1'\n", "1:10", '"1" is text, not a whole number'),
        ("enforcement:\n  dev: {digest: off}\n", "2:17", "write the word in quotes"),
        ("enforcement:\n  dev: {digest: on}\n", "2:17", "write the word in quotes"),
        ("enforcement:\n  off: {digest: warn}\n", "2:8", "write the name in quotes"),
        ("enforcement:\n  '': {digest: warn}\n", "2:7", "an environment has a name"),
        ("labels: {servce: a}\n", "1:18", "did you mean service?"),
        ("labels: {service: 5}\n", "1:19", "5 is a number, not text"),
        ("catalog: []\n", "1:10", "[] is a list, not text"),
        ("catalog: gone.yaml\n", "", "gone.yaml: the settings cannot be read: No such file"),
        ("exceptions: ' '\n", "1:13", "says nothing"),
        ("exceptions: gone.yaml\n", "", "gone.yaml: the settings cannot be read: No such file"),
        ("exceptions: .\n", "", "Is a directory"),
    ],
)
def test_mistakes_have_a_place_and_a_reason(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(tmp_path, text)
    if place:
        assert f"policylib.yaml:{place}" in caught.value.where
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("digest.image_pinned", "digest.image_pined", "2:11", "did you mean digest.image_pinned?"),
        ("digest.image_pinned", "digest", "2:11", "not among its values"),
        ("ticket: OPS-1", "tiket: OPS-1", "2:5", "the key ticket is missing"),
        ("approver: ada@example.com", "approver: ' '", "6:15", "it says nothing"),
        ("2098-12-31", "31.12.2098", "7:14", "neither a date"),
        ("2098-12-31", "2098-02-30", "7:14", "day is out of range"),
        ("2098-12-31", "20981231", "7:14", "20981231 is a number, not text"),
        (", name: web", "", "3:13", "a target is a workload"),
        ("namespace: shop, ", "namespce: shop, ", "3:35", "did you mean namespace?"),
        ("kind: Pod", "kind: [Pod]", "3:20", "is a list, not text"),
        ("exceptions:", "exception:", "2:3", "did you mean exceptions?"),
    ],
)
def test_mistakes_in_exceptions_have_their_place_in_that_file(
    tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    (tmp_path / "e.yaml").write_text(f"exceptions:\n{ENTRY}".replace(old, new, 1))
    with pytest.raises(SettingsError) as caught:
        parse(tmp_path, "exceptions: e.yaml\n")
    assert caught.value.where == f"{tmp_path / 'e.yaml'}:{place}"
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["services: {}\n", "services: [a]\n", "a: {b: {}}\n"])
def test_a_catalog_holds_services(tmp_path: Path, text: str) -> None:
    (tmp_path / "catalog.yaml").write_text(text)
    with pytest.raises(SettingsError, match="services: a catalog maps each service") as caught:
        parse(tmp_path, "catalog: catalog.yaml\n")
    assert caught.value.where.startswith(f"{tmp_path / 'catalog.yaml'}:1:")


def test_every_mistake_is_found_and_the_first_says_how_many_follow(tmp_path: Path) -> None:
    text = "exlude: []\ndigest: {algorithms: [md5], trust: 1}\nenforcement: {dev: {digst: log}}\n"
    with pytest.raises(SettingsError, match="and 3 more: `rc settings validate`") as caught:
        parse(tmp_path, text)
    assert caught.value.where.endswith(":1:9")
    examined = files.examine(tmp_path / "policylib.yaml", KNOWN)
    assert examined.settings is None
    places = [error.where.removeprefix(str(tmp_path)) for error in examined.mistakes]
    assert places == [f"/policylib.yaml:{place}" for place in ("1:9", "2:23", "2:36", "3:28")]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "gone.yaml", KNOWN)
    with pytest.raises(SettingsError, match="null"):
        load(Path("a\0b"), KNOWN)


def test_an_endless_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    with pytest.raises(SettingsError, match="more than 1000 bytes"):
        load(Path("/dev/zero"), KNOWN)


def test_what_a_file_names_is_relative_to_it_and_never_waited_for(tmp_path: Path) -> None:
    inner = tmp_path / "ci"
    inner.mkdir()
    (tmp_path / "exceptions.yaml").write_text("exceptions: []\n")
    (inner / "policylib.yaml").write_text("exceptions: ../exceptions.yaml\n")
    assert load(inner / "policylib.yaml", KNOWN).settings.exceptions == ()
    os.mkfifo(inner / "pipe.yaml")
    for name in ("pipe.yaml", "/dev/zero"):
        (inner / "policylib.yaml").write_text(f"catalog: {name}\n")
        with pytest.raises(SettingsError, match="not a regular file"):
            load(inner / "policylib.yaml", KNOWN)


def test_a_settings_file_may_be_a_pipe(tmp_path: Path) -> None:
    reading_end, writing_end = os.pipe()
    os.write(writing_end, b"exclude: [a]\n")
    os.close(writing_end)
    assert load(Path(f"/dev/fd/{reading_end}"), KNOWN).settings.exclude == ("a",)
    os.close(reading_end)
