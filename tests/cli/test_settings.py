"""`rc settings init`, `validate`, `explain` and `migrate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policylib import rules
from policylib.settings.template import template
from tests.cli.program import PINNED, pod, rc

UNSOUND = """\
version: 1
residency:
  allowed_regions: {pii: [us-esat-1]}
exceptions: exceptions.yaml
"""
ENTRY = """\
exceptions:
  - rule: tier.assigned
    target: {kind: Pod, namespace: shop, name: web}
    reason: r
    ticket: t
    approver: a
    expires: 2020-01-01
"""


class TestInit:
    def test_what_it_writes_is_valid_and_changes_no_verdict(self, manifests: Path) -> None:
        before = rc("check", "m", cwd=manifests)
        done = rc("settings", "init", cwd=manifests)
        assert (done.code, done.out, done.err) == (0, "Wrote policylib.yaml\n", "")
        written = (manifests / "policylib.yaml").read_text()
        assert written == template(rules.load().known())
        assert rc("settings", "validate", "--strict", cwd=manifests).code == 0
        assert rc("check", "m", cwd=manifests) == before
        assert rc("check", "m", "--settings", "policylib.yaml", cwd=manifests) == before

    def test_nothing_is_overwritten_unasked(self, tmp_path: Path) -> None:
        for name in ("policylib.yaml", "link.yaml"):
            file = tmp_path / name
            file.symlink_to("gone.yaml") if name == "link.yaml" else file.write_text("ours\n")
            done = rc("settings", "init", "--output", name, cwd=tmp_path)
            assert (done.code, done.out) == (2, "")
            assert f"error: {name}: the file is there already\n  help: --force" in done.err
        assert (tmp_path / "policylib.yaml").read_text() == "ours\n"
        assert rc("settings", "init", "--force", cwd=tmp_path).code == 0
        assert (tmp_path / "policylib.yaml").read_text().startswith("# yaml-language-server: ")

    def test_a_place_that_cannot_be_written_is_exit_2(self, tmp_path: Path) -> None:
        done = rc("settings", "init", "--output", "gone/p.yaml", cwd=tmp_path)
        assert (done.code, done.out) == (2, "")


class TestValidate:
    def test_a_valid_file_is_exit_0_and_says_what_it_holds(self, tmp_path: Path) -> None:
        (tmp_path / "policylib.yaml").write_text("exclude: [a]\ndigest: {}\ncatalog: c.yaml\n")
        (tmp_path / "c.yaml").write_text("services: {web: {tier: gold}}\n")
        done = rc("settings", "validate", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert done.out == (
            "policylib.yaml is valid: digest; 1 service; 0 warnings\n"
            "It counts only when passed with --settings, since it weakens the defaults: exclude\n"
        )

    def test_every_mistake_is_listed_with_place_and_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("exlude: []\nenforcement:\n  dev: {digest: off}\n")
        done = rc("settings", "validate", "p.yaml", cwd=tmp_path)
        assert (done.code, done.err) == (2, "")
        assert done.out == (
            "p.yaml:1:9: error: unknown key exlude\n"
            "  help: did you mean exclude?\n"
            "p.yaml:3:17: error: enforcement.dev.digest: false is a boolean, not text\n"
            "  help: YAML takes on, off, yes and no for booleans: write the word in quotes\n"
            "p.yaml: 2 mistakes\n"
        )

    def test_mistakes_in_what_it_names_are_found_too(self, tmp_path: Path) -> None:
        (tmp_path / "policylib.yaml").write_text("exceptions: e.yaml\ncatalog: c.yaml\n")
        (tmp_path / "e.yaml").write_text("exceptions:\n  - rule: digest.imag_pinned\n")
        (tmp_path / "c.yaml").write_text("service: {}\n")
        done = rc("settings", "validate", cwd=tmp_path)
        assert done.code == 2
        assert 'e.yaml:2:11: error: exceptions.0.rule: "digest.imag_pinned"' in done.out
        assert "c.yaml:1:1: error: services: a catalog maps each service to" in done.out
        assert done.out.endswith("policylib.yaml: 7 mistakes\n")

    @pytest.mark.parametrize("text", [None, "", "a: [\n", "- a\n"])
    def test_what_is_no_settings_file_is_exit_2(self, tmp_path: Path, text: str | None) -> None:
        if text is not None:
            (tmp_path / "policylib.yaml").write_text(text)
        done = rc("settings", "validate", cwd=tmp_path)
        assert done.code == 2
        assert done.out.startswith("policylib.yaml")
        assert ": error: " in done.out

    def test_what_makes_no_sense_is_warned_of_and_fails_only_when_strict(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "policylib.yaml").write_text(UNSOUND)
        (tmp_path / "exceptions.yaml").write_text(ENTRY)
        done = rc("settings", "validate", "--env", "prdo", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert done.out == (
            "policylib.yaml:3:27: warning: residency.allowed_regions.pii.0: "
            "no region is known as us-esat-1: it permits nothing\n"
            "policylib.yaml:1:1: warning: enforcement: "
            "the environment prdo is not named: everything denies\n"
            "exceptions.yaml:2:11: warning: exceptions.0.rule: "
            "tier is not configured, so there is nothing to except\n"
            "exceptions.yaml:7:14: warning: exceptions.0.expires: "
            "it expired on 2020-01-01 and lets nothing through\n"
            "policylib.yaml is valid: residency; 1 exception; 4 warnings\n"
            "It counts only when passed with --settings, "
            "since it weakens the defaults: exceptions\n"
        )
        assert rc("settings", "validate", "--strict", cwd=tmp_path).code == 1


class TestExplain:
    def test_a_key_with_its_value_source_and_meaning(self, tmp_path: Path) -> None:
        done = rc("settings", "explain", "digest.algorithms", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert done.out == (
            'digest.algorithms = ["sha256"]  [default]\n'
            "  The digest algorithms that are accepted. Takes: list of (sha256 | sha512).\n"
        )

    def test_all_keys_and_the_level_of_every_rule(self, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("tier: {}\nenforcement: {dev: {tier: log}}\n")
        done = rc("settings", "explain", "--settings", "p.yaml", "--env", "dev", cwd=tmp_path)
        assert done.code == 0
        rows = [line.split(maxsplit=2) for line in done.out.splitlines()]
        levels = {row[0]: row[1:] for row in rows if row and row[0] in rules.load().rules}
        assert levels.keys() == rules.load().rules.keys()
        assert levels["tier.assigned"] == ["log", "[enforcement.dev.tier]"]
        assert levels["digest.image_pinned"] == ["deny", "[default]"]
        assert levels["residency.region_allowed"] == ["-", "[residency is not configured]"]
        assert "What a violation does in dev:" in done.out

    def test_keys_that_begin_alike(self, tmp_path: Path) -> None:
        done = rc("settings", "explain", "tier.gold", "--format", "json", cwd=tmp_path)
        found = json.loads(done.out)
        assert all(key["key"].startswith("tier.gold.") for key in found["keys"])
        assert {key["source"] for key in found["keys"]} == {"default"}
        assert found["families"]["digest"] is True
        assert found["families"]["tier"] is False
        assert found["rules"] == []

    def test_json_has_all_that_text_says(self, tmp_path: Path) -> None:
        found = json.loads(rc("settings", "explain", "--format", "json", cwd=tmp_path).out)
        assert found["environment"] is None
        assert {rule["rule"] for rule in found["rules"]} == set(rules.load().rules)
        assert found["keys"][0] == {
            "key": "version",
            "value": 1,
            "source": "default",
            "type": "1",
            "description": "The form of this file.",
        }

    def test_what_does_not_count_is_noted(self, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("version: 1\n")
        (tmp_path / "policylib.yaml").write_text("exclude: ['**']\n")
        done = rc("settings", "explain", "exclude", "--settings", "p.yaml", cwd=tmp_path)
        assert done.out.startswith("note: policylib.yaml does not count: it weakens the policy")
        assert "exclude = []  [default]" in done.out

    @pytest.mark.parametrize(
        ("key", "said"),
        [
            ("digest.algoritms", "did you mean digest.algorithms?"),
            ("teir.gold", "did you mean tier.gold?"),
            ("nonsense", "lists all keys"),
        ],
    )
    def test_an_unknown_key_is_exit_2(self, tmp_path: Path, key: str, said: str) -> None:
        done = rc("settings", "explain", key, cwd=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert said in done.err


class TestMigrate:
    def test_an_older_file_is_brought_up_to_date_once(self, tmp_path: Path) -> None:
        file = tmp_path / "policylib.yaml"
        file.write_text("# ours\nexclude: []  # none\n")
        file.chmod(0o640)
        before = file.read_text()
        check = rc("settings", "migrate", "--check", cwd=tmp_path)
        assert (check.code, check.err, file.read_text()) == (1, "", before)
        done = rc("settings", "migrate", cwd=tmp_path)
        assert (done.code, done.out) == (0, "Migrated policylib.yaml\n")
        assert file.read_text() == "# ours\nversion: 1\nexclude: []  # none\n"
        assert file.stat().st_mode & 0o777 == 0o640
        for arguments in ((), ("--check",)):
            again = rc("settings", "migrate", *arguments, cwd=tmp_path)
            assert (again.code, again.out) == (0, "policylib.yaml has the form of today\n")

    def test_a_newer_file_is_exit_2(self, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("version: 2\n")
        done = rc("settings", "migrate", "p.yaml", cwd=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert "use a policylib that is as new as the file" in done.err


def test_a_check_says_what_does_not_count(manifests: Path) -> None:
    (manifests / "vouched.yaml").write_text("version: 1\n")
    (manifests / "policylib.yaml").write_text("exclude: ['**/bad.yaml']\n")
    done = rc("check", "m", "--settings", "vouched.yaml", cwd=manifests)
    assert done.code == 1
    assert done.out.startswith("note: policylib.yaml does not count: it weakens the policy")
    (manifests / "m/bad.yaml").write_text(pod(PINNED))
    quiet = rc("check", "m", "--settings", "vouched.yaml", "-q", cwd=manifests)
    assert (quiet.code, quiet.out.count("\n")) == (0, 1)
