"""`rc exceptions list` and `rc exceptions baseline`, from a first failure to a last exception."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.program import PINNED, Done, pod, rc

BASELINE = (
    *("exceptions", "baseline", "--expires", "2098-12-31"),
    *("--ticket", "OPS-7", "--approver", "ada@example.com"),
)
SETTINGS = ("--settings", "policylib.yaml")
ENTRY = """\
  - rule: digest.image_pinned
    target: {{kind: Pod, namespace: shop, name: {name}}}
    reason: the vendor publishes no digest
    ticket: OPS-1
    approver: ada@example.com
    expires: {expires}
"""


def entries(**expiries: str) -> str:
    found = (ENTRY.format(name=name, expires=expires) for name, expires in expiries.items())
    return f"exceptions:\n{''.join(found)}"


@pytest.fixture
def adopted(manifests: Path) -> Path:
    """The manifests of a team that has recorded what is denied today."""
    assert rc("check", "m", cwd=manifests).code == 1
    done = rc(*BASELINE, "m", cwd=manifests)
    assert (done.code, done.out, done.err) == (0, "Wrote 1 exception to exceptions.yaml\n", "")
    (manifests / "policylib.yaml").write_text("version: 1\nexceptions: exceptions.yaml\n")
    return manifests


def check(folder: Path, *arguments: str) -> Done:
    return rc("check", "m", *SETTINGS, *arguments, cwd=folder)


class TestBaseline:
    def test_with_it_the_same_check_passes_and_says_what_is_excepted(self, adopted: Path) -> None:
        assert rc("settings", "validate", "--strict", cwd=adopted).code == 0
        done = check(adopted)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(
            'm/bad.yaml:7:14: excepted[digest.image_pinned]: image "nginx:1.27" has no digest '
            "(until 2098-12-31, OPS-7, approved by ada@example.com)\n"
        )
        assert "1 violation (1 excepted), 0 errors (2 passed, 1 skipped)" in done.out
        report = json.loads(check(adopted, "--format", "json").out)
        (one,) = report["exceptions"]
        assert (one["state"], one["violations"], one["ticket"]) == ("used", 1, "OPS-7")
        assert report["violations"][0]["exception"]["approver"] == "ada@example.com"

    @pytest.mark.parametrize(
        ("file", "text"),
        [
            ("bad.yaml", pod("nginx:1.28")),
            ("bad.yaml", pod("nginx:1.27") + "    - {name: more, image: busybox}\n"),
            ("bad.yaml", pod("nginx:1.27", name="other")),
            ("new.yaml", pod("busybox", name="new")),
            ("values.yaml", "image: nginx:1.27\n"),
        ],
    )
    def test_what_changes_is_denied(self, adopted: Path, file: str, text: str) -> None:
        (adopted / "m" / file).write_text(text)
        assert check(adopted).code == 1

    def test_a_file_that_is_there_does_not_grow(self, adopted: Path) -> None:
        before = (adopted / "exceptions.yaml").read_bytes()
        (adopted / "m/new.yaml").write_text(pod("busybox", name="new"))
        done = rc(*BASELINE, "m", cwd=adopted)
        assert (done.code, done.out) == (2, "")
        assert "--prune drops what nothing needs any more, --force records anew" in done.err
        prune = ("exceptions", "baseline", "--prune", *SETTINGS, "m")
        assert rc(*prune, cwd=adopted).out == "Dropped 0 exceptions from exceptions.yaml, kept 1\n"
        assert (adopted / "exceptions.yaml").read_bytes() == before
        assert check(adopted).code == 1

    def test_anew_means_what_is_denied_without_the_file(self, adopted: Path) -> None:
        (adopted / "m/new.yaml").write_text(pod("busybox", name="new"))
        done = rc(*BASELINE, *SETTINGS, "--force", "m", cwd=adopted)
        assert (done.code, done.out) == (0, "Wrote 2 exceptions to exceptions.yaml\n")
        assert check(adopted).code == 0

    def test_what_is_repaired_is_dropped(self, adopted: Path) -> None:
        (adopted / "m/bad.yaml").write_text(pod(PINNED))
        done = rc("exceptions", "baseline", "--prune", *SETTINGS, "m", cwd=adopted)
        assert (done.code, done.err) == (0, "")
        assert done.out == "Dropped 1 exception from exceptions.yaml, kept 0\n"
        assert (adopted / "exceptions.yaml").read_text() == "version: 1\nexceptions: []\n"
        assert check(adopted).code == 0

    def test_other_exceptions_stay_where_they_are(self, adopted: Path) -> None:
        (adopted / "m/new.yaml").write_text(pod("busybox", name="new"))
        done = rc(*BASELINE, *SETTINGS, "--output", "more.yaml", "m", cwd=adopted)
        assert done.out == "Wrote 1 exception to more.yaml\n"
        assert "name: new" in (adopted / "more.yaml").read_text()

    def test_what_is_edited_by_hand_is_not_pruned(self, adopted: Path) -> None:
        file = adopted / "exceptions.yaml"
        file.write_text(f"# ours\n{file.read_text()}")
        before = file.read_bytes()
        done = rc("exceptions", "baseline", "--prune", *SETTINGS, "m", cwd=adopted)
        assert (done.code, file.read_bytes()) == (2, before)
        assert "its comments would be lost" in done.err

    def test_what_is_no_file_of_exceptions_is_not_replaced(self, adopted: Path) -> None:
        before = (adopted / "m/good.yaml").read_bytes()
        done = rc(*BASELINE, "--force", "--output", "m/good.yaml", "m", cwd=adopted)
        assert (done.code, (adopted / "m/good.yaml").read_bytes()) == (2, before)

    def test_names_that_no_file_can_have_are_errors(self, manifests: Path) -> None:
        for name in ("n" * 300, "gone/exceptions.yaml", "m"):
            done = rc(*BASELINE, "--force", "--output", name, "m", cwd=manifests)
            assert (done.code, done.out) == (2, "")
            assert "policylib itself failed" not in done.err

    def test_what_has_no_name_stays_denied_and_is_listed(self, manifests: Path) -> None:
        text = pod("busybox").replace("name: web, namespace", "generateName: w, namespace")
        (manifests / "m/unnamed.yaml").write_text(text)
        done = rc(*BASELINE, "m", cwd=manifests)
        assert (done.code, done.err) == (1, "")
        assert done.out == (
            "m/unnamed.yaml:7:14: not recorded: "
            'digest.image_pinned: image "busybox" has no digest\n'
            "  help: an exception names its object: give it a kind and a name, or repair it\n"
            "Wrote 1 exception to exceptions.yaml\n"
        )
        (manifests / "policylib.yaml").write_text("exceptions: exceptions.yaml\n")
        assert check(manifests).code == 1

    def test_nothing_is_recorded_when_anything_cannot_be_read(self, manifests: Path) -> None:
        (manifests / "m/broken.yaml").write_text("a: [\n")
        done = rc(*BASELINE, "m", cwd=manifests)
        assert (done.code, done.out) == (2, "")
        assert "error: m/broken.yaml:2:1: " in done.err
        assert not (manifests / "exceptions.yaml").exists()

    def test_only_what_an_environment_denies_is_recorded(self, manifests: Path) -> None:
        (manifests / "policylib.yaml").write_text("enforcement: {dev: {digest: warn}, prod: {}}\n")
        dev = rc(*BASELINE, *SETTINGS, "--env", "dev", "-o", "dev.yaml", "m", cwd=manifests)
        assert dev.out == "Wrote 0 exceptions to dev.yaml\n"
        prod = rc(*BASELINE, *SETTINGS, "--env", "prod", "-o", "prod.yaml", "m", cwd=manifests)
        assert prod.out == "Wrote 1 exception to prod.yaml\n"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--ticket", "T", "--approver", "A"), "--expires is missing"),
            (("--expires", "2098-12-31", "--approver", "A"), "--ticket is missing"),
            (
                ("--expires", "2098-12-31", "--ticket", " ", "--approver", "A"),
                "--ticket is missing",
            ),
            (("--expires", "2098-12-31", "--ticket", "T"), "--approver is missing"),
            (
                ("--expires", "2020-01-01", "--ticket", "T", "--approver", "A"),
                "2020-01-01 has passed",
            ),
            (("--expires", "soon"), "'soon' is neither a date"),
            (("--prune", "--ticket", "T"), "--prune only drops entries"),
            (("--prune", "--force"), "--prune only drops entries"),
            (("--prune",), "exceptions.yaml: the settings cannot be read: No such file"),
        ],
    )
    def test_somebody_has_to_answer_for_it(
        self, manifests: Path, arguments: tuple[str, ...], said: str
    ) -> None:
        done = rc("exceptions", "baseline", *arguments, "m", cwd=manifests)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert not (manifests / "exceptions.yaml").exists()


class TestList:
    @pytest.fixture
    def several(self, manifests: Path) -> Path:
        soon = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
        text = entries(web="2098-12-31", old="2020-01-01", soon=soon)
        (manifests / "exceptions.yaml").write_text(text)
        (manifests / "policylib.yaml").write_text("exceptions: exceptions.yaml\n")
        return manifests

    def test_what_is_active_expires_soon_and_has_expired(self, several: Path) -> None:
        done = rc("exceptions", "list", cwd=several)
        assert (done.code, done.err) == (0, "")
        rows = done.out.splitlines()
        assert [row.split()[0] for row in rows[:-1:2]] == ["expired", "expiring", "active"]
        assert rows[0] == "expired   2020-01-01  digest.image_pinned: Pod shop/old"
        assert rows[1].strip() == (
            "OPS-1, approved by ada@example.com: the vendor publishes no digest"
        )
        assert rows[-1] == "3 exceptions: 1 active, 1 expiring, 1 expired"
        later = rc("exceptions", "list", "--within", "1h", cwd=several)
        assert later.out.endswith("3 exceptions: 2 active, 0 expiring, 1 expired\n")

    def test_with_paths_what_is_unused_shows(self, several: Path) -> None:
        done = rc("exceptions", "list", "m", cwd=several)
        assert done.code == 0
        assert "Pod shop/web (covers 1 violation)\n" in done.out
        assert "Pod shop/soon (unused)\n" in done.out
        assert done.out.endswith("3 exceptions: 1 active, 1 expiring, 1 expired, 2 unused\n")
        found = json.loads(rc("exceptions", "list", "m", "--format", "json", cwd=several).out)
        states = [(one["target"]["name"], one["time"], one["violations"]) for one in found]
        assert states == [("old", "expired", 0), ("soon", "expiring", 0), ("web", "active", 1)]
        unchecked = json.loads(rc("exceptions", "list", "--format", "json", cwd=several).out)
        assert {one["violations"] for one in unchecked} == {None}

    @pytest.mark.parametrize(
        ("given", "paths", "code"),
        [
            ({"web": "2098-12-31"}, ("m",), 0),
            ({"web": "2098-12-31"}, (), 0),
            ({"web": "2020-01-01"}, (), 1),
            ({"gone": "2098-12-31"}, (), 0),
            ({"gone": "2098-12-31"}, ("m",), 1),
        ],
    )
    def test_strict_fails_for_what_has_expired_or_is_unused(
        self, manifests: Path, given: dict[str, str], paths: tuple[str, ...], code: int
    ) -> None:
        (manifests / "ci").mkdir()
        (manifests / "ci/exceptions.yaml").write_text(entries(**given))
        (manifests / "ci/policylib.yaml").write_text("exceptions: exceptions.yaml\n")
        arguments = ("exceptions", "list", *paths, "--settings", "ci/policylib.yaml")
        assert rc(*arguments, "--strict", cwd=manifests).code == code
        assert rc(*arguments, cwd=manifests).code == 0

    def test_what_cannot_be_read_makes_nothing_unused(self, several: Path) -> None:
        (several / "m/broken.yaml").write_text("a: [\n")
        done = rc("exceptions", "list", "m", cwd=several)
        assert (done.code, done.out) == (2, "")
        assert "m/broken.yaml:2:1" in done.err

    def test_none_is_fine(self, tmp_path: Path) -> None:
        (tmp_path / "policylib.yaml").write_text("version: 1\n")
        done = rc("exceptions", "list", "--strict", cwd=tmp_path)
        assert (done.code, done.out) == (0, "0 exceptions: 0 active, 0 expiring, 0 expired\n")
        (tmp_path / "policylib.yaml").unlink()
        assert rc("exceptions", "list", cwd=tmp_path).code == 2

    def test_a_time_that_is_none_is_refused(self, several: Path) -> None:
        done = rc("exceptions", "list", "--within", "a while", cwd=several)
        assert (done.code, "'a while' is no duration" in done.err) == (2, True)


def test_a_check_fails_again_when_an_exception_ends(manifests: Path) -> None:
    (manifests / "policylib.yaml").write_text("exceptions: exceptions.yaml\n")
    for seconds in (2, 10, 60):  # the machine may be slow
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        text = entries(web=ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        (manifests / "exceptions.yaml").write_text(text)
        before = check(manifests)
        if datetime.now(UTC) < ends:
            break
    assert before.code == 0
    time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()))
    done = check(manifests)
    assert done.code == 1
    assert "Of 1 exception: 1 expired (`rc exceptions list` names them)." in done.out
