"""Inputs to draw from, as Hypothesis strategies: each comes with the defect planted in it."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from policylib.generate import workloads as sound_workloads
from policylib.generate.drawn import strategy
from policylib.generate.sample import Sample


def workloads() -> SearchStrategy[Sample]:
    """Workloads of every kind."""
    return strategy(lambda choices: Sample(sound_workloads.sound(choices)))
