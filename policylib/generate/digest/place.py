"""Where images stand: in which kinds, in which place of them, and which rule demands a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from policylib.generate.choices import Choices, once_in
from policylib.generate.digest.terms import Terms
from policylib.generate.odd import Json
from policylib.generate.pods import Image
from policylib.generate.sample import Doc

RUNS, CARRIES, TOLD = "digest.image_pinned", "digest.values_pinned", "digest.env_image_pinned"

MISSING = "missing"
UNSEEN = "out of sight"
CLEARED = "digest taken away"
SPECIAL = (MISSING, UNSEEN, CLEARED)
"""States in which there is no reference to be flawed."""

Write = Callable[[Choices, str, str, Image], Doc]
"""A document of a kind with a reference in the place; whatever else it names is sound."""

Special = Callable[[Choices, str, Image], Doc]
"""A document of a kind with something else there than a reference."""

NOTHING: Mapping[str, Special] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Place:
    """A place where an image stands; `group` says which kinds have it, in a word for people.

    `harmless` are the flaws that are none here; `special` has the other states that are possible.
    Where an image is in parts, it may be `nameless`: its digest overrides that of a chart. Its
    registry may be `lone`: named without a repository, which the chart adds.
    """

    group: str
    name: str
    rule: str
    kinds: Sequence[str]
    write: Write
    harmless: frozenset[str] = frozenset()
    special: Mapping[str, Special] = field(default_factory=lambda: NOTHING)
    nameless: bool = False
    lone: bool = False

    def is_trusted(self, accepted: Terms) -> bool:
        """Whether the settings trust what is not seen here: values of a release from elsewhere."""
        return accepted.trust_values_from and (self.group, self.name) == ("Flux", "values")

    def is_judged(self, accepted: Terms) -> bool:
        """Whether the settings ask for a digest here."""
        return self.rule != TOLD or accepted.env_images


def listed(choices: Choices, document: Doc) -> Json:
    """A document, now and then as an item of a list, whose kind may say what it is a list of."""
    if not once_in(choices, 12):
        return document
    bystander = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}}
    envelope = {"apiVersion": "v1", "kind": "List", "metadata": {}}
    if once_in(choices, 2):
        return {**envelope, "items": [{**envelope, "items": [document]}]}
    if once_in(choices, 2) and {"apiVersion", "kind"} <= document.keys():
        said = {key: document[key] for key in ("apiVersion", "kind")}
        item = {key: value for key, value in document.items() if key not in said}
        return {**said, "kind": f"{said['kind']}List", "items": [item]}
    return {**envelope, "items": choices.one_of(([document], [bystander, document]))}


def recased(choices: Choices, document: Doc) -> Doc:
    """A document, now and then with its kind in another case, as nobody should write it."""
    if once_in(choices, 10):
        kind: str = document["kind"]
        document["kind"] = choices.one_of((kind.lower(), kind.upper()))
    return document
