"""What may be wrong with who built an image, and from what."""

from __future__ import annotations

from policylib.generate import facts
from policylib.generate.choices import Choices
from policylib.generate.facts import ELSEWHERE, STRANGER, Trust
from policylib.generate.provenance.wrong import Spoil, another, of, subject
from policylib.generate.sample import Doc

UNKNOWN = "https://builder.evil.example/hosted"


def _sound(choices: Choices, known: Trust, level: int, found: Doc) -> Doc:
    return facts.provenance(choices, known, subject(found), level)


def _unnamed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    del one["builder"]
    found["attestations"] = [one]


def _unknown(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = {**_sound(choices, known, level, found), "builder": UNKNOWN}
    one["signer"] = choices.one_of((one["signer"], facts.signer(choices, known)))
    found["attestations"] = [one]


def _similar(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    builder = one["builder"]
    tail = choices.one_of(("/x", ".evil.example", "0", "?x"))
    one["builder"] = choices.one_of((builder + tail, builder[:-1], builder.upper(), "x" + builder))
    found["attestations"] = [one]


def _too_low(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    low = list(facts.bounds(choices, known, 1, level - 1))
    one = _sound(choices, known, level, found)
    if low:
        bound = choices.one_of(low)
        one |= {"builder": bound.builder, "signer": dict(bound.signer)}
    if not low or known.level(one) >= level:
        one["builder"] = UNKNOWN
    found["attestations"] = [one]


def _borrowed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    one["signer"] = facts.signer(choices, known)
    if known.level(one) >= level:
        one["signer"] = dict(STRANGER)
    found["attestations"] = [one]


def _spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    borrowed = {**one, "signer": facts.signer(choices, known)}
    if known.level(borrowed) >= level:
        borrowed["signer"] = dict(STRANGER)
    found["attestations"] = [borrowed, {**one, "builder": UNKNOWN}]


def _issuer(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    issuer = one["signer"]["issuer"]
    text = choices.one_of((f"{issuer}.evil.example", STRANGER["issuer"], issuer[:-1]))
    one["signer"] = {**one["signer"], "issuer": text}
    if known.level(one) >= level:
        one["signer"] = dict(STRANGER)
    found["attestations"] = [one]


def _none(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    del choices, known, level
    found["attestations"] = []


def _of_another(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    found["attestations"] = [{**one, "subject": another(one["subject"])}]


BUILDER = of(
    "builder_trusted",
    ("not said", "The provenance names no builder.", _unnamed),
    ("unknown", "Nobody trusts the builder.", _unknown),
    ("look-alike", "The builder looks like a trusted one.", _similar),
    ("level too low", "The builder's level is lower than the tier demands.", _too_low),
    ("another issuer", "Another issuer vouches for the builder's signer.", _issuer),
    ("borrowed", "The signer may not sign for the builder.", _borrowed),
    ("spread over two", "The builder is of one attestation, its signer of another.", _spread),
    ("no provenance", "There is no provenance that could name one.", _none),
    ("another subject", "The provenance is about another digest.", _of_another),
)


def _from(*changes: Doc) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = _sound(choices, known, level, found)
        source = {**one["source"], **choices.one_of(changes)}
        one["source"] = {key: value for key, value in source.items() if value is not None}
        found["attestations"] = [one]

    return spoil


def _drops(key: str) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = _sound(choices, known, level, found)
        del one[key]
        found["attestations"] = [one]

    return spoil


def _lookalike(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    entry = choices.one_of(known.listed("sources") or ["https://github.com/org/"])
    base = entry.removeprefix("git+").removesuffix(".git").rstrip("/")
    host = base.removeprefix("https://").split("/")[0]
    path = base.removeprefix(f"https://{host}")
    urls = [
        f"https://{host}.evil.example{path}/app",
        f"https://{host}@evil.example{path}/app",
        f"https://evil.example/{host}{path}/app",
        f"http://{host}{path}/app",
        f"{base}/../../mallory/app",
        f"{base}/app?x=1",
        f"{base}/app#x",
        f"{base}/a%2fb",
    ]
    beside = f"{base}-evil/app"
    urls += [beside] if path and not known.expects(beside) else []
    one["source"] = {**one["source"], "repository": choices.one_of(urls)}
    found["attestations"] = [one]


def _ref(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    ref = one["source"]["ref"]
    refs = [ref + "/x", "x" + ref, ref + "@x", ref.rpartition("/")[2], ref.upper(), ref[:-1]]
    left = [text for text in refs if text and not any(facts.means(p, text) for p in known.refs)]
    one["source"] = {**one["source"], "ref": choices.one_of(left or ["mallory"])}
    found["attestations"] = [one]


def _type(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    kind = one["build_type"]
    one["build_type"] = choices.one_of(
        (kind + "/x", kind[:-1], kind.upper(), "https://x.example/v1")
    )
    found["attestations"] = [one]


def _parameter(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    one["external_parameters"][choices.one_of(("mallory", "Workflow", "workflow ", ""))] = "x"
    found["attestations"] = [one]


def _source_spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    found["attestations"] = [
        {**one, "source": {**one["source"], "repository": ELSEWHERE}},
        {**one, "source": {**one["source"], "ref": "mallory"}},
    ]


def _by_two(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """A trusted builder says one source; whoever is not trusted to build says the expected one."""
    one = _sound(choices, known, level, found)
    trusted = {**one, "source": {**one["source"], "repository": ELSEWHERE}}
    other = {**one, "builder": UNKNOWN, "signer": facts.signer(choices, known)}
    found["attestations"] = [trusted, other]


SOURCE = of(
    "source_expected",
    ("not said", "The provenance names no source.", _drops("source")),
    ("another repository", "The repository is elsewhere.", _from({"repository": ELSEWHERE})),
    ("look-alike repository", "The URL looks like an expected one.", _lookalike),
    ("no ref", "No ref is said.", _from({"ref": None})),
    (
        "another ref",
        "Nobody expects the ref.",
        _from({"ref": "refs/pull/1/merge"}, {"ref": "refs/heads/mallory"}),
    ),
    ("look-alike ref", "The ref looks like an expected one.", _ref),
    ("no build type", "No build type is said.", _drops("build_type")),
    ("another build type", "It was built in another way.", _type),
    ("no parameters said", "No parameters are said.", _drops("external_parameters")),
    ("unknown parameter", "A parameter came from outside.", _parameter),
    ("spread over two", "Each attestation is right by half.", _source_spread),
    ("by another builder", "The builder that is trusted names another source.", _by_two),
    ("no provenance", "There is no provenance that could name one.", _none),
)
