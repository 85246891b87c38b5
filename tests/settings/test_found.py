"""`policylib.yaml` in the current folder may come with what it should judge: it only tightens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import policylib
from policylib import SettingsError, rules
from policylib.settings import Settings, load

KNOWN = rules.load().known()
FOUND = Path("policylib.yaml")
ENTRY = """\
exceptions:
  - rule: digest.image_pinned
    target: {kind: Pod, namespace: shop, name: web}
    reason: r
    ticket: t
    approver: a
    expires: 2098-12-31
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)


def test_a_pipe_is_refused_at_once() -> None:
    os.mkfifo("policylib.yaml")
    with pytest.raises(SettingsError, match="not a regular file"):
        load(None, KNOWN)


def test_none_is_fine() -> None:
    assert load(None, KNOWN).settings == Settings()


def test_a_link_that_leads_nowhere_is_no_absence() -> None:
    FOUND.symlink_to("gone.yaml")
    with pytest.raises(SettingsError, match="No such file"):
        load(None, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\n",
        "digest: {algorithms: [sha256]}\n",
        "enforcement: {prod: {digest: deny}}\n",
        "labels: {service: example.com/service}\n",
        # Nothing else asks this family, so that anything it denies is more than before.
        "tier: {}\nenforcement: {dev: {tier: log}}\n",
    ],
)
def test_it_may_confirm_and_add(text: str) -> None:
    FOUND.write_text(text)
    loaded = load(None, KNOWN)
    assert loaded.notes == ()
    assert loaded.found is not None


def test_what_only_its_own_families_read_is_its_own_to_say() -> None:
    Path("catalog.yaml").write_text("services: {web: {tier: gold}}\n")
    FOUND.write_text("tier: {}\ncatalog: catalog.yaml\nlabels: {service: example.com/service}\n")
    settings = load(None, KNOWN).settings
    assert settings.catalog == {"web": {"tier": "gold"}}
    assert settings.data(None)["labels"] == {"service": "example.com/service"}
    assert settings.families == {"tier": {}}


WEAKER = [
    ("exclude: ['**']\n", "exclude"),
    ("exclude: ['vendor/**', '**']\n", "exclude"),
    ("digest: {algorithms: [sha512, sha256]}\n", "digest.algorithms"),
    ("digest: {algorithms: [sha512]}\n", "digest.algorithms"),
    ("digest: {trust_values_from: true}\n", "digest.trust_values_from"),
    ("enforcement: {dev: {digest: 'off'}}\n", "enforcement.dev.digest"),
    ("enforcement: {dev: {digest.image_pinned: log}}\n", "enforcement.dev.digest.image_pinned"),
    ("enforcement: {prod: {digest: warn}}\n", "enforcement.prod.digest"),
    ("exceptions: e.yaml\n", "exceptions"),
]


@pytest.mark.parametrize(("text", "key"), WEAKER)
def test_it_may_not_weaken_the_defaults(text: str, key: str) -> None:
    Path("e.yaml").write_text(ENTRY)
    FOUND.write_text(text)
    with pytest.raises(SettingsError, match="--settings") as caught:
        load(None, KNOWN)
    assert f"({key})" in str(caught.value)
    assert load(FOUND, KNOWN).settings != Settings()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *WEAKER,
        ("labels: {tenant: example.com/tenant}\n", "labels"),
        ("catalog: catalog.yaml\n", "catalog"),
        ("tier: {gold: {slo: 99}}\n", "tier.gold.slo"),
        ("tier: {gold: {slo: 99.9}}\n", "tier.gold.slo"),
        ("tier: {gold: {rto: 61m}}\n", "tier.gold.rto"),
        ("tier: {gold: {chaos_drill_every: 91d}}\n", "tier.gold.chaos_drill_every"),
        ("tier: {gold: {paging: false}}\n", "tier.gold.paging"),
        ("enforcement: {prod: {tier: log}}\n", "enforcement.prod.tier"),
    ],
)
def test_where_it_weakens_what_somebody_vouches_for_it_does_not_count(
    tmp_path: Path, text: str, key: str
) -> None:
    Path("e.yaml").write_text(ENTRY)
    Path("catalog.yaml").write_text("services: {web: {tier: bronze}}\n")
    FOUND.write_text(text)
    vouched = tmp_path / "vouched.yaml"
    (tmp_path / "catalog.yaml").write_text("services: {web: {tier: gold}}\n")
    vouched.write_text(
        "catalog: catalog.yaml\nexclude: ['vendor/**']\ntier: {gold: {slo: 99.99}}\n"
    )
    loaded = load(vouched, KNOWN)
    assert loaded.settings == loaded.vouched
    (note,) = loaded.notes
    assert note.startswith(f"policylib.yaml does not count: it weakens the policy ({key})")


def test_each_weakening_is_named() -> None:
    FOUND.write_text("exclude: [a]\ndigest: {trust_values_from: true}\n")
    with pytest.raises(SettingsError, match=r"\(exclude, digest.trust_values_from\)"):
        load(None, KNOWN)


def test_it_tightens_what_somebody_vouches_for(tmp_path: Path) -> None:
    vouched = tmp_path / "vouched.yaml"
    vouched.write_text(
        "digest: {algorithms: [sha256, sha512], trust_values_from: true}\n"
        "tier: {gold: {slo: 99.9, rto: 2h}}\n"
        "enforcement: {dev: {digest: log, tier: log}}\n"
    )
    FOUND.write_text(
        "digest: {algorithms: [sha256]}\n"
        "tier: {gold: {rto: 30m}}\n"
        "enforcement: {dev: {digest: warn}, prod: {}}\n"
    )
    loaded = load(vouched, KNOWN)
    assert loaded.notes == ()
    assert loaded.settings.families == {
        "digest": {"algorithms": ["sha256"], "trust_values_from": True},
        "tier": {"gold": {"slo": 99.9, "rto": "30m"}},
    }
    assert loaded.settings.enforcement == {"dev": {"digest": "warn", "tier": "log"}, "prod": {}}


@pytest.mark.parametrize("link", ["hard", "soft", "vouched is a link", "copy"])
def test_the_same_file_by_whatever_name_counts_as_it_stands(tmp_path: Path, link: str) -> None:
    Path("e.yaml").write_text(ENTRY)
    (tmp_path / "e.yaml").write_text(ENTRY)
    vouched = tmp_path / "vouched.yaml"
    text = "exclude: ['**']\nexceptions: e.yaml\nenforcement: {dev: {digest: 'off'}}\n"
    if link == "vouched is a link":
        FOUND.write_text(text)
        vouched.symlink_to(FOUND.absolute())
    else:
        vouched.write_text(text)
    match link:
        case "hard":
            FOUND.hardlink_to(vouched)
        case "soft":
            FOUND.symlink_to(vouched)
        case "copy":
            FOUND.write_text(text)
    loaded = load(vouched, KNOWN)
    assert loaded.notes == ()
    assert loaded.settings == loaded.vouched
    assert loaded.settings.exclude == ("**",)


@pytest.mark.parametrize("key", ["exceptions", "catalog"])
@pytest.mark.parametrize("name", ["../secret.yaml", "{top}/secret.yaml", "link.yaml", "dir/s.yaml"])
def test_it_names_no_file_outside_its_folder(tmp_path: Path, key: str, name: str) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: [hunter2")
    Path("link.yaml").symlink_to(secret)
    Path("dir").symlink_to(tmp_path)
    (tmp_path / "s.yaml").write_text("password: [hunter2")
    FOUND.write_text(f"{key}: {name.format(top=tmp_path)}\n")
    with pytest.raises(SettingsError, match="outside the folder of this file") as caught:
        load(None, KNOWN)
    assert "hunter2" not in str(caught.value)
    assert caught.value.where.startswith("policylib.yaml:1:")


@pytest.mark.parametrize("name", ["pipe.yaml", ".", "gone.yaml", "policylib.yaml", '"a\\0b"'])
def test_what_it_names_is_a_file_of_that_kind(name: str) -> None:
    os.mkfifo("pipe.yaml")
    FOUND.write_text(f"exceptions: {name}\n")
    with pytest.raises(SettingsError):
        load(None, KNOWN)


def test_it_cannot_meet_a_demand_for_a_family(tmp_path: Path) -> None:
    FOUND.write_text("tier: {}\nenforcement: {prod: {tier: 'off'}}\n")
    with pytest.raises(SettingsError, match="the family tier is required and not configured"):
        policylib.load(require=["tier"])
    vouched = tmp_path / "vouched.yaml"
    vouched.write_text("version: 1\n")
    with pytest.raises(SettingsError, match="the family tier is required and not configured"):
        policylib.load(require=["tier"], settings=vouched)
    vouched.write_text("tier: {}\n")
    assert "tier" not in policylib.load(require=["tier"], settings=vouched).unconfigured


def test_of_other_rules_it_weakens_no_family_that_is_always_asked(tmp_path: Path) -> None:
    own = rules.load()
    for path, text in own.modules.items():
        file = tmp_path / "rego" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        changed = text.replace('\tsettings.speaks_of("tier")\n', "\ttrue\n")
        file.write_text(changed)
    FOUND.write_text("tier: {gold: {slo: 1}}\n")
    assert policylib.load().notes == ()
    with pytest.raises(SettingsError, match=r"\(tier.gold.slo\)"):
        policylib.load(rules=tmp_path / "rego")
