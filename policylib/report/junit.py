"""JUnit XML: a suite a rule, a case a violation, and one passing case where a rule held.

What an exception covers is a skipped case, with whoever approved it. Exceptions of no use and
notes are cases too, which pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from policylib.models import Enforcement, ListedException, Problem, Report, Rule, Violation
from policylib.report.interface import DEFAULTS, Options
from policylib.report.summary import granted

# What XML 1.0 permits in a document (production 2, Char).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, rules: Mapping[str, Rule], _options: Options = DEFAULTS) -> str:
    """Write the suites; only a denied violation is a failure, one that warns a case's output."""
    root = ET.Element("testsuites", name="policylib")
    for rule in sorted({*rules, *(v.rule for v in report.violations)}):
        cases = [_case(v) for v in report.violations if v.rule == rule]
        _suite(root, rule, cases or [_element("testcase", name="all documents", classname=rule)])
    if report.errors:
        _suite(root, "input", [_error(p) for p in report.errors])
    if report.skipped:
        _suite(root, "skipped", [_skip(s.file, s.document, s.reason) for s in report.skipped])
    if idle := [one for one in report.exceptions if one.state != "used"]:
        _suite(root, "exceptions", map(_idle, idle))
    if report.notes:
        _suite(root, "notes", map(_note, report.notes))
    _count(root)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _element(tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.Element(tag, {key: _clean(value) for key, value in attributes.items()})
    element.text = _clean(text) or None
    return element


def _clean(text: str) -> str:
    r"""Write out the characters that XML cannot hold, such as `\x00`."""
    return _FORBIDDEN.sub(lambda m: m.group().encode("unicode_escape").decode("ascii"), text)


def _suite(root: ET.Element, name: str, cases: Iterable[ET.Element]) -> None:
    suite = _element("testsuite", name=name)
    suite.extend(cases)
    root.append(suite)
    _count(suite)


def _count(element: ET.Element) -> None:
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in tags.items():
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))


def _case(violation: Violation) -> ET.Element:
    place = f"{violation.file}:{violation.line}:{violation.column}"
    name = f"{place} {violation.resource} {violation.path}"
    case = _element("testcase", name=name, classname=violation.rule, file=violation.file)
    text = f"{place}: {violation.message}\n{violation.remediation}"
    if violation.enforcement is Enforcement.DENY:
        kind = str(violation.severity)
        case.append(_element("failure", text, message=violation.message, type=kind))
    elif violation.exception:
        case.append(_element("skipped", message=f"excepted {granted(violation.exception)}"))
    else:
        case.append(_element("system-out", f"{violation.enforcement}: {text}"))
    return case


def _error(problem: Problem) -> ET.Element:
    place = f"{problem.file}:{problem.line}:{problem.column}"
    case = _element("testcase", name=place, classname="input", file=problem.file)
    case.append(_element("error", f"{place}: {problem.message}", message=problem.message))
    return case


def _skip(file: str, document: int, reason: str) -> ET.Element:
    name = f"{file} document {document}"
    case = _element("testcase", name=name, classname="skipped", file=file)
    case.append(_element("skipped", message=reason))
    return case


def _idle(one: ListedException) -> ET.Element:
    case = _element("testcase", name=f"{one.rule} {one.target}", classname="exceptions")
    case.append(_element("system-out", f"{one.state}: {granted(one)}"))
    return case


def _note(note: str) -> ET.Element:
    case = _element("testcase", name="note", classname="notes")
    case.append(_element("system-out", note))
    return case
