"""What holds of every format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib.models import Report
from policylib.report import FORMATS, reporter
from tests.report.samples import REPORTS, RULES, report, violation


@given(st.sampled_from(FORMATS), REPORTS)
def test_the_same_report_gives_the_same_text_that_utf8_can_hold(name: str, found: Report) -> None:
    text = reporter(name)(found, RULES)
    assert text == reporter(name)(found, RULES)
    assert text.encode("utf-8").endswith(b"\n")


@given(st.sampled_from(FORMATS), REPORTS)
def test_what_others_wrote_never_reaches_a_terminal_raw(name: str, found: Report) -> None:
    assert reporter(name)(found, RULES).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("char", ["\x07", "\x7f", "\x85", "\x9b", "\u202e", "\U000e0041"])
def test_control_characters_are_written_out(name: str, char: str) -> None:
    found = report(violation(file=f"a{char}b.yaml", message=f"a{char}b"), documents=1)
    assert char not in reporter(name)(found, RULES)


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        reporter("schema")
