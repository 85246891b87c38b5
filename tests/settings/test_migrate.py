"""Older settings files in the form of today, and all else byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import SettingsError
from policylib.settings.migrate import migrated


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policylib.yaml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("exclude: []\n", "version: 1\nexclude: []\n"),
        ("exclude: []", "version: 1\nexclude: []"),
        (
            "# ours\n\n# globs\nexclude: # x\n  - a\n",
            "# ours\n\n# globs\nversion: 1\nexclude: # x\n  - a\n",
        ),
        ("exclude:\r\n- a\r\n", "version: 1\r\nexclude:\r\n- a\r\n"),
        ("!!map\nexclude: []\n", "!!map\nversion: 1\nexclude: []\n"),
        ("? exclude\n: []\n", "version: 1\n? exclude\n: []\n"),
        ("---\nexclude: []\n...\n", "---\nversion: 1\nexclude: []\n...\n"),
        ("%YAML 1.2\n---\nexclude: []\n", "%YAML 1.2\n---\nversion: 1\nexclude: []\n"),
        ("  exclude: []\n  digest: {}\n", "  version: 1\n  exclude: []\n  digest: {}\n"),
        ("\ufeffexclude: []\n", "\ufeffversion: 1\nexclude: []\n"),
        ("{exclude: []}\n", '{"version": 1, exclude: []}\n'),
        ('{\n  "exclude": []\n}\n', '{"version": 1, \n  "exclude": []\n}\n'),
        ("--- {exclude: []}\n", '--- {"version": 1, exclude: []}\n'),
        ("{}\n", '{"version": 1}\n'),
        ("# é 🙂\nexclude: [é]\n", "# é 🙂\nversion: 1\nexclude: [é]\n"),
        ("unknown: 1\nversion_: 2\n", "version: 1\nunknown: 1\nversion_: 2\n"),
    ],
)
def test_a_file_that_says_no_version_gets_one(file: Path, before: str, after: str) -> None:
    file.write_bytes(before.encode())
    assert migrated(file) == after
    file.write_bytes(after.encode())
    assert migrated(file) is None


@pytest.mark.parametrize("text", ["version: 1\n", '"version": 1\n', "exclude: []\nversion: 1\n"])
def test_a_file_of_today_is_left_alone(file: Path, text: str) -> None:
    file.write_text(text)
    assert migrated(file) is None


@pytest.mark.parametrize("version", ["2", "99", "-1", "true", "'1'", "1.5", "null", "[]"])
def test_what_is_newer_or_no_version_is_refused(file: Path, version: str) -> None:
    file.write_text(f"exclude: []\nversion: {version}\n")
    with pytest.raises(SettingsError, match="none that this policylib can bring to 1") as caught:
        migrated(file)
    assert caught.value.where.endswith(":2:10")


def test_what_only_a_person_can_change_is_refused(file: Path) -> None:
    file.write_text("exclude: []\nversion: 0\n")
    with pytest.raises(SettingsError, match="write `version: 1` into it"):
        migrated(file)


def test_what_is_not_utf8_is_refused(file: Path) -> None:
    file.write_bytes("exclude: [é]\n".encode("utf-16"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        migrated(file)


@pytest.mark.parametrize("text", ["", "- a\n", "a: [\n", "a: 1\n---\nb: 1\n"])
def test_what_is_no_settings_file_is_refused(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError):
        migrated(file)


COMMENTS = st.sampled_from(["", "# a\n", "\n", "# {b}: [\n", "#\t'c\n"])


@given(COMMENTS, COMMENTS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_only_one_line_is_added(
    tmp_path_factory: pytest.TempPathFactory, above: str, below: str, end: str, inside: bool
) -> None:
    file = tmp_path_factory.mktemp("settings") / "policylib.yaml"
    text = f"{above}exclude:{' # x' if inside else ''}\n{below}  - a\n{below}".replace("\n", end)
    file.write_bytes(text.encode())
    after = str(migrated(file))
    assert after.replace(f"version: 1{end}", "", 1) == text
