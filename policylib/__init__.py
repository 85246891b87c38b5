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

from policylib.errors import (
    BundleError,
    EngineError,
    InputError,
    PolicylibError,
    RuleError,
    SettingsError,
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
from policylib.version import __version__

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
    "Skipped",
    "Violation",
    "__version__",
    "load",
]
