"""The mask says the same in every engine that loads it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policylib import rules
from policylib.engine.opa import OpaEngine
from policylib.engine.regorus import RegorusEngine
from tests import tools
from tests.consumers.sidecar.test_logs import PATHS, questions

RULES = rules.load()
MODULES = {
    path: RULES.modules[path]
    for path in RULES.modules
    if path.endswith(("/log.rego", "/read.rego"))
}

leaves = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.just("hunter2" * 40)
)
keys = st.sampled_from(
    [
        "apiVersion", "data_class", "from", "items", "kind", "metadata", "name", "object",
        "oldObject", "region", "request", "resource", "review", "to", "uid", "userInfo",
        "username", "x",
    ]
)  # fmt: skip
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4)
)
results = st.none() | st.dictionaries(
    st.sampled_from(["allow", "deny", "main", "request", "violations"]), leaves, max_size=3
)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    path = draw(st.sampled_from(PATHS)).removeprefix("/v1/data/").removeprefix("/v0/data/")
    given = draw(documents | questions().map(lambda asked: asked[2]))
    whole = {"path": path, "input": given, "result": draw(results), "decision_id": "d"}
    gone = draw(st.sets(st.sampled_from(sorted(whole)), max_size=2))
    return {key: value for key, value in whole.items() if key not in gone}


@given(st.lists(entries(), min_size=40, max_size=40))
@settings(max_examples=5)
def test_regorus_and_opa_mask_alike(asked: list[dict[str, Any]]) -> None:
    opa = OpaEngine(MODULES, {}, tools.path("opa"))
    assert RegorusEngine(MODULES, {}).evaluate("data.system.log.mask", asked) == opa.evaluate(
        "data.system.log.mask", asked
    )
