"""For tests of one's own: inputs to draw from, and a plugin for pytest.

`policy_matrix`, `policy_rule` and `policy_cases` make tests of functions; the strategies draw
inputs, each with the defect that was planted in it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policylib.generate.sample import Defect, Sample
    from policylib.testing.decorators import policy_cases, policy_matrix, policy_rule
    from policylib.testing.strategies import (
        catalogs,
        exceptions,
        helm_values,
        image_facts,
        image_references,
        inputs,
        settings,
        terraform_plans,
        transfer_requests,
        workloads,
    )

__all__ = [
    "Defect",
    "Sample",
    "catalogs",
    "exceptions",
    "helm_values",
    "image_facts",
    "image_references",
    "inputs",
    "policy_cases",
    "policy_matrix",
    "policy_rule",
    "settings",
    "terraform_plans",
    "transfer_requests",
    "workloads",
]

_MODULES = {
    "Defect": "policylib.generate.sample",
    "Sample": "policylib.generate.sample",
    "policy_cases": "policylib.testing.decorators",
    "policy_matrix": "policylib.testing.decorators",
    "policy_rule": "policylib.testing.decorators",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that the plugin costs next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(_MODULES.get(name, "policylib.testing.strategies"))
    return globals().setdefault(name, getattr(module, name))
