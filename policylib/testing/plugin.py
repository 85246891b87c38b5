"""The pytest plugin: tests of policies out of decorated functions and out of tables of cases.

It is loaded in every run of pytest where policylib is installed, so it imports what is heavy only
for those who use it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policylib.testing.body import HEADER, SAYS

if TYPE_CHECKING:
    from policylib.testing.cases import Table
    from policylib.testing.policies import Policies

_POLICIES = pytest.StashKey["Policies"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--policylib-seed`."""
    parser.getgroup("policylib").addoption(
        "--policylib-seed",
        type=int,
        metavar="N",
        help="draw the inputs of policy tests with this seed, as a failed test names it",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test a cell, or a case, of what a decorator says."""
    says = getattr(metafunc.function, SAYS, None)
    if says is not None:
        from policylib.testing import collect

        collect.parametrize(metafunc, says, _policies(metafunc.config))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Table | None:
    """Take a table of cases: by its name, or by the header where the name could be another's."""
    if file_path.suffix.lower() not in {".yaml", ".yml"}:
        return None
    stem = file_path.stem.lower()
    if not stem.startswith(HEADER):
        if not (stem.endswith("_cases") or parent.session.isinitpath(file_path)):
            return None
        if not _speaks_of_cases(file_path):
            return None
    from policylib.testing.cases import Table

    table: Table = Table.from_parent(parent, path=file_path)
    table.policies = _policies(parent.config)
    return table


def _speaks_of_cases(path: Path) -> bool:
    """Whether the header stands in it, even misspelt: then it is a table, if a malformed one."""
    import re

    from policylib import reading

    try:
        text = reading.read(path).replace(b"\0", b"")
    except OSError:
        return False  # whoever reads it says why it cannot be read
    return re.search(rb"\bpolicy[-_ ]?cases?\b", text, re.IGNORECASE) is not None


def _policies(config: pytest.Config) -> Policies:
    if _POLICIES not in config.stash:
        from policylib.testing.policies import Policies

        config.stash[_POLICIES] = Policies(config.rootpath)
    return config.stash[_POLICIES]
