"""Where data may be, and where it may be sent, by its class and whose it is."""

from __future__ import annotations

from policylib.matrix.residency.kind import KIND as KIND
