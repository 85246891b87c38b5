"""Whether services keep what their tier demands: what is promised, by tier and requirement."""

from __future__ import annotations

from policylib.matrix.tier.kind import KIND as KIND
