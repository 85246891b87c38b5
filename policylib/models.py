"""The shapes that cross policylib's edges, and so the source of the published JSON Schema."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from policylib import instants


class Model(BaseModel):
    """Base of all shapes: immutable, and unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,  # most runs need few of the shapes
        extra="forbid",
        # What we write always has every key, and the published schema says so.
        json_schema_serialization_defaults_required=True,
    )

    def as_json(self) -> str:
        r"""The model as indented JSON; what a terminal would obey is written out (`\u009b`)."""
        text = self.model_dump_json(by_alias=True, indent=2)
        return "".join(f"{_printable(line)}\n" for line in text.split("\n"))


def _printable(line: str) -> str:
    """Only strings hold characters that are not printable."""
    if line.isprintable():  # nearly every line
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


class Severity(StrEnum):
    """How much a violation matters, as the rule's METADATA declares it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Enforcement(StrEnum):
    """What a violation does: only `deny` fails a check; an exception covers what is `excepted`."""

    EXCEPTED = "excepted"
    LOG = "log"
    WARN = "warn"
    DENY = "deny"


_KIND = re.compile("[A-Za-z][A-Za-z0-9]{0,62}")


def _template(found: dict[str, Any]) -> dict[str, Any]:
    """What METADATA says of a template in Gatekeeper: its kind, and what a constraint matches."""
    kind, match = found.get("kind"), found.get("match", {})
    if found and not (isinstance(kind, str) and _KIND.fullmatch(kind)):
        raise ValueError("its `kind` is none, such as K8sRequireOwner")
    kinds = match.get("kinds", []) if isinstance(match, dict) else None
    if not (isinstance(kinds, list) and all(_names_kinds(entry) for entry in kinds)):
        raise ValueError("its `match` is none, such as kinds: [{apiGroups: [apps], kinds: [Job]}]")
    return found


def _names_kinds(entry: object) -> bool:
    """Whether an entry of a match names groups and kinds; one that is left out stands for all."""
    return isinstance(entry, dict) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in (entry.get("apiGroups", []), entry.get("kinds", []))
    )


class Rule(Model):
    """One rule, as its METADATA describes it.

    `id` is the rule's path below `data.policylib`, such as `digest.image_pinned`.
    `parameters` is the JSON Schema of the keys of its family's settings that it reads;
    `gatekeeper` is empty for a rule that has no template there; `introduced` is the release that
    it entered in.
    """

    id: str
    title: str
    description: str
    severity: Severity
    remediation: str
    controls: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    parameters: dict[str, Any] = Field(default_factory=dict)
    gatekeeper: Annotated[dict[str, Any], AfterValidator(_template)] = Field(default_factory=dict)
    introduced: str = Field(default="", pattern=r"^(\d+\.\d+\.\d+)?$")

    @property
    def family(self) -> str:
        """The family, the first part of the id."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The rule's name within its family."""
        return self.id.partition(".")[2]


class Resource(Model):
    """The object that a violation is about; a part that the object lacks is empty."""

    api_version: str = Field(default="", alias="apiVersion")
    kind: str = ""
    namespace: str = ""
    name: str = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def __str__(self) -> str:
        names = "/".join(part for part in (self.namespace, self.name) if part)
        return " ".join(part for part in (self.kind, names) if part)


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it says nothing")
    return text


def _instant(text: str) -> str:
    instants.parse(text)
    return text


Filled = Annotated[str, AfterValidator(_filled)]
Instant = Annotated[str, AfterValidator(_instant)]

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


class Target(Model):
    """What an exception is for; all that is named has to agree.

    One workload by `kind`, `namespace` and `name` (no namespace means an object without one), one
    image by its digest (`sha256:…`) wherever it runs, or one image reference in one `namespace`.
    `image`, `path` (a JSON pointer into the workload) and `message` narrow it to one violation.
    """

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    image: str | None = None
    path: str | None = None
    message: str | None = None

    @model_validator(mode="after")
    def _is_specific(self) -> Target:
        by_digest = self.image is not None and _DIGEST.fullmatch(self.image)
        if (self.kind and self.name) or by_digest or (self.namespace and self.image):
            return self
        raise ValueError(
            "a target is a workload (kind, namespace, name), the digest of an image, "
            "or an image in a namespace"
        )

    def __str__(self) -> str:
        names = "/".join(part for part in (self.namespace, self.name) if part)
        workload = " ".join(part for part in (self.kind, names) if part)
        rest = (self.image, self.path, self.message)
        return ", ".join(part for part in (workload, *rest) if part)


class PolicyException(Model):
    """One exception: a rule does not hold for a target until it expires, on somebody's word.

    `expires` is a date, whose whole day (UTC) still counts, or an RFC 3339 timestamp.
    """

    rule: str
    target: Target
    reason: Filled
    ticket: Filled
    approver: Filled
    expires: Instant

    def data(self) -> dict[str, Any]:
        """The entry as Rego reads it."""
        return self.model_dump(exclude_none=True)


class ListedException(PolicyException):
    """An exception of the settings, and what became of it in a check.

    `used` covers violations, as many as `violations` says; `unused` covers none of what was
    checked; `expired` lets nothing through any more.
    """

    state: Literal["used", "unused", "expired"]
    violations: int


class Violation(Model):
    """One breach of one rule at one place.

    `line` and `column` count from 1, `document` from 0; `path` is a JSON pointer (RFC 6901)
    into that document. `exception` is the entry of the settings that covers an excepted one.
    """

    rule: str
    severity: Severity
    enforcement: Enforcement
    message: str
    remediation: str
    file: str
    document: int
    line: int
    column: int
    path: str
    resource: Resource
    details: dict[str, Any] = Field(default_factory=dict)
    exception: PolicyException | None = None


class Problem(Model):
    """Something that could not be read or judged. One problem is enough to fail a check.

    `line` and `column` count from 1; `document` counts from 0 and is absent when the problem
    concerns the whole file.
    """

    file: str
    line: int
    column: int
    document: int | None = None
    message: str


class Skipped(Model):
    """A document that no rule knows, and why it was taken for one."""

    file: str
    document: int
    reason: str


class Report(Model):
    """What a check found.

    `files` counts the sources that were read and `documents` what was judged in them;
    `revision` identifies rules, settings and facts together. `unconfigured` names the families
    that were not asked, since the settings have no section for them; `notes` says what else a
    reader should know, such as settings that do not count; `exceptions` lists those of the
    settings, each with what became of it.
    """

    version: str
    engine: str
    revision: str
    environment: str | None = None
    files: int
    documents: int
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[Problem, ...] = ()
    violations: tuple[Violation, ...] = ()
    unconfigured: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    exceptions: tuple[ListedException, ...] = ()

    @property
    def denials(self) -> tuple[Violation, ...]:
        """The violations that fail the check."""
        return tuple(v for v in self.violations if v.enforcement is Enforcement.DENY)

    @property
    def allowed(self) -> bool:
        """True when everything was judged and nothing is denied."""
        return not self.errors and not self.denials

    @property
    def exit_code(self) -> int:
        """0 clean, 1 violations, 2 errors (with or without violations)."""
        if self.errors:
            return 2
        return 1 if self.denials else 0
