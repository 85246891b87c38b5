"""What a cluster holds most of: plain workloads, and kinds that run nothing.

Little is wrong with these and little has to be looked at, so that a great many can be judged.
"""

from __future__ import annotations

from policylib.generate import references, workloads
from policylib.generate.choices import Choices, once_in, weighted
from policylib.generate.digest import bystanders
from policylib.generate.images import pinned
from policylib.generate.odd import damaged
from policylib.generate.sample import Doc, Sample


def _image(choices: Choices) -> str:
    return weighted(choices, (6, pinned), (1, references.references))(choices)


def _workload(choices: Choices) -> Doc:
    return workloads.sound(choices, image=_image)


def ordinary(choices: Choices) -> Sample:
    """A plain resource, now and then with one value replaced or dropped."""
    found = weighted(choices, (3, _workload), (1, bystanders.stray))(choices)
    return Sample(damaged(choices, found) if once_in(choices, 8) else found, stray=True)
