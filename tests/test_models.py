"""What all shapes share."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from policylib.models import Model


class Said(Model):
    text: str


ODD = ("a\x9b31mb", "\u202e", "\U000e0041")


@given(st.text(st.characters(codec="utf-8")) | st.sampled_from(ODD))
def test_json_holds_what_was_said_and_nothing_that_a_terminal_obeys(text: str) -> None:
    written = Said(text=text).as_json()
    assert json.loads(written) == {"text": text}
    assert written.replace("\n", "").isprintable()
