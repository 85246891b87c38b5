"""What the settings mean, asked of the rules: nothing is read twice, or in two ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policylib.engine.interface import Failure, Value
from policylib.engine.regorus import RegorusEngine
from policylib.errors import BundleError
from policylib.evaluate import Policy


class Meaning:
    """Asks the rules for what they read under a policy's settings."""

    def __init__(self, policy: Policy) -> None:
        data = {"settings": policy.data, "facts": policy.facts}
        self._engine = RegorusEngine(policy.rules.modules, data)

    def ask(self, name: str) -> Any:  # noqa: ANN401 - whatever Rego holds there
        """The value of `data.policylib.<name>`; raises `BundleError` where there is none."""
        [answer] = self._engine.evaluate(f"data.policylib.{name}", [{}])
        if isinstance(answer, Failure):
            raise BundleError(
                f"the rules do not say what the settings mean: {answer.message}",
                where=f"data.policylib.{name}",
                remedy="use the rules that travel with policylib, or a copy of them",
            )
        return answer.value

    def holds(self, name: str) -> bool:
        """Whether `data.policylib.<name>` is true; what is undefined is not."""
        [answer] = self._engine.evaluate(f"data.policylib.{name}", [{}])
        return isinstance(answer, Value) and answer.value is True

    def registries(self) -> list[str] | None:
        """The registries and repositories that are allowed, in one spelling; None for all."""
        if not self.ask("lib.registries.is_restricted"):
            return None
        if not self.holds("lib.registries.is_sound"):
            raise BundleError("digest.registries allows nothing, as it is malformed")
        return list(self.ask("lib.registries.entries"))

    def algorithms(self) -> Mapping[str, int]:
        """The digest algorithms that are accepted, and how many digits a digest of each has."""
        found: Mapping[str, int] = self.ask("lib.reference.algorithms")
        return found

    def hub(self) -> list[str]:
        """Docker Hub's names, the usual one first."""
        return [self.ask("lib.repository.hub"), *self.ask("lib.repository.aliases")]
