"""Sound workloads: every kind, every place, and no image twice."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import find, given, settings

import policylib
from policylib.generate import images, pods, workloads
from policylib.generate.choices import Chance, Choices
from policylib.generate.drawn import strategy
from policylib.generate.sample import Doc

LABELS = {"policylib.dev/service": "web"}
DIGEST = re.compile(r"[0-9a-f]{64}")


def _labelled(choices: Choices) -> Doc:
    return workloads.sound(choices, labels=LABELS)


def _bulk(count: int) -> list[Doc]:
    chance = Chance(1)
    return [_labelled(chance) for _ in range(count)]


def test_every_kind_and_place_turns_up_and_no_digest_twice() -> None:
    found = _bulk(500)
    assert {document["kind"] for document in found} == set(workloads.ALL)
    text = json.dumps(found)
    for place in ("containers", "initContainers", "ephemeralContainers", "reference", "csi"):
        assert f'"{place}"' in text
    digests = DIGEST.findall(text)
    assert len(digests) == len(set(digests)) > 500


def test_the_rules_without_settings_allow_them() -> None:
    report = policylib.load().check(json.dumps(_bulk(300)).encode(), name="input.json")
    assert report.violations == ()
    assert report.documents == 300


@pytest.mark.parametrize("kind", workloads.ALL)
def test_labels_stand_on_object_and_template(kind: str) -> None:
    document = workloads.sound(Chance(kind), labels=LABELS, annotations={"a": "b"}, kinds=[kind])
    assert document["kind"] == kind
    assert document["metadata"]["labels"].items() >= LABELS.items()
    at: Doc = document
    for key in workloads.pod_path(kind)[:-1]:
        at = at[key]
    assert at["metadata"]["labels"].items() >= LABELS.items()
    assert at["metadata"]["annotations"] == {"a": "b"}
    assert at["spec"]["containers"]


@pytest.mark.parametrize("place", pods.PLACES)
def test_an_image_is_put_in_its_place(place: str) -> None:
    spec: Doc = {"containers": []}
    pods.put(Chance(1), spec, place, lambda _: "here")
    assert '"here"' in json.dumps(spec["volumes" if place == "csi" else place])


def test_registries_and_algorithms_are_kept_to() -> None:
    chance = Chance(2)
    allowed = ["ghcr.io/org/", "docker.io/library/busybox"]
    for _ in range(50):
        image = images.pinned(chance, allowed, ("sha512",))
        assert image.startswith(tuple(allowed))
        assert re.search(r"@sha512:[0-9a-f]{128}\Z", image)


@settings(max_examples=50)
@given(strategy(_labelled))
def test_hypothesis_draws_them_too(document: Doc) -> None:
    assert document["kind"] in workloads.ALL


def test_they_shrink_to_a_deployment_of_one_container() -> None:
    document = find(strategy(_labelled), lambda _: True)
    assert document["kind"] == "Deployment"
    spec = document["spec"]["template"]["spec"]
    assert spec == {"containers": [{"name": "app", "image": f"ghcr.io/org/app@sha256:{'0' * 64}"}]}
