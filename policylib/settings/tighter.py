"""May one settings file stand over another? Only as far as it makes nothing weaker.

Each parameter's schema says with the keyword `tighter` which change of it only tightens: `fewer`
or `more` entries, a `lower` or `higher` number or duration, or the boolean `"true"` or `"false"`.
What says nothing may not be changed at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policylib import durations
from policylib.settings.checks import child
from policylib.settings.model import Known, Settings

_ABSENT: Final = object()
_ORDER = ("off", "log", "warn", "deny")
# The family that judges without a section of its own; the others begin with theirs.
_ALWAYS_ASKED = "digest"


def weakenings(base: Settings, over: Settings, known: Known) -> tuple[str, ...]:
    """The keys of `over` that let through what `base` denies."""
    return (
        *_frame(base, over),
        *_levels(base, over),
        *(
            key
            for family, section in over.families.items()
            for key in _section(base, family, section, known)
        ),
    )


def merged(base: Settings, over: Settings, known: Known) -> Settings:
    """`base` with what `over` tightens; it must weaken nothing."""
    families = dict(base.families)
    for family, section in over.families.items():
        families[family] = _over(families.get(family, {}), section, known.families[family])
    enforcement = {
        environment: {
            **base.enforcement.get(environment, {}),
            **over.enforcement.get(environment, {}),
        }
        for environment in base.enforcement.keys() | over.enforcement.keys()
    }
    return base.model_copy(update={"families": families, "enforcement": enforcement})


def _over(base: Any, over: Any, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """`over`, and of an object with declared keys what stands in `base` alone."""
    if not ("properties" in schema and isinstance(base, dict) and isinstance(over, dict)):
        return over
    inner = {key: _over(base.get(key), value, child(schema, key)) for key, value in over.items()}
    return {**base, **inner}


def _frame(base: Settings, over: Settings) -> Iterator[str]:
    if set(over.exclude) - set(base.exclude):
        yield "exclude"
    if over.labels.model_dump(exclude_unset=True).items() - base.labels.model_dump().items():
        yield "labels"
    if over.catalog is not None and over.catalog != base.catalog:
        yield "catalog"
    if any(one not in base.exceptions for one in over.exceptions):
        yield "exceptions"


def _levels(base: Settings, over: Settings) -> Iterator[str]:
    for environment, levels in over.enforcement.items():
        for name, level in levels.items():
            if _ORDER.index(level) < _ORDER.index(_level(base, environment, name)):
                yield f"enforcement.{environment}.{name}"


def _level(base: Settings, environment: str, name: str) -> str:
    levels = base.enforcement.get(environment, {})
    return levels.get(name, levels.get(name.partition(".")[0], "deny"))


def _section(
    base: Settings, family: str, section: Mapping[str, Any], known: Known
) -> Iterator[str]:
    if family not in base.families and family != _ALWAYS_ASKED:
        return  # the family is asked only because of this section
    given = base.families.get(family, {})
    for key, value in section.items():
        schema = known.families[family]["properties"][key]
        yield from _weaker(f"{family}.{key}", given.get(key, _ABSENT), value, schema)


def _weaker(name: str, base: Any, over: Any, schema: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401
    """The name of each value that is weaker in `over`."""
    if base is _ABSENT:
        base = schema.get("default", {} if "properties" in schema else _ABSENT)
    way = schema.get("tighter")
    if _same(base, over):
        return
    if base is _ABSENT:
        # Where absence means no restriction, any restriction is one more.
        if way not in {"fewer", "lower", "higher"}:
            yield name
    elif isinstance(base, dict) and isinstance(over, dict):
        yield from _weaker_mapping(name, base, over, schema)
    elif not _tightens(way, base, over):
        yield name


def _weaker_mapping(
    name: str, base: Mapping[str, Any], over: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[str]:
    # Of an object with declared keys, what is not said again stays as it is.
    if "properties" not in schema and schema.get("tighter") != "fewer":
        yield from (f"{name}.{key}" for key in base.keys() - over.keys())
    for key, value in over.items():
        if key in base or "properties" in schema:
            inner = child(schema, key)
            yield from _weaker(f"{name}.{key}", base.get(key, _ABSENT), value, inner)
        elif schema.get("tighter") != "more":
            yield f"{name}.{key}"


def _same(base: Any, over: Any) -> bool:  # noqa: ANN401
    """Equality as JSON has it: true is not 1."""
    return base is not _ABSENT and _text(base) == _text(over)


def _text(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value, sort_keys=True)


def _tightens(way: str | None, base: Any, over: Any) -> bool:  # noqa: ANN401
    match way:
        case "true" | "false":
            return _text(over) == way
        case "fewer" | "more" if isinstance(base, list) and isinstance(over, list):
            given, wanted = set(map(_text, base)), set(map(_text, over))
            return wanted <= given if way == "fewer" else wanted >= given
        case "lower" | "higher":
            given_size, wanted_size = _size(base), _size(over)
            if given_size is None or wanted_size is None:
                return False
            return wanted_size <= given_size if way == "lower" else wanted_size >= given_size
    return False


def _size(value: Any) -> float | None:  # noqa: ANN401
    if isinstance(value, str):
        try:
            return durations.seconds(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
