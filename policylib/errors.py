"""Every error that policylib raises.

    PolicylibError
    ├── InputError        something to check cannot be read
    ├── SettingsError     the settings are not usable
    ├── RuleError         a rule or its metadata is not usable
    ├── EngineError       an engine gave no verdict: undefined, too slow, crashed
    └── BundleError       a bundle cannot be built or read
        └── SignatureError    a bundle was looked at, and is refused

A violation is data (`policylib.models.Violation`), never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class PolicylibError(Exception):
    """Something stopped policylib from giving a verdict.

    Parameters
    ----------
    what
        What happened, in one sentence.
    where
        The file, place or component it happened in; empty when there is none.
    remedy
        What the reader can do about it; empty when nothing helps.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what, where, remedy)

    def __reduce__(self) -> tuple[Callable[[], PolicylibError], tuple[()]]:
        again = partial(type(self), self.what, where=self.where, remedy=self.remedy)
        return again, ()

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.what}{advice}"


class InputError(PolicylibError):
    """Something to check cannot be read."""


class SettingsError(PolicylibError):
    """The settings are missing, malformed or ask for what they may not."""


class RuleError(PolicylibError):
    """A rule or its metadata is missing or malformed."""


class EngineError(PolicylibError):
    """An engine gave no verdict."""


class BundleError(PolicylibError):
    """A bundle cannot be built or read."""


class SignatureError(BundleError):
    """A bundle is not what somebody whose key is known put his name to.

    Parameters
    ----------
    reason
        A stable word for the kind of refusal, for programs: one of
        `policylib.bundle.signatures.reasons.Reason`.
    """

    def __init__(self, what: str, *, reason: str, where: str = "", remedy: str = "") -> None:
        self.reason = reason
        super().__init__(what, where=where, remedy=remedy)

    def __reduce__(self) -> tuple[Callable[[], PolicylibError], tuple[()]]:
        again = partial(
            type(self), self.what, reason=self.reason, where=self.where, remedy=self.remedy
        )
        return again, ()
