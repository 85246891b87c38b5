"""conftest on the folder that is written for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policylib import bundle
from policylib.parity import running
from policylib.parity.outcomes import Breach, Outcome, Refusal, Verdict
from policylib.rules import RuleSet

_OPTIONS = ("--output=json", "--no-fail", "--show-builtin-errors")


class ConftestPeer:
    """`conftest test` on the conftest folder."""

    name = "conftest"

    def __init__(
        self,
        rules: RuleSet,
        settings: Mapping[str, Any],
        facts: Mapping[str, Any] | None,
        folder: Path,
        program: Path,
    ) -> None:
        bundle.write(bundle.Target.CONFTEST, folder, rules, settings, facts)
        self._folder = folder
        self._program = program

    def judge(self, documents: Sequence[Any]) -> list[Outcome]:
        """See `Peer.judge`."""
        return running.where_readable(documents, _unreadable, self._run)

    def hears(self, breach: Breach) -> bool:
        """See `Peer.hears`: conftest knows failures and warnings."""
        return breach.enforcement in {"deny", "warn"}

    def _run(self, documents: Sequence[Any]) -> list[Outcome] | Refusal:
        with running.files(documents) as names:
            done = running.call([self._program, "test", f"-p={self._folder}", *_OPTIONS, *names])
        if isinstance(done, Refusal):
            return done
        if done.returncode != 0:
            return running.refusal(done)
        by_file = {entry["filename"]: entry for entry in json.loads(done.stdout)}
        return [_outcome(by_file[name]) for name in names]


def _unreadable(document: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if isinstance(document, list):
        return "conftest takes a top-level array for several documents"
    return "the entrypoint gives a bare document its envelope first" if _is_bare(document) else ""


def _is_bare(document: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Whether policylib.lib.bare may give a document a kind; the other engines get it as it is."""
    if not isinstance(document, dict) or _says(document.get("kind")):
        return False
    version = document.get("apiVersion")
    return not _says(version) or str(version).startswith("policylib.dev/")


def _says(value: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    failures, warnings = entry.get("failures", []), entry.get("warnings", [])
    if entry["successes"] + len(failures) + len(warnings) == 0:
        return Refusal("conftest ran no test")
    levels = [(failure, "deny") for failure in failures] + [(w, "warn") for w in warnings]
    return Verdict(
        frozenset(
            Breach(v["metadata"]["rule"], v["metadata"]["path"], v["msg"], level)
            for v, level in levels
        )
    )
