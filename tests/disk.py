"""What a program has told the system to store."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest


def held(path: Path) -> bytes | list[str]:
    """What there is to store: the content of a file, the names in a folder."""
    return sorted(one.name for one in path.iterdir()) if path.is_dir() else path.read_bytes()


@dataclass
class Disk:
    """Stands for `os.fsync`: what was stored, by inode and in this order, and with which mode.

    With `fails_with` (an errno) nothing is stored.
    """

    stored: list[tuple[int, bytes | list[str]]] = field(default_factory=list)
    modes: dict[int, int] = field(default_factory=dict)
    fails_with: int = 0

    @classmethod
    def watched(cls, monkeypatch: pytest.MonkeyPatch) -> Disk:
        """The disk that everything in this process is stored on."""
        disk = cls()
        monkeypatch.setattr(os, "fsync", disk.fsync)
        return disk

    def fsync(self, handle: int) -> None:
        if self.fails_with:
            raise OSError(self.fails_with, os.strerror(self.fails_with))
        state = os.fstat(handle)
        self.stored.append((state.st_ino, held(Path(f"/proc/self/fd/{handle}"))))
        self.modes[state.st_ino] = state.st_mode & 0o777
