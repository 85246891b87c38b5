"""How a rule's inputs are made: sound ones, and ones with a defect that the rule denies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policylib.generate.choices import Choices
from policylib.generate.residency import sound
from policylib.generate.residency.flaws import Flaw
from policylib.generate.residency.said import Said
from policylib.generate.sample import Defect, Doc, Generator, Sample, Settings

Maker = Callable[[Choices, Settings], Doc | None]
"""Makes a document, or nothing where the settings do not offer what it takes."""

Writer = Callable[[Choices, Settings, Said], Doc]

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


def generator(rule: str, right: Sequence[Maker], wrong: Sequence[Broken]) -> Generator:
    """Inputs of a rule: as many sound ones as broken ones, unless the settings offer too little.

    Where the settings offer nothing at all, what no rule speaks of.
    """
    defects = [(Defect(one.name, rule, one.what), one.make) for one in wrong]

    def made(choices: Choices, settings: Settings) -> Sample:
        if choices.integer(0, 1):
            defect, make = choices.one_of(defects)
            broken = make(choices, settings)
            if broken is not None:
                return Sample(broken, defect)
        found = choices.one_of(right)(choices, settings)
        return Sample(SILENT if found is None else found)

    return made


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
