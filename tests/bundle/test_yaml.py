"""The YAML writer, read back by an independent reader."""

from __future__ import annotations

from typing import Any

import pytest
import yaml as reader
from hypothesis import given
from hypothesis import strategies as st

from policylib.bundle import yaml

# Every character that YAML can carry; a lone surrogate is none.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.one_of(
    TEXT, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_what_was_meant(document: dict[str, Any]) -> None:
    assert reader.safe_load(yaml.dump(document)) == document


@pytest.mark.parametrize(
    "text", ["yes", "No", "null", "~", "1e3", "0o7", "12:30", "-", "- a", "a: b", "a #b", "", " a"]
)
def test_text_stays_text(text: str) -> None:
    assert reader.safe_load(yaml.dump({"key": text})) == {"key": text}


def test_source_stays_readable() -> None:
    written = yaml.dump({"rego": "package x\n\n\tallowed := 1\n", "libs": ["a\nb\n", "c"]})
    assert written == (
        "rego: |\n  package x\n\n  \tallowed := 1\nlibs:\n  - |\n    a\n    b\n  - c\n"
    )
