"""What stands around a rule: lists, exceptions and enforcement, and what each makes of an input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from policylib.generate import exceptions
from policylib.generate.choices import Turns
from policylib.generate.sample import Sample, Settings
from policylib.matrix.model import Treatment
from policylib.parity.outcomes import Breach

ENVIRONMENT: Final = "matrix"
"""The environment whose enforcement changes, where the settings are read for none."""

_ELSEWHERE: Final = "policylib-elsewhere"
_NO_IMAGE_OF_IT: Final = f"registry.example.com/elsewhere@sha256:{'e1' * 32}"
_BESIDE: Final = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": _ELSEWHERE}}

Target = dict[str, str]


@dataclass(frozen=True)
class Subject:
    """An input that a rule denies as it has to, and what it says of it; or one that is sound."""

    rule: str
    sample: Sample
    breaches: Sequence[Breach] = ()

    @property
    def target(self) -> Target:
        """What an exception calls the object; empty where nothing tells it from others."""
        document = self.sample.document
        metadata = document.get("metadata") if isinstance(document, dict) else None
        if not isinstance(metadata, dict) or "items" in document:
            return {}
        found = {"kind": document.get("kind"), "name": metadata.get("name")}
        found |= {"namespace": metadata["namespace"]} if "namespace" in metadata else {}
        named = {key: text for key, text in found.items() if isinstance(text, str) and text}
        return named if len(named) == len(found) else {}


Change = Callable[[Settings, Sequence[Subject]], dict[str, Any]]
"""The keys of the settings that are otherwise for these subjects."""
Takes = Callable[[Subject], bool]
Aim = Callable[[Subject], Target]


@dataclass(frozen=True)
class Circumstance:
    """Something that no rule knows of, and what becomes of an input there.

    Parameters
    ----------
    name, what
        What it is, in a few words and in a sentence.
    treatment
        What has to be done with the inputs.
    takes
        The subjects that it can be tried on.
    settings
        What the settings say otherwise.
    document
        What becomes of the document.
    is_sound
        Whether it is about sound inputs; otherwise it is about those that the rule denies.
    """

    name: str
    what: str
    treatment: Treatment
    takes: Takes = lambda _: True
    settings: Change = lambda _settings, _subjects: {}
    document: Callable[[Any], Any] = lambda document: document
    is_sound: bool = False

    def sample(self, subject: Subject) -> Sample:
        """The input of a subject in this circumstance."""
        return replace(subject.sample, document=self.document(subject.sample.document))


def _listed(document: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"apiVersion": "v1", "kind": "List", "items": [_BESIDE, document]}


def _is_one_object(subject: Subject) -> bool:
    document = subject.sample.document
    return isinstance(document, dict) and "items" not in document


def _in_lists() -> Iterator[Circumstance]:
    what = "The input is the second item of a List."
    yield Circumstance("defects in a list", what, "deny", _is_one_object, document=_listed)
    what = "The input is the last item of a List in a List."
    yield Circumstance(
        "defects in a list of lists", what, "deny", _is_one_object, document=_listed_twice
    )
    what = "Nothing is wrong with these, and each is the second item of a List."
    yield Circumstance(
        "sound inputs in a list", what, "allow", _is_one_object, document=_listed, is_sound=True
    )


def _listed_twice(document: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return _listed(_listed(document))


def _is_named(subject: Subject) -> bool:
    return bool(subject.target)


def _says_one_thing(subject: Subject) -> bool:
    return _is_named(subject) and len(subject.breaches) == 1


def _has_namespace(subject: Subject) -> bool:
    return "namespace" in subject.target


def _excepting(aim: Aim, expires: Sequence[str] = exceptions.ACTIVE, **otherwise: str) -> Change:
    """An exception for each subject, in place of all others."""

    def entries(subjects: Sequence[Subject]) -> Iterator[exceptions.Entry]:
        for number, subject in enumerate(subjects):
            choices = Turns(subject.rule, number)
            yield exceptions.entry(choices, subject.rule, aim(subject), expires) | otherwise

    return lambda _, subjects: {"exceptions": list(entries(subjects))}


def _aimed(**otherwise: str) -> Aim:
    return lambda subject: subject.target | otherwise


def _excepted() -> Iterator[Circumstance]:
    """An exception covers what the rule says."""
    what = "An exception to the rule names the object."
    yield Circumstance("an exception", what, "allow", _is_named, _excepting(_aimed()))
    what = "An exception to the rule names the object and the place in it."
    at_place = _excepting(lambda one: one.target | {"path": one.breaches[0].path})
    yield Circumstance("an exception at the place", what, "allow", _says_one_thing, at_place)
    what = "An exception to the rule names the object and what the rule says."
    to_message = _excepting(lambda one: one.target | {"message": one.breaches[0].message})
    yield Circumstance("an exception to the message", what, "allow", _says_one_thing, to_message)


def _not_excepted() -> Iterator[Circumstance]:
    """An exception is there that has no say."""
    for name, what, change in (
        ("that has ended", "whose day is past", _excepting(_aimed(), exceptions.EXPIRED)),
        ("that nobody approved", "without an approver", _excepting(_aimed(), approver="")),
        ("to another rule", "of another rule", _excepting(_aimed(), rule="elsewhere.rule")),
        ("for another object", "with another name", _excepting(_aimed(name=_ELSEWHERE))),
        ("for another kind", "with another kind", _excepting(_aimed(kind="Elsewhere"))),
        ("at another place", "with another place in it", _excepting(_aimed(path="/elsewhere"))),
        ("to another message", "with another message", _excepting(_aimed(message="elsewhere"))),
        ("for another image", "with another image", _excepting(_aimed(image=_NO_IMAGE_OF_IT))),
    ):
        said = f"An exception names the object, {what}."
        yield Circumstance(f"an exception {name}", said, "deny", _is_named, change)
    away = _excepting(_aimed(namespace=_ELSEWHERE))
    what = "An exception names the object, with another namespace."
    yield Circumstance("an exception in another namespace", what, "deny", _has_namespace, away)
    nowhere = _excepting(lambda one: {k: one.target[k] for k in ("kind", "name")})
    what = "An exception names the object, without its namespace."
    yield Circumstance("an exception without the namespace", what, "deny", _has_namespace, nowhere)


def _enforcing(levels: Callable[[str, str], Mapping[str, str]], where: str = "") -> Change:
    """Another enforcement of each subject's rule: in the environment at hand, or elsewhere."""

    def change(settings: Settings, subjects: Sequence[Subject]) -> dict[str, Any]:
        environment = settings.get("environment") or ENVIRONMENT
        found: dict[str, str] = {}
        for rule in sorted({subject.rule for subject in subjects}):
            found |= levels(rule.partition(".")[0], rule)
        return {"environment": environment, "enforcement": {where or environment: found}}

    return change


def _entering(_settings: Settings, subjects: Sequence[Subject]) -> dict[str, Any]:
    rules = sorted({subject.rule for subject in subjects})
    return {"enforcement": {}, "entering": rules}


def _enforced() -> Iterator[Circumstance]:
    """The settings say otherwise what the rule does."""
    treatments: dict[str, Treatment] = {"warn": "warn", "log": "log", "off": "allow"}
    for level, treatment in treatments.items():
        for of, levels in (
            ("rule", lambda _, rule, level=level: {rule: level}),
            ("family", lambda family, _, level=level: {family: level}),
        ):
            what = f"The settings say {level} of the {of}."
            yield Circumstance(f"{of} {level}", what, treatment, settings=_enforcing(levels))
    both = _enforcing(lambda family, rule: {family: "off", rule: "deny"})
    what = "The settings say off of the family, and deny of the rule."
    yield Circumstance("family off, rule deny", what, "deny", settings=both)
    elsewhere = _enforcing(lambda family, rule: {family: "off", rule: "off"}, _ELSEWHERE)
    what = "The settings say off in another environment."
    yield Circumstance("off in another environment", what, "deny", settings=elsewhere)
    what = "The release is the first that has the rule."
    yield Circumstance("rule that has just entered", what, "warn", settings=_entering)


CIRCUMSTANCES: Final = (*_in_lists(), *_excepted(), *_not_excepted(), *_enforced())
"""Those that every rule is asked about in."""
