"""Whoever consumes a release, for real: all engines, registries, sidecars, Kyverno. They take their time."""
