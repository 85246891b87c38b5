"""The compiled half of policylib (native/): reader, discovery, engine."""

from collections.abc import Callable, Sequence
from os import PathLike

REGORUS_VERSION: str

class Engine:
    def __init__(
        self, policies: Sequence[tuple[str, str]], data: str, time_limit: float
    ) -> None: ...
    def evaluate(self, rule: str, inputs: Sequence[bytes]) -> list[tuple[str | None, str]]: ...
    def check(
        self,
        rule: str,
        sources: Sequence[tuple[str, bytes | None]],
        progress: Callable[[int, int], None] | None = None,
    ) -> str: ...

def read(name: str, content: bytes) -> tuple[list[str], list[tuple[int, int, str]]]: ...
def normalise(name: str, content: bytes) -> tuple[list[str], list[tuple[int, int, str]]]: ...
def place(name: str, content: bytes, document: int, pointer: str) -> tuple[int, int]: ...
def discover(
    paths: Sequence[str | PathLike[str]], exclude: Sequence[str]
) -> tuple[list[PathLike[str]], list[PathLike[str]], list[tuple[PathLike[str], str]]]: ...
