"""A kind of matrix that is small enough to see through: is an image pinned?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from policylib.generate.choices import Choices
from policylib.generate.sample import Defect, Sample, Settings
from policylib.matrix.interface import At, Word
from policylib.matrix.model import Dimension, Promise

TAGGED = Defect("tag", "digest.image_pinned", "the image has a tag and no digest")


@dataclass(frozen=True)
class Pinning:
    """Images by how they are named, in which kind of workload, and where in its pods.

    `promise` can lie, and `image` can make what a cell does not have.
    """

    name: str = "digest"
    title: str = "Which images are pinned"
    family: str = "digest"
    images: tuple[str, ...] = ("digest", "tag", "nothing")
    places: tuple[str, ...] = ("containers", "initContainers")
    promise: Callable[[At], Promise] = lambda at: "allow" if at["image"] == "digest" else "deny"
    image: Callable[[Choices, At], str] | None = None

    def dimensions(self, settings: Settings) -> Sequence[Dimension]:
        return (
            Dimension(name="image", title="Image named by", values=self.images),
            Dimension(name="kind", title="Workload", values=("Pod", "CronJob")),
            Dimension(name="place", title="Place", values=self.places),
        )

    def cells(self, settings: Settings) -> Sequence[At]:
        return [
            {"image": image, "kind": kind, "place": place}
            for place in self.places
            for image in self.images
            for kind in ("Pod", "CronJob")
        ]

    def promised(self, settings: Settings, at: At) -> Word:
        promise = self.promise(at)
        return Word(promise, f"an image named by {at['image']} is pinned: {promise == 'allow'}")

    def sample(self, choices: Choices, settings: Settings, at: At) -> Sample:
        image = (self.image or named)(choices, at)
        names = [choices.text("abcdef", 1, 6) for _ in range(choices.integer(1, 3))]
        spec: dict[str, Any] = {"containers": [_container(n, PINNED) for n in names]}
        spec[at["place"]] = [_container("x", image), *spec.get(at["place"], [])]
        document = _wrapped(at["kind"], spec, choices)
        return Sample(document, TAGGED if at["image"] != "digest" else None)


DIGEST = "sha256:" + "a" * 64
PINNED = f"registry.example/app:1@{DIGEST}"


def named(choices: Choices, at: At) -> str:
    name = "registry.example/" + choices.text("abcdef", 1, 12)
    return {"digest": f"{name}@{DIGEST}", "tag": f"{name}:1"}.get(at["image"], name)


def lying(about: At) -> Pinning:
    """A kind whose oracle promises the contrary of what holds in the cells that have this."""
    honest = Pinning().promise

    def promise(at: At) -> Promise:
        turned: dict[Promise, Promise] = {"allow": "deny", "deny": "allow"}
        lies = about.items() <= at.items()
        return turned[honest(at)] if lies else honest(at)

    return replace(Pinning(), promise=promise)


def _container(name: str, image: str) -> dict[str, Any]:
    return {"name": name, "image": image}


def _wrapped(kind: str, spec: dict[str, Any], choices: Choices) -> dict[str, Any]:
    named = {"name": choices.text("abcdef", 1, 8), "namespace": "shop"}
    if kind == "Pod":
        return {"apiVersion": "v1", "kind": "Pod", "metadata": named, "spec": spec}
    job = {"spec": {"template": {"spec": spec}}}
    outer = {"schedule": "0 3 * * *", "jobTemplate": job}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": named, "spec": outer}
