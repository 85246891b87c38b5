"""Signatures of bundles, as OPA writes and reads them, over archives that are read strictly."""
