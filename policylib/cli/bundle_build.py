"""Write the rules and settings in the form that one enforcement point takes.

DEFINITION is a file that says which: the target, families, settings and facts. Without one the
options say so. The folder is replaced whole or not at all; one with foreign files in it is refused.
For gatekeeper that is templates and constraints; `gatekeeper` writes what a cluster needs, too.

For example:
  $ rc bundle build bundles/platform.yaml --output build/platform
  $ rc bundle build bundles/opa.yaml -o build/opa --number 42
  $ rc bundle build --target opa --output build/opa
  $ rc bundle build --target conftest --output policy --settings policylib.yaml
  $ rc bundle build --target gatekeeper --output manifests/policy --env prod
  $ rc bundle build --target artifact --output build/policy --settings policylib.yaml
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policylib.cli import cluster, common
from policylib.cli.output import Outcome
from policylib.cli.parser import one_of
from policylib.errors import BundleError
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from policylib.bundle.definition import Defined

_TARGETS = ("opa", "conftest", "gatekeeper", "artifact")
_DEFINED: Final = ("target", "rules", "settings", "env", "facts")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the definition or what stands for one, and the folder."""
    parser.add_argument(
        "definition",
        nargs="?",
        metavar="DEFINITION",
        type=Path,
        help="a file that says what is built, such as bundles/opa.yaml",
    )
    parser.add_argument(
        "--target",
        choices=_TARGETS,
        type=one_of("target", _TARGETS),
        help="opa, conftest, gatekeeper, or artifact: one for all three, to push to a registry",
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    common.add_number(parser)
    common.add_rules(parser)
    common.add_settings(parser)
    common.add_facts(parser)
    common.add_format(parser)
    parser.add_argument(
        "--force", action="store_true", help="replace a folder that policylib did not write"
    )


def run(names: argparse.Namespace) -> Outcome:
    """Build the bundle and name the folder that holds it."""
    from policylib import bundle

    defined = _defined(names)
    policy, number = defined.policy, names.number or 0
    lacking = _without_template(defined, names.require)
    files = bundle.write(
        defined.target,
        names.output,
        policy.rules,
        policy.data,
        defined.facts,
        number=number,
        force=names.force,
    )
    told = {
        "name": defined.name,
        "target": str(defined.target),
        "revision": _revision(defined, number),
        "families": list(policy.rules.families),
        "left_out": list(defined.left_out),
        "unconfigured": sorted({*policy.unconfigured} - {*defined.left_out}),
        "without_template": lacking,
        "output": str(names.output),
        "files": list(files),
    }
    if names.format == "json":
        return Outcome(text=json.dumps(told, indent=2) + "\n")
    return Outcome(text=_text(told))


def _text(told: dict[str, Any]) -> str:
    lines = [f"Wrote {count(len(told['files']), 'file')} to {escape(told['output'])}"]
    if told["revision"]:
        lines.append(f"revision {told['revision']}")
    for key, why in (
        ("left_out", "left out by the definition, so not asked"),
        ("unconfigured", "not configured, so not asked"),
        ("without_template", "without a template, so not asked by Gatekeeper"),
    ):
        if told[key]:
            lines.append(f"{why}: {', '.join(told[key])}")
    return "\n".join(lines) + "\n"


def _without_template(defined: Defined, required: Sequence[str]) -> list[str]:
    """The rules that Gatekeeper will not ask, where the bundle is for it."""
    from policylib.bundle import Target

    for_it = defined.target in {Target.GATEKEEPER, Target.ARTIFACT}
    return cluster.without_template(defined.policy, required) if for_it else []


def _revision(defined: Defined, number: int) -> str | None:
    """What the manifest says; Gatekeeper's resources have none."""
    from policylib import bundle

    if defined.target is bundle.Target.GATEKEEPER:
        return None
    return bundle.numbered(defined.policy.revision, number)


def _defined(names: argparse.Namespace) -> Defined:
    from policylib.bundle import Target, definition

    if names.definition is None:
        if names.target is None:
            raise BundleError(
                "nothing says what to build", remedy="name a definition, or a --target"
            )
        policy = common.load_named(names)
        given = policy.facts if names.facts else None
        return definition.Defined(names.target, Target(names.target), policy, given, ())
    for name in _DEFINED:
        if getattr(names, name) is not None:
            raise BundleError(
                f"--{name} says what the definition says",
                where=str(names.definition),
                remedy=f"leave out --{name}, or say it in the definition",
            )
    found = definition.load(names.definition)
    _require(found, names.require, str(names.definition))
    return found


def _require(defined: Defined, families: Sequence[str], where: str) -> None:
    """Refuse a bundle that does not ask a family that has to be asked."""
    gone = {rule.family for rule in defined.policy.rules.left_out.values()}
    for family in families:
        if family in gone:
            raise BundleError(
                f"the family {family} is required, and the definition leaves it out",
                where=where,
                remedy="name it in `families`",
            )
    defined.policy.require(families)
