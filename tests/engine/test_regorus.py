"""The native engine: its answers, and how it fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from policylib.engine.interface import Answer, Failure, Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError

MANY = "numbers.range(1, 100000)"
LOOP = "count([1 | some i in numbers.range(1, 9000); some j in numbers.range(1, 9000); i < j])"


def ask(source: str, rule: str = "data.x.p", *, limit: float = 5.0, **values: object) -> Answer:
    engine = RegorusEngine({"x.rego": source}, values, time_limit=limit)
    [answer] = engine.evaluate(rule, [{}])
    return answer


def failure(answer: Answer) -> str:
    assert isinstance(answer, Failure)
    return answer.message


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 1", 2),
        ('concat("/", ["a", "b"])', "a/b"),
        ('{"b", "a"}', ["a", "b"]),
        ("data.settings", {"a": [1, 2.5, None, True]}),
        ("18446744073709551615", 18446744073709551615),
    ],
)
def test_values_come_back_as_json(expression: str, value: object) -> None:
    settings = {"a": [1, 2.5, None, True]}
    assert ask(f"package x\np := {expression}", settings=settings) == Value(value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("package x\np if input.missing", "data.x.p is undefined"),
        ("package x\nq := 1", "not a valid rule path"),
        ('package x\np := to_number("x")', "could not parse string as number"),
        ('package x\np := strings.count("abc", "")', "panicked"),
        ("package x\np if q\nq if p", "cyclic"),
        ("package x\np := 1\np := 2", "rule conflicts"),
    ],
)
def test_no_value_is_a_failure_with_its_reason(source: str, message: str) -> None:
    assert message in failure(ask(source))


@pytest.mark.parametrize(
    "source",
    [
        "package x\np := ",
        "p := 1",
        "package x\nf(a) := f(a + 1)\np := f(1)",
        'package x\nf(a) := data["x"].f(a + 1)\np := f(1)',
        "package x\nf(a) := g(a)\ng(a) := [y | y := f(a)]\np := f(1)",
        "package x\nimport data.x as me\nf(a) := me.f(a + 1)\np := f(1)",
        "package x\nf(a) := g(a)\ng(a) := a\np := r if { r := f(1) with g as f }",
        "package x\nf(a) := b if { every c in [1] { b := f(c) } }\np := f(1)",
        "package x\np := " + "[" * 2000 + "]" * 2000,
        "package x\np := " + '{"a":' * 40 + "1" + "}" * 40,
    ],
)
def test_rules_that_cannot_be_survived_do_not_load(source: str) -> None:
    with pytest.raises(EngineError):
        ask(source)


def chain(link: str, length: int, last: str) -> str:
    links = "\n".join(link.format(i=i, next=i + 1) for i in range(length))
    return f"package x\n{links}\n{last}"


SURVIVED = """
import sys
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
try:
    engine = RegorusEngine({"x.rego": sys.stdin.read()}, {}, time_limit=20)
    print(type(engine.evaluate("data.x.p", [{}])[0]).__name__)
except EngineError as error:
    print(error)
"""


def outlived(source: str) -> str:
    """What a process of its own says of a policy: a crash must not end the tests."""
    command = [sys.executable, "-c", SURVIVED]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout.strip()


LONG = "an expression is too long"
FAR = "leads to too many other rules"


def nested(name: str) -> str:
    return f"package x\n{name}(a) := {name}(a)\np := {name}(1)"


POLICIES = {
    "sum": ("package x\np := 1" + " +\n1" * 100_000, LONG),
    "shorter sum": ("package x\np := 1" + " +\n1" * 900, "Value"),
    "union": ("package x\np := {1}" + " |\n{1}" * 100_000, LONG),
    "minus": ("package x\np := " + "-\n" * 20_000 + "1", LONG),
    "minus in one line": ("package x\np := " + "- " * 20_000 + "1", LONG),
    "in": ("package x\np if 1" + " in\n[1]" * 20_000, LONG),
    "dots": ("package x\np := input" + ".a" * 20_000, LONG),
    "sums in arrays": ("package x\np := " + ("[" + "1 + " * 600) * 2 + "1]]", LONG),
    "items": ("package x\np := [" + "[1, 2 + 3],\n" * 5000 + "1]", "Value"),
    "statements": ("package x\np if {\n" + "1 + 2 == 3\n" * 5000 + "}", "Value"),
    "rules": (chain("q{i} := q{next}", 15_000, "q15000 := 1\np := q0"), FAR),
    "full paths": (chain("q{i} := data.x.q{next}", 15_000, "q15000 := 1\np := q0"), FAR),
    "computed paths": (
        chain('q{i} := data[k].q{next} if k := "x"', 15_000, "q15000 := 1\np := q0"),
        FAR,
    ),
    "deep value": (chain("q{i} := [q{next}]", 1500, "q1500 := 1\np := q0"), "Failure"),
    "rules of sums": (chain("q{i} := q{next}" + " + 1" * 900, 100, "q100 := 1\np := q0"), FAR),
    "functions": (
        chain("f{i}(a) := [y | y := f{next}(a)]", 10_000, "f10000(a) := a\np := f0(1)"),
        FAR,
    ),
    "rules apart": (chain("q{i} := {i}", 15_000, "p := q7"), "Value"),
    "a long name that calls itself": (nested("f" + ".a" * 40), "calls itself"),
    "bytes": ("package x\np := 1\n# " + "x" * (1 << 20), "more than 1048576 bytes"),
}


@pytest.mark.parametrize("name", POLICIES)
def test_the_process_outlives_every_policy(name: str) -> None:
    source, message = POLICIES[name]
    assert message in outlived(source)


@pytest.mark.parametrize(
    "call", ["nosuch(1)", 'http.send({"method": "GET", "url": "http://127.0.0.1:1"})']
)
def test_a_function_that_is_not_there_is_a_failure(call: str) -> None:
    assert "could not find function" in failure(ask(f"package x\np := {call}"))


def test_calls_that_share_a_name_are_no_recursion() -> None:
    modules = {
        "a.rego": "package a\nimport data.b\nf(x) := b.f(x)\np := f(1)",
        "b.rego": "package b\nf(x) := x + 1",
    }
    assert RegorusEngine(modules, {}).evaluate("data.a.p", [{}]) == [Value(2)]


def test_brackets_in_text_and_comments_are_not_nesting() -> None:
    source = "package x\n# " + "[" * 50 + '\np := "' + "[" * 50 + '"\nq := `' + "{" * 50 + "`"
    assert ask(source) == Value("[" * 50)


def test_a_long_loop_ends_at_the_limit() -> None:
    assert "time limit" in failure(ask(f"package x\np := {LOOP}", limit=0.2))


def test_a_builtin_that_does_not_look_at_the_clock_is_given_up() -> None:
    answer = ask("package x\np := count(numbers.range(1, 20000000))", limit=0.1)
    assert "time limit" in failure(answer)


def test_one_failure_leaves_the_others_alone() -> None:
    engine = RegorusEngine({"x.rego": "package x\np := 10 / input.n"}, {})
    answers = engine.evaluate("data.x.p", [{"n": 1}, {"n": 0}, {"n": 2}])
    assert [isinstance(answer, Value) for answer in answers] == [True, False, True]


def test_input_that_is_too_deep_is_a_failure() -> None:
    deep: dict[str, object] = {}
    for _ in range(900):
        deep = {"a": deep}
    engine = RegorusEngine({"x.rego": "package x\np := 1"}, {})
    assert isinstance(engine.evaluate("data.x.p", [deep])[0], Failure)


def test_many_threads_share_one_engine() -> None:
    engine = RegorusEngine({"x.rego": "package x\np := input.n * 2"}, {})

    def double(n: int) -> bool:
        return engine.evaluate("data.x.p", [{"n": n}, {"n": n + 1}]) == [
            Value(n * 2),
            Value(n * 2 + 2),
        ]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(double, range(200)))


def test_python_goes_on_while_the_engine_works() -> None:
    engine = RegorusEngine({"x.rego": f"package x\np := {LOOP}"}, {}, time_limit=1.0)
    worker = threading.Thread(target=engine.evaluate, args=("data.x.p", [{}]))
    worker.start()
    steps = 0
    while worker.is_alive():
        time.sleep(0.01)
        steps += 1
    # With the GIL held, this thread would not have run until the other was done.
    assert steps > 3


class StopError(Exception):
    """What a signal raises."""


def test_a_signal_raises_what_its_handler_raises() -> None:
    def stop(*_: object) -> None:
        raise StopError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(StopError):
            ask(f"package x\np := {LOOP}", limit=2.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


DECIDE = """package policylib.decision
violations contains {"rule": "a.b", "msg": m, "path": p, "details": {}} if {
    some m in ["x", "y"]
    some p in ["/kind", "/apiVersion"]
}
"""


def test_violations_come_in_the_order_of_the_text() -> None:
    documents = ["apiVersion: v1\nkind: Pod\n"] * 200 + ["a: [\n", "b: 1\n"] * 50
    source = ("many.yaml", "---\n".join(documents).encode())
    outcome = RegorusEngine({"x.rego": DECIDE}, {}).check([source, source])
    assert len(outcome["violations"]) == 2 * 200 * 4
    for kind in ("violations", "errors", "skipped"):
        places = [
            [entry.get(part, 0) for part in ("source", "document", "line", "msg")]
            for entry in outcome[kind]
        ]
        assert places == sorted(places)
        assert len(places) >= 100


@pytest.mark.parametrize("value", [float("nan"), {1}, object(), "\ud800"])
def test_values_that_json_cannot_hold_are_refused(value: object) -> None:
    engine = RegorusEngine({"x.rego": "package x\np := 1"}, {})
    with pytest.raises(EngineError, match="JSON"):
        engine.evaluate("data.x.p", [{"a": value}])


@pytest.mark.parametrize(
    "expression",
    [
        f'yaml.unmarshal(concat("", [c | some _ in {MANY}; c := "["]))',
        f'json.unmarshal(concat("", [c | some _ in {MANY}; c := "["]))',
        'regex.match("(((((((((((a{100}){100}){100}){100}){100}){100})))))))", "a")',
        'glob.match("{{{{{{{{{{", [], "a")',
        'json.patch({"a": 1}, [{"op": "add", "path": "/a/b/c", "value": 1}])',
        'sprintf("%d %s %v %x", [1])',
        'time.parse_rfc3339_ns("9999-99-99T99:99:99Z")',
        'units.parse("1e999999999G")',
        "bits.lsh(1, 100000)",
        "1 / 0",
        'semver.compare("1", "x")',
        'substring("é", -5, 3)',
        'split("", "")',
        'graph.reachable({"a": 1}, 3)',
        "object.get({}, [[[]]], 1)",
        "format_int(1.5e300, 2)",
        'base64.decode("====")',
        "numbers.range(1, 1e308)",
    ],
)
def test_no_builtin_brings_the_process_down(expression: str) -> None:
    assert isinstance(ask(f"package x\np := {expression}", limit=0.5), Value | Failure)


@pytest.mark.parametrize("limit", [-1.0, float("nan"), float("inf"), 1e9])
def test_a_senseless_limit_is_refused(limit: float) -> None:
    with pytest.raises(EngineError, match="time limit"):
        RegorusEngine({"x.rego": "package x\np := 1"}, {}, time_limit=limit)
