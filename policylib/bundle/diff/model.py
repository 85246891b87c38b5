"""What differs from one bundle to another, as programs read it."""

from __future__ import annotations

from typing import Any, Literal

from policylib.models import Model

What = Literal["added", "removed", "changed"]
Turned = Literal["denied", "not denied", "changed"]


class Side(Model):
    """One of the two bundles; the revision of a definition has no number."""

    name: str
    revision: str
    rules: int
    unconfigured: tuple[str, ...]


class Turn(Model):
    """One value that is not what it was; `path` has the keys that lead to it."""

    path: tuple[str | int, ...]
    what: What
    before: Any = None
    after: Any = None


class RuleChange(Model):
    """A rule that came, went or changed: what its METADATA say, and its code.

    `before` and `after` say what a violation of it does, `not asked` where nobody asks.
    """

    rule: str
    what: What
    before: str | None = None
    after: str | None = None
    metadata: tuple[Turn, ...] = ()
    source: bool = False


class FileChange(Model):
    """A file that came, went or changed: a module that is no rule, or a resource."""

    path: str
    what: What


class ExceptionChange(Model):
    """An exception that came or went."""

    what: What
    entry: Any


class Said(Model):
    """What a rule says of a document at one place."""

    enforcement: str
    path: str
    message: str


class VerdictChange(Model):
    """What becomes of a document by one rule; `document` counts from 0 in its file."""

    what: Turned
    rule: str
    file: str
    document: int
    before: tuple[Said, ...]
    after: tuple[Said, ...]


class Unjudged(Model):
    """Something that gave no verdict: a document, by one bundle or both, or a whole file."""

    file: str
    document: int | None
    side: Literal["before", "after", "both"]
    message: str


class Difference(Model):
    """All that differs, and of how many documents the verdicts were compared."""

    before: Side
    after: Side
    rules: tuple[RuleChange, ...]
    modules: tuple[FileChange, ...]
    resources: tuple[FileChange, ...]
    settings: tuple[Turn, ...]
    exceptions: tuple[ExceptionChange, ...]
    facts: tuple[Turn, ...]
    data: tuple[Turn, ...]
    verdicts: tuple[VerdictChange, ...]
    documents: int
    errors: tuple[Unjudged, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs but names and revisions."""
        asked = self.before.unconfigured == self.after.unconfigured
        code = (self.rules, self.modules, self.resources)
        data = (self.settings, self.exceptions, self.facts, self.data)
        return asked and not any((*code, *data, self.verdicts))

    @property
    def exit_code(self) -> int:
        """0 the same, 1 they differ, 2 something gave no verdict."""
        if self.errors:
            return 2
        return 0 if self.same else 1
