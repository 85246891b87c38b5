"""The CRDs of both kinds of reports, from the Go modules that report_crds/ pins."""

from __future__ import annotations

import functools
import json
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

FILES: Final = {
    "PolicyReport": ("kyverno", "crds/policyreport/wgpolicyk8s.io_policyreports"),
    "ClusterPolicyReport": ("kyverno", "crds/policyreport/wgpolicyk8s.io_clusterpolicyreports"),
    "Report": ("reports-api", "crd/openreports.io_reports"),
    "ClusterReport": ("reports-api", "crd/openreports.io_clusterreports"),
}


@functools.cache
def _modules() -> dict[str, Path]:
    """The folders of the modules; go.sum verifies what is in them."""
    done = subprocess.run(
        ["go", "mod", "download", "-json"],
        cwd=Path(__file__).parent / "report_crds",
        capture_output=True,
        text=True,
        check=True,
    )
    found, at, decoder = {}, 0, json.JSONDecoder()
    while at < len(done.stdout.rstrip()):
        module, at = decoder.raw_decode(done.stdout, at)
        at += 1
        found[module["Path"].rpartition("/")[2]] = Path(module["Dir"])
    return found


@functools.cache
def crd(kind: str) -> dict[str, Any]:
    """The whole CustomResourceDefinition of a kind."""
    module, file = FILES[kind]
    text = (_modules()[module] / "config" / f"{file}.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    assert found["spec"]["names"]["kind"] == kind
    assert isinstance(found, dict)
    return found
