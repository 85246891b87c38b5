"""What may be wrong with who signed an image, its provenance or its SBOM, and with their types."""

from __future__ import annotations

from collections.abc import Callable

from policylib.generate import facts
from policylib.generate.choices import Choices
from policylib.generate.facts import PREDICATES, SBOM_TYPES, SCAN, STATEMENTS
from policylib.generate.provenance.wrong import (
    Spoil,
    altered,
    another,
    attested,
    misspelt,
    nobody,
    not_allowed,
    of,
    selves,
    subject,
)
from policylib.generate.sample import Doc
from policylib.generate.trust import Trust, concrete

Sign = Callable[[Choices, Trust], Doc]
"""Who signs."""


def _issuers(signer: Doc) -> list[Doc]:
    issuer = signer["issuer"]
    texts = (issuer + ".evil.example", issuer + "/", issuer[:-1], *misspelt(issuer))
    return [{**signer, "issuer": text} for text in texts]


def other_issuer(choices: Choices, known: Trust) -> Doc:
    """The identity of an allowed signer, by another issuer that may look like his."""
    return not_allowed(choices, known, _issuers(facts.signer(choices, known)))


def longer(choices: Choices, known: Trust) -> Doc:
    """An identity that begins or ends as an allowed one."""
    signer = facts.signer(choices, known)
    name = signer["identity"]
    tails = (".evil.example", "/x", "@evil.example", "x", "/../x")
    texts = (*(name + tail for tail in tails), "x/" + name, name[:-1])
    return not_allowed(choices, known, [{**signer, "identity": text} for text in texts])


def similar(choices: Choices, known: Trust) -> Doc:
    """An identity with another letter than an allowed one."""
    signer = facts.signer(choices, known)
    texts = misspelt(signer["identity"])
    return not_allowed(choices, known, [{**signer, "identity": text} for text in texts])


def marks(choices: Choices, known: Trust) -> Doc:
    """An identity with another character in the place of a dot, or of another mark."""
    signer = facts.signer(choices, known)
    of = choices.one_of((".", ".", "./-_:@"))
    texts = altered(choices, signer["identity"], of)
    return not_allowed(choices, known, [{**signer, "identity": text} for text in texts])


def wider(choices: Choices, known: Trust) -> Doc:
    """An identity whose star stands for more than one segment; a longer one where none has any."""
    starred = [entry for entry in known.signers if "*" in entry["identity"]]
    if not starred:
        return longer(choices, known)
    entry = choices.one_of(starred)
    filled = [entry["identity"].replace("*", text) for text in ("a/b", "a@b", "", "../x")]
    given = [{"issuer": entry["issuer"], "identity": text} for text in filled]
    return not_allowed(choices, known, given)


def crossed(choices: Choices, known: Trust) -> Doc:
    """The issuer of one entry with the identity of another."""
    all_crossed = [
        {"issuer": one["issuer"], "identity": concrete(choices, other["identity"])}
        for one in known.signers
        for other in known.signers
        if one["issuer"] != other["issuer"]
    ]
    return not_allowed(choices, known, all_crossed)


def other_identity(choices: Choices, known: Trust) -> Doc:
    """Another identity of the same issuer."""
    signer = facts.signer(choices, known)
    return not_allowed(choices, known, [{**signer, "identity": known.stranger["identity"]}])


def stranger(choices: Choices, known: Trust) -> Doc:
    """Somebody of whom the settings say nothing."""
    del choices
    return known.stranger


SIGNERS = (
    ("by a stranger", "Nobody knows the signer.", stranger),
    ("another issuer", "Another issuer vouches for the identity.", other_issuer),
    ("another identity", "The issuer vouches for somebody else.", other_identity),
    ("longer identity", "The identity is longer than an allowed one.", longer),
    ("look-alike identity", "The identity looks like an allowed one.", similar),
    ("other marks", "A letter stands where an allowed identity has a dot.", marks),
    ("star over several segments", "A star stands for one segment.", wider),
    ("issuer and identity of two entries", "They are of two signers.", crossed),
)
"""Who must not sign, by name."""


def _signed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del choices, known, level
    found["signers"] = []


def _signs(make: Sign) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del level
        found["signers"] = [make(choices, known)]

    return spoil


SIGNED = of(
    "signed",
    ("unsigned", "Nobody signed the image.", _signed),
    *((name, what, _signs(make)) for name, what, make in SIGNERS),
)


def _attests(*changes: Doc) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = facts.provenance(choices, known, subject(found), level)
        found["attestations"] = [{**one, **choices.one_of(changes)}]

    return spoil


def _unattested(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    scan = facts.scan(known, "attestations", subject(found))
    found["attestations"] = choices.one_of(([], [scan]))


def _of_another(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = facts.provenance(choices, known, another(subject(found)), level)
    found["attestations"] = [one]


def _attested_by(make: Sign) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = facts.provenance(choices, known, subject(found), level)
        one["signer"] = make(choices, known)
        if known.vouches(one):
            one["signer"] = known.stranger
        found["attestations"] = [one]

    return spoil


def _for_itself(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = facts.provenance(choices, known, subject(found), level)
    options = [bound for bound in selves(known, 1) if not known.vouches(attested(one, bound))]
    found["attestations"] = [attested(one, choices.one_of(options or [nobody(known)]))]


def _spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    sound = facts.provenance(choices, known, subject(found), level)
    found["attestations"] = [
        {**sound, "subject": another(sound["subject"])},
        {**sound, "predicate_type": SCAN},
        {**sound, "signer": known.stranger},
    ]


TYPES = tuple(
    {"predicate_type": text}
    for text in (
        "https://slsa.dev/provenance/v0.1",
        "https://slsa.dev/provenance/v1/",
        "https://slsa.dev/provenance/v1.evil",
        "https://slsa.dev/provenance",
        "http://slsa.dev/provenance/v1",
        "https://slsa.dev/Provenance/v1",
    )
)

ATTESTED = of(
    "attested",
    ("missing", "There is no provenance.", _unattested),
    ("another type", "It is no provenance.", _attests({"predicate_type": SCAN})),
    ("look-alike type", "The type only looks like provenance.", _attests(*TYPES)),
    (
        "another statement",
        "It is no in-toto statement that is known.",
        _attests(
            {"statement_type": "https://in-toto.io/Statement/v2"},
            {"statement_type": "https://in-toto.io/Link/v1"},
            {"statement_type": "https://in-toto.io/Statement/v1/"},
        ),
    ),
    (
        "types swapped",
        "Each type stands where the other belongs.",
        _attests({"statement_type": PREDICATES[0], "predicate_type": STATEMENTS[0]}),
    ),
    ("another subject", "It is about another digest.", _of_another),
    *((name, what, _attested_by(make)) for name, what, make in SIGNERS[:3]),
    ("by the builder itself", "The builder's entry names another signer.", _for_itself),
    ("spread over several", "Each attestation has a part of what counts.", _spread),
)


def _boms(*changes: Doc) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del level
        one = facts.sbom(choices, known, subject(found))
        found["sbom"] = [{**one, **choices.one_of(changes)}]

    return spoil


def _no_sbom(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del choices, known, level
    found["sbom"] = []


def _unaccepted(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    left = [form for form in SBOM_TYPES if form not in known.formats]
    form = choices.one_of(left or ["CycloneDX"])
    one = facts.sbom(choices, known, subject(found))
    kind = SBOM_TYPES.get(form, one["predicate_type"])
    found["sbom"] = [{**one, "format": form, "predicate_type": kind}]


def _mixed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    one = facts.sbom(choices, known, subject(found))
    one["predicate_type"] = SBOM_TYPES["spdx" if one["format"] == "cyclonedx" else "cyclonedx"]
    found["sbom"] = [one]


def _bom_type(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    one = facts.sbom(choices, known, subject(found))
    base = SBOM_TYPES[one["format"]]
    tail = choices.one_of((".evil.example", "/1.6", "/v1.x", "/v", "/v1/", "/v1.6-evil"))
    found["sbom"] = [{**one, "predicate_type": base + tail}]


def _bom_of_another(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    found["sbom"] = [facts.sbom(choices, known, another(subject(found)))]


def _bom_by(make: Sign) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        del level
        one = facts.sbom(choices, known, subject(found))
        found["sbom"] = [{**one, "signer": make(choices, known)}]

    return spoil


def _bom_spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del level
    one = facts.sbom(choices, known, subject(found))
    found["sbom"] = [
        {**one, "subject": another(one["subject"])},
        {**one, "signer": known.stranger},
        {**one, "format": "syft"},
    ]


SBOM = of(
    "sbom_present",
    ("missing", "There is no SBOM.", _no_sbom),
    ("another format", "The format is unknown.", _boms({"format": "syft"}, {"format": "SPDX"})),
    ("format not accepted", "The settings do not accept the format.", _unaccepted),
    ("format and type differ", "The type is that of another format.", _mixed),
    ("look-alike type", "The type only looks like that of an SBOM.", _bom_type),
    ("another subject", "It is about another digest.", _bom_of_another),
    *((name, what, _bom_by(make)) for name, what, make in SIGNERS[:4]),
    ("spread over several", "Each SBOM has a part of what counts.", _bom_spread),
)
