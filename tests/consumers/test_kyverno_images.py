"""Kyverno's policies for the provenance family, on images in a real registry with real signatures.

A certificate of a public authority cannot be had without a network. So each attestor is given a key
in the place of its identities, and nothing else of the policies is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import policylib
from policylib.bundle import kyverno
from policylib.bundle.kyverno import cel
from tests import tools
from tests.consumers import kyverno_cli
from tests.consumers.kyverno_cli import load
from tests.consumers.kyverno_images import ALL, CASES, ISSUER, KEYS, NOTHING, SETTINGS, Images
from tests.consumers.test_kyverno_exceptions import exception
from tests.packages import registry

SBOM_ALONE = "an-sbom-is-no-signature"


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    with registry.serving() as host:
        yield Images(tmp_path_factory.mktemp("images"), host)


def policy() -> policylib.Policy:
    return load(families={"provenance": SETTINGS})


@pytest.fixture(scope="module")
def policies(images: Images, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The policies, with a key for each attestor."""
    files = kyverno_cli.written(tmp_path_factory.mktemp("kyverno") / "k", policy())
    kept = [path for path in files if path.name.startswith("provenance")]
    for path in kept:
        document = yaml.safe_load(path.read_text())
        for attestor in document["spec"]["attestors"]:
            key = {"data": images.key(KEYS[attestor["name"]])}
            attestor["cosign"] = {"key": key, "ctlog": {"insecureIgnoreTlog": True}}
        path.write_text(yaml.safe_dump(document, sort_keys=False))
    return kept


def pod(name: str, *references: str, **more: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": f"c{i}", "image": one} for i, one in enumerate(references)]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {**spec, **more}}


def met(found: kyverno_cli.Verdicts, name: str) -> set[str]:
    """The rules that a resource meets; every other one denies it."""
    verdicts = {
        by.removeprefix("policylib-provenance-"): v for (by, to), v in found.items() if to == name
    }
    assert verdicts.keys() == ALL, name
    assert set(verdicts.values()) <= {"pass", *kyverno_cli.DENIALS}
    return {rule for rule, verdict in verdicts.items() if verdict == "pass"}


def test_each_image_is_judged_by_what_was_signed(
    images: Images, policies: list[Path], tmp_path: Path
) -> None:
    documents = [pod(name, reference) for name, reference in images.references.items()]
    resources = kyverno_cli.stream(tmp_path / "r.yaml", documents)
    found = kyverno_cli.verdicts(policies, resources, "--registry")
    assert {name: met(found, name) for name in CASES} == {
        name: set(expected) for name, (_, expected) in CASES.items()
    }


def test_to_kyverno_an_attestation_is_a_signature(
    images: Images, policies: list[Path], tmp_path: Path
) -> None:
    """Why the policies ask for the attestation that cosign writes as a signature, and no other."""
    [path] = [one for one in policies if one.name == "provenance.signed.yaml"]
    document = yaml.safe_load(path.read_text())
    usual = "images.containers.all(i, verifyImageSignatures(i, [attestors.signers]) > 0)"
    document["spec"]["validations"][0]["expression"] = usual
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(document))
    documents = [pod(name, images.references[name]) for name in ("nothing", SBOM_ALONE)]
    resources = kyverno_cli.stream(tmp_path / "r.yaml", documents)
    found = kyverno_cli.verdicts([tmp_path / "p.yaml"], resources, "--registry")
    assert {name: verdict for (_, name), verdict in found.items()} == {
        "nothing": "fail",
        SBOM_ALONE: "pass",
    }


def test_every_image_of_a_workload_counts(
    images: Images, policies: list[Path], tmp_path: Path
) -> None:
    good, bad = images.references["everything"], images.references["nothing"]
    tag = good.partition("@")[0] + ":1"
    volume = [{"name": "v", "image": {"reference": bad}}]
    template = {"spec": {"template": {"spec": pod("", good, bad)["spec"]}}}
    named = {"metadata": {"name": "deployment"}}
    documents: list[dict[str, Any]] = [
        pod("two", good, good),
        pod("tag-and-digest", f"{tag}{good[good.index('@') :]}"),
        pod("good-and-bad", good, bad),
        # Several, since Kyverno would hang over some of them if it saw an image twice.
        *(pod(f"init-{n}", good, initContainers=[{"name": "i", "image": bad}]) for n in range(6)),
        pod("ephemeral", good, ephemeralContainers=[{"name": "i", "image": bad}]),
        pod("volume", good, volumes=volume),
        pod("tag", tag),
        pod("tag-beside", good, tag),
        pod("elsewhere", "127.0.0.1:1/org/app@" + good.partition("@")[2]),
        pod("missing", ""),
        pod("none"),
        {"apiVersion": "apps/v1", "kind": "Deployment", **named, **template},
    ]
    resources = kyverno_cli.stream(tmp_path / "r.yaml", documents)
    found = kyverno_cli.verdicts(policies, resources, "--registry")
    judged = {one["metadata"]["name"]: met(found, one["metadata"]["name"]) for one in documents}
    assert judged == {
        name: set(ALL if name in {"two", "tag-and-digest"} else NOTHING) for name in judged
    }


def excepted(
    policies: list[Path], folder: Path, target: dict[str, str], documents: list[dict[str, Any]]
) -> set[str]:
    """What an exception to `provenance.signed` lets through of Pods in the namespace shop."""
    given = exception(rule="provenance.signed", target=target)
    made = kyverno.files(load(families={"provenance": SETTINGS}, exceptions=(given,)))
    [written] = [text for name, text in made.files.items() if name.startswith("exceptions")]
    (folder / "e.yaml").write_bytes(written)
    for one in documents:
        one["metadata"]["namespace"] = "shop"
    resources = kyverno_cli.stream(folder / "r.yaml", documents)
    exempt = ("--registry", "--exception", folder / "e.yaml")
    found = kyverno_cli.verdicts(policies, resources, *exempt)
    through = {key for key, verdict in found.items() if verdict not in kyverno_cli.DENIALS}
    assert {rule for rule, _ in through} == {"policylib-provenance-signed"}
    return {name for _, name in through}


def test_an_exception_lets_one_workload_through(
    images: Images, policies: list[Path], tmp_path: Path
) -> None:
    bad = images.references["nothing"]
    target = {"kind": "Pod", "namespace": "shop", "name": "a"}
    assert excepted(policies, tmp_path, target, [pod("a", bad), pod("b", bad)]) == {"a"}


@pytest.mark.parametrize("by", ["digest", "name"])
def test_an_exception_lets_an_image_through_that_runs_alone(
    images: Images, policies: list[Path], tmp_path: Path, by: str
) -> None:
    bad, other = (images.references[name] for name in ("nothing", "signed-by-another"))
    digest = bad.partition("@")[2]
    target = {"image": digest} if by == "digest" else {"image": bad, "namespace": "shop"}
    documents = [
        pod("alone", bad),
        pod("twice", bad, bad),
        pod("tagged", bad.replace("@", ":1@")),
        pod("with-another", bad, other),
        pod("another", other),
        pod("volume", bad, volumes=[{"name": "v", "image": {"reference": other}}]),
        pod("missing", bad, ""),
        pod("feigned", f"{other.partition('@')[0]}@{digest}0"),
    ]
    through = {"alone", "twice", *(["tagged"] if by == "digest" else [])}
    assert excepted(policies, tmp_path, target, documents) == through


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The policies as they are written, for certificates."""
    example = policylib.load(settings=tools.ROOT / "fixtures" / "provenance" / "settings.yaml")
    files = kyverno_cli.written(tmp_path_factory.mktemp("kyverno") / "k", example)
    return [path for path in files if path.name.startswith("provenance")]


def test_kyverno_compiles_what_is_written(written: list[Path], tmp_path: Path) -> None:
    """A tag is denied once a policy is compiled, and before anything is asked of a network."""
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [pod("tag", "ghcr.io/org/app:1")])
    found = kyverno_cli.results(written, resources, "--registry")
    assert len(found) == len(ALL)
    assert {(one["result"], one["message"]) for one in found} == {
        ("fail", "image ghcr.io/org/app:1 does not have a digest")
    }


ODD = """x"||true||'`\\{{y}}${z}"""


def test_it_compiles_texts_that_look_like_code(tmp_path: Path) -> None:
    section = {
        "signers": [{"issuer": ODD, "identity": ODD}, {"issuer": ISSUER, "identity": f"{ODD}*"}],
        "builders": [
            {"id": ODD, "issuer": ISSUER, "level": 3},
            {"id": "b", "level": 3, "identity": ODD},
        ],
        "refs": [ODD, f"{ODD}*", "*[(", "\n"],
        "build_types": [ODD, "\n\u2028é"],
        "external_parameters": [ODD, "\n\t\x01\u2028é"],
        "sources": [f"https://{ODD.replace('{', '').replace('*', '')}/"],
    }
    files = kyverno_cli.written(tmp_path / "k", load(families={"provenance": section}))
    kept = [path for path in files if path.name.startswith("provenance")]
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [pod("tag", "ghcr.io/org/app:1")])
    found = kyverno_cli.results(kept, resources, "--registry")
    assert [one["message"] for one in found] == [
        "image ghcr.io/org/app:1 does not have a digest"
    ] * len(ALL)


@pytest.mark.parametrize("broken", ["keyless", "expression"])
def test_that_would_tell_what_is_not_sound(
    written: list[Path], tmp_path: Path, broken: str
) -> None:
    document = yaml.safe_load(written[-1].read_text())
    if broken == "keyless":
        document["spec"]["attestors"][0]["cosign"]["keyless"]["identities"] = "x"
    else:
        document["spec"]["validations"][0]["expression"] = "images.containers.all(i, nothing(i))"
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(document))
    resources = kyverno_cli.stream(tmp_path / "r.yaml", [pod("tag", "ghcr.io/org/app:1")])
    done = kyverno_cli.run([tmp_path / "p.yaml"], resources, "--registry")
    assert "does not have a digest" not in done.stdout


def identities(made: kyverno.Resources, rule: str) -> dict[str, list[dict[str, str]]]:
    spec = yaml.safe_load(made.files[f"policies/provenance.{rule}.yaml"])["spec"]
    return {one["name"]: one["cosign"]["keyless"]["identities"] for one in spec["attestors"]}


def test_signers_and_builders_become_identities() -> None:
    wild = {"issuer": ISSUER, "identity": "https://github.com/org/*/.github/r.yml@refs/tags/v*"}
    section = {
        "signers": [SETTINGS["signers"][0], wild],
        "builders": [
            *SETTINGS["builders"],
            {"id": "https://b.example/self", "issuer": ISSUER, "level": 3},
            {"id": "release@example.com", "level": 3},
            {"id": "https://b.example/wild", "identity": wild["identity"], "level": 3},
            {"id": "https://b.example/no-signer", "level": 3},
            {"id": "https://b.example/*", "issuer": ISSUER, "level": 3},
        ],
    }
    made = kyverno.files(load(families={"provenance": section}))
    regular = {"issuer": ISSUER, "subjectRegExp": cel.expression(wild["identity"])}
    release = {"issuer": ISSUER, "subject": "release@example.com"}
    assert identities(made, "signed") == {"signers": [release, regular]}
    assert identities(made, "builder_trusted") == {
        "builder0": [{"issuer": ISSUER, "subject": "builder@example.com"}],
        "builder2": [{"issuer": ISSUER, "subject": "https://b.example/self"}],
        "builder3": [release],
        "builder4": [regular],
    }
    told = {note.why for note in made.notes if note.about == "provenance.builder_trusted"}
    for lost in ("https://b.example/no-signer", "https://b.example/*"):
        assert f"the builder {lost} does not count: Kyverno cannot tell who signs for it" in told


@pytest.mark.parametrize("rule", sorted(ALL))
def test_nobody_is_never_anybody(rule: str) -> None:
    """To Kyverno, an attestor without identities is everybody."""
    made = kyverno.files(load(families={"provenance": {}}))
    name = rule.replace("-", "_")
    for suffix in ("", "-custom"):
        document = yaml.safe_load(made.files[f"policies/provenance.{name}{suffix}.yaml"])
        assert document["spec"]["attestors"] == []
        [validation] = document["spec"]["validations"]
        assert validation["expression"] == "images.containers.all(i,\n  false)\n"


def test_nobody_lets_nothing_through(images: Images, tmp_path: Path) -> None:
    files = kyverno_cli.written(tmp_path / "k", load(families={"provenance": {}}))
    kept = [path for path in files if path.name.startswith("provenance")]
    documents = [pod("a", images.references["everything"])]
    resources = kyverno_cli.stream(tmp_path / "r.yaml", documents)
    assert met(kyverno_cli.verdicts(kept, resources, "--registry"), "a") == set()
