"""Images in a registry, signed and attested for real with keys, and the rules that each meets."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from policylib.bundle.kyverno import slsa
from tests import tools

ISSUER = "https://accounts.google.com"
BUILDER = "https://build.example.com/hosted"
SETTINGS: Final[dict[str, Any]] = {
    "signers": [{"issuer": ISSUER, "identity": "release@example.com"}],
    "builders": [
        {"id": BUILDER, "issuer": ISSUER, "identity": "builder@example.com", "level": 3},
        {"id": f"{BUILDER}/low", "issuer": ISSUER, "identity": "low@example.com", "level": 1},
    ],
    "sources": ["https://github.com/org/", "git+https://git.example.com/app.git"],
    "sbom_formats": ["cyclonedx"],
}
KEYS: Final = {"signers": "release", "builder0": "builder", "builder1": "low"}
"""Whose key stands for which attestor."""

V1: Final[dict[str, Any]] = {
    "buildDefinition": {
        "buildType": "https://actions.github.io/buildtypes/workflow/v1",
        "externalParameters": {
            "workflow": {"repository": "https://github.com/org/app", "ref": "refs/heads/main"}
        },
    },
    "runDetails": {"builder": {"id": BUILDER}},
}
V02: Final[dict[str, Any]] = {
    "builder": {"id": BUILDER},
    "buildType": "https://actions.github.io/buildtypes/workflow/v1",
    "invocation": {
        "configSource": {"uri": "git+https://git.example.com/app.git@refs/tags/v1"},
        "parameters": {"workflow": {}},
    },
}
SBOM: Final = {"bomFormat": "CycloneDX", "specVersion": "1.6"}


def changed(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy in which something at a path is another; None takes it away."""
    key, _, rest = path.partition("/")
    inner = changed(document.get(key, {}), rest, value) if rest else value
    return {
        **{k: v for k, v in document.items() if k != key},
        **({} if inner is None else {key: inner}),
    }


def workflow(**other: Any) -> dict[str, Any]:
    path = "buildDefinition/externalParameters/workflow"
    given = {"repository": "https://github.com/org/app", "ref": "refs/heads/main", **other}
    return changed(V1, path, given)


@dataclass(frozen=True)
class Attested:
    """What is attached to an image: a signature (no type) or an attestation, by a key."""

    key: str
    type: str = ""
    predicate: Any = None


def sbom(key: str = "release", type_: str = "https://cyclonedx.org/bom") -> Attested:
    return Attested(key, type_, SBOM)


def v1(predicate: Any = V1, key: str = "builder") -> Attested:
    return Attested(key, slsa.V1, predicate)


def v02(predicate: Any = V02, key: str = "builder") -> Attested:
    return Attested(key, slsa.V02, predicate)


SIGNED = Attested("release")
ALL: Final = frozenset({"attested", "builder-trusted", "sbom-present", "signed", "source-expected"})
BUILT: Final = frozenset({"attested", "builder-trusted", "source-expected"})
TRUSTED: Final = frozenset({"attested", "builder-trusted"})
NOTHING: Final[frozenset[str]] = frozenset()
PARAMETERS = "buildDefinition/externalParameters"

CASES: Final[Mapping[str, tuple[list[Attested], frozenset[str]]]] = {
    # What is attached to the image, and the rules that it meets.
    "everything": ([SIGNED, v1(), sbom()], ALL),
    "nothing": ([], NOTHING),
    "signed": ([SIGNED], frozenset({"signed"})),
    "signed-by-another": ([Attested("other")], NOTHING),
    "signed-by-a-builder": ([Attested("builder")], NOTHING),
    "all-by-another": ([Attested("other"), v1(key="other"), sbom("other")], NOTHING),
    "an-sbom-is-no-signature": ([sbom()], frozenset({"sbom-present"})),
    "an-sbom-with-a-version": (
        [sbom(type_="https://cyclonedx.org/bom/v1.6")],
        frozenset({"sbom-present"}),
    ),
    "an-sbom-in-another-format": ([sbom(type_="https://spdx.dev/Document")], NOTHING),
    "an-sbom-by-a-builder": ([sbom("builder")], NOTHING),
    "v1": ([v1()], BUILT),
    "v0.2": ([v02()], BUILT),
    "v1-by-a-signer": ([v1(key="release")], frozenset({"attested"})),
    "another-type": ([Attested("builder", "https://slsa.dev/provenance/v0.1", V1)], NOTHING),
    "a-builder-of-a-lower-level": (
        [v1(changed(V1, "runDetails/builder/id", f"{BUILDER}/low"), "low")],
        frozenset({"attested"}),
    ),
    "a-lower-one-as-a-higher": ([v1(key="low")], NOTHING),
    "an-unknown-builder": ([v1(changed(V1, "runDetails/builder/id", f"{BUILDER}/x"))], NOTHING),
    "no-builder": ([v1(changed(V1, "runDetails", None))], NOTHING),
    "a-builder-that-is-no-text": ([v1(changed(V1, "runDetails/builder/id", {"a": 1}))], NOTHING),
    "no-predicate": ([v1({})], NOTHING),
    # Neither of two attestations may borrow from the other what it lacks.
    "two-that-make-up-for-each-other": (
        [v1(key="low"), v1(changed(V1, "runDetails/builder/id", f"{BUILDER}/low"), "builder")],
        NOTHING,
    ),
    "another-repository": (
        [v1(workflow(repository="https://github.com/organisation/app"))],
        TRUSTED,
    ),
    "a-way-upwards": ([v1(workflow(repository="https://github.com/org/../evil/app"))], TRUSTED),
    "a-user": ([v1(workflow(repository="https://github.com@evil.example/org/app"))], TRUSTED),
    "a-repository-and-more": ([v1(workflow(repository="https://github.com/org/app\nx"))], TRUSTED),
    "no-repository": ([v1(workflow(repository=None))], TRUSTED),
    "the-same-spelt-otherwise": (
        [v1(workflow(repository="git+https://github.com/org/app.git"))],
        BUILT,
    ),
    "another-ref": ([v1(workflow(ref="refs/heads/mainly"))], TRUSTED),
    "a-ref-with-a-slash": ([v1(workflow(ref="refs/tags/v1/x"))], TRUSTED),
    "a-tag": ([v1(workflow(ref="refs/tags/v1"))], BUILT),
    "no-ref": ([v1(workflow(ref=None))], TRUSTED),
    "another-build-type": (
        [v1(changed(V1, "buildDefinition/buildType", "https://x.example/t"))],
        TRUSTED,
    ),
    "another-parameter": ([v1(changed(V1, f"{PARAMETERS}/debug", True))], TRUSTED),
    "no-parameters": ([v1(changed(V1, PARAMETERS, None))], TRUSTED),
    "v0.2-of-another-repository": (
        [
            v02(
                changed(
                    V02,
                    "invocation/configSource/uri",
                    "git+https://git.example.com/other@refs/tags/v1",
                )
            )
        ],
        TRUSTED,
    ),
    "v0.2-without-a-ref": (
        [v02(changed(V02, "invocation/configSource/uri", "git+https://git.example.com/app"))],
        TRUSTED,
    ),
    "v0.2-with-two-refs": (
        [
            v02(
                changed(
                    V02,
                    "invocation/configSource/uri",
                    "git+https://git.example.com/app@refs/tags/v1@x",
                )
            )
        ],
        TRUSTED,
    ),
    "v0.2-with-another-parameter": ([v02(changed(V02, "invocation/parameters/debug", 1))], TRUSTED),
}


class Images:
    """A registry with an image a case, and keys."""

    def __init__(self, folder: Path, host: str) -> None:
        self._folder, self._host = folder, host
        for name in (*KEYS.values(), "other"):
            self._run("cosign", "generate-key-pair", "--output-key-prefix", name)
        self.references = {name: self._made(name, given) for name, (given, _) in CASES.items()}

    def key(self, name: str) -> str:
        return (self._folder / f"{name}.pub").read_text()

    def _made(self, name: str, given: list[Attested]) -> str:
        (self._folder / "layer").write_text(name)
        with tarfile.open(self._folder / "layer.tar", "w") as archive:
            archive.add(self._folder / "layer", "layer")
        repository = f"{self._host}/org/{name.replace('.', '-')}"
        image = self._run("crane", "append", "--new_layer=layer.tar", f"--new_tag={repository}:1")
        for one in given:
            self._attach(one, image)
        return image

    def _attach(self, one: Attested, image: str) -> None:
        offline = ("--tlog-upload=false", "--use-signing-config=false", "--yes")
        by = ("--key", f"{one.key}.key", *offline)
        if not one.type:
            self._run("cosign", "sign", *by, image)
            return
        (self._folder / "predicate.json").write_text(json.dumps(one.predicate))
        self._run(
            "cosign", "attest", *by, "--type", one.type, "--predicate", "predicate.json", image
        )

    def _run(self, program: str, *arguments: str) -> str:
        environment = {**os.environ, "COSIGN_PASSWORD": "", "HOME": str(self._folder)}
        command: list[str | Path] = [tools.path(program), *arguments]
        done = subprocess.run(
            command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return str(done.stdout).strip()
