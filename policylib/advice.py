"""What a careful reader would say of settings that are valid: it is warned of, never refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from policylib import exceptions, instants, reach
from policylib.engine.interface import Failure
from policylib.engine.regorus import RegorusEngine
from policylib.errors import EngineError
from policylib.rules import RuleSet
from policylib.settings import Known, Settings

Path = tuple[str | int, ...]
Advice = tuple[Path, str]

# Where settings name regions: `*` is any key or entry, and `?` the keys themselves.
_REGIONS: Final = (
    ("residency", "allowed_regions", "*", "*"),
    ("residency", "tenants", "*", "*"),
    ("residency", "pipelines", "*", "from"),
    ("residency", "pipelines", "*", "to"),
    ("residency", "preview_datasets", "?"),
)
_LIB: Final = "policylib/lib/regions/regions.rego"
_NAME: Final = "policylib/advice/advice.rego"
_ASK: Final = """\
package policylib.advice

import rego.v1

import data.policylib.lib.regions

known contains name if {
	some name in input.names
	regions.canonical(name)
}
"""


def on_settings(raw: Mapping[str, Any], rules: RuleSet) -> Iterator[Advice]:
    """What to say of what stands in a settings file."""
    yield from _expired(raw, ())
    yield from _regions(raw, rules)


def on_environment(settings: Settings, environment: str) -> Iterator[Advice]:
    """What to say of settings where they are to hold."""
    if environment not in settings.enforcement:
        yield ("enforcement",), f"the environment {environment} is not named: everything denies"


def on_exceptions(settings: Settings, known: Known) -> Iterator[Advice]:
    """What to say of a file of exceptions."""
    now = datetime.now(UTC)
    twice = Counter((one.rule, one.target) for one in settings.exceptions)
    asked = {*settings.families, *known.always}
    for index, one in enumerate(settings.exceptions):
        here = ("exceptions", index)
        family = one.rule.partition(".")[0]
        if exceptions.has_expired(one, now):
            yield (*here, "expires"), f"it expired on {one.expires} and lets nothing through"
        if family not in asked:
            yield (*here, "rule"), f"{family} is not configured, so there is nothing to except"
        if twice[one.rule, one.target] > 1:
            yield (*here, "target"), "another exception is for the same"


def _expired(value: object, path: Path) -> Iterator[Advice]:
    """Entries of the settings that ended."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "expires" and isinstance(item, str):
                yield from _ended(item, (*path, key))
            else:
                yield from _expired(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _expired(item, (*path, index))


def _ended(text: str, path: Path) -> Iterator[Advice]:
    try:
        if instants.parse(text) <= datetime.now(UTC):
            yield path, f"it expired on {text} and permits nothing"
    except ValueError as error:
        yield path, f"{error}: it permits nothing"


def _regions(raw: Mapping[str, Any], rules: RuleSet) -> Iterator[Advice]:
    """Names of regions that the rules do not know: nothing can be there."""
    named = [(path, name) for pattern in _REGIONS for path, name in _at(raw, pattern, ())]
    if not named or _LIB not in rules.modules:
        return
    modules = reach.Index({**rules.modules, _NAME: _ASK}).closure([_NAME])
    engine = RegorusEngine(modules, {})
    texts = sorted({name for _, name in named if isinstance(name, str)})
    [answer] = engine.evaluate("data.policylib.advice.known", [{"names": texts}])
    if isinstance(answer, Failure):
        raise EngineError(f"the regions give no answer: {answer.message}", where=_LIB)
    known = set(answer.value)
    for path, name in named:
        if isinstance(name, str) and name not in known:
            yield path, f"no region is known as {name}: it permits nothing"


def _at(value: object, pattern: Path, path: Path) -> Iterator[tuple[Path, object]]:
    """Every value that a pattern of keys leads to."""
    if not pattern:
        yield path, value
        return
    key, rest = pattern[0], pattern[1:]
    items: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for name, item in items:
        if key == "?":
            yield (*path, name), name
        elif key in {"*", name}:
            yield from _at(item, rest, (*path, name))
