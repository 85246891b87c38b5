"""The same packages on the same documents: we say what the real conftest says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from policylib import packages
from policylib.errors import PolicylibError
from policylib.inputs.interface import Source
from tests import tools
from tests.packages import peers
from tests.real_input.test_go_modules import module

DOCUMENTS = {
    "pod.yaml": """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {team: a}}
spec:
  containers:
    - {name: app, image: "ghcr.io/org/app:1", resources: {limits: {memory: 1Gi}}}
    - {name: side, image: "nginx:latest", securityContext: {privileged: true}}
""",
    "several.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: one}
spec: {replicas: 1, template: {spec: {containers: [{name: a, image: busybox}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: two, annotations: {}}
spec: {type: LoadBalancer}
---
kind: Nothing
spec: null
""",
    "compose.yaml": 'services: {web: {image: "nginx", ports: ["80:80"], privileged: false}}\n',
    "list.json": '[{"kind": "A", "replicas": 3}, {"kind": "B"}, "text", 5]\n',
    "values.yaml": "image: {repository: nginx, tag: latest}\nreplicas: 0\n",
    "kustomization.yaml": "resources: [pod.yaml]\n",
}

HEAD = "package main\n\nimport rego.v1\n\n"


@dataclass(frozen=True)
class Case:
    """Rego of the package main (or whole files), data, and the engine that has to judge."""

    rego: str | dict[str, str]
    data: dict[str, str] = field(default_factory=dict)
    namespaces: tuple[str, ...] = ("main",)
    engine: str = "regorus"


CASES = {
    "a set of texts": Case('deny contains "no labels" if not input.metadata.labels'),
    "objects with metadata": Case(
        'violation contains {"msg": m, "severity": 3, "path": "/kind"} if m := input.kind'
    ),
    "warnings and denials": Case(
        'warn contains "a service" if input.kind == "Service"\n\n'
        'deny_team contains "no team" if not input.metadata.labels.team\n\n'
        'warn_a_1 contains sprintf("%d", [input.spec.replicas])\n'
    ),
    "several definitions": Case(
        'deny contains "one" if input.kind == "Pod"\n\n'
        "deny contains msg if {\n\tsome c in input.spec.containers\n\tmsg := c.image\n}\n"
    ),
    "a complete rule": Case(
        'deny := {"x", "y"} if input.kind == "Pod"\n\nelse := ["z"] if input.kind == "Service"\n'
    ),
    "a value by default": Case('default deny := ["unknown"]\n\ndeny := [] if input.kind\n'),
    "the file": Case(
        'deny contains sprintf("%s in %s", [data.conftest.file.name, data.conftest.file.dir])'
    ),
    "an input that is no object": Case('deny contains sprintf("%v", [input]) if is_number(input)'),
    "every and some": Case(
        "deny contains c.name if {\n\tsome c in input.spec.containers\n\t"
        'every word in ["ghcr.io", "org"] { contains(c.image, word) }\n}\n'
    ),
    "exceptions for named rules": Case(
        'deny_root contains "root" if input.kind == "Pod"\n\n'
        'violation_root contains "root too" if input.kind == "Pod"\n\n'
        'deny_other contains "other" if input.kind == "Pod"\n\n'
        'exception contains ["root"] if input.metadata.name == "web"\n'
    ),
    "an exception for the rule without a name": Case(
        'deny contains "x"\n\nwarn contains "y"\n\nexception contains rules if {\n'
        '\tinput.kind == "Pod"\n\trules := [""]\n}\n'
    ),
    "an exception that names a level": Case(
        'violation_deny_a contains "x" if input.kind\n\nexception contains ["deny_a"] if input.spec'
    ),
    "namespaces": Case(
        {
            "a.rego": 'package main\n\ndeny contains "main" if input.kind == "Pod"\n',
            "k/b.rego": 'package k8s.pods\n\nwarn contains "pods" if input.kind == "Pod"\n',
            "k/c.rego": 'package k8s\n\ndeny contains "k8s" if input.kind == "Pod"\n',
        },
        namespaces=("main", "k8s.*"),
    ),
    "a library beside": Case(
        {
            "main.rego": "package main\n\nimport data.lib.kinds\n\n"
            'deny contains "runs" if kinds.runs(input.kind)\n',
            "lib/kinds.rego": 'package lib.kinds\n\nruns(kind) if kind in {"Pod", "Job"}\n',
        }
    ),
    "a package that asks another": Case(
        {
            "main.rego": "package main\n\ndeny contains msg if some msg in data.other.deny\n",
            "other.rego": 'package other\n\ndeny contains "x" if input.kind == "Pod"\n',
        }
    ),
    "tests beside": Case(
        {
            "main.rego": 'package main\n\ndeny contains "x" if input.kind == "Pod"\n',
            "main_test.rego": "package main_test\n\nimport data.main\n\n"
            'test_x if count(main.deny) == 1 with input as parse_config("yaml", "kind: Pod")\n',
        }
    ),
    "data": Case(
        "deny contains msg if {\n\tsome c in input.spec.containers\n\timage := c.image\n"
        '\tnot known[image]\n\tmsg := sprintf("%s is not known", [image])\n}\n\n'
        "known contains image if some image in data.lists.images.allowed\n\n"
        "warn contains data.lists.word if input.kind == data.kinds[0]\n",
        data={
            "lists/images.yaml": "images: {allowed: [busybox]}\n",
            "lists/word.json": '{"word": "no"}\n',
            "kinds.yml": 'kinds: ["Pod", "0o14"]\n',
        },
    ),
    "a builtin that only OPA has": Case(
        'deny contains crypto.sha256(input.kind) if input.kind == "Pod"', engine="opa"
    ),
    "a negation of what may be undefined": Case(
        'deny contains "x" if not startswith(input.metadata.name, "w")', engine="opa"
    ),
    "a negation of local values": Case(
        'deny contains name if {\n\tname := input.metadata.name\n\tnot startswith(name, "w")\n}'
    ),
    "a regular expression of Go's": Case(
        r'deny contains "x" if regex.match(`^\w+$`, input.kind)', engine="opa"
    ),
    "walk as a value": Case(
        'deny contains sprintf("%v", [path]) if {\n\t[path, value] := walk(input)\n'
        '\tvalue == "nginx"\n}\n',
        engine="opa",
    ),
    "walk with a pattern": Case(
        'deny contains sprintf("%v", [path]) if {\n\twalk(input, [path, value])\n'
        '\tvalue == "nginx"\n}\n'
    ),
    "a width in a format": Case('deny contains sprintf("%5s", [input.kind])', engine="opa"),
    "metadata of the rule": Case(
        "# METADATA\n# title: Say it\ndeny contains rego.metadata.rule().title if input.kind",
        engine="opa",
    ),
}


def rego(case: Case) -> dict[str, str]:
    files = {"main.rego": HEAD + case.rego} if isinstance(case.rego, str) else case.rego
    return {f"policy/{name}": text for name, text in files.items()}


@pytest.mark.parametrize("name", CASES)
def test_we_say_what_conftest_says(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    documents = peers.written(tmp_path, DOCUMENTS)
    peers.written(tmp_path, rego(case))
    peers.written(tmp_path / "data", case.data)
    policy, data = tmp_path / "policy", [tmp_path / "data"] if case.data else []
    loaded = packages.load(policy, case.namespaces, data, opa=tools.path("opa"))
    said, problems = peers.ours(loaded, documents)
    assert said == peers.conftest(policy, documents, case.namespaces, data)
    assert problems == []
    assert said, "a case on which nobody says anything compares nothing"
    notes = loaded.judge([Source(str(file)) for file in documents]).notes
    assert any("judged by OPA" in note for note in notes) == (case.engine == "opa")


REFUSED = r"is called deny|calls|asks a name server|nothing defines it"
"""What we refuse and conftest passes: no rule to ask, the network, data that is not there."""


def examples() -> list[tuple[Path, str]]:
    """conftest's own packages: each folder of Rego with each namespace in it."""
    found = {
        (path.parent, line.split()[1])
        for path in module("conftest").rglob("*.rego")
        for line in path.read_text().splitlines()
        if line.startswith("package ")
    }
    return sorted(found)


def test_we_say_what_conftest_says_of_its_own_examples() -> None:
    """Packages and manifests that were written without a thought of us."""
    root = module("conftest")
    files = [path for end in ("yaml", "yml", "json") for path in root.rglob(f"*.{end}")]
    documents = sorted(file for file in files if both_read(file))
    assert len(documents) > 30
    compared = 0
    for folder, namespace in examples():
        data = [folder.parent / "exclusions"] if (folder.parent / "exclusions").is_dir() else []
        theirs = peers.conftest(folder, documents, [namespace], data)
        try:
            loaded = packages.load(folder, [namespace], data, opa=tools.path("opa"))
        except PolicylibError as refusal:
            complaint = str(refusal)
        else:
            complaint = ""
            said, problems = peers.ours(loaded, documents)
            assert said == theirs, (folder, namespace)
            assert all("to_number" in problem for problem in problems)
            compared += bool(said)
        assert not complaint or isinstance(theirs, str) or re.search(REFUSED, complaint), complaint
    assert compared >= 20


def both_read(file: Path) -> bool:
    """Whether we and conftest read a file, and as documents."""
    from policylib._native import read

    texts, faults = read(file.name, file.read_bytes())
    policy = module("conftest") / "examples" / "docker" / "policy"
    return bool(texts) and not faults and not isinstance(peers.conftest(policy, [file], []), str)
