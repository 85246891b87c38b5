"""The one artifact, taken by a real OPA, conftest and gator out of a real registry by digest."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policylib
from policylib import archive, bundle, oci, rules
from policylib._native import normalise
from policylib.bundle import artifact
from policylib.engine.regorus import RegorusEngine
from policylib.errors import BundleError
from policylib.models import Rule
from policylib.parity.outcomes import Verdict
from policylib.parity.peers import LibraryPeer
from tests import tools
from tests.bundle.samples import PINNED, RELAXED, SHA512, UNPINNED
from tests.consumers import programs
from tests.consumers.programs import Said
from tests.oci import hostile
from tests.packages import registry

FIXTURES = tools.ROOT / "fixtures"
OF_A_FOLDER = 4  # the parity suite asks about all of them, this about what lies in a registry
FAMILIES = sorted(rules.load().families)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.on_disk(tmp_path_factory.mktemp("registry")) as address:
        yield address


def built(folder: Path, settings: dict[str, Any]) -> Path:
    bundle.write(bundle.Target.ARTIFACT, folder, rules.load(), settings)
    return folder


def documents(family: str) -> list[Any]:
    """Resources of each folder of a family's examples; bare requests are no resources."""
    found = []
    for folder in sorted(FIXTURES.glob(f"{family}/*/*/")):
        here = []
        for file in sorted(folder.glob("*.yaml")):
            texts, problems = normalise(file.name, file.read_bytes())
            assert problems == []
            here += [json.loads(text) for text in texts]
        resources = [one for one in here if {"apiVersion", "kind"} <= one.keys()]
        found += [one for one in resources if "items" not in one][:OF_A_FOLDER]
    return found


def matches(rule: Rule, document: Any) -> bool:
    """Whether the rule's constraint asks about the document, as Gatekeeper would."""
    group = document["apiVersion"].rpartition("/")[0]
    return any(
        {group, "*"} & set(one["apiGroups"]) and {document["kind"], "*"} & set(one["kinds"])
        for one in rule.gatekeeper["match"]["kinds"]
    )


def in_process(policy: policylib.Policy, asked: list[Any]) -> list[Said]:
    data = {"settings": policy.data, "facts": policy.facts or {}}
    found = []
    for outcome in LibraryPeer(RegorusEngine(policy.rules.modules, data)).judge(asked):
        assert isinstance(outcome, Verdict)
        found.append({(b.rule, b.path, b.message) for b in outcome.breaches})
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_three_consumers_say_the_same_from_one_digest(
    family: str, host: str, tmp_path: Path
) -> None:
    facts = FIXTURES / family / "facts.yaml"
    policy = policylib.load(
        settings=FIXTURES / family / "settings.yaml", facts=facts if facts.exists() else None
    )
    given = (policy.rules, policy.data, policy.facts or None)
    bundle.write(bundle.Target.ARTIFACT, tmp_path / "built", *given, number=7)
    pushed = oci.push(f"oci://{host}/team/{family}:v1", artifact.read(tmp_path / "built"))
    reference = str(pushed.reference)
    asked = documents(family)
    files = [tmp_path / f"{index}.json" for index in range(len(asked))]
    for file, document in zip(files, asked, strict=True):
        file.write_text(json.dumps(document))
    expected = in_process(policy, asked)
    assert any(expected)
    assert not all(expected)

    with programs.opa(reference, tmp_path) as server:
        status = programs.ask(f"{server}/v1/status")["result"]
        assert status["plugins"]["bundle"]["state"] == "OK"
        active = status["bundles"]["policylib"]["active_revision"]
        assert active == f"7+{policy.revision}"
        assert [programs.decided(server, document) for document in asked] == expected

    code, said = programs.conftest(programs.pulled(reference, tmp_path), files)
    assert (code, said) == (1, expected)

    of_kind = {rule.gatekeeper["kind"]: rule.id for rule in policy.rules.rules.values()}
    code, said = programs.gator(reference, files, of_kind)
    known = policy.rules.rules
    reached = [
        {breach for breach in breaches if matches(known[breach[0]], document)}
        for breaches, document in zip(expected, asked, strict=True)
    ]
    assert any(reached)
    assert (code, said) == (1, reached)


@pytest.mark.parametrize(("settings", "denied"), [({}, True), (RELAXED, False)])
def test_settings_reach_all_three(
    settings: dict[str, Any], denied: bool, host: str, tmp_path: Path
) -> None:
    source = artifact.read(built(tmp_path / "built", settings))
    reference = str(oci.push(f"oci://{host}/team/settings:{denied}", source).reference)
    file = tmp_path / "object.json"
    file.write_text(json.dumps(SHA512))
    with programs.opa(reference, tmp_path) as server:
        assert (programs.decided(server, SHA512) != set()) is denied
    assert programs.conftest(programs.pulled(reference, tmp_path), [file])[0] == int(denied)
    of_kind = {rule.gatekeeper["kind"]: rule.id for rule in rules.load().rules.values()}
    assert programs.gator(reference, [file], of_kind)[0] == int(denied)


def test_each_consumer_looks_at_its_own_alone(host: str, tmp_path: Path) -> None:
    """OPA has no data of a template's, and no module twice; conftest judges by the Rego alone."""
    source = artifact.read(built(tmp_path / "built", RELAXED))
    reference = str(oci.push(f"oci://{host}/team/apart:v1", source).reference)
    manifest = json.loads((tmp_path / "built" / ".manifest").read_text())
    assert manifest["roots"] == ["main", "policylib", "residency", "settings", "system"]
    with programs.opa(reference, tmp_path) as server:
        data = programs.ask(f"{server}/v1/data")["result"]
        modules = programs.ask(f"{server}/v1/policies")["result"]
    assert data.keys() <= set(manifest["roots"])
    assert data["settings"] == RELAXED
    names = list(bundle.build(bundle.Target.CONFTEST, rules.load(), RELAXED))
    assert len(modules) == len([name for name in names if name.endswith(".rego")])
    policy = programs.pulled(reference, tmp_path)
    for document, code in ((UNPINNED, 1), (PINNED, 0), (SHA512, 0)):
        file = tmp_path / "object.json"
        file.write_text(json.dumps(document))
        assert programs.conftest(policy, [file])[0] == code


def small(revision: str, condition: str) -> oci.Artifact:
    """An artifact that denies on a condition."""
    rego = f'package main\n\nimport rego.v1\n\ndeny contains "no" if {condition}\n'
    manifest = json.dumps({"revision": revision, "roots": ["main"], "rego_version": 1})
    files = {"main.rego": rego.encode(), ".manifest": manifest.encode()}
    return oci.Artifact(archive.write(files), ".", unpack=True)


def test_who_believes_a_registry_that_lies_about_a_digest(tmp_path: Path) -> None:
    """All but OPA look at what they get; docs/guide/registry.md says so."""
    named, sent = small("named", "true"), small("sent", "false")
    headers = {
        "Content-Type": "application/vnd.oci.image.manifest.v1+json",
        "Docker-Content-Digest": registry.digest(sent.manifest),
    }

    def lie(held: hostile.Registry, method: str, path: str) -> hostile.Answer | None:
        asked = f"/manifests/{registry.digest(named.manifest)}"
        return hostile.Answer(200, sent.manifest, headers) if path.endswith(asked) else None

    with hostile.Registry() as fake:
        reference = str(oci.push(f"oci://{fake.host}/a/b:v1", named).reference)
        oci.push(f"oci://{fake.host}/a/b:v2", sent)
        fake.lie = lie
        with pytest.raises(BundleError, match="not the one that the digest names"):
            oci.pull(reference)
        pull = [str(tools.path("conftest")), "pull", reference]
        test = [str(tools.path("gator")), "test", "--image", reference.removeprefix("oci://")]
        for command in (pull, [*test, "-f", str(tmp_path)]):
            done = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 1
            assert "digest mismatch" in done.stderr
        with programs.opa(reference, tmp_path) as server:
            status = programs.ask(f"{server}/v1/status")["result"]
            assert status["bundles"]["policylib"]["active_revision"] == "sent"


def test_it_is_a_bundle_in_strict_mode(tmp_path: Path) -> None:
    folder = built(tmp_path / "built", RELAXED)
    subprocess.run([tools.path("opa"), "check", "--strict", "--bundle", folder], check=True)


def test_no_consumer_makes_folders_that_the_archive_does_not_list(tmp_path: Path) -> None:
    source = artifact.read(built(tmp_path / "built", {}))
    done = subprocess.run(
        ["tar", "tzf", "-"], input=source.content, capture_output=True, check=True
    )
    seen: set[str] = set()
    for name in done.stdout.decode().splitlines():
        parent = name.rstrip("/").rpartition("/")[0]
        assert not parent or parent in seen, name
        assert (
            not name.startswith(
                ("/", "."),
            )
            or name == ".manifest"
        )
        seen.add(name.rstrip("/"))


def test_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    one = artifact.read(built(tmp_path / "one", RELAXED))
    other = artifact.read(built(tmp_path / "other", RELAXED))
    assert one.manifest == other.manifest
    assert one.manifest != artifact.read(built(tmp_path / "third", {})).manifest


def test_a_registry_shows_the_revision(tmp_path: Path) -> None:
    folder = built(tmp_path / "built", RELAXED)
    revision = json.loads((folder / ".manifest").read_text())["revision"]
    said = json.loads(artifact.read(folder).manifest)["annotations"]
    assert said == {
        "dev.policylib.revision": revision,
        "org.opencontainers.image.revision": revision,
        "org.opencontainers.image.title": "policylib",
    }


def test_an_opa_bundle_is_pushed_as_it_is(host: str, tmp_path: Path) -> None:
    bundle.write(bundle.Target.OPA, tmp_path / "opa", rules.load(), RELAXED)
    content = (tmp_path / "opa" / "bundle.tar.gz").read_bytes()
    for source in (tmp_path / "opa", tmp_path / "opa" / "bundle.tar.gz"):
        assert artifact.read(source).content == content
    pushed = oci.push(f"oci://{host}/team/opa:v1", artifact.read(tmp_path / "opa"))
    reference = str(pushed.reference)
    with programs.opa(reference, tmp_path) as server:
        assert programs.decided(server, UNPINNED) != set()
        assert programs.decided(server, SHA512) == set()
    # conftest would ignore the settings in it, so it is given nothing to take.
    policy = programs.pulled(reference, tmp_path)
    assert [path.name for path in policy.iterdir()] == ["bundle.tar.gz"]
    command = [
        str(tools.path("conftest")),
        "test",
        f"--policy={policy}",
        str(tmp_path / "opa.json"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no policies found" in done.stderr


def test_a_rule_that_gatekeeper_cannot_take_stops_it_all() -> None:
    found = rules.load()
    odd = {"properties": {"x": {"type": "string", "oneOf": []}}}
    rule = found.rules["digest.image_pinned"].model_copy(update={"parameters": odd})
    with pytest.raises(BundleError, match="oneOf"):
        bundle.build(bundle.Target.ARTIFACT, dataclasses.replace(found, rules={rule.id: rule}), {})
