"""A conversation with a registry, which ends: in time, and with an error that says what was."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from policylib import archive
from policylib.errors import BundleError
from policylib.oci.reference import Reference

if TYPE_CHECKING:
    from policylib.oci.client import Client

T = TypeVar("T")

LARGEST = archive.LARGEST
"""Bytes of an artifact, packed or unpacked."""
PATIENCE = 300.0
"""Seconds for all of it, however slowly the registry answers."""


class RefusalError(BundleError):
    """The registry has said no, and so it has done nothing."""


def talk(reference: Reference, what: Callable[[Client], T]) -> T:
    """Do something with a client of the repository.

    Raises `BundleError` for all that goes wrong.
    """
    where = str(reference)
    until = time.monotonic() + PATIENCE
    done: Future[T] = Future()

    def run() -> None:
        try:
            with _client(reference, until) as client:
                answer = what(client)
            done.set_result(answer)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            done.set_exception(error)

    # A name server or a header that trickles has no timeout of its own. The thread ends with the
    # program at the latest, and the client does nothing more when its time is over.
    Thread(target=run, name=where, daemon=True).start()
    try:
        return done.result(PATIENCE)
    except BundleError:
        raise
    except TimeoutError as error:
        raise BundleError("the registry takes too long", where=where) from error
    except OSError as error:  # requests' errors are among them
        raise _unreached(error, where) from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        # What oras makes of an answer that it does not expect.
        raise BundleError(f"the registry answers with nonsense: {error}", where=where) from error


def _unreached(error: OSError, where: str) -> BundleError:
    from policylib.oci.unreached import unreached

    return unreached(error, where)


def _client(reference: Reference, until: float) -> Client:
    try:
        from policylib.oci.client import Client
    except ModuleNotFoundError as error:
        raise BundleError(
            f"a client for registries is missing: {error.name}",
            where=str(reference),
            remedy="pip install 'policylib[oci]'",
        ) from error
    return Client(reference, until)
