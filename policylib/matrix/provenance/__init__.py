"""What has to be verified of images, and by whom: what is promised, by fact and defect."""

from __future__ import annotations

from policylib.matrix.provenance.kind import KIND as KIND
