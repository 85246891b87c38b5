"""Facts, workloads and bystanders of which nobody knows what they deserve."""

from __future__ import annotations

from typing import Any

from policylib.generate import facts, label_keys, workloads
from policylib.generate.choices import Choices, once_in, some
from policylib.generate.images import digest
from policylib.generate.odd import odd
from policylib.generate.sample import Doc, Sample, Settings
from policylib.generate.trust import trust

_DATES = ("2098-12-31", "2020-01-01", "2098-12-31T00:00:00Z", "2020-01-01T00:00:00Z", "soon", "")
_SERVICES = ("gateway", "ingest", "reports", "odd", "nosuch", "")


def _maybe(choices: Choices, *options: Any) -> Any:  # noqa: ANN401
    return odd(choices) if once_in(choices, 12) else choices.one_of(options)


def _signer(choices: Choices, settings: Settings) -> Any:  # noqa: ANN401
    known = trust(settings)
    return _maybe(choices, facts.signer(choices, known), known.stranger, {"issuer": "x"})


def _attestation(choices: Choices, settings: Settings, subject: str) -> Doc:
    sound = facts.provenance(choices, trust(settings), subject, 1)
    keys = some(choices, tuple(sound), 4)
    found = {key: sound[key] for key in keys}
    if once_in(choices, 2):
        found["signer"] = _signer(choices, settings)
    if once_in(choices, 4):
        found[choices.one_of(tuple(sound))] = odd(choices)
    return found


def held(choices: Choices, settings: Settings, image: str) -> Doc:
    """Facts about an image, right or wrong in many ways at once."""
    subject = image.partition("@")[2]
    subject = choices.one_of((subject, subject, digest(choices)))
    numbers = (1, 0, 2)
    known = trust(settings)
    found: Doc = {
        "apiVersion": "policylib.dev/v1",
        "kind": "ImageFacts",
        "image": image,
        "verified_at": choices.one_of(("2020-01-01T00:00:00Z", *_DATES)),
        "expires_at": choices.one_of(("2098-12-31T00:00:00Z", *_DATES)),
        "signers": [_signer(choices, settings) for _ in range(choices.one_of(numbers))],
        "attestations": [
            _attestation(choices, settings, subject) for _ in range(choices.one_of(numbers))
        ],
        "sbom": [facts.sbom(choices, known, subject) for _ in range(choices.one_of(numbers))],
        "errors": _maybe(choices, [], [], [], ["no signature"]),
    }
    return found


def odd_facts(choices: Choices, settings: Settings) -> Sample:
    """Facts as a document of their own."""
    name = choices.one_of(("ghcr.io/org/app", "ghcr.io/org/app:1", "nginx", ""))
    image = f"{name}@{digest(choices)}" if not once_in(choices, 6) else name
    return Sample(held(choices, settings, image))


def odd_workload(choices: Choices, settings: Settings) -> Sample:
    """A workload that may have facts about its images, and says what it is part of anywhere."""
    held_facts: Doc = {}

    def image(choices: Choices) -> str:
        name = f"{choices.one_of(('ghcr.io/org/app', 'nginx'))}@{digest(choices)}"
        if not once_in(choices, 4):
            held_facts[name] = held(choices, settings, name)
        return name

    document = workloads.sound(choices, image=image)
    for kind in ("labels", "annotations"):
        if once_in(choices, 2):
            document["metadata"][kind] = {label_keys.service(settings): _maybe(choices, *_SERVICES)}
    return Sample(document, facts=held_facts)


def bystander(choices: Choices) -> Doc:
    """What runs nothing, and may look as if."""
    name = f"ghcr.io/org/app@{digest(choices)}"
    bodies: tuple[tuple[str, str, Doc], ...] = (
        ("ConfigMap", "v1", {"data": {"image": name}}),
        ("Service", "v1", {"spec": {"ports": [{"port": 80}]}}),
        ("HelmValues", "policylib.dev/v1", {"values": {"image": name}}),
        ("Gadget", "example.com/v1", {"spec": {"image": name, "images": [name]}}),
    )
    kind, version, body = choices.one_of(bodies)
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "b"}, **body}
