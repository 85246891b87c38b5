"""What holds of every format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.models import Report
from policylib.report import FORMATS, reporter
from tests.report.samples import REPORTS, RULES


@given(st.sampled_from(FORMATS), REPORTS)
def test_the_same_report_gives_the_same_text_that_utf8_can_hold(name: str, found: Report) -> None:
    text = reporter(name)(found, RULES)
    assert text == reporter(name)(found, RULES)
    assert text.encode("utf-8").endswith(b"\n")


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        reporter("schema")
