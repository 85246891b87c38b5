"""What `--version` writes."""

from __future__ import annotations


def text() -> str:
    """Name the versions of policylib and its engine, and the revision of the rules."""
    from policylib import rules
    from policylib.engine.regorus import RegorusEngine
    from policylib.version import __version__

    return (
        f"policylib {__version__}\n"
        f"engine    {RegorusEngine.name} {RegorusEngine.version}\n"
        f"rules     sha256:{rules.load().revision}\n"
    )
