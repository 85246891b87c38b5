"""The typed model of `policylib.yaml`, and what Rego reads of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from policylib import instants
from policylib.errors import SettingsError
from policylib.models import Model

Level = Literal["off", "log", "warn", "deny"]

_DIGEST = r"\Asha256:[0-9a-f]{64}\Z|\Asha512:[0-9a-f]{128}\Z"


@dataclass(frozen=True)
class Known:
    """What settings may speak of: each family with the JSON Schema of its section, and rule ids."""

    families: Mapping[str, dict[str, Any]]
    rules: Collection[str]


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a version is a number")  # noqa: TRY004 - what pydantic takes for a refusal
    return value


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it says nothing")
    return text


def _instant(text: str) -> str:
    instants.parse(text)
    return text


Version = Annotated[Literal[1], BeforeValidator(_no_boolean)]
Filled = Annotated[str, AfterValidator(_filled)]
Instant = Annotated[str, AfterValidator(_instant)]


class Target(Model):
    """What an exception is for; all that is named has to agree.

    One workload by `kind`, `namespace` and `name` (no namespace means an object without one), one
    image by its digest (`sha256:…`) wherever it runs, or one image reference in one `namespace`.
    `image`, `path` (a JSON pointer) and `message` narrow it to one violation.
    """

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    image: str | None = None
    path: str | None = None
    message: str | None = None

    @model_validator(mode="after")
    def _is_specific(self) -> Target:
        import re

        by_digest = self.image is not None and re.search(_DIGEST, self.image)
        if (self.kind and self.name) or by_digest or (self.namespace and self.image):
            return self
        raise ValueError(
            "a target is a workload (kind, namespace, name), the digest of an image, "
            "or an image in a namespace"
        )


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


class PolicyExceptions(Model):
    """A file of exceptions."""

    version: Version = 1
    exceptions: tuple[PolicyException, ...] = ()


class Labels(Model):
    """The keys of the labels (or annotations) that say where a workload belongs."""

    service: Filled = "policylib.dev/service"
    region: Filled = "policylib.dev/region"
    data_class: Filled = "policylib.dev/data-class"
    tenant: Filled = "policylib.dev/tenant"


class Settings(Model):
    """What a team decides.

    `exclude` holds globs of files that are not checked. `families` holds each family's section,
    checked against the JSON Schema that its rules' METADATA declare. `enforcement` maps an
    environment to levels by rule or family; what is not named denies. `catalog` maps a service to
    what the service catalog says of it; `exceptions` lists what is let through for a time.
    """

    version: Version = 1
    exclude: tuple[str, ...] = ()
    enforcement: dict[str, dict[str, Level]] = Field(default_factory=dict)
    labels: Labels = Field(default_factory=Labels)
    catalog: dict[str, Any] | None = None
    exceptions: tuple[PolicyException, ...] = ()
    families: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def data(self, environment: str | None, entering: Sequence[str] = ()) -> dict[str, Any]:
        """What Rego reads as `data.settings`; without an environment the strictest holds.

        `entering` names the rules that only warn where nothing else is said of them.
        Raises `SettingsError` for an environment that is empty or no text.
        """
        if environment is not None and not (isinstance(environment, str) and environment):
            raise SettingsError(
                f"no environment is called {environment!r}",
                where="environment",
                remedy="name one of the settings' environments, or none for the strictest",
            )
        optional: dict[str, Any] = {
            "environment": environment,
            "entering": list(entering) or None,
            "exceptions": [one.data() for one in self.exceptions] or None,
            "catalog": None if self.catalog is None else {"services": self.catalog},
            "labels": self.labels.model_dump(exclude_unset=True) or None,
        }
        given = {key: value for key, value in optional.items() if value is not None}
        return {**self.families, "enforcement": self.enforcement, **given}
