"""Inputs for the residency family: where data may be, and where it may be sent."""

from __future__ import annotations

from policylib.generate.family import Family
from policylib.generate.residency.anything import anything
from policylib.generate.residency.moves import EGRESS, PIPELINE
from policylib.generate.residency.previews import PREVIEW
from policylib.generate.residency.settings import settings
from policylib.generate.residency.stays import REGION, STORAGE, TENANT

FAMILY = Family(
    name="residency",
    settings=settings,
    rules={
        "residency.egress_allowed": EGRESS,
        "residency.pipeline_allowlisted": PIPELINE,
        "residency.preview_dataset": PREVIEW,
        "residency.region_allowed": REGION,
        "residency.storage_allowed": STORAGE,
        "residency.tenant_allowed": TENANT,
    },
    anything=anything,
)
"""The family's generators."""
