"""A rule to begin with: source, test, METADATA, and an example of each verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from policylib import overlay, reading
from policylib.errors import RuleError
from policylib.settings import Settings

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KEYWORDS = frozenset({
    "as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input",
    "not", "null", "package", "some", "true", "with",
})  # fmt: skip
# What stands beside families: in the tree, in `data`, in settings, in reports.
_NO_FAMILY = frozenset({
    "conftest", "decision", "entering", "entrypoints", "environment", "facts", "lib",
}) | frozenset(Settings.model_fields)  # fmt: skip
_IMAGE = f"registry.example.com/app:1.0.0@sha256:{'0123456789abcdef' * 4}"

_RULE = Template("""\
# METADATA
# title: Workloads carry the annotation of $family.$name
# description: >-
#   Say here what the rule asks for, and why. To begin with, every workload carries the annotation
#   that the setting ${name}_annotation names.
# scope: package
# related_resources:
#   - https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
# custom:
#   severity: medium
#   remediation: >-
#     Say here what to do about a violation. To begin with, add the annotation.
#   controls:
#     - Name here the control that the rule serves
#   parameters:
#     type: object
#     additionalProperties: false
#     properties:
#       ${name}_annotation:
#         description: The annotation that every workload carries.
#         type: string
#         minLength: 1
#         default: example.com/$name
#   gatekeeper:
#     kind: $kind
#     match:
#       kinds:
#         - {apiGroups: [apps], kinds: [DaemonSet, Deployment, StatefulSet]}
package policylib.$family.$name

import rego.v1

import data.policylib.lib.read
import data.policylib.lib.review.class
import data.policylib.lib.review.document
import data.policylib.lib.settings

# A setting that is no name leaves the rule as strict as it is without one.
default annotation := "example.com/$name"

annotation := key if {
	key := settings.get(["$family", "${name}_annotation"], null)
	read.filled(key)
}

violation contains {"msg": msg, "details": {"path": "/metadata/annotations"}} if {
	class == "workload"
	annotations := read.object_at(read.object_at(document, "metadata"), "annotations")
	value := read.at(annotations, annotation, null)
	not read.filled(value)
	msg := sprintf("the annotation %s is missing", [annotation])
}
""")

_TEST = Template("""\
package policylib.$family.${name}_test

import rego.v1

import data.policylib.$family.$name

of(document) := {"review": {"object": document}}

deployment(metadata) := of({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata})

annotated(key, value) := deployment({"annotations": {key: value}})

setting(value) := {"$family": {"${name}_annotation": value}}

test_a_workload_with_the_annotation_passes if {
	$name.violation == set() with input as annotated("example.com/$name", "yes")
}

test_a_violation_says_what_and_where if {
	expected := {
		"msg": "the annotation example.com/$name is missing",
		"details": {"path": "/metadata/annotations"},
	}
	$name.violation == {expected} with input as deployment({})
}

test_a_gap_is_a_violation if {
	every metadata in [null, "x", {"annotations": null}, {"annotations": ["example.com/$name"]}] {
		count($name.violation) == 1 with input as deployment(metadata)
	}
	every value in [null, "", " ", 5] {
		count($name.violation) == 1 with input as annotated("example.com/$name", value)
	}
}

test_what_runs_nothing_passes if {
	$name.violation == set() with input as of({"apiVersion": "v1", "kind": "ConfigMap"})
}

test_the_setting_names_the_annotation if {
	given := annotated("example.com/other", "yes")
	$name.violation == set() with input as given with data.settings as setting("example.com/other")
	every strange in [null, "", 5, ["example.com/other"]] {
		count($name.violation) == 1 with input as given with data.settings as setting(strange)
	}
}
""")

_DECISION = Template("""\
# The family $family, which the decision asks besides those of policylib.
package policylib.decision

import rego.v1

$line
""")
_LINE = Template(
    "by_family.$family[rule] contains v if some v in data.policylib.$family[rule].violation"
)

_EXAMPLE = Template("""\
# $why
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
${annotations}spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: $image
""")


@dataclass(frozen=True)
class Scaffold:
    """What was written, and the line that is still to be added to a decision ("" for none)."""

    files: tuple[Path, ...]
    missing_line: str
    decision: Path


def rule(name: str, folder: Path) -> Scaffold:
    """Write a rule FAMILY/NAME into a folder of rules; its examples go to `fixtures/` beside it.

    Nothing that is there already is written to. A family that nobody asks yet is asked by a file
    of its own; a folder with a decision of its own is told which line is missing.

    Raises `RuleError` for a name that no rule can have, for what is there already, and for what
    cannot be written.
    """
    family, own = _named(name)
    files = _files(family, own, folder)
    decision = folder / overlay.DECISION
    line = _LINE.substitute(family=family)
    missing = ""
    if not _is_asked(family, folder):
        if decision.exists():
            missing = line
        else:
            extension = _DECISION.substitute(family=family, line=line)
            files[decision.with_name(f"{family}.rego")] = extension
    _write(files)
    return Scaffold(tuple(files), missing, decision)


def _named(name: str) -> tuple[str, str]:
    family, _, own = name.replace(".", "/").partition("/")
    for word, taken in ((family, _NO_FAMILY), (own, frozenset[str]())):
        if _NAME.fullmatch(word) is None or word in _KEYWORDS | taken or word.endswith("_test"):
            what = "family" if word == family else "rule"
            raise RuleError(
                f"no {what} can be called {word!r}",
                where=name,
                remedy="FAMILY/NAME, each of a-z, 0-9 and _, beginning with a letter",
            )
    return family, own


def _files(family: str, name: str, folder: Path) -> dict[Path, str]:
    kind = "K8s" + "".join(word.title() for word in f"{family}_{name}".split("_"))
    says = {"family": family, "name": name, "kind": kind}
    source = folder / "policylib" / family / name
    examples = folder.parent / "fixtures" / family / name
    annotated = f"  annotations:\n    example.com/{name}: reviewed\n"
    return {
        source / f"{name}.rego": _RULE.substitute(says),
        source / f"{name}_test.rego": _TEST.substitute(says),
        examples / "allow" / "annotated.yaml": _EXAMPLE.substitute(
            why="A Deployment that carries the annotation.", annotations=annotated, image=_IMAGE
        ),
        examples / "deny" / "not-annotated.yaml": _EXAMPLE.substitute(
            why="Nothing says that anybody reviewed it.", annotations="", image=_IMAGE
        ),
    }


def _is_asked(family: str, folder: Path) -> bool:
    """Whether the folder's decision asks the family, or policylib's where it has none."""
    from policylib.rules import root

    home = folder if (folder / overlay.DECISION).exists() else root()
    asks = re.compile(rf'^by_family(?:\.{family}|\["{family}"\])\[', re.MULTILINE)
    modules = {*(home / "policylib" / "decision").glob("*.rego")}
    modules |= {*(folder / "policylib" / "decision").glob("*.rego")}
    try:
        return any(asks.search(reading.read(module).decode()) for module in modules)
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"the decision cannot be read: {error}", where=str(home)) from error


def _write(files: Mapping[Path, str]) -> None:
    """Write all files or none."""
    if there := [path for path in files if path.exists() or path.is_symlink()]:
        raise RuleError("this is there already", where=str(there[0]), remedy="choose another name")
    written: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(path)
                stream.write(text)
    except OSError as error:
        _remove(written)
        reason = error.strerror or str(error)
        where = str(error.filename or "")
        raise RuleError(f"the rule cannot be written: {reason}", where=where) from error


def _remove(files: Iterable[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
