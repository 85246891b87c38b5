"""Markdown, read back by a CommonMark parser: what others wrote is code and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from policylib.models import (
    Enforcement,
    ListedException,
    PolicyException,
    Problem,
    Report,
    Resource,
    Severity,
    Violation,
)
from policylib.report import Options
from policylib.report.interface import DEFAULTS
from policylib.report.markdown import LIMIT, write
from policylib.report.plain import escape
from policylib.report.summary import granted, summary
from tests.report.samples import (
    EXCEPTED,
    PROBLEM,
    REPORTS,
    RULE,
    RULES,
    SKIPPED,
    listed,
    report,
    violation,
)

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BLOCKS = {"heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td"}
INLINES = {"text", "code_inline", "link", "strong"}
# Our own words: no character that any flavour of Markdown, or a bot, gives a meaning.
OURS = re.compile(r"[A-Za-z0-9 ,.:()…-]*")


@dataclass
class Section:
    """A heading, and the rows of the table below it, as the code in their cells."""

    heading: str
    said: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    left: int = 0


def inline(token: Token) -> Iterator[Token]:
    for child in token.children or []:
        kind = child.type.removesuffix("_open").removesuffix("_close")
        assert kind in INLINES, child
        yield child


def code(token: Token) -> str:
    """What the cell holds: one span of code, or nothing, or a word of ours."""
    spans = [child.content for child in inline(token) if child.type == "code_inline"]
    assert len(spans) <= 1
    return spans[0] if spans else token.content


def parse(text: str) -> list[Section]:
    """Read the document, and refuse whatever we do not write."""
    sections: list[Section] = []
    inside = ""
    for token in PARSER.parse(text):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in BLOCKS, token
        if token.type in {"heading_open", "th_open", "td_open", "paragraph_open"}:
            inside = token.type
        if token.type == "tr_open" and inside != "heading_open":
            sections[-1].rows.append([])
        if token.type != "inline":
            continue
        _check_links(token, text)
        if inside == "heading_open":
            sections.append(Section("".join(child.content for child in inline(token))))
        elif inside == "td_open":
            sections[-1].rows[-1].append(code(token))
        elif inside == "paragraph_open":
            sections[-1].said.append("".join(child.content for child in inline(token)))
            if more := re.fullmatch(r"… and (\d+) more: .*", token.content):
                sections[-1].left = int(more[1])
    for section in sections:
        section.rows = [row for row in section.rows if row]
    return sections


def _check_links(token: Token, text: str) -> None:
    within = 0
    for child in inline(token):
        if child.type == "link_open":
            within += 1
            href = str(child.attrs["href"])
            assert re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+#L\d+", href) or (
                href in RULE.references
            )
        elif child.type == "link_close":
            within -= 1
        elif child.type == "text" and not within:
            assert OURS.fullmatch(child.content), child.content


def read(found: Report, options: Options = DEFAULTS) -> dict[str, list[Section]]:
    text = write(found, RULES, options)
    assert len(text.encode()) <= LIMIT
    assert all(line.isprintable() for line in text.split("\n"))
    sections: dict[str, list[Section]] = {}
    for section in parse(text):
        name = re.sub(r" \(\d+\)$", "", section.heading).partition(":")[0]
        sections.setdefault(name, []).append(section)
    return sections


def shown(*texts: str) -> tuple[str, ...]:
    """What a span of code makes of a text, spaces around it aside."""
    return tuple(escape(text).strip(" ") for text in texts)


def rows(sections: Sequence[Section], *columns: int) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(row[column].strip(" ") for column in columns) for s in sections for row in s.rows
    )


@given(REPORTS)
def test_any_report_reads_back_as_the_tables_that_were_meant(found: Report) -> None:
    sections = read(found, Options(verbose=True))
    words = {Enforcement.DENY: "Denied", Enforcement.WARN: "Warned", Enforcement.LOG: "Logged"}
    for enforcement, word in words.items():
        meant = [v for v in found.violations if v.enforcement is enforcement]
        expected = Counter(shown(v.message, str(v.resource)) for v in meant)
        assert rows(sections.get(word, []), 1, 2) == expected
    errors = Counter(shown(e.message) for e in found.errors)
    assert rows(sections.get("Could not be checked", []), 1) == errors
    covered = [v for v in found.violations if v.exception]
    assert rows(sections.get("Excepted", []), 1, 2, 4) == Counter(
        shown(v.rule, v.message, granted(v.exception)) for v in covered if v.exception
    )
    idle = [one for one in found.exceptions if one.state != "used"]
    assert rows(sections.get("Exceptions of no use", []), 0, 1, 2) == Counter(
        shown(one.state, one.rule, str(one.target)) for one in idle
    )
    assert rows(sections.get("Notes", []), 0) == Counter(shown(note) for note in found.notes)
    assert rows(sections.get("Skipped", []), 1) == Counter(shown(s.reason) for s in found.skipped)
    assert not any(section.left for named in sections.values() for section in named)


@given(REPORTS)
def test_the_verdict_and_the_counts_come_first(found: Report) -> None:
    first, second = write(found, RULES).split("\n\n")[:2]
    word = "passed" if found.allowed else "failed"
    assert first.startswith(f"### policylib: {word}, ")
    assert second == summary(found)


def test_a_violation_is_a_row_below_its_rule() -> None:
    text = write(report(violation()), RULES)
    assert text.startswith("### policylib: failed, 1 violation denied\n")
    (section,) = read(report(violation()))["Denied"]
    assert section.heading == "Denied: digest.image_pinned (1)"
    assert section.said == [
        "What it asks for: Images are pinned by digest",
        "What to do: Write the image as name:tag@sha256:<64 hex digits>.",
        "More: https://slsa.dev/",
    ]
    assert section.rows == [["app.yaml:3", "the image nginx:1.27 has no digest", "Pod shop/web"]]
    assert "[`app.yaml:3`](app.yaml#L3)" in text


def test_the_worst_of_what_fails_the_check_comes_first() -> None:
    found = report(
        violation(rule="a.low", severity=Severity.LOW),
        violation(rule="a.warned", severity=Severity.CRITICAL, enforcement=Enforcement.WARN),
        violation(rule="z.critical", severity=Severity.CRITICAL),
        errors=[PROBLEM],
    )
    headings = [section.heading for section in parse(write(found, RULES))]
    assert headings == [
        "policylib: failed, not everything could be checked",
        "Could not be checked (1)",
        "Denied: z.critical (1)",
        "Denied: a.low (1)",
        "Warned: a.warned (1)",
    ]


def test_an_empty_report_is_a_verdict() -> None:
    (section,) = parse(write(report(), RULES))
    assert section.heading == "policylib: passed, nothing is denied"


def test_what_was_skipped_is_only_there_for_who_asks() -> None:
    found = report(skipped=[SKIPPED])
    assert "Skipped" not in read(found)
    (section,) = read(found, Options(verbose=True))["Skipped"]
    assert section.rows == [["compose.yaml (document 1)", "neither apiVersion nor kind"]]


@pytest.mark.parametrize(
    ("file", "cell"),
    [
        ("{root}/a b/ü.yaml", "[`a b/ü.yaml:3`](https://h/o/r/blob/1/a%20b/%C3%BC.yaml#L3)"),
        ("{root}/a](b|.yaml", "[`a](b\\|.yaml:3`](https://h/o/r/blob/1/a%5D%28b%7C.yaml#L3)"),
        ("/elsewhere/x.yaml", "| `/elsewhere/x.yaml:3` |"),
        ("typed.yaml", "| `{here}typed.yaml:3` |"),
    ],
)
def test_links_lead_to_the_lines_of_the_commit(tmp_path: Path, file: str, cell: str) -> None:
    given_texts = {"typed.yaml": "what came through standard input"}
    options = Options(root=tmp_path, blob="https://h/o/r/blob/1/", texts=given_texts)
    text = write(report(violation(file=file.format(root=tmp_path))), RULES, options)
    assert cell.format(here=f"{Path.cwd()}/") in text


HOSTILE = "|`@all <b>](x)\u202e\U0001f600\\" * 60


def monstrous(number: int, **changes: Any) -> Violation:
    resource = Resource(api_version=HOSTILE, kind=HOSTILE, namespace=HOSTILE, name=HOSTILE)
    texts = dict.fromkeys(("message", "remediation", "path"), HOSTILE)
    name = f"{number}{HOSTILE}"
    return violation(rule=name, file=name, **texts, resource=resource, **changes)


def test_however_much_there_is_it_fits_and_the_rest_is_counted() -> None:
    given_exception = EXCEPTED["exception"]
    assert isinstance(given_exception, PolicyException)
    entry = given_exception.model_copy(
        update=dict.fromkeys(("rule", "reason", "ticket", "approver"), HOSTILE)
    )
    covered = {"enforcement": Enforcement.EXCEPTED, "exception": entry}
    idle = ListedException(**entry.model_dump(), state="unused", violations=0)
    problem = Problem(file=HOSTILE, line=1, column=1, message=HOSTILE)
    many = 500
    found = report(
        *(monstrous(n) for n in range(many)),
        *(monstrous(n, **covered) for n in range(many)),
        errors=[problem] * many,
        notes=[HOSTILE] * many,
        exceptions=[idle] * many,
        unconfigured=[HOSTILE] * many,
        **dict.fromkeys(("version", "engine", "revision", "environment"), HOSTILE),
    )
    sections = read(found, Options(blob="https://h/o/r/blob/1/"))
    for name in ("Could not be checked", "Excepted", "Exceptions of no use", "Notes"):
        (section,) = sections[name]
        assert len(section.rows) + section.left == many
        assert section.rows
    denied = sections["Denied"]
    more = [
        re.fullmatch(r"… and (\d+) more tables of (\d+) violations: .*", said)
        for section in denied
        for said in section.said
    ]
    (left,) = filter(None, more)
    assert len(denied) + int(left[1]) == many == len(denied) + int(left[2])


@pytest.mark.parametrize("rules", [1, 7, 300])
def test_ten_thousand_violations_are_all_counted(rules: int) -> None:
    found = report(*(violation(rule=f"a.r{n % rules}", line=n + 1) for n in range(10_000)))
    denied = read(found)["Denied"]
    counted = sum(len(section.rows) + section.left for section in denied)
    said = [line for section in denied for line in section.said]
    more = [re.fullmatch(r"… and \d+ more tables? of (\d+) violations: .*", line) for line in said]
    counted += sum(int(one[1]) for one in more if one)
    assert counted == 10_000
    assert len(denied) >= min(rules, 30)


def test_exceptions_of_no_use_and_notes_have_tables() -> None:
    found = report(notes=["it does not count"], exceptions=[listed("used", 1), listed("expired")])
    sections = read(found)
    assert sections["Notes"][0].rows == [["it does not count"]]
    ((state, rule, *_),) = sections["Exceptions of no use"][0].rows
    assert (state, rule) == ("expired", "digest.image_pinned")
