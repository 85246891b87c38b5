"""JUnit XML: a suite a rule, a case a violation, and one passing case where a rule held.

A rule that was not asked is a skipped case, and so is what an exception covers, with whoever
approved it. Exceptions of no use and notes are cases too, which pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from policylib.models import Enforcement, ListedException, Problem, Report, Rule, Violation
from policylib.report.interface import DEFAULTS, Options
from policylib.report.plain import escape
from policylib.report.summary import granted, unasked


def write(report: Report, rules: Mapping[str, Rule], _options: Options = DEFAULTS) -> str:
    """Write the suites; only a denied violation is a failure, one that warns a case's output."""
    root = ET.Element("testsuites", name="policylib")
    for rule in sorted({*rules, *(v.rule for v in report.violations)}):
        cases = [_case(v) for v in report.violations if v.rule == rule]
        _suite(root, rule, cases or [_held(report, rules[rule])])
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


def _element(tag: str, *lines: str, **attributes: str) -> ET.Element:
    """Make an element; what is not printable, and so all that XML cannot hold, is written out."""
    element = ET.Element(tag, {key: escape(value) for key, value in attributes.items()})
    element.text = "\n".join(map(escape, lines)) or None
    return element


def _suite(root: ET.Element, name: str, cases: Iterable[ET.Element]) -> None:
    suite = _element("testsuite", name=name)
    suite.extend(cases)
    root.append(suite)
    _count(suite)


def _count(element: ET.Element) -> None:
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in tags.items():
        element.set(attribute, str(sum(1 for _ in element.iter(tag))))


def _held(report: Report, rule: Rule) -> ET.Element:
    case = _element("testcase", name="all documents", classname=rule.id)
    if reason := unasked(report, rule):
        case.append(_element("skipped", message=reason))
    return case


def _case(violation: Violation) -> ET.Element:
    place = f"{violation.file}:{violation.line}:{violation.column}"
    name = f"{place} {violation.resource} {violation.path}"
    case = _element("testcase", name=name, classname=violation.rule, file=violation.file)
    told, todo = f"{place}: {violation.message}", violation.remediation
    if violation.enforcement is Enforcement.DENY:
        kind = str(violation.severity)
        case.append(_element("failure", told, todo, message=violation.message, type=kind))
    elif violation.exception:
        case.append(_element("skipped", message=f"excepted {granted(violation.exception)}"))
    else:
        case.append(_element("system-out", f"{violation.enforcement}: {told}", todo))
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
