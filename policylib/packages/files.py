"""The files of packages: Rego and data, read as conftest reads a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from policylib import reading
from policylib._native import read
from policylib.errors import RuleError
from policylib.inputs.interface import shown

Files = Mapping[str, bytes]
"""Posix path below the folder → content."""

REGO = ".rego"
_DATA = (".json", ".yaml", ".yml")
# YAML 1.1 takes these for booleans, and so do Kubernetes and we; OPA reads text.
_DUBIOUS = re.compile(
    r"(?:^|[\s\[{,:-])(y|yes|n|no|on|off)[ \t\r]*(?:$|[,\]}:]|[ \t]#)", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(r"'(?:[^'\n]|'')*'|\"(?:\\.|[^\"\\\n])*\"|(?:^|\s)#[^\n]*")


def from_folder(path: Path) -> dict[str, bytes]:
    """Every Rego and data file below a folder, or the one file that `path` is.

    Raises `RuleError` for what cannot be read: what is left out in silence denies nothing.
    """
    try:
        if path.is_file():
            return {path.name: reading.read(path)}
        if not path.is_dir():
            raise RuleError(
                "there is no such folder",
                where=shown(path),
                remedy="name a folder of conftest packages, or oci://REGISTRY/REPOSITORY:TAG",
            )
        return {
            shown(file.relative_to(path).as_posix()): reading.read(file)
            for file in sorted(_below(path))
            if file.suffix in {REGO, *_DATA}
        }
    except OSError as error:
        where = shown(error.filename or path)
        raise RuleError(f"cannot be read: {error.strerror}", where=where) from error


def _below(path: Path) -> Iterator[Path]:
    for name, folders, files in reading.walk(path):
        for inner in folders:
            if Path(name, inner).is_symlink():
                raise RuleError(
                    "links to folders are not followed",
                    where=shown(Path(name, inner)),
                    remedy="name the folder itself, or copy what it holds",
                )
        yield from (Path(name, file) for file in files)


def modules(files: Files, where: str) -> dict[str, str]:
    """The Rego among the files; raises `RuleError` where there is none, or where it is no text."""
    found = {
        name: _text(content, within(where, name))
        for name, content in files.items()
        if _is_rego(name)
    }
    if not found:
        raise RuleError("there is no Rego here", where=where, remedy="packages are *.rego files")
    return found


def within(where: str, name: str) -> str:
    """What a file is called for people: its path from where they stand, or in an artifact."""
    if PurePosixPath(where).name == name:
        return where
    return f"{where}/{name}"


def _is_rego(name: str) -> bool:
    return PurePosixPath(name).suffix == REGO


def data_names(files: Files) -> list[str]:
    """The files that conftest would take for data."""
    return sorted(name for name in files if PurePosixPath(name).suffix in _DATA)


def data(files: Files, where: str) -> dict[str, Any]:
    """What `conftest --data FOLDER` makes of the files: each object stands below its folders.

    Raises `RuleError` for what is no object, for two files that say different things of one key,
    and for a YAML word that OPA and Kubernetes read differently.
    """
    merged: dict[str, Any] = {}
    for name in data_names(files):
        value: Any = _object(within(where, name), files[name])
        for folder in reversed(PurePosixPath(name).parts[:-1]):
            value = {folder: value}
        merge(merged, value, within(where, name))
    return merged


def _object(name: str, content: bytes) -> dict[str, Any]:
    if not name.endswith(".json"):
        _refuse_dubious(name, _text(content, name))
    documents, problems = read(name, content)
    if problems:
        line, column, message = problems[0]
        raise RuleError(message, where=f"{name}:{line}:{column}")
    if len(documents) != 1:
        raise RuleError(f"a data file holds one document, not {len(documents)}", where=name)
    value = json.loads(documents[0])
    if not isinstance(value, dict):
        raise RuleError("the data is not an object", where=name)
    return value


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RuleError("the file is not UTF-8", where=name) from error


def _refuse_dubious(name: str, text: str) -> None:
    bare = _QUOTED.sub(lambda found: re.sub(r"[^\s#]", "_", found[0]), text)
    if found := _DUBIOUS.search(bare):
        line = bare.count("\n", 0, found.start(1)) + 1
        raise RuleError(
            f"OPA reads {found[1]} as text, and Kubernetes as a boolean",
            where=f"{name}:{line}",
            remedy="put it in quotes, or write true or false",
        )


def merge(
    into: dict[str, Any], value: Mapping[str, Any], name: str, at: Sequence[str] = ()
) -> None:
    """Add data to other data; raises `RuleError` where they say different things of one key."""
    for key, item in value.items():
        if key not in into:
            into[key] = item
        elif isinstance(into[key], dict) and isinstance(item, dict):
            merge(into[key], item, name, (*at, key))
        else:
            path = ".".join((*at, key))
            raise RuleError(f"another file says something else of data.{path}", where=name)
