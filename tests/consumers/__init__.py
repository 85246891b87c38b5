"""Whoever takes a release, for real: all engines, registries, sidecars, Kyverno. It takes time."""
