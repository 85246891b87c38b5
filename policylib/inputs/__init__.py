"""Inputs: what can be checked, found and read into named sources."""
