"""policylib: one set of rules for Kubernetes, and one verdict wherever it is asked for.

>>> import policylib
>>> policy = policylib.load()
>>> report = policy.check({
...     "apiVersion": "v1",
...     "kind": "Pod",
...     "metadata": {"name": "web"},
...     "spec": {"containers": [{"name": "web", "image": "nginx:1.29"}]},
... })
>>> report.allowed
False
>>> [violation.rule for violation in report.violations]
['digest.image_pinned']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from policylib.version import __version__

if TYPE_CHECKING:
    from policylib.errors import (
        BundleError,
        EngineError,
        InputError,
        PolicylibError,
        RuleError,
        SettingsError,
        SignatureError,
    )
    from policylib.evaluate import Policy, load
    from policylib.models import (
        Enforcement,
        Problem,
        Report,
        Resource,
        Rule,
        Severity,
        Skipped,
        Violation,
    )

__all__ = [
    "BundleError",
    "Enforcement",
    "EngineError",
    "InputError",
    "Policy",
    "PolicylibError",
    "Problem",
    "Report",
    "Resource",
    "Rule",
    "RuleError",
    "SettingsError",
    "Severity",
    "SignatureError",
    "Skipped",
    "Violation",
    "__version__",
    "load",
]

_MODULES = ("errors", "models", "evaluate")


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that a program starts at once."""
    if name in __all__:
        for module in map(import_module, (f"{__name__}.{module}" for module in _MODULES)):
            if hasattr(module, name):
                return globals().setdefault(name, getattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
