"""The digest matrix: as promised with the rules as they are, and not with an error in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib.evaluate import Policy
from policylib.generate import family
from policylib.generate.choices import Chance, Turns
from policylib.generate.digest import cases, registries
from policylib.matrix import kind
from policylib.matrix.digest.oracle import promised
from policylib.matrix.run import INPUTS, run

KIND = kind("digest")
OWN = ["ghcr.io/org/", "registry.example.com/", "docker.io/library/busybox"]
STRICT = {"digest": {"registries": OWN, "env_images": True}}


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return configured(tmp_path, STRICT)


def configured(folder: Path, settings: Mapping[str, Any], environment: str | None = None) -> Policy:
    path = folder / "policylib.yaml"
    path.write_text(json.dumps({"version": 1, **settings}))
    return policylib.load(settings=path, environment=environment)


@pytest.mark.parametrize("settings", [{}, STRICT], ids=["none", "strict"])
def test_what_is_promised_is_enforced(tmp_path: Path, settings: dict[str, Any]) -> None:
    matrix = run(KIND, configured(tmp_path, settings), inputs=1, shrink=False)
    assert matrix.differing == ()
    assert {cell.promised for cell in matrix.cells} == {"allow", "deny"}
    assert len(matrix.cells) < 600  # at 20 inputs each, it takes half a minute at most


def test_the_oracle_and_the_generators_read_the_settings_alike() -> None:
    for number in range(20):
        settings = family("digest").settings(Chance(number))
        for at in KIND.cells(settings):
            sample = KIND.sample(Chance(number), settings, at)
            word = promised(settings, at)
            assert (word.promise == "deny") == (sample.defect is not None), (settings, at)
            assert word.because


def test_every_cell_lies_in_the_dimensions() -> None:
    for settings in ({}, STRICT):
        values = {axis.name: axis.values for axis in KIND.dimensions(settings)}
        cells = KIND.cells(settings)
        assert all(at[name] in values[name] for at in cells for name in values)
        assert len({tuple(sorted(at.items())) for at in cells}) == len(cells)


def test_every_place_meets_every_state_in_every_kind() -> None:
    found: set[tuple[str, str, str]] = set()
    wanted: set[tuple[str, str, str]] = set()
    most = max(len(place.kinds) for place in cases.places())
    assert most <= INPUTS
    for at in KIND.cells(STRICT):
        place = next(
            (p for p in cases.places() if (p.group, p.name) == (at["in"], at["place"])), None
        )
        if place is None:
            continue
        key = f"{place.group}: {place.name}"
        wanted |= set(product([key], [at["image"]], place.kinds))
        for number in range(most):
            document = KIND.sample(Turns(str(at), number), STRICT, at).document
            text = json.dumps(document).lower()
            found |= {
                (key, at["image"], k)
                for k in place.kinds
                if f'"kind": "{k.lower()}"' in text or f'"kind": "{k.lower()}list"' in text
            }
    assert found >= wanted


def seeded(policy: Policy, module: str, text: str, other: str) -> Policy:
    """The policy with an error in a module."""
    path = f"policylib/{module}/{module.rpartition('/')[2]}.rego"
    source = policy.rules.modules[path]
    assert text in source
    modules = {**policy.rules.modules, path: source.replace(text, other)}
    return replace(policy, rules=replace(policy.rules, modules=modules))


@pytest.mark.parametrize(
    ("module", "text", "other", "where"),
    [
        (
            "lib/pods",
            '"initcontainers": {["image"]},',
            "",
            {"in": "apps", "place": "init container"},
        ),
        ("lib/pods", '"ephemeralcontainers": {["image"]},', "", {"place": "ephemeral container"}),
        ("lib/pods", '["image", "reference"], ', "", {"place": "image volume"}),
        ("lib/workloads", '{"rollout":', '{"rollouts":', {"image": "missing"}),
        (
            "lib/reference",
            "trim_left(encoded,",
            "trim_left(lower(encoded),",
            {"place": "flat keys"},
        ),
        ("lib/reference", "count(encoded) == ", "", {"place": "flat keys"}),
        (
            "lib/reference",
            '["sha256"]',
            '["sha256", "sha512"]',
            {"in": "Tekton", "image": "sha512"},
        ),
        (
            "lib/reference",
            '"sha512": 128}\n',
            '"sha512": 128}\n\nalgorithms["sha1"] := 40\n',
            {"in": "Helm values", "image": "other algorithm"},
        ),
        (
            "lib/registries",
            "startswith(name, entry)",
            'startswith(name, trim_suffix(entry, "/"))',
            {"in": "registries"},
        ),
        (
            "digest/env_image_pinned",
            '"env_images"], false) == false',
            '"env_images"], false) in {false, true}',
            {"place": "related image of an operator"},
        ),
        ("lib/argo", '"parameters": "parameters", ', "", {"place": "parameters"}),
        (
            "lib/flux",
            '"trust_values_from"], false)',
            '"trust_values_from"], true)',
            {"image": "out of sight"},
        ),
        (
            "lib/enforcement",
            '} else := "deny"\n\n# Without',
            '} else := "warn"\n\n# Without',
            {"in": "apps", "place": "container"},
        ),
    ],
)
def test_an_error_in_a_rule_shows(
    policy: Policy, module: str, text: str, other: str, where: dict[str, str]
) -> None:
    broken = seeded(policy, module, text, other)
    matrix = run(KIND, broken, where=where, shrink=False)
    assert matrix.differing
    assert matrix.exit_code == 1


def test_a_rule_that_is_switched_off_keeps_its_promise_and_shows(tmp_path: Path) -> None:
    off = {**STRICT, "enforcement": {"dev": {"digest.registry_allowed": "off"}}}
    matrix = run(KIND, configured(tmp_path, off, "dev"), where={"in": "registries"}, shrink=False)
    states = {cell.at["image"] for cell in matrix.differing}
    assert states == {"look-alike registry", "other path"}


@pytest.mark.parametrize(
    "alike",
    [
        "registry.examp1e.com/",
        "registry.exmaple.com/",
        "registry.example.com.evil.example.net/",
        "ghcr.io/0rg/",
    ],
)
def test_a_look_alike_in_the_settings_shows(tmp_path: Path, alike: str) -> None:
    settings = {"digest": {"registries": [*OWN, alike]}}
    where = {"in": "registries", "image": "look-alike registry"}
    matrix = run(KIND, configured(tmp_path, settings), where=where, shrink=False)
    assert matrix.differing
    assert all(cell.enforced == "mixed" for cell in matrix.differing)


def test_registries_that_are_merely_neighbours_are_no_look_alikes() -> None:
    entries = ("eu-1.example.com/", "eu-2.example.com/", "ghcr.io/org/", "ghcr.io/org-tools/")
    assert not [entry for entry in entries if registries.resembling(entry, entries)]


def test_what_settings_permit_is_promised() -> None:
    at = {"in": "apps", "place": "container", "image": "sha512"}
    assert promised({}, at).promise == "deny"
    assert promised({"digest": {"algorithms": ["sha256", "sha512"]}}, at).promise == "allow"
    told = {"in": "images that are told", "place": "argument of a workload", "image": "no digest"}
    assert promised({}, told).promise == "allow"
    assert promised({"digest": {"env_images": True}}, told).promise == "deny"
    seen = {"in": "Flux", "place": "values", "image": "out of sight"}
    assert promised({}, seen).promise == "deny"
    assert promised({"digest": {"trust_values_from": True}}, seen).promise == "allow"


def test_a_counterexample_is_made_small(policy: Policy) -> None:
    broken = seeded(policy, "lib/pods", '"initcontainers": {["image"]},', "")
    where = {"in": "apps", "place": "init container", "image": "no digest"}
    [cell] = run(KIND, broken, where=where).differing
    assert cell.counterexample is not None
    assert len(json.dumps(cell.counterexample.document)) < 500
    assert str(cell.counterexample.defect).startswith("init container: the image ")
