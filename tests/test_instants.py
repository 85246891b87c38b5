"""Instants and durations mean in Python what they mean in Rego."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import durations, instants, rules
from policylib.engine.interface import Value
from policylib.engine.regorus import RegorusEngine

ASK = """\
package policylib.asked

import rego.v1

import data.policylib.lib.clock
import data.policylib.lib.durations

ns := clock.ns(input.text)

ms := durations.ms(input.text)
"""


@pytest.fixture(scope="module")
def engine() -> RegorusEngine:
    modules = {path: text for path, text in rules.load().modules.items() if "/lib/" in path}
    return RegorusEngine({**modules, "policylib/asked/asked.rego": ASK}, {})


def asked(engine: RegorusEngine, what: str, text: str) -> object:
    [answer] = engine.evaluate(f"data.policylib.asked.{what}", [{"text": text}])
    return answer.value if isinstance(answer, Value) else None


DIGITS = st.text("0123456789", min_size=1, max_size=4)
PARTS = st.sampled_from(["2026", "1969", "2199", "2200", "02", "29", "31", "04", "00", "13", "24"])
INSTANTS = st.lists(PARTS | DIGITS | st.sampled_from(list("-T:Z+. zt")), max_size=15).map("".join)
DATES = st.dates(datetime(1960, 1, 1, tzinfo=UTC).date(), datetime(2210, 1, 1, tzinfo=UTC).date())
TIMES = st.times().map(lambda one: one.isoformat())
ZONES = st.sampled_from(["Z", "+00:00", "-23:59", "+24:00", "+05:99", "z", "", "+0100"])
STAMPS = st.builds(lambda day, one, zone: f"{day.isoformat()}T{one}{zone}", DATES, TIMES, ZONES)


@given(DATES.map(str) | STAMPS | INSTANTS)
def test_an_instant_is_one_for_both_and_the_same(engine: RegorusEngine, text: str) -> None:
    try:
        moment = instants.parse(text)
    except ValueError:
        assert asked(engine, "ns", text) is None
    else:
        micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        ns = asked(engine, "ns", text)
        assert isinstance(ns, int)
        assert ns // 1000 == micros


@pytest.mark.parametrize(
    "text", ["", "today", "2026-03-02T24:00:00Z", "2026-03-02\n", "\uff12026-03-02"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a date"):
        instants.parse(text)


SPANS = st.lists(
    st.builds(
        lambda n, unit: f"{n}{unit}", DIGITS, st.sampled_from(["d", "h", "m", "s", "ms", ""])
    ),
    max_size=4,
).map("".join)


@given(SPANS)
def test_a_duration_is_one_for_both_and_as_long(engine: RegorusEngine, text: str) -> None:
    try:
        length = durations.seconds(text)
    except ValueError:
        assert asked(engine, "ms", text) == -1
    else:
        assert asked(engine, "ms", text) == round(length * 1000)
