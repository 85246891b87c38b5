"""`policylib.yaml`: one typed model, and what Rego reads of it as `data.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policylib.errors import SettingsError
from policylib.models import PolicyException, Target
from policylib.settings import files, tighter
from policylib.settings.files import exceptions
from policylib.settings.model import Known, Settings

__all__ = [
    "FILE_NAME",
    "Known",
    "Loaded",
    "PolicyException",
    "Settings",
    "Target",
    "exceptions",
    "load",
]

FILE_NAME = "policylib.yaml"


@dataclass(frozen=True)
class Loaded:
    """Settings in force, and notes on what was tried and does not count.

    `vouched` is what the caller vouches for, `found` what a file beside it tightens.
    """

    settings: Settings
    vouched: Settings
    found: Settings | None = None
    notes: tuple[str, ...] = ()


def load(path: Path | None, known: Known) -> Loaded:
    """The settings in `path`, which the caller vouches for; without one, the strict defaults.

    A `policylib.yaml` in the current folder may come with what it should judge, so it may only
    tighten. Where it would weaken what the caller vouches for, it does not count and a note says
    so; where it would weaken the defaults, it is refused.

    Raises `SettingsError` with the place of the mistake.
    """
    base = Settings() if path is None else files.parse(path, known, pipes=True)
    found = Path(FILE_NAME)
    if not _exists(found) or (path is not None and _same(path, found)):
        return Loaded(base, base)
    over = files.parse(found, known, found=True)
    weak = tighter.weakenings(base, over, known)
    if not weak:
        return Loaded(tighter.merged(base, over, known), base, over)
    what = f"it weakens the policy ({', '.join(weak)}), which a file that is merely found may not"
    if path is None:
        remedy = f"if you vouch for this file, pass --settings {found}"
        raise SettingsError(what, where=str(found), remedy=remedy)
    return Loaded(base, base, notes=(f"{found} does not count: {what}",))


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise SettingsError(
            f"the settings cannot be read: {error.strerror}", where=str(path)
        ) from error
    return True


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
