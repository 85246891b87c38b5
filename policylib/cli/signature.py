"""What the commands that sign and verify share: the bundle and the key that arguments name."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policylib import reading
from policylib.errors import BundleError, SignatureError


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """Declare the bundle."""
    parser.add_argument(
        "bundle",
        metavar="BUNDLE",
        type=Path,
        help="a bundle.tar.gz, or the folder that `bundle build` wrote it to",
    )


def bundle_file(named: Path) -> Path:
    """The archive that an argument names."""
    from policylib.bundle.opa import ARCHIVE

    return named / ARCHIVE if named.is_dir() else named


def read(file: Path) -> bytes:
    """The content of a file; raises `BundleError` when it cannot be read."""
    try:
        return reading.read(file, pipes=True)
    except OSError as error:
        raise BundleError(f"cannot be read: {error.strerror}", where=str(file)) from error


@contextmanager
def placed(bundle: Path) -> Iterator[None]:
    """Say in a refusal which bundle it is about."""
    try:
        yield
    except SignatureError as error:
        where = f"{bundle}: {error.where}" if error.where else str(bundle)
        raise SignatureError(
            error.what, reason=error.reason, where=where, remedy=error.remedy
        ) from error


@contextmanager
def keyed(key: Path) -> Iterator[None]:
    """Say in an error of a key which file held it."""
    from policylib.bundle.signatures import keys

    try:
        yield
    except BundleError as error:
        if error.where != keys.WHERE:
            raise
        raise BundleError(error.what, where=str(key), remedy=error.remedy) from error
