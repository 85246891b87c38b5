"""What differs from one bundle to another: its contents, and what it says of documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from policylib import examples, reading
from policylib._native import normalise
from policylib.bundle.diff import contents, verdicts
from policylib.bundle.diff.model import Difference, Side, Unjudged
from policylib.bundle.diff.verdicts import Document, Progress
from policylib.bundle.loaded import Loaded
from policylib.errors import InputError
from policylib.inputs.interface import Collection, Source

__all__ = ["Difference", "Document", "collected", "diff", "fixtures"]


def diff(
    before: Loaded,
    after: Loaded,
    documents: Sequence[Document],
    errors: Sequence[Unjudged] = (),
    *,
    progress: Progress | None = None,
) -> Difference:
    """Compare two bundles, each under the settings and facts that it carries.

    Parameters
    ----------
    documents
        What both are asked about.
    errors
        What could not be read of that.
    progress
        Called now and then with the number of verdicts and their total.

    Raises
    ------
    BundleError
        One of them cannot be read or asked.
    """
    compared = verdicts.compare(before, after, documents, progress)
    return Difference(
        before=_side(before),
        after=_side(after),
        rules=tuple(contents.rules(before, after)),
        modules=tuple(contents.modules(before, after)),
        resources=tuple(contents.resources(before, after)),
        settings=tuple(contents.settings(before, after)),
        exceptions=tuple(contents.exceptions(before, after)),
        facts=tuple(contents.facts(before, after)),
        data=tuple(contents.data(before, after)),
        verdicts=compared.changes,
        documents=len(documents),
        errors=(*errors, *compared.errors),
    )


def fixtures(folder: Path) -> list[Document]:
    """Every document in a folder of examples.

    Raises `InputError` where one cannot be read, or there is none.
    """
    found = [
        Document(case.name, index, content)
        for case in examples.cases(folder)
        for index, content in enumerate(case.documents)
    ]
    if not found:
        raise InputError("there are no examples here", where=str(folder), remedy=examples.LAYOUT)
    return found


def collected(collection: Collection) -> tuple[list[Document], list[Unjudged]]:
    """Every document that was found, and what could not be read."""
    documents: list[Document] = []
    errors = [_unread(one.file, one.message) for one in collection.problems]
    for source in collection.sources:
        try:
            content = _content(source)
        except OSError as error:
            errors.append(_unread(source.name, f"cannot be read: {error.strerror}"))
            continue
        texts, problems = normalise(source.name, content)
        documents += (
            Document(source.name, at, one) for at, one in enumerate(map(json.loads, texts))
        )
        errors += (
            _unread(f"{source.name}:{line}:{column}", what) for line, column, what in problems
        )
    if collection.asked and not (documents or errors):
        errors.append(_unread(", ".join(collection.asked), "there is nothing here to judge"))
    return documents, errors


def _content(source: Source) -> bytes:
    if source.content is not None:
        return source.content
    return reading.read(Path(source.name), pipes=True)  # a pipe in a folder is no source


def _unread(file: str, message: str) -> Unjudged:
    return Unjudged(file=file, document=None, side="both", message=message)


def _side(one: Loaded) -> Side:
    return Side(
        name=one.name,
        revision=one.revision,
        rules=len(one.rules.rules),
        unconfigured=tuple(sorted(one.unconfigured)),
    )
