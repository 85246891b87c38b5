"""What may be wrong with who built an image, and from what."""

from __future__ import annotations

from policylib.generate import facts
from policylib.generate.choices import Choices
from policylib.generate.provenance.wrong import (
    Spoil,
    altered,
    another,
    attested,
    nobody,
    of,
    selves,
    subject,
)
from policylib.generate.sample import Doc
from policylib.generate.trust import PARAMETERS, Trust, outside, repository


def _sound(choices: Choices, known: Trust, level: int, found: Doc) -> Doc:
    return facts.provenance(choices, known, subject(found), level)


def _unnamed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    del one["builder"]
    found["attestations"] = [one]


def _unknown(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = {**_sound(choices, known, level, found), "builder": known.nobody}
    one["signer"] = choices.one_of((one["signer"], facts.signer(choices, known)))
    found["attestations"] = [one]


def _similar(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    builder = one["builder"]
    tail = choices.one_of(("/x", ".evil.example", "0", "?x"))
    texts = [builder + tail, builder[:-1], builder.upper(), "x" + builder]
    texts += altered(choices, builder, choices.one_of((".", "./-_:@")))
    left = [text for text in texts if known.level({**one, "builder": text}) < level]
    one["builder"] = choices.one_of(left or [known.nobody])
    found["attestations"] = [one]


def _for_itself(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    options = [b for b in selves(known, level) if known.level(attested(one, b)) < level]
    found["attestations"] = [attested(one, choices.one_of(options or [nobody(known)]))]


def _too_low(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    low = list(facts.bounds(choices, known, 1, level - 1))
    one = _sound(choices, known, level, found)
    if low:
        bound = choices.one_of(low)
        one |= {"builder": bound.builder, "signer": dict(bound.signer)}
    if not low or known.level(one) >= level:
        one["builder"] = known.nobody
    found["attestations"] = [one]


def _borrowed(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    one["signer"] = facts.signer(choices, known)
    if known.level(one) >= level:
        one["signer"] = known.stranger
    found["attestations"] = [one]


def _spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    borrowed = {**one, "signer": facts.signer(choices, known)}
    if known.level(borrowed) >= level:
        borrowed["signer"] = known.stranger
    found["attestations"] = [borrowed, {**one, "builder": known.nobody}]


def _issuer(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    issuer = one["signer"]["issuer"]
    text = choices.one_of((f"{issuer}.evil.example", known.stranger["issuer"], issuer[:-1]))
    one["signer"] = {**one["signer"], "issuer": text}
    if known.level(one) >= level:
        one["signer"] = known.stranger
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
    ("signing for itself", "Its entry names somebody who signs for it.", _for_itself),
    ("spread over two", "The builder is of one attestation, its signer of another.", _spread),
    ("no provenance", "There is no provenance that could name one.", _none),
    ("another subject", "The provenance is about another digest.", _of_another),
)


def _no_ref(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    one["source"] = {key: value for key, value in one["source"].items() if key != "ref"}
    found["attestations"] = [one]


def _elsewhere(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    one["source"] = {**one["source"], "repository": known.elsewhere}
    found["attestations"] = [one]


def _other_ref(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    refs = known.other_refs("refs/pull/1/merge", "refs/heads/mallory", "refs/tags/mallory", "HEAD")
    one["source"] = {**one["source"], "ref": choices.one_of(refs)}
    found["attestations"] = [one]


def _drops(key: str) -> Spoil:
    def spoil(choices: Choices, known: Trust, level: int, found: Doc) -> None:
        one = _sound(choices, known, level, found)
        del one[key]
        found["attestations"] = [one]

    return spoil


def _lookalike(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    entry = choices.one_of(known.sources or ["https://github.com/org/"])
    base = entry.removeprefix("git+").removesuffix(".git").rstrip("/")
    near = choices.integer(0, 1)
    urls = [url for url in (_beside(base) if near else _apart(base)) if not known.expects(url)]
    one["source"] = {**one["source"], "repository": choices.one_of(urls or _apart(base)[-4:])}
    found["attestations"] = [one]


def _beside(base: str) -> list[str]:
    """Repositories beside and below one whose names begin as its name does, and its parent."""
    tails = ("-evil", "-evil/app", "evil", ".git-evil", ".evil/app", "2", "/app", "/a/b")
    cut = [base[:-1], base.rpartition("/")[0], f"{base[:-1]}{base[-1].swapcase()}"]
    is_host = base.count("/") == 2
    return [] if is_host else [url for url in (*(base + t for t in tails), *cut) if repository(url)]


def _apart(base: str) -> list[str]:
    """URLs that only look as if they were below one; the last six are no repositories."""
    host, _, path = base.removeprefix("https://").partition("/")
    below = f"/{path}/app" if path else "/app"
    return [
        f"https://{host}.evil.example{below}",
        f"https://evil.example/{host}{below}",
        f"https://x{host}{below}",
        f"https://{host.replace('.', '-')}{below}",
        f"https://{host}@evil.example{below}",
        f"http://{host}{below}",
        f"{base}/../../mallory/app",
        f"{base}/app?x=1",
        f"{base}/app#x",
        f"{base}/a%2fb",
    ]


def _other_host(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """What has the path of an expected repository, of one that is named itself if there is one."""
    one = _sound(choices, known, level, found)
    named = [entry for entry in known.sources if not entry.endswith("/")]
    entry = choices.one_of(named or known.sources or ["https://github.com/org/"])
    url = entry.removeprefix("git+") + ("app" if entry.endswith("/") else "")
    host, _, path = url.removeprefix("https://").partition("/")
    hosts = ("code.evil.example", f"{host}.evil.example", f"x{host}", host.replace(".", "-"))
    urls = [f"https://{other}/{path}" for other in hosts]
    left = outside(urls, known.expects, known.elsewhere)
    one["source"] = {**one["source"], "repository": choices.one_of(left)}
    found["attestations"] = [one]


def _ref(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    ref = one["source"]["ref"]
    refs = [ref + "/x", "x" + ref, ref + "@x", ref.rpartition("/")[2], ref.upper(), ref[:-1]]
    refs += altered(choices, ref)
    one["source"] = {**one["source"], "ref": choices.one_of(known.other_refs(*refs))}
    found["attestations"] = [one]


def _type(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    kind = one["build_type"]
    texts = [kind + "/x", kind[:-1], kind.upper(), "https://x.example/v1"]
    texts += altered(choices, kind)
    left = outside(texts, lambda text: text in known.build_types, f"{kind}/")
    one["build_type"] = choices.one_of(left)
    found["attestations"] = [one]


def _parameter(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    like = ("mallory", "Workflow", "workflow ", "", *(f"{name}s" for name in known.parameters))
    names = (*PARAMETERS, *like)
    left = outside(names, lambda name: name in known.parameters, "mallory-")
    one["external_parameters"][choices.one_of(left)] = "x"
    found["attestations"] = [one]


def _source_spread(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    one = _sound(choices, known, level, found)
    found["attestations"] = [
        {**one, "source": {**one["source"], "repository": known.elsewhere}},
        {**one, "source": {**one["source"], "ref": known.other_refs()[0]}},
    ]


def _by_two(choices: Choices, known: Trust, level: int, found: Doc) -> None:
    """A trusted builder says one source; whoever is not trusted to build says the expected one."""
    one = _sound(choices, known, level, found)
    trusted = {**one, "source": {**one["source"], "repository": known.elsewhere}}
    other = {**one, "builder": known.nobody, "signer": facts.signer(choices, known)}
    found["attestations"] = [trusted, other]


SOURCE = of(
    "source_expected",
    ("not said", "The provenance names no source.", _drops("source")),
    ("another repository", "The repository is elsewhere.", _elsewhere),
    ("look-alike repository", "The URL looks like an expected one.", _lookalike),
    ("same path elsewhere", "The repository is on another host.", _other_host),
    ("no ref", "No ref is said.", _no_ref),
    ("another ref", "Nobody expects the ref.", _other_ref),
    ("look-alike ref", "The ref looks like an expected one.", _ref),
    ("no build type", "No build type is said.", _drops("build_type")),
    ("another build type", "It was built in another way.", _type),
    ("no parameters said", "No parameters are said.", _drops("external_parameters")),
    ("unknown parameter", "A parameter came from outside.", _parameter),
    ("spread over two", "Each attestation is right by half.", _source_spread),
    ("by another builder", "The builder that is trusted names another source.", _by_two),
    ("no provenance", "There is no provenance that could name one.", _none),
)
