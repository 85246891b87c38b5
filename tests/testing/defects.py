"""The defects that strategies plant; run it to write them to docs/guide/testing.md."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policylib import rules
from policylib.generate import family as families
from policylib.generate.choices import Chance
from policylib.generate.sample import Generator
from policylib.testing import sources
from policylib.testing.sources import simplest
from tests import tools

GUIDE = tools.ROOT / "docs" / "guide" / "testing.md"
_SECTION = re.compile(r"(?<=<!-- defects: )(.*?-->\n).*?(?=<!-- end of defects -->)", re.DOTALL)

Source = tuple[str, Generator, Callable[[Any], bool]]

SOURCES: dict[str, Source] = {
    "workloads": ("digest", sources.workload, sources.WORKLOADS),
    "image_references": ("digest", sources.reference, lambda _: True),
    "helm_values": ("digest", sources.values, sources.HELM_VALUES),
    "transfer_requests": ("residency", sources.transfer, sources.TRANSFERS),
    "terraform_plans": ("residency", sources.plan, sources.PLANS),
    "catalogs": ("tier", sources.catalog, sources.CATALOGS),
    "image_facts": ("provenance", sources.facts, lambda _: True),
    "settings": ("digest", sources.setting(tuple(rules.load().rules)), lambda _: True),
    "exceptions": ("digest", sources.excepting(tuple(rules.load().rules)), lambda _: True),
}
DRAWN = 8000
"""Inputs of each strategy that are looked at: many times as many as it has defects."""


def planted(name: str) -> dict[str, list[str]]:
    """The names of the defects that a strategy plants, by the rule that denies them."""
    family, generator, fits = SOURCES[name]
    under = [simplest(family), *(families(family).settings(Chance(i)) for i in range(9))]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number in range(DRAWN):
        sample = generator(Chance(number), under[number % len(under)])
        if sample.defect is not None and fits(sample.document):
            found[sample.defect.rule].add(sample.defect.name)
    return {rule: sorted(names) for rule, names in sorted(found.items())}


def written(guide: str) -> str:
    """The guide with the list as it should be."""
    lines = ["| strategy | denied by | defects |", "|---|---|---|"]
    for name in SOURCES:
        for rule, names in planted(name).items():
            by = "reading them" if rule in {"exceptions", "settings"} else f"`{rule}`"
            lines.append(f"| `{name}` | {by} | {', '.join(names)} |")
    text = "\n".join(lines)
    return _SECTION.sub(lambda match: f"{match[1]}\n{text}\n\n", guide)


if __name__ == "__main__":
    Path(GUIDE).write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
