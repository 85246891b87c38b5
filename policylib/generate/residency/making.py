"""How a rule's inputs are made: sound ones, and ones with a defect that the rule denies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from policylib.generate.choices import Choices
from policylib.generate.residency import sound
from policylib.generate.residency.flaws import Flaw
from policylib.generate.residency.said import Said
from policylib.generate.sample import Defect, Doc, Sample, Settings

Maker = Callable[[Choices, Settings], Doc | None]
"""Makes a document, or nothing where the settings do not offer what it takes."""

Writer = Callable[[Choices, Settings, Said], Doc]

_TRIES: Final = 6
"""How often each is tried, where the settings may not offer what it takes."""

SILENT: Doc = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings"},
    "data": {"region": "eu-west-9"},
}
"""What no rule of the family speaks of."""


@dataclass(frozen=True)
class Broken:
    """Inputs with one defect."""

    name: str
    what: str
    make: Maker


_Option = tuple[Defect | None, Maker]
"""What is wrong with a document, and how it is made."""


@dataclass(frozen=True)
class Rule:
    """Inputs of a rule: sound ones and broken ones, unless the settings offer too little.

    What is made is picked first, so that where choices take turns each maker has one. Where the
    settings offer nothing at all, what no rule speaks of.
    """

    name: str
    right: Sequence[Maker]
    wrong: Sequence[Broken]

    @property
    def defects(self) -> tuple[Defect, ...]:
        """Everything that may be wrong with an input."""
        return tuple(dict.fromkeys(map(self._defect, self.wrong)))

    def _defect(self, one: Broken) -> Defect:
        return Defect(one.name, self.name, one.what)

    @cached_property
    def _sound(self) -> list[_Option]:
        return [(None, make) for make in self.right]

    @cached_property
    def _broken(self) -> Sequence[_Option]:
        return [(self._defect(one), one.make) for one in self.wrong]

    @cached_property
    def _options(self) -> Sequence[_Option]:
        """Each of them, the sound ones as often as it takes to be a third or so."""
        times = max(1, len(self.wrong) // (2 * len(self.right)))
        return [*self._sound, *self._broken, *self._sound * (times - 1)]

    def __call__(self, choices: Choices, settings: Settings) -> Sample:
        """See `policylib.generate.sample.Generator`."""
        for defect, make in self._attempts(choices):
            document = make(choices, settings)
            if document is not None:
                return Sample(document, defect)
        return Sample(SILENT)

    def _attempts(self, choices: Choices) -> Iterator[_Option]:
        """What is picked; where the settings do not offer what it takes, others like it."""
        picked = choices.one_of(self._options)
        yield from [picked] * _TRIES
        for others in (self._sound if picked[0] is None else self._broken, self._sound):
            for _ in range(_TRIES):
                yield choices.one_of(others)


def writing(write: Writer, *, tenanted: bool = False) -> Maker:
    """Sound documents by a writer."""

    def make(choices: Choices, settings: Settings) -> Doc | None:
        said = sound.said(choices, settings, tenanted=tenanted)
        return None if said is None else write(choices, settings, said)

    return make


def flawed(flaw: Flaw, write: Writer, *, tenanted: bool = False) -> Broken:
    """Documents by a writer that say what is flawed."""

    def make(choices: Choices, settings: Settings) -> Doc | None:
        said = sound.said(choices, settings, tenanted=tenanted)
        spoilt = None if said is None else flaw.spoil(choices, settings, said)
        return None if spoilt is None else write(choices, settings, spoilt)

    return Broken(flaw.name, flaw.what, make)
