"""Settings: what is accepted, and how mistakes are reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policylib import SettingsError, reading, rules
from policylib.settings import Settings, load

KNOWN = rules.load().known()


def parse(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "policylib.yaml"
    path.write_text(text)
    return load(path, KNOWN)


def test_all_keys(tmp_path: Path) -> None:
    text = """\
version: 1
exclude: ["vendor/**"]
digest: {algorithms: [sha256, sha512]}
enforcement:
  dev: {digest: warn}
"""
    settings = parse(tmp_path, text)
    assert settings.exclude == ("vendor/**",)
    assert settings.data("dev") == {
        "digest": {"algorithms": ["sha256", "sha512"]},
        "enforcement": {"dev": {"digest": "warn"}},
        "environment": "dev",
    }


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("version: 2\n", "1:10", "version"),
        ("exlude: []\n", "1:9", "did you mean exclude?"),
        ("digest:\n  algoritms: [sha256]\n", "2:14", "did you mean algorithms?"),
        ("digest:\n  algorithms: [md5]\n", "2:16", "md5"),
        ("digest: true\n", "1:9", "object"),
        ("enforcement:\n  dev:\n    digset: warn\n", "3:13", "did you mean digest?"),
        ("enforcement:\n  dev: {digest: maybe}\n", "2:17", "enforcement.dev.digest"),
        ("exclude: vendor\n", "1:10", "exclude"),
        ("a: 1\na: 2\n", "2:1", "a"),
        ("- a\n", "", "mapping"),
        ("", "", "one YAML document"),
        ("a: 1\n---\nb: 1\n", "", "one YAML document"),
        ("a: [\n", "2:1", ""),
        ("version: true\n", "1:10", "a version is a number"),
        ("enforcement:\n  dev: {digest: off}\n", "2:17", "quote it: 'off'"),
        ("enforcement:\n  '': {digest: warn}\n", "2:7", "an environment has a name"),
    ],
)
def test_mistakes_have_a_place_and_a_reason(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(tmp_path, text)
    assert f"policylib.yaml{':' if place else ''}{place}" in caught.value.where
    assert message in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "gone.yaml", KNOWN)
    with pytest.raises(SettingsError, match="null"):
        load(Path("a\0b"), KNOWN)


def test_an_endless_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    with pytest.raises(SettingsError, match="more than 1000 bytes"):
        load(Path("/dev/zero"), KNOWN)


class TestAFileThatIsMerelyFound:
    """`policylib.yaml` in the current folder may come with what it should judge."""

    @pytest.fixture(autouse=True)
    def _inside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_a_pipe_is_refused_at_once(self) -> None:
        os.mkfifo("policylib.yaml")
        with pytest.raises(SettingsError, match="not a regular file"):
            load(None, KNOWN)

    def test_none_is_fine(self) -> None:
        assert load(None, KNOWN) == Settings()

    @pytest.mark.parametrize(
        "text",
        [
            "version: 1\n",
            "digest: {algorithms: [sha256]}\n",
            "enforcement: {prod: {digest: deny}}\n",
        ],
    )
    def test_it_may_confirm(self, text: str) -> None:
        Path("policylib.yaml").write_text(text)
        load(None, KNOWN)

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("exclude: ['**']\n", "exclude"),
            ("digest: {algorithms: [sha512, sha256]}\n", "digest.algorithms"),
            ("digest: {trust_values_from: true}\n", "digest.trust_values_from"),
            ("enforcement: {dev: {digest: 'off'}}\n", "enforcement.dev.digest"),
        ],
    )
    def test_it_may_not_weaken(self, text: str, key: str) -> None:
        Path("policylib.yaml").write_text(text)
        with pytest.raises(SettingsError, match="--settings") as caught:
            load(None, KNOWN)
        assert key in str(caught.value)
        assert load(Path("policylib.yaml"), KNOWN) != Settings()
