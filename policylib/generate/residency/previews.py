"""Inputs of `preview_dataset`: values that route a preview to datasets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from policylib.generate.choices import Choices, once_in
from policylib.generate.residency import names, permits
from policylib.generate.residency.making import Broken, Maker, Rule
from policylib.generate.residency.regions import MULTI
from policylib.generate.sample import Doc, Settings

KEYS = ("users", "docs", "orders")
UNMASKED = ("users", "production", "masked", "us-east-1", "masked-us-east-1-copy", "Masked-eu", "")


def masked(settings: Settings, region: str) -> list[str]:
    """The masked datasets of a region: those that are listed, or those that are called so."""
    listed = permits.section(settings, "preview_datasets")
    mine = [sets for name, sets in listed.items() if names.place(name) == region]
    if mine:
        return sorted({one for sets in mine for one in sets})
    full = f"masked-{region}"
    return [full, re.sub(r"-[0-9]+\Z", "", full)]


def region(choices: Choices, settings: Settings) -> str:
    """A region that has masked datasets; those that the settings list come up often."""
    listed = [names.place(name) for name in permits.section(settings, "preview_datasets")]
    regions = [name for name in (*listed, *listed, *names.REGIONS) if masked(settings, name)]
    return choices.one_of(regions)


def values(choices: Choices, written: str, datasets: Sequence[str]) -> Doc:
    """Values with a region and datasets, at their root or under `preview`."""
    named = dict(zip(KEYS, datasets, strict=False))
    preview: Doc = {"region": written, "datasets": named}
    if once_in(choices, 3):
        return wrap({"replicas": 1, "preview": preview})
    more = {"image": {"tag": "1.2"}} if once_in(choices, 3) else {}
    return wrap({**more, **preview})


def wrap(found: Mapping[str, object]) -> Doc:
    """Values as the reader wraps them."""
    return {
        "apiVersion": "policylib.dev/v1",
        "kind": "HelmValues",
        "metadata": {"name": "values.yaml"},
        "values": dict(found),
    }


def part(document: Doc) -> Doc:
    """The part of values that speaks of the preview, to change."""
    found: Doc = document["values"]
    inner: Doc = found.get("preview", found)
    return inner


def sound(choices: Choices, settings: Settings) -> Doc:
    """A preview in a region, with masked datasets of it."""
    place = region(choices, settings)
    known = masked(settings, place)
    chosen = [choices.one_of(known) for _ in range(choices.integer(1, 3))]
    return values(choices, choices.one_of(_names(place)), chosen)


def _names(place: str) -> list[str]:
    """How a region is written; a host is no region."""
    return [text for text in names.spellings(place) if "." not in text or " " in text]


def _spoiling(spoil: Callable[[Choices, Settings, Doc], None]) -> Maker:
    def make(choices: Choices, settings: Settings) -> Doc:
        document = sound(choices, settings)
        spoil(choices, settings, part(document))
        return document

    return make


def _no_region(choices: Choices, _: Settings, preview: Doc) -> None:
    odd = choices.one_of((None, *names.UNKNOWN, *MULTI, names.WORLD, 7, ["us-east-1"]))
    if odd is None:
        del preview["region"]
    else:
        preview["region"] = odd


def _unmasked(choices: Choices, settings: Settings, preview: Doc) -> None:
    known = masked(settings, names.place(preview["region"]))
    odd = [name for name in (*UNMASKED, 7, None) if name not in known]
    preview["datasets"][choices.one_of(list(preview["datasets"]))] = choices.one_of(odd)


def _of_another_region(choices: Choices, settings: Settings, preview: Doc) -> None:
    own = masked(settings, names.place(preview["region"]))
    others = [
        name for place in names.REGIONS for name in masked(settings, place) if name not in own
    ]
    preview["datasets"][choices.one_of(list(preview["datasets"]))] = choices.one_of(others)


def _none(choices: Choices, _: Settings, preview: Doc) -> None:
    preview["datasets"] = choices.one_of(({}, [], ["masked-us-east-1"], None, "masked-us-east-1"))


PREVIEW = Rule(
    "residency.preview_dataset",
    [sound],
    [
        Broken("no-region", "a preview without one known region", _spoiling(_no_region)),
        Broken("unmasked", "a dataset that is not masked", _spoiling(_unmasked)),
        Broken("of-another-region", "a masked dataset elsewhere", _spoiling(_of_another_region)),
        Broken("no-datasets", "datasets that name none", _spoiling(_none)),
    ],
)
