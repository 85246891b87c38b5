"""A table of cases as a file that pytest collects."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from policylib.errors import PolicylibError
from policylib.testing import table
from policylib.testing.policies import Policies


class Table(pytest.File):
    """A file with a table of cases."""

    policies: Policies

    def collect(self) -> Iterator[Test]:
        """Make a test of each case; a table that is malformed is an error of the collection."""
        try:
            found = table.trials(self.path, self.policies)
        except PolicylibError as error:
            raise self.CollectError(str(error)) from error
        for trial in found:
            test: Test = Test.from_parent(self, name=trial.case.name)
            test.trial = trial
            yield test


class Test(pytest.Item):
    """A case as a test."""

    trial: table.CaseTrial

    def runtest(self) -> None:
        """Hold the policy to the case."""
        self.trial.judge()

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the case stands."""
        return self.path, self.trial.case.line - 1, self.name
