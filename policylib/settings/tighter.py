"""May one settings file stand over another? Only as far as it makes nothing weaker.

Each parameter's schema says with the keyword `tighter` which change of it only tightens: `fewer`
or `more` entries, a `lower` or `higher` number or duration, or the boolean `"true"` or `"false"`.
What says nothing may not be changed at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policylib import durations
from policylib.settings.checks import canonical, child
from policylib.settings.levels import LEVELS, strictest
from policylib.settings.model import Known, Settings

_ABSENT: Final = object()
# The families that read neither the catalog nor the labels.
_BY_THEMSELVES: Final = frozenset({"digest"})


def weakenings(base: Settings, over: Settings, known: Known) -> tuple[str, ...]:
    """The keys of `over` that let through what `base` denies."""
    asked = base.families.keys() | set(known.always)
    return (
        *_frame(base, over, asked),
        *_levels(base, over, known.families.keys() - asked),
        *(
            key
            for family, section in over.families.items()
            # Another family is asked only because of this section.
            if family in asked
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
        for environment in base.enforcement | over.enforcement
    }
    labels = base.labels.model_copy(update=over.labels.model_dump(exclude_unset=True))
    catalog = over.catalog if base.catalog is None else base.catalog
    return base.model_copy(
        update={
            "families": families,
            "enforcement": enforcement,
            "labels": labels,
            "catalog": catalog,
        }
    )


def _over(base: Any, over: Any, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """`over`, and of an object with declared keys what stands in `base` alone."""
    if not ("properties" in schema and isinstance(base, dict) and isinstance(over, dict)):
        return over
    inner = {}
    for key, value in over.items():
        declared = child(schema, key)
        inner[key] = _over(base.get(key, declared.get("default")), value, declared)
    return {**base, **inner}


def _frame(base: Settings, over: Settings, asked: set[str]) -> Iterator[str]:
    if set(over.exclude) - set(base.exclude):
        yield "exclude"
    if any(one not in base.exceptions for one in over.exceptions):
        yield "exceptions"
    # Nothing that is asked so far reads these.
    if asked <= _BY_THEMSELVES and base.catalog is None and not base.labels.model_fields_set:
        return
    if over.labels.model_dump(exclude_unset=True).items() - base.labels.model_dump().items():
        yield "labels"
    if over.catalog is not None and canonical(over.catalog) != canonical(base.catalog):
        yield "catalog"


def _levels(base: Settings, over: Settings, unasked: set[str]) -> Iterator[str]:
    for environment, levels in over.enforcement.items():
        for name, level in levels.items():
            least = strictest(base.levels(environment), name)
            if name.partition(".")[0] not in unasked and LEVELS.index(level) < LEVELS.index(least):
                yield f"enforcement.{environment}.{name}"


def _section(
    base: Settings, family: str, section: Mapping[str, Any], known: Known
) -> Iterator[str]:
    given = base.families.get(family, {})
    for key, value in section.items():
        schema = known.families[family]["properties"][key]
        yield from _weaker(f"{family}.{key}", given.get(key, _ABSENT), value, schema)


def _weaker(name: str, base: Any, over: Any, schema: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401
    """The name of each value that is weaker in `over`."""
    if base is _ABSENT:
        base = schema.get("default", {} if "properties" in schema else _ABSENT)
    way = schema.get("tighter")
    if base is not _ABSENT and canonical(base) == canonical(over):
        return
    # Where absence means no restriction, any restriction is one more.
    if base is _ABSENT and way in {"fewer", "more", "lower", "higher"}:
        return
    if isinstance(base, dict) and isinstance(over, dict):
        yield from _weaker_mapping(name, base, over, schema)
    elif not _tightens(way, base, over):
        yield name


def _weaker_mapping(
    name: str, base: Mapping[str, Any], over: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[str]:
    declared = schema.get("properties")
    # Of an object with declared keys, what is not said again stays as it is.
    if declared is None and schema.get("tighter") != "fewer":
        yield from (f"{name}.{key}" for key in base.keys() - over.keys())
    for key, value in over.items():
        if key in base or (declared is not None and key in declared):
            inner = child(schema, key)
            yield from _weaker(f"{name}.{key}", base.get(key, _ABSENT), value, inner)
        elif schema.get("tighter") != "more":
            yield f"{name}.{key}"


def _tightens(way: str | None, base: Any, over: Any) -> bool:  # noqa: ANN401
    match way:
        case "true" | "false":
            return canonical(over) == way
        case "fewer" | "more" if isinstance(base, list) and isinstance(over, list):
            given, wanted = set(map(canonical, base)), set(map(canonical, over))
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
