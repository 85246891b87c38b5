"""Exceptions, given to the real Kyverno CLI: they let through what they let through here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policylib.bundle import kyverno
from policylib.bundle.kyverno import exceptions
from policylib.models import PolicyException
from tests.bundle.samples import UNPINNED, deployment
from tests.consumers import kyverno_cli
from tests.consumers.kyverno_cli import load
from tests.consumers.kyverno_samples import HEX

RULES = ("digest.image_pinned", "digest.registry_allowed")


def exception(**changes: Any) -> PolicyException:
    return PolicyException.model_validate(
        {
            "rule": "digest.image_pinned",
            "target": {"kind": "Deployment", "namespace": "shop", "name": "web"},
            "reason": "the vendor publishes no digest",
            "ticket": "OPS-1",
            "approver": "security@example.com",
            "expires": "2098-12-31",
            **changes,
        }
    )


def elsewhere(name: str, namespace: str, *images: str) -> dict[str, Any]:
    containers = [{"name": f"c{index}", "image": image} for index, image in enumerate(images)]
    metadata = {"name": name, "namespace": namespace}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": containers},
    }


def _target(given: PolicyException | str) -> str:
    return given if isinstance(given, str) else str(given.target)


WORKLOAD = exception()
BY_NAME = exception(target={"namespace": "shop", "image": "nginx:1.27"})
BY_DIGEST = exception(rule="digest.registry_allowed", target={"image": f"sha256:{HEX}"})
NARROW = exception(target={"kind": "Pod", "namespace": "shop", "name": "b", "image": "nginx:1.27"})
OBJECTS = [
    UNPINNED,
    {**deployment("nginx:1.27"), "metadata": {"name": "other", "namespace": "shop"}},
    elsewhere("a", "shop", "nginx:1.27"),
    elsewhere("b", "shop", "nginx:1.27", "redis:7"),
    elsewhere("c", "bar", "nginx:1.27"),
    elsewhere("d", "bar", f"quay.io/x@sha256:{HEX}"),
    elsewhere("e", "bar", f"quay.io/x@sha256:{HEX}", f"quay.io/x@sha256:{HEX[::-1]}"),
]


@pytest.mark.parametrize("given", [WORKLOAD, BY_NAME, BY_DIGEST, NARROW], ids=_target)
def test_an_exception_lets_through_what_it_lets_through_here(
    tmp_path: Path, given: PolicyException
) -> None:
    policy = load(families={"digest": {"registries": ["docker.io/"]}}, exceptions=(given,))
    policies = kyverno_cli.written(tmp_path / "k", policy)
    [file] = (tmp_path / "k" / "exceptions").iterdir()
    resources = kyverno_cli.stream(tmp_path / "r.yaml", OBJECTS)
    found = kyverno_cli.verdicts(policies, resources, "--exception", file)
    report = policy.check(OBJECTS)
    assert {one.enforcement for one in report.violations} == {"deny", "excepted"}
    for rule in RULES:
        ours = {
            one.resource.name
            for one in report.violations
            if one.rule == rule and one.enforcement == "deny"
        }
        assert kyverno_cli.denied(found, rule) == ours


def judged_with(tmp_path: Path, *documents: dict[str, Any]) -> str:
    policies = kyverno_cli.written(tmp_path / "k", load())
    file = kyverno_cli.stream(tmp_path / "e.yaml", documents)
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [UNPINNED])
    found = kyverno_cli.verdicts(policies, resources, "--exception", file)
    return found["policylib-digest-image-pinned", "web"]


@pytest.mark.parametrize("condition", [True, False])
def test_the_condition_ends_an_exception_where_expires_at_does_not(
    tmp_path: Path, condition: bool
) -> None:
    """The CLI does not heed `expiresAt` at all, and the controller only now and then."""
    document = exceptions.document(exception(expires="2020-12-31").data(), "kyverno")
    if not condition:
        del document["spec"]["matchConditions"][0]
    assert judged_with(tmp_path, document) == ("fail" if condition else "skip")


def test_an_exception_holds_until_it_ends(tmp_path: Path) -> None:
    assert judged_with(tmp_path, exceptions.document(WORKLOAD.data(), "kyverno")) == "skip"


@pytest.mark.parametrize(
    ("expires", "stamp"),
    [
        ("2098-12-31", "2099-01-01T00:00:00Z"),
        ("2098-12-31T10:00:00+02:00", "2098-12-31T08:00:00Z"),
        ("2098-12-31T10:00:00.999999999Z", "2098-12-31T10:00:00Z"),
    ],
)
def test_an_exception_ends_when_it_ends_here(expires: str, stamp: str) -> None:
    spec = exceptions.document(exception(expires=expires).data(), "kyverno")["spec"]
    assert spec["expiresAt"] == stamp
    assert stamp in spec["matchConditions"][0]["expression"]


UNSAID = [
    (exception(expires="2020-12-31"), "expired"),
    (
        exception(target={"kind": "Pod", "name": "a", "path": "/spec/containers/0/image"}),
        "stricter",
    ),
    (exception(target={"kind": "Pod", "name": "a", "message": "x"}), "stricter"),
    (
        exception(rule="provenance.signed", target={"image": f"sha256:{HEX}", "path": "/x"}),
        "stricter",
    ),
]


@pytest.mark.parametrize(("given", "effect"), UNSAID, ids=_target)
def test_an_exception_that_kyverno_cannot_say_is_not_written(
    given: PolicyException, effect: str
) -> None:
    made = kyverno.files(load(exceptions=(given,), families={"provenance": {}}))
    assert not [name for name in made.files if name.startswith("exceptions")]
    [note] = [note for note in made.notes if note.about.startswith("the exception")]
    assert (note.effect, given.rule in note.about) == (effect, True)
    assert f"{note.about}: {note.why}\n" in made.files[kyverno.NOTES].decode()


def test_a_note_is_one_line() -> None:
    given = exception(target={"kind": "Pod", "name": "a\nmissing: nothing\u2028b", "path": "/x"})
    made = kyverno.files(load(exceptions=(given,)))
    lines = made.files[kyverno.NOTES].decode().splitlines()
    assert not [line for line in lines if line.startswith("missing: nothing")]
    assert len(lines) == 2 + len({(note.effect, note.why) for note in made.notes})


@pytest.mark.parametrize("level", ["off", "deny"])
def test_an_exception_to_what_is_off_is_not_written(level: str) -> None:
    given = load(exceptions=(WORKLOAD,), enforcement={"x": {"digest": level}}, environment="x")
    found = [name for name in kyverno.files(given).files if name.startswith("exceptions")]
    assert len(found) == (level == "deny")


HOSTILE = ['"', "\\", "' || true || '", '" || true || "', "\n", "{{ x }}", "${x}", "\u2028", "é"]


def test_no_text_of_the_settings_becomes_code(tmp_path: Path) -> None:
    targets = [{"kind": "Deployment", "namespace": "shop", "name": text} for text in HOSTILE]
    documents = [exceptions.document(exception(target=one).data(), "kyverno") for one in targets]
    for document in documents:
        assert yaml.safe_load(kyverno._yaml(document)) == document
    assert judged_with(tmp_path, *documents) == "fail"
