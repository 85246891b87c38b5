"""Registries: policies out of them and into them.

Nothing of an artifact is written to disk here. Every byte is checked against the digest that the
manifest states, and the manifest against the digest of the reference where it has one.
"""

from policylib.oci.pulling import Pulled, pull
from policylib.oci.pushing import Artifact, Pushed, push
from policylib.oci.reference import SCHEME, Reference, parse

__all__ = ["SCHEME", "Artifact", "Pulled", "Pushed", "Reference", "parse", "pull", "push"]
