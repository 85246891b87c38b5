"""The configuration of an OPA that pulls a bundle: where from, whose signature, what it logs.

places    addresses, files and names, each checked before it is written
config    OPA's configuration, as YAML with the command that starts it
"""

from policylib.bundle.sidecar.config import Logs, Sidecar, command, configuration, dump
from policylib.bundle.sidecar.places import Credentials, Place, bundle_place, logs_place

__all__ = [
    "Credentials",
    "Logs",
    "Place",
    "Sidecar",
    "bundle_place",
    "command",
    "configuration",
    "dump",
    "logs_place",
]
