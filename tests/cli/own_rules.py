"""A rule of one's own, which denies everything and has no template for Gatekeeper by itself."""

from __future__ import annotations

from pathlib import Path

MODULE = "policylib/digest/owned/owned.rego"
RULE = """\
# METADATA
# title: A rule of one's own
# description: Says no.
# custom:
#   severity: low
#   remediation: Do it.
#   {custom}
package policylib.digest.owned

import rego.v1

violation contains {{"msg": "no", "details": {{"path": ""}}}} if true
"""


def own_rules(folder: Path, custom: str = "") -> tuple[str, str]:
    """The arguments that add a rule of one's own, with what its METADATA say besides."""
    module = folder / "own" / MODULE
    module.parent.mkdir(parents=True)
    module.write_text(RULE.format(custom=custom))
    return ("--rules", "own")
