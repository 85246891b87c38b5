"""Write all that makes Gatekeeper in a cluster decide as policylib does.

`bundle build --target gatekeeper` writes templates and constraints alone, for gator and for whoever
has the rest. This adds the webhook that asks about every kind that the constraints match and fails
closed, and expansion templates for kinds that create Pods and that no rule knows. It says in which
order a cluster takes them, which namespaces are exempt, and what Gatekeeper is not asked about.

For example:
  $ rc gatekeeper --settings policylib.yaml --env prod --output build/gatekeeper
  $ rc gatekeeper --exempt-namespace kube-system --output build/gatekeeper
  $ rc gatekeeper --url https://policy.example.com --ca ca.crt --output build/gatekeeper
  $ rc gatekeeper --expand example.com/v1/Widget=spec.template --output build/gatekeeper
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policylib.cli import cluster, common
from policylib.cli.output import Outcome
from policylib.report.plain import count, escape

if TYPE_CHECKING:
    from policylib.bundle.gatekeeper import Cluster

# As Gatekeeper's own installation has it.
_USUAL = cluster.Usual(
    runs="Gatekeeper",
    namespace="gatekeeper-system",
    service="gatekeeper-webhook-service",
    name="gatekeeper-validating-webhook-configuration",
    path="/v1/admit",
)

# The kinds of the constraints: made, and then served.
_WAIT = "kubectl wait --timeout=5m"
_WAITS = (
    f"{_WAIT} --for=jsonpath={{.status.created}}=true constrainttemplates --all",
    f"{_WAIT} --for=condition=established crd --selector=gatekeeper.sh/constraint=yes",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, what goes into it, and what the cluster is like."""
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="the folder to write"
    )
    common.add_rules(parser)
    common.add_settings(parser)
    common.add_facts(parser)
    cluster.add_webhook(parser, _USUAL)
    parser.add_argument(
        "--expand",
        metavar="GROUP/VERSION/KIND=PATH",
        action="append",
        default=[],
        help="a kind of yours that creates Pods, and where it keeps their template",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace a folder that policylib did not write"
    )
    common.add_format(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Write the resources, and say how a cluster takes them."""
    from policylib.bundle import folder, gatekeeper

    policy = common.load_named(names)
    around = _around(names)
    files = gatekeeper.files(
        policy.rules, policy.data, policy.facts if names.facts else None, around
    )
    lacking = cluster.without_template(policy, names.require)
    folder.write(files, names.output, force=names.force)
    steps = list(_steps(names.output, set(files)))
    exempted = around.webhook.exempt
    if names.format == "json":
        import json

        answer = {
            "files": sorted(files),
            "apply": steps,
            "exempt_namespaces": list(exempted),
            "unconfigured": list(policy.unconfigured),
            "without_template": lacking,
        }
        return Outcome(text=json.dumps(answer, indent=2) + "\n")
    return Outcome(
        text=f"Wrote {count(len(files), 'file')} to {escape(str(names.output))}\n"
        + cluster.told(exempted)
        + cluster.not_asked("Not configured", policy.unconfigured)
        + cluster.not_asked("Without a template", lacking)
        + "Apply them in this order:\n"
        + "".join(f"  {escape(step)}\n" for step in steps)
    )


def _around(names: argparse.Namespace) -> Cluster:
    """What the arguments say of the cluster."""
    from policylib.bundle.gatekeeper import Cluster, Expansion

    asked = cluster.webhook(names, "validation.gatekeeper.sh", _USUAL)
    expansions = tuple(Expansion.parse(text) for text in names.expand)
    return Cluster(webhook=asked, expansions=expansions, all_kinds=names.all_kinds)


def _steps(output: Path, files: set[str]) -> Iterator[str]:
    """The commands that apply what was written.

    A constraint's kind comes from its template. Gatekeeper's installation has a webhook of the same
    name, with gaps that this one has to take away: what others added to it `apply` keeps, and
    `replace` does not. `replace` alone would not make one where there is none.
    """
    from policylib.bundle.gatekeeper import STEPS

    for step in STEPS:
        if any(name == step or name.startswith(f"{step}/") for name in files):
            place = shlex.quote(str(output / step))
            if step == "webhook.yaml":
                yield f"kubectl apply --server-side --force-conflicts -f {place}"
                yield f"kubectl replace -f {place}"
            else:
                yield f"kubectl apply --server-side -f {place}"
            if step == "templates":
                yield from _WAITS
