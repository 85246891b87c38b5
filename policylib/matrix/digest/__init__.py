"""Which images may run or be chosen, by where they stand and how they are named."""

from __future__ import annotations

from policylib.matrix.digest.kind import KIND as KIND
