"""`rc simulate`: what another policy would deny, as users ask it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Done, rc
from tests.simulation.samples import CATALOG, NEW, listed, pod

ROW = "| `residency.region_allowed` | 2 | 2 | 0 | 0 |"


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """cluster.json, and the policies old.yaml and new.yaml."""
    objects = [
        pod("checkout-1", service="checkout", region="eu-west-1"),
        pod("search-1", service="search", region="eu-west-1"),
        pod("search-2", "nginx:1", service="search"),
        pod("fine", service="checkout"),
    ]
    (tmp_path / "cluster.json").write_text(listed(objects))
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    (tmp_path / "old.yaml").write_text("version: 1\n")
    (tmp_path / "new.yaml").write_text(NEW)
    return tmp_path


def simulated(*arguments: str | Path, cwd: Path) -> dict[str, Any]:
    done = rc("simulate", *arguments, "--format", "json", cwd=cwd)
    said: dict[str, Any] = json.loads(done.out)
    assert done.code == (2 if said["errors"] else 1 if said["newly_denied"] else 0)
    return said


def names(said: dict[str, Any], outcome: str) -> list[str]:
    return sorted(one["resource"]["name"] for one in said[outcome])


def groups(said: dict[str, Any], by: str) -> dict[str, tuple[int, int]]:
    return {one["name"]: (one["workloads"], one["newly_denied"]) for one in said["groups"][by]}


def test_what_a_new_matrix_stops_by_rule_team_and_tier(cluster: Path) -> None:
    said = simulated("--old", "old.yaml", "--new", "new.yaml", "cluster.json", cwd=cluster)
    assert names(said, "newly_denied") == ["checkout-1", "search-1"]
    assert names(said, "still_denied") == ["search-2"]
    assert groups(said, "rules") == {
        "residency.region_allowed": (2, 2),
        "digest.image_pinned": (0, 0),
    }
    assert groups(said, "teams") == {"payments": (1, 1), "discovery": (1, 1)}
    assert groups(said, "tiers") == {"gold": (1, 1), "silver": (1, 1)}
    assert said["stopped"] == 2
    assert (said["files"], said["documents"]) == (1, 1)
    [first] = [one for one in said["newly_denied"] if one["service"] == "checkout"]
    assert (first["before"], first["after"]) == (None, "deny")
    assert first["path"] == "/items/0/metadata/labels/policylib.dev~1region"
    assert "eu-west-1" in (cluster / "cluster.json").read_text().splitlines()[first["line"] - 1]


def test_without_an_old_policy_nothing_is_denied_today(cluster: Path) -> None:
    said = simulated("--new", "new.yaml", "cluster.json", cwd=cluster)
    assert said["old"] is None
    assert names(said, "newly_denied") == ["checkout-1", "search-1", "search-2"]


def test_a_stricter_environment_of_the_same_settings(cluster: Path) -> None:
    asked = ("--old", "new.yaml", "--old-env", "dev", "--new", "new.yaml", "--new-env", "prod")
    said = simulated(*asked, "cluster.json", cwd=cluster)
    levels = {
        (one["resource"]["name"], one["before"], one["after"]) for one in said["newly_denied"]
    }
    assert levels == {
        ("checkout-1", "log", "deny"),
        ("search-1", "log", "deny"),
        ("search-2", "warn", "deny"),
    }
    back = ("--old", "new.yaml", "--old-env", "prod", "--new", "new.yaml", "--new-env", "dev")
    said = simulated(*back, "cluster.json", cwd=cluster)
    assert len(said["newly_allowed"]) == 3
    assert not said["newly_denied"]


def test_a_rule_of_ones_own_in_a_folder(cluster: Path) -> None:
    done = rc("new", "rule", "digest/no_shell", "--rules", "next/rules", cwd=cluster)
    assert done.code == 0, done.err
    (cluster / "next" / "policylib.yaml").write_text("version: 1\n")
    rule = cluster / "next/rules/policylib/digest/no_shell/no_shell.rego"
    text = rule.read_text()
    start = text.index("violation contains")
    body = (
        'violation contains {"msg": "no pods", "details": {"path": "/kind"}} if {\n'
        '\tinput.review.object.kind == "Pod"\n}\n'
    )
    rule.write_text(text[:start] + body)
    said = simulated("--old", "old.yaml", "--new", "next", "cluster.json", cwd=cluster)
    assert groups(said, "rules")["digest.no_shell"] == (4, 4)
    assert said["new"]["rules"] == "next/rules"
    teams = {one["name"] for one in said["groups"]["teams"]}
    assert teams == {"namespace shop"}


def test_text_shows_tables_and_the_worst_workloads(cluster: Path) -> None:
    done = rc("simulate", "--new", "new.yaml", "cluster.json", cwd=cluster)
    assert done.code == 1
    assert done.out.startswith("old: nothing is enforced\nnew: new.yaml (the strictest)\n")
    assert "by team    workloads  newly denied" in done.out
    assert "Pod shop/checkout-1 (payments, tier gold)" in done.out
    assert "3 violations in 3 workloads would be denied that are not today." in done.out


def test_few_workloads_are_shown_unless_all_are_asked_for(cluster: Path) -> None:
    (cluster / "many.json").write_text(listed([pod(f"p{n:02}", "nginx") for n in range(12)]))
    few = rc("simulate", "--new", "old.yaml", "many.json", cwd=cluster).out
    every = rc("simulate", "--new", "old.yaml", "many.json", "--all", cwd=cluster).out
    assert "(10 of 12 workloads, --all shows every one)" in few
    assert "shop/p11" not in few
    assert "shop/p11" in every


def test_markdown_takes_nothing_for_markup(cluster: Path) -> None:
    odd = pod("odd", "a|b`</td>\n<script>", service="checkout")
    (cluster / "odd.json").write_text(listed([odd]))
    done = rc(
        *("simulate", "--new", "new.yaml", "cluster.json", "odd.json"),
        *("--format", "markdown", "--output", "comment.md"),
        cwd=cluster,
    )
    assert (done.code, done.out) == (1, "")
    text = (cluster / "comment.md").read_text()
    assert ROW in text
    [row] = [line for line in text.splitlines() if "Pod shop/odd" in line]
    assert "a\\|b" in row
    assert "`` " in row


def test_decisions_beside_files(cluster: Path) -> None:
    entry = {"decision_id": "1", "path": "main/deny", "input": pod("late", "nginx")}
    (cluster / "log.jsonl").write_text(f"{json.dumps(entry)}\n" * 3)
    asked = ("--new", "old.yaml", "--decisions", "log.jsonl")
    alone = simulated(*asked, cwd=cluster)
    assert [one["occurrences"] for one in alone["newly_denied"]] == [3]
    both = simulated(*asked, "cluster.json", cwd=cluster)
    assert names(both, "newly_denied") == ["late", "search-2"]
    assert "Of 3 recorded decisions: 1 distinct object." in rc("simulate", *asked, cwd=cluster).out


def test_what_one_side_cannot_judge_is_an_error_and_not_allowed(cluster: Path) -> None:
    (cluster / "broken.yaml").write_text("a: [\n")
    said = simulated("--old", "old.yaml", "--new", "new.yaml", ".", cwd=cluster)
    assert [(one["file"], one["side"]) for one in said["errors"]] == [("broken.yaml", "both")]
    assert len(said["newly_denied"]) == 2
    done = rc("simulate", "--new", "new.yaml", ".", cwd=cluster)
    assert "broken.yaml:" in done.out
    assert "nothing says that it is safe" in done.out


def test_what_the_old_settings_exclude_runs_today(cluster: Path) -> None:
    (cluster / "old.yaml").write_text("version: 1\nexclude: ['legacy/**']\n")
    (cluster / "new.yaml").write_text("version: 1\n")
    (cluster / "legacy").mkdir()
    (cluster / "legacy" / "a.json").write_text(json.dumps(pod("legacy", "nginx")))
    said = simulated("--old", "old.yaml", "--new", "new.yaml", ".", cwd=cluster)
    assert names(said, "newly_denied") == ["legacy"]
    assert names(said, "still_denied") == ["search-2"]


def test_exceptions_count_on_their_side(cluster: Path) -> None:
    (cluster / "exceptions.yaml").write_text(
        "version: 1\nexceptions:\n"
        "  - rule: digest.image_pinned\n"
        "    target: {kind: Pod, namespace: shop, name: search-2}\n"
        "    reason: r\n    ticket: t\n    approver: a\n    expires: '2099-01-01'\n"
    )
    (cluster / "excepted.yaml").write_text("version: 1\nexceptions: exceptions.yaml\n")
    said = simulated("--old", "excepted.yaml", "--new", "old.yaml", "cluster.json", cwd=cluster)
    assert [one["before"] for one in said["newly_denied"]] == ["excepted"]
    said = simulated("--old", "old.yaml", "--new", "excepted.yaml", "cluster.json", cwd=cluster)
    assert [one["after"] for one in said["newly_allowed"]] == ["excepted"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cluster.json",), "--new"),
        (("--new", "new.yaml"), "nothing to judge"),
        (("--new", "absent.yaml", "cluster.json"), "absent.yaml"),
        (("--new", "new.yaml", "--new-env", "pord", "cluster.json"), "did you mean prod?"),
        (("--new", "new.yaml", "--old-env", "dev", "cluster.json"), "--old"),
        (("--new", "old.yaml", "--new-env", "dev", "cluster.json"), "no environment 'dev'"),
        (("--new", "new.yaml", "absent.json"), "absent.json"),
        (("--new", "new.yaml", "--decisions", "absent"), "decision log"),
        (("--new", "new.yaml", "--facts", "absent", "cluster.json"), "facts"),
    ],
)
def test_mistakes_are_errors(cluster: Path, arguments: tuple[str, ...], words: str) -> None:
    done: Done = rc("simulate", *arguments, cwd=cluster)
    assert done.code == 2
    assert words in done.err + done.out


def test_an_old_policy_at_its_strictest_is_pointed_out(cluster: Path) -> None:
    said = simulated("--old", "new.yaml", "--new", "new.yaml", "cluster.json", cwd=cluster)
    [note] = said["notes"]
    assert "--old-env" in note


def test_standard_input_and_nothing_found(cluster: Path) -> None:
    content = (cluster / "cluster.json").read_bytes()
    done = rc("simulate", "--new", "new.yaml", "-", cwd=cluster, stdin=content)
    assert done.code == 1
    (cluster / "none").mkdir()
    assert rc("simulate", "--new", "new.yaml", "none", cwd=cluster).code == 2
    assert rc("simulate", "--new", "new.yaml", "none", "--allow-empty", cwd=cluster).code == 0


@pytest.mark.parametrize("output", ["cluster.json", "new.yaml", "old.yaml", "log.jsonl"])
def test_no_input_is_overwritten(cluster: Path, output: str) -> None:
    entry = {"decision_id": "1", "path": "main/deny", "input": pod("late")}
    (cluster / "log.jsonl").write_text(json.dumps(entry))
    before = (cluster / output).read_bytes()
    asked = ("--old", "old.yaml", "--new", "new.yaml", "--decisions", "log.jsonl", "cluster.json")
    done = rc("simulate", *asked, "--output", output, cwd=cluster)
    assert done.code == 2
    assert "the output is one of the inputs" in done.err
    assert (cluster / output).read_bytes() == before


def test_no_settings_in_a_folder_are_overwritten(cluster: Path) -> None:
    (cluster / "new").mkdir()
    settings = (cluster / "new.yaml").rename(cluster / "new/policylib.yaml")
    (cluster / "catalog.yaml").rename(cluster / "new/catalog.yaml")
    before = settings.read_bytes()
    asked = ("--new", "new", "cluster.json", "--output", "new/policylib.yaml")
    done = rc("simulate", *asked, cwd=cluster)
    assert done.code == 2
    assert "the output is one of the inputs" in done.err
    assert settings.read_bytes() == before
