"""The version of policylib, which pyproject.toml reads from here."""

VERSION = "0.1.0"
