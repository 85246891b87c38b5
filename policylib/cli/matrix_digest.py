"""Draw the digest matrix: which images are refused, as promised and as enforced.

The promise is read from the settings by an oracle that shares no code with the rules. Inputs are
generated for every cell, and the engines are asked about each of them.

Each rule of the family is given inputs of its own, too: it has to deny those with a defect itself,
and no rule may deny the sound ones.

For example:
  $ rc matrix digest
  $ rc matrix digest --format html --output matrix.html
  $ rc matrix digest --approved approved.csv
  $ rc matrix digest --engine regorus --engine opa
  $ rc matrix digest --rule digest.image_pinned

exit codes: 0 as promised and approved, 1 something differs, 2 an engine or an input failed
"""

from __future__ import annotations

import argparse

from policylib.cli import matrix_shared
from policylib.cli.output import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the settings, the inputs, the engines and the form of the answer."""
    matrix_shared.arguments(parser)


def run(names: argparse.Namespace) -> Outcome:
    """Draw the matrix; the exit code says whether it is as promised."""
    return matrix_shared.run("digest", names)
