"""The settings' exceptions, for violations that policylib's own decision has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policylib.engine.interface import Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from policylib.models import Enforcement, PolicyException, Violation

_PACKAGE = "policylib_covered"
_ASK = f"data.{_PACKAGE}.entries"
_MODULE = f"""\
package {_PACKAGE}

import rego.v1

import data.policylib.lib.exceptions

entries := [covering(violation) | some violation in input.violations]

covering(violation) := entry if {{
	entry := exceptions.covering(violation)
}} else := null
"""


def excepted(
    violations: Sequence[Violation], modules: Mapping[str, str], settings: Mapping[str, Any]
) -> tuple[Violation, ...]:
    """The violations, each that an exception of the settings covers marked as such.

    `modules` are policylib's rules, and `settings` is what they read as `data.settings`. Raises
    `EngineError` when they give no answer.
    """
    if not (violations and settings.get("exceptions")):
        return tuple(violations)
    engine = RegorusEngine({**modules, f"{_PACKAGE}.rego": _MODULE}, {"settings": settings})
    [answer] = engine.evaluate(_ASK, [{"violations": [_seen(one) for one in violations]}])
    if isinstance(answer, Failure):
        raise EngineError(f"the exceptions give no answer: {answer.message}")
    return tuple(map(_marked, violations, answer.value))


def _marked(violation: Violation, entry: Mapping[str, Any] | None) -> Violation:
    if entry is None:
        return violation
    covered = {
        "enforcement": Enforcement.EXCEPTED,
        "exception": PolicyException.model_validate(entry),
    }
    return violation.model_copy(update=covered)


def _seen(violation: Violation) -> dict[str, Any]:
    """A violation as the decision has it."""
    return {
        "rule": violation.rule,
        "msg": violation.message,
        "path": violation.path,
        "details": violation.details,
        "resource": violation.resource.model_dump(by_alias=True),
    }
