"""What another policy would deny of what runs today."""

from __future__ import annotations

from policylib.simulation.model import Change, Group, Groups, Simulation
from policylib.simulation.policies import Named, load
from policylib.simulation.run import simulate

__all__ = ["Change", "Group", "Groups", "Named", "Simulation", "load", "simulate"]
