"""Files, folders, globs and Helm charts, as the native discovery finds them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from policylib import _native
from policylib.inputs import helm
from policylib.inputs.interface import Collection, Source
from policylib.models import Problem

PathLike = str | os.PathLike[str]


def collect(paths: Iterable[PathLike], *, exclude: Sequence[str] = ()) -> Collection:
    """Find what `paths` name: files as they are, folders searched, charts rendered by Helm.

    Whatever cannot be found, read or rendered becomes a problem of the collection.
    """
    asked = tuple(os.fspath(path) for path in paths)
    files, charts, unreadable = _native.discover(asked, list(exclude))
    rendered, failed = helm.render_all([Path(chart) for chart in charts])
    problems = [Problem(file=str(path), line=1, column=1, message=text) for path, text in unreadable]
    return Collection(
        asked=asked,
        sources=(*(Source(os.fspath(file)) for file in files), *rendered),
        problems=(*problems, *failed),
    )
