"""What is generated for one family of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from policylib.generate.choices import Choices
from policylib.generate.sample import Defect, Generator, Settings


@dataclass(frozen=True)
class Family:
    """The generators of a family.

    `settings` makes sound settings, the simplest first; `rules` has, for each rule by id, inputs
    that it allows and inputs with a defect that it denies; `anything` makes all that the family
    may meet, damaged documents too. `defects` tells, for rules that can, all that theirs may have.
    """

    name: str
    settings: Callable[[Choices], Settings]
    rules: Mapping[str, Generator]
    anything: Generator
    defects: Mapping[str, Sequence[Defect]] = field(default_factory=dict)
