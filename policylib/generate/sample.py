"""What a generator makes: a document, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policylib.generate.choices import Choices

Doc = dict[str, Any]


@dataclass(frozen=True)
class Defect:
    """Something that was made wrong on purpose: `rule` has to deny it."""

    name: str
    rule: str
    what: str


@dataclass(frozen=True)
class Sample:
    """A document, and the facts about its images that it has to be judged with.

    `defect` says what is wrong with it; without one nothing is, and no rule may deny it. `facts`
    are entries of `data.facts.images`, by image. What `stray` says is for engines to agree on
    only: it was damaged without anybody knowing what it deserves.
    """

    document: Any
    defect: Defect | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    stray: bool = False


Settings = Mapping[str, Any]
"""What Rego reads as `data.settings`."""

Generator = Callable[[Choices, Settings], Sample]
