"""The rows of the provenance matrix: what is right or wrong with facts, and how to make it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policylib.generate import facts
from policylib.generate.choices import Choices
from policylib.generate.facts import PREDICATES, SBOM_TYPES, STATEMENTS
from policylib.generate.provenance import WRONGS, carrying
from policylib.generate.provenance.holding import holding
from policylib.generate.provenance.wrong import Spoil, attested, nobody, subject
from policylib.generate.sample import Doc, Settings
from policylib.generate.trust import BUILD_TYPES, PARAMETERS, Bound, Trust, concrete, trust

SOUND = "as it should be"

_REFS = (
    *("refs/heads/main", "refs/heads/feature", "refs/tags/v1.2.3", "refs/tags/a/b"),
    *("refs/pull/1/merge", "main"),
)
_RULES = {
    "Signature": "signed",
    "Provenance": "attested",
    "Builder": "builder_trusted",
    "Source": "source_expected",
    "SBOM": "sbom_present",
}

Rows = Mapping[str, Spoil]


def panels(settings: Settings) -> Mapping[str, Rows]:
    """What is verified, and in each case what there may be. Whom the settings name has a row."""
    known = trust(settings)
    wrong = {
        panel: {SOUND: _nothing} | {one.name: one.spoil for one in WRONGS[f"provenance.{rule}"]}
        for panel, rule in _RULES.items()
    }
    return {
        "Facts": {SOUND: _nothing} | {one.name: one.spoil for one in holding("provenance.signed")},
        "Signature": wrong["Signature"],
        "Who signs": {f"{e['identity']} of {e['issuer']}": _signed(e) for e in known.signers},
        "Provenance": wrong["Provenance"],
        "Type of provenance": {
            **{kind: _attested({"predicate_type": kind}) for kind in PREDICATES},
            **{kind: _attested({"statement_type": kind}) for kind in STATEMENTS},
        },
        "Builder": wrong["Builder"],
        "Who builds": {_called(entry): _built(entry) for entry in known.builders},
        "Source": wrong["Source"],
        "Repository": {entry: _from(_below(entry)) for entry in known.sources},
        "Ref": {ref: _source("ref", ref) for ref in dict.fromkeys((*_REFS, *known.refs))},
        "Build type": {
            kind: _attested({"build_type": kind})
            for kind in dict.fromkeys((*BUILD_TYPES, *known.build_types))
        },
        "Parameter from outside": {
            name: _attested({"external_parameters": {name: "x"}})
            for name in dict.fromkeys((*PARAMETERS, *known.parameters))
        },
        "SBOM": wrong["SBOM"],
        "Format of SBOM": {form: _bom(form) for form in (*SBOM_TYPES, "syft")},
        "Type of SBOM": {
            f"{base}{tail}": _bom(form, tail)
            for form, base in SBOM_TYPES.items()
            for tail in ("", "/v1.6", "/1.6", "/v", "/v.", "/v1.", "/v1-evil", "x")
        },
    }


def _nothing(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """Leave sound facts as they are."""
    del choices, known, level, found


def _signed(entry: Mapping[str, str]) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del known, level
        identity = concrete(choices, entry["identity"])
        found["signers"] = [{"issuer": entry["issuer"], "identity": identity}]

    return spoil


def _changed(change: Callable[[Choices, Trust, Doc], None]) -> Spoil:
    """One attestation, which is sound but for a change."""

    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = facts.provenance(choices, known, subject(found), level)
        change(choices, known, one)
        found["attestations"] = [one]

    return spoil


def _attested(with_: Doc) -> Spoil:
    return _changed(lambda _choices, _known, one: one.update(with_))


def _source(key: str, value: str) -> Spoil:
    def change(choices: Choices, known: Trust, one: Doc) -> None:
        del known
        one["source"] = {**one["source"], key: concrete(choices, value)}

    return _changed(change)


def _from(url: Callable[[Choices], str]) -> Spoil:
    def change(choices: Choices, known: Trust, one: Doc) -> None:
        del known
        one["source"] = {**one["source"], "repository": url(choices)}

    return _changed(change)


def _below(entry: str) -> Callable[[Choices], str]:
    def url(choices: Choices) -> str:
        return entry + choices.one_of(("app", "group/app")) if entry.endswith("/") else entry

    return url


def _called(entry: Mapping[str, Any]) -> str:
    who = entry.get("identity", "itself")
    issuer = entry.get("issuer", "an issuer of signers")
    return f"{entry['id']}, level {entry['level']}, signed by {who} of {issuer}"


def _built(entry: Mapping[str, Any]) -> Spoil:
    """By the builder of an entry; by what looks like it where nobody may sign for it."""

    def change(choices: Choices, known: Trust, one: Doc) -> None:
        alone = [b for b in known.bounds(entry) if known.level(attested(one, b)) == b.level]
        nameless = Bound(concrete(choices, entry["id"]), known.stranger, 0)
        one.update(attested(one, choices.one_of(alone or [nameless])))

    return _changed(change)


def as_demanded(settings: Settings, tier: str) -> Spoil:
    """By a builder that is good enough for a tier and of the lowest such level; or by nobody."""
    least = carrying.levels(settings).get(tier, carrying.BEYOND)

    def change(choices: Choices, known: Trust, one: Doc) -> None:
        bounds = [bound for entry in known.builders for bound in known.bounds(entry)]
        levels = {known.level(attested(one, bound)) for bound in bounds}
        level = min((level for level in levels if level >= least), default=0)
        fitting = [bound for bound in bounds if known.level(attested(one, bound)) == level]
        one.update(attested(one, choices.one_of(fitting) if level else nobody(known)))

    return _changed(change)


def _bom(form: str, tail: str = "") -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del level
        one = facts.sbom(choices, known, subject(found))
        found["sbom"] = [
            {**one, "format": form, "predicate_type": SBOM_TYPES.get(form, "x") + tail}
        ]

    return spoil
