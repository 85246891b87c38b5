"""What became of exceptions, those a team starts with, and when they end."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policylib
from policylib import Policy, rules, settings
from policylib.exceptions import baseline, dump, expires_within, has_expired, listed, still_used
from policylib.models import Enforcement, PolicyException, Resource, Target, Violation
from policylib.settings import Settings

KNOWN = rules.load().known()
WORDS = {"reason": "r", "ticket": "t", "approver": "a", "expires": "2098-12-31"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def deployment(name: str, *images: str, namespace: str = "shop") -> dict[str, Any]:
    containers = [{"name": f"c{i}", "image": image} for i, image in enumerate(images)]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


def entry(expires: str = "2098-12-31", **target: str) -> PolicyException:
    aim = target or {"kind": "Deployment", "namespace": "shop", "name": "web"}
    return PolicyException.model_validate(
        {"rule": "digest.image_pinned", "target": aim, **WORDS, "expires": expires}
    )


def policy(*entries: PolicyException) -> Policy:
    return Policy(rules.load(), Settings(exceptions=entries))


def recorded(report: policylib.Report) -> tuple[PolicyException, ...]:
    return baseline(report.violations, **WORDS)[0]


WEB = deployment("web", "nginx:1")


class TestInTime:
    """The engine's clock decides; the ends that tests of Rego cross by `with` are crossed here."""

    def test_it_ends_while_a_program_runs(self) -> None:
        for seconds in (1, 10, 60):  # the machine may be slow
            ends = datetime.now(UTC) + timedelta(seconds=seconds)
            running = policy(entry(ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))
            before = running.check(WEB)
            if datetime.now(UTC) < ends:
                break
        assert before.allowed
        assert [v.enforcement for v in before.violations] == ["excepted"]
        assert before.exceptions[0].state == "used"
        time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()))
        after = running.check(WEB)
        assert not after.allowed
        assert after.exceptions[0].state == "expired"

    @pytest.mark.parametrize(
        ("expires", "covered"),
        [
            ("2020-01-01", False),
            ("2020-01-01T00:00:00Z", False),
            ("1970-01-01", False),
            ("2098-12-31", True),
            ("2098-12-31T23:59:59+14:00", True),
            ("2199-12-31", True),
        ],
    )
    def test_past_and_future(self, expires: str, covered: bool) -> None:
        report = policy(entry(expires)).check(WEB)
        assert report.allowed is covered
        assert report.exceptions[0].state == ("used" if covered else "expired")

    def test_today_still_counts(self) -> None:
        today = datetime.now(UTC).strftime("%Y-%m-%d")
        assert policy(entry(today)).check(WEB).allowed
        yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
        assert not policy(entry(yesterday)).check(WEB).allowed

    @pytest.mark.parametrize(
        ("expires", "expired", "soon"),
        [
            ("2026-03-01", True, False),
            ("2026-03-02", False, True),
            ("2026-03-02T12:00:00Z", True, False),
            ("2026-03-02T12:00:01Z", False, True),
            ("2026-03-02T13:00:00+01:00", True, False),
            ("2026-03-16T12:00:00Z", False, True),
            ("2026-03-16T12:00:01Z", False, False),
            ("2026-03-16", False, False),
        ],
    )
    def test_what_has_expired_and_what_soon_will(
        self, expires: str, expired: bool, soon: bool
    ) -> None:
        assert has_expired(entry(expires), NOON) is expired
        assert expires_within(entry(expires), 14 * 86_400, NOON) is soon


def test_a_report_says_what_became_of_each() -> None:
    other = entry(kind="Deployment", namespace="shop", name="gone")
    report = policy(other, entry("2020-01-01"), entry()).check([WEB, deployment("web", "a", "b")])
    states = [(one.state, one.violations) for one in report.exceptions]
    assert states == [("unused", 0), ("expired", 0), ("used", 3)]
    assert report.allowed
    assert {v.exception for v in report.violations} == {entry()}


def test_the_first_of_two_that_cover_the_same_is_the_one_that_is_used() -> None:
    narrow = entry(kind="Deployment", namespace="shop", name="web", image="nginx:1")
    report = policy(narrow, entry()).check(WEB)
    assert [one.state for one in report.exceptions] == ["used", "unused"]


def test_without_exceptions_nothing_is_listed() -> None:
    assert listed((), ()) == ()


class TestBaseline:
    def test_with_it_the_same_check_passes_and_each_entry_is_used_once(self) -> None:
        documents = [WEB, deployment("api", "a", "b"), deployment("web", "nginx:1", namespace="x")]
        entries = recorded(policy().check(documents))
        assert len(entries) == 4
        report = policy(*entries).check(documents)
        assert report.allowed
        assert [one.violations for one in report.exceptions] == [1, 1, 1, 1]

    @pytest.mark.parametrize(
        "changed",
        [
            deployment("web", "nginx:2"),
            deployment("web", "nginx:1", "busybox"),
            deployment("web", "docker.io/nginx:1"),
            deployment("web2", "nginx:1"),
            deployment("web", "nginx:1", namespace="other"),
            {**WEB, "kind": "StatefulSet"},
            {**WEB, "metadata": {"name": "web"}},
            {**WEB, "metadata": {"generateName": "web", "namespace": "shop"}},
        ],
    )
    def test_whatever_was_not_there_is_denied(self, changed: dict[str, Any]) -> None:
        entries = recorded(policy().check(WEB))
        assert policy(*entries).check(WEB).allowed
        assert not policy(*entries).check(changed).allowed

    def test_the_order_of_containers_does_not_matter(self) -> None:
        entries = recorded(policy().check(deployment("web", "a", "b")))
        assert policy(*entries).check(deployment("web", "b", "a")).allowed

    def test_items_of_lists_are_recorded_as_what_they_are(self) -> None:
        items = {"apiVersion": "v1", "kind": "List", "items": [WEB, deployment("api", "a")]}
        nested = {"apiVersion": "v1", "kind": "List", "items": [items]}
        entries = recorded(policy().check(nested))
        assert policy(*entries).check(nested).allowed
        assert policy(*entries).check(WEB).allowed

    def test_without_an_image_the_place_is_recorded(self) -> None:
        document = {**deployment("web"), "spec": {"template": {"spec": {"containers": [{}]}}}}
        (one,) = recorded(policy().check(document))
        assert one.target.image is None
        assert one.target.path == "/spec/template/spec/containers/0/image"
        in_list = {"apiVersion": "v1", "kind": "List", "items": [document]}
        assert recorded(policy().check(in_list)) == (one,)
        assert policy(one).check(in_list).allowed

    def test_values_files_are_recorded_by_their_names(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "values.yaml").write_text("image: nginx:1\n")
        entries = recorded(policy().check(tmp_path / "a"))
        assert [one.target.name for one in entries] == [str(tmp_path / "a/values.yaml")]
        assert policy(*entries).check(tmp_path / "a").allowed
        assert not policy(*entries).check(tmp_path / "b").allowed

    @pytest.mark.parametrize("missing", ["name", "kind"])
    def test_what_has_no_name_cannot_be_recorded(self, missing: str) -> None:
        document = deployment("web", "nginx:1")
        if missing == "name":
            del document["metadata"]["name"]
        else:
            del document["kind"]
        report = policy().check(document)
        assert not report.allowed
        entries, left = baseline(report.violations, **WORDS)
        assert entries == ()
        assert left == report.denials

    def test_only_what_is_denied_is_recorded(self) -> None:
        def said(enforcement: Enforcement) -> Violation:
            (one,) = policy().check(WEB).violations
            return one.model_copy(update={"enforcement": enforcement})

        for enforcement in Enforcement:
            entries, left = baseline([said(enforcement)], **WORDS)
            assert (len(entries), left) == (enforcement is Enforcement.DENY, ())

    def test_what_nothing_needs_any_more_is_dropped_and_nothing_added(self) -> None:
        entries = recorded(policy().check([WEB, deployment("api", "a")]))
        report = policy(*entries).check([WEB, deployment("new", "b")])
        assert [one.target.name for one in still_used(entries, report.violations)] == ["web"]


ODD = ["yes", "null", "1", "1e3", "2098-12-31", "- a", "# a", "a: b", "'", '"', "\\", "{{ x }}"]
MARKS = [*"%@&*!|>?:,-~`[]{}", "é", "🙂"]
HIDDEN = ["\n", "\r\n", "\t", "\x85", "\u2028", "\ufeff", "\x00", "\x7f", "\x1b[31m", " a "]
TEXT = st.text(max_size=20) | st.sampled_from([*ODD, *MARKS, *HIDDEN])
FILLED = TEXT.filter(lambda text: text.strip() != "")
ENTRIES = st.builds(
    PolicyException,
    rule=st.sampled_from(sorted(KNOWN.rules)),
    target=st.builds(
        Target,
        kind=FILLED,
        namespace=st.none() | TEXT,
        name=FILLED,
        image=st.none() | TEXT,
        path=st.none() | TEXT,
        message=st.none() | TEXT,
    ),
    reason=FILLED,
    ticket=FILLED,
    approver=FILLED,
    expires=st.sampled_from(["2098-12-31", "2098-12-31T23:59:59.5Z"]),
)


@given(st.lists(ENTRIES, max_size=3))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, entries: list[PolicyException]
) -> None:
    file = tmp_path_factory.mktemp("exceptions") / "exceptions.yaml"
    file.write_text(dump(entries), encoding="utf-8")
    assert list(settings.exceptions(file, KNOWN)) == entries
    assert all(char.isprintable() or char == "\n" for char in dump(entries))


@given(st.permutations([deployment(name, "a", "b") for name in ("x", "y", "z")]))
def test_the_same_violations_give_the_same_bytes(documents: list[dict[str, Any]]) -> None:
    first = dump(recorded(policy().check(sorted(documents, key=str))))
    assert dump(recorded(policy().check([*documents, *documents]))) == first


def test_the_file_is_for_people() -> None:
    resource = Resource(api_version="v1", kind="Pod", namespace="", name="web")
    violation = Violation.model_validate(
        {
            **policy().check(WEB).violations[0].model_dump(exclude={"resource"}),
            "resource": resource,
        }
    )
    assert dump(baseline([violation], **WORDS)[0]) == (
        "version: 1\n"
        "exceptions:\n"
        "  - rule: digest.image_pinned\n"
        "    target:\n"
        "      kind: Pod\n"
        "      name: web\n"
        "      image: 'nginx:1'\n"
        "      message: 'image \"nginx:1\" has no digest'\n"
        "    reason: r\n"
        "    ticket: t\n"
        "    approver: a\n"
        "    expires: '2098-12-31'\n"
    )
