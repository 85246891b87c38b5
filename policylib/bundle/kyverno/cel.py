"""What several policies have to say in the Common Expression Language (CEL)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from policylib.bundle.kyverno.workloads import Workload

# Who is neither a list nor an object is an image that is missing: the empty text.
_IMAGES = """\
cel.bind(spec, {spec},
  type(spec) != map ? [""] :
  spec
    .filter(k, k.lowerAscii() in ["containers", "initcontainers", "ephemeralcontainers"])
    .filter(k, spec[k] != null)
    .map(k, type(spec[k]) != list ? [""] : spec[k].map(c,
      type(c) == map && type(c.?image.orValue(null)) == string ? string(c.image) : ""))
    .flatten()
  + spec
    .filter(k, k.lowerAscii() == "volumes" && spec[k] != null)
    .map(k, type(spec[k]) != list ? [""] : spec[k]
      .filter(v, type(v) != map || v.?image.orValue(null) != null)
      .map(v, type(v) == map && type(v.image) == map
        && type(v.image.?reference.orValue(null)) == string ? string(v.image.reference) : ""))
    .flatten()
  + spec
    .filter(k, k.lowerAscii() == "volumes" && type(spec[k]) == list)
    .map(k, spec[k]
      .filter(v, type(v) == map && type(v.?csi.orValue(null)) == map
        && type(v.csi.?volumeAttributes.orValue(null)) == map
        && v.csi.volumeAttributes.?image.orValue(null) != null)
      .map(v, type(v.csi.volumeAttributes.image) == string
        ? string(v.csi.volumeAttributes.image) : ""))
    .flatten()
  + (type(spec.?containers.orValue(null)) == list && size(spec.containers) > 0 ? [] : [""]))
"""


def literal(text: str) -> str:
    """A text, as CEL writes it."""
    return json.dumps(text, ensure_ascii=False)


def listed(texts: Iterable[str]) -> str:
    """A list of texts."""
    return f"[{', '.join(literal(text) for text in texts)}]"


def either(conditions: Iterable[str]) -> str:
    """Whether one of the conditions holds; none of none."""
    return "\n  || ".join(f"({one})" for one in conditions) or "false"


def images(workloads: Iterable[Workload]) -> str:
    """Every image of a workload: containers of all sorts, image volumes, and CSI images.

    The empty text stands for one that is missing or no text, and for a workload that has no
    containers. Keys count in any case, as they do for the rules.
    """
    return _IMAGES.format(spec=_spec(workloads))


def _spec(workloads: Iterable[Workload]) -> str:
    """Where a workload of one of these kinds keeps its pod spec; null where there is none."""
    kinds: dict[str, list[str]] = {}
    for workload in workloads:
        kinds.setdefault(workload.place, []).append(workload.kind)
    choices = [
        f"object.kind in {listed(of)} ? {_at(place)} : " for place, of in sorted(kinds.items())
    ]
    return "".join(choices) + "null"


def _at(place: str) -> str:
    keys = place.strip("/").split("/")
    return f"object{''.join(f'.?{key}' for key in keys)}.orValue(null)"


def pattern(wanted: str, text: str) -> str:
    """Whether `text`, an expression, is as a whole what a pattern of the settings means."""
    if "*" not in wanted:
        return f"{text} == {literal(wanted)}"
    return f"{text}.matches({literal(expression(wanted))})"


def expression(wanted: str) -> str:
    r"""The regular expression of a pattern: `*` is one or more characters other than / and @.

    >>> expression("*@example.com")
    '\\A[!-.0-?A-~]+@example\\.com\\z'
    """
    parts = (re.sub(r"[\\.+?()|\[\]{}^$]", r"\\\g<0>", part) for part in wanted.split("*"))
    return rf"\A{'[!-.0-?A-~]+'.join(parts)}\z"
