"""What the settings of the digest family ask for, as far as a generator has to know."""

from __future__ import annotations

from dataclasses import dataclass

from policylib.errors import SettingsError
from policylib.generate import images
from policylib.generate.choices import Choices, once_in
from policylib.generate.digest import registries
from policylib.generate.pods import Image
from policylib.generate.sample import Settings


@dataclass(frozen=True)
class Terms:
    """The algorithms that are accepted, the registries (None: any), and what is switched on."""

    algorithms: tuple[str, ...]
    registries: tuple[str, ...] | None
    env_images: bool
    trust_values_from: bool


def terms(settings: Settings) -> Terms:
    """Read `data.settings`; raises `SettingsError` where no image could be sound."""
    section = settings.get("digest", {})
    listed = section.get("algorithms", ("sha256",))
    algorithms = tuple(name for name in listed if name in images.LENGTHS)
    entries = tuple(section["registries"]) if "registries" in section else None
    if not algorithms or entries == ():
        raise SettingsError("the settings accept no image at all", where="digest")
    return Terms(
        algorithms,
        entries,
        section.get("env_images", False) is not False,
        section.get("trust_values_from", False) is True,
    )


def name(choices: Choices, accepted: Terms) -> str:
    """A repository that the settings allow."""
    return images.repository(choices, accepted.registries or ())


def reference(choices: Choices, repository: str, algorithm: str) -> str:
    """A repository with a digest, and now and then a tag."""
    tag = f":{choices.one_of(images.TAGS)}" if once_in(choices, 3) else ""
    return f"{repository}{tag}@{images.digest(choices, algorithm)}"


def sound(accepted: Terms) -> Image:
    """Make references that no rule denies, now and then in another spelling."""

    def image(choices: Choices) -> str:
        found = name(choices, accepted)
        if once_in(choices, 5):
            found = registries.respelled(choices, found)
        return reference(choices, found, choices.one_of(accepted.algorithms))

    return image
