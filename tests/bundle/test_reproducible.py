"""The same source gives the same bytes, whoever builds it and where; generated files are fresh."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policylib import bundle
from policylib.bundle import definition
from policylib.bundle.folder import MARKER
from tests import tools

BUILD = """\
import os, sys
os.umask(int(sys.argv[2], 8))
from pathlib import Path
from policylib import bundle
from policylib.bundle import definition
found = definition.load(Path("given/mine.yaml"))
policy = found.policy
target = bundle.Target(sys.argv[1])
bundle.write(target, Path("out"), policy.rules, policy.data, found.facts, number=42)
"""
DEFINITION = """\
version: 1
target: opa
families: [residency, digest, provenance]
settings: policylib.yaml
environment: prod
facts: facts.yaml
"""
SETTINGS = """\
version: 1
digest: {algorithms: [sha512, sha256]}
provenance: {}
residency: {allowed_regions: {pii: [us-east-1], logs: [us-west-2]}}
enforcement: {prod: {residency: log}}
"""


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def built(folder: Path, target: str, umask: str, **environment: str) -> dict[str, bytes]:
    given = folder / "given"
    given.mkdir(parents=True)
    facts = (tools.ROOT / "fixtures/provenance/facts.yaml").read_text(encoding="utf-8")
    for name, text in (("mine", DEFINITION), ("policylib", SETTINGS), ("facts", facts)):
        (given / f"{name}.yaml").write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", BUILD, target, umask],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(tools.ROOT), **environment},
        check=True,
    )
    return tree(folder / "out")


@pytest.mark.parametrize("target", bundle.Target)
def test_same_source_same_bytes(target: str, tmp_path: Path) -> None:
    here = {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "USER": "a", "HOME": "/a"}
    there = {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "USER": "b"}
    first = built(tmp_path / "here", target, "022", **here)
    second = built(tmp_path / "another place", target, "077", **there, SOURCE_DATE_EPOCH="1")
    assert first == second
    assert len(first) > 1


def test_the_checked_in_gatekeeper_resources_are_fresh() -> None:
    defined = definition.load(tools.ROOT / "bundles" / "gatekeeper.yaml")
    files = bundle.build(defined.target, defined.policy.rules, defined.policy.data)
    found = tree(tools.ROOT / "bundles" / "gatekeeper")
    marker = json.loads(found.pop(MARKER))
    assert found == files, "run `make generate`"
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert marker == digests, "run `make generate`"
