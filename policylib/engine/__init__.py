"""Engines: who answers a Rego query."""
