"""Small reports by hand, and reports full of hostile text."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from policylib.models import (
    Enforcement,
    ListedException,
    PolicyException,
    Problem,
    Report,
    Resource,
    Rule,
    Severity,
    Skipped,
    Target,
    Violation,
)

RULE = Rule(
    id="digest.image_pinned",
    title="Images are pinned by digest",
    description="A tag can be moved; a digest cannot.",
    severity=Severity.HIGH,
    remediation="Write the image as name:tag@sha256:<64 hex digits>.",
    controls=("SLSA-L3",),
    references=("https://slsa.dev/", "not a link"),
)
RULES = {RULE.id: RULE}


def violation(**changes: Any) -> Violation:
    return Violation.model_validate(
        {
            "rule": RULE.id,
            "severity": RULE.severity,
            "enforcement": Enforcement.DENY,
            "message": "the image nginx:1.27 has no digest",
            "remediation": RULE.remediation,
            "file": "app.yaml",
            "document": 0,
            "line": 3,
            "column": 12,
            "path": "/spec/containers/0/image",
            "resource": Resource(api_version="v1", kind="Pod", namespace="shop", name="web"),
            "details": {"path": "/spec/containers/0/image", "image": "nginx:1.27"},
        }
        | changes
    )


def report(*violations: Violation, **changes: Any) -> Report:
    return Report.model_validate(
        {
            "version": "0.1.0",
            "engine": "regorus 0.14.1",
            "revision": "sha256:1234",
            "files": 2,
            "documents": 3,
            "violations": violations,
        }
        | changes
    )


EXCEPTION = PolicyException(
    rule=RULE.id,
    target=Target(kind="Pod", namespace="shop", name="web", image="nginx:1.27"),
    reason="the vendor publishes no digest",
    ticket="OPS-1",
    approver="ada@example.com",
    expires="2098-12-31",
)
EXCEPTED = {"enforcement": Enforcement.EXCEPTED, "exception": EXCEPTION}


def listed(state: str, violations: int = 0) -> ListedException:
    return ListedException.model_validate(
        {**EXCEPTION.model_dump(), "state": state, "violations": violations}
    )


PROBLEM = Problem(file="bad.yaml", line=2, column=5, message="the key image is there twice")
SKIPPED = Skipped(file="compose.yaml", document=1, reason="neither apiVersion nor kind")

_NASTY = st.sampled_from(
    [
        "\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07",
        "line\nbreak",
        "\r\n::error::x",
        "::set-output name=x::y",
        "a%0Ab",
        ",file=other:1",
        "]]>",
        "<![CDATA[",
        "&amp;\x00\x08\ufffe\uffff",
        "\u2028\u2029\x85\u202e",
        "../../etc/passwd",
        "C:\\x y.yaml",
        "http://host/ä#?",
        "`[link](javascript:x)`",
        "](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "https://evil.example www.evil.example",
        "<img src=x onerror=alert(1)>",
        "<!--",
        "-->",
        "&lt;b&gt;",
        "@everyone, #1 and !2",
        "a|b",
        "\\|",
        "\\",
        "`",
        "``",
        "| --- |",
        "\n\n# heading\n",
        "~~~\n",
        "$x$ **b** _i_",
    ]
)
TEXT = st.one_of(st.text(max_size=30), st.lists(_NASTY, max_size=3).map("".join))
_FILE = TEXT.map(lambda text: text.replace("\0", "") or "x.yaml")
_LINE = st.integers(1, 10**6)
_RESOURCE = st.builds(Resource, api_version=TEXT, kind=TEXT, namespace=TEXT, name=TEXT)
_WORD = TEXT.filter(lambda text: text.strip() != "")
_ENTRY = {
    "rule": TEXT,
    "target": st.builds(Target, kind=_WORD, name=_WORD, image=st.none() | TEXT, message=TEXT),
    "reason": _WORD,
    "ticket": _WORD,
    "approver": _WORD,
    "expires": st.sampled_from(["2020-01-01", "2098-12-31T23:59:59Z"]),
}
_LISTED = st.builds(
    ListedException,
    **_ENTRY,
    state=st.sampled_from(["used", "unused", "expired"]),
    violations=st.integers(0, 9),
)


def _as_the_decision_has_it(violation: Violation) -> Violation:
    """An exception stands in what it covers, and nowhere else."""
    given = violation.exception if violation.enforcement is Enforcement.EXCEPTED else None
    return violation.model_copy(update={"exception": given})


_VIOLATION = st.builds(
    Violation,
    rule=st.one_of(st.just(RULE.id), TEXT),
    severity=st.sampled_from(Severity),
    enforcement=st.sampled_from(Enforcement),
    message=TEXT,
    remediation=TEXT,
    file=_FILE,
    document=st.integers(0, 5),
    line=_LINE,
    column=_LINE,
    path=TEXT,
    resource=_RESOURCE,
    details=st.dictionaries(TEXT, TEXT, max_size=2),
    exception=st.builds(PolicyException, **_ENTRY),
).map(_as_the_decision_has_it)
_PROBLEM = st.builds(
    Problem,
    file=_FILE,
    line=_LINE,
    column=_LINE,
    document=st.none() | st.integers(0, 5),
    message=TEXT,
)
_SKIPPED = st.builds(Skipped, file=_FILE, document=st.integers(0, 5), reason=TEXT)
REPORTS = st.builds(
    Report,
    version=TEXT,
    engine=TEXT,
    revision=TEXT,
    environment=st.none() | TEXT,
    files=st.integers(0, 10),
    documents=st.integers(0, 10),
    skipped=st.lists(_SKIPPED, max_size=2).map(tuple),
    errors=st.lists(_PROBLEM, max_size=2).map(tuple),
    violations=st.lists(_VIOLATION, max_size=3).map(tuple),
    unconfigured=st.lists(TEXT, max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    exceptions=st.lists(_LISTED, max_size=2).map(tuple),
)
