"""JUnit XML: one test case for each expectation and invariant, as CI servers read them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridge.plain_text import plain, plain_lines
from bridge.report.checks import Check
from bridge.testbed.summary import Summary


@dataclass(frozen=True, slots=True)
class Suite:
    """One run's checks; ``name`` is the scenario's."""

    name: str
    checks: Sequence[Check]
    summary: Summary


def junit_xml(suites: Iterable[Suite]) -> str:
    """The document. Text is made plain first, since XML 1.0 has no control characters at all."""
    root = ET.Element("testsuites", name="lockstep")
    for suite in suites:
        root.append(_suite(suite))
    for total in ("tests", "failures"):
        root.set(total, str(sum(int(child.get(total, "0")) for child in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite(suite: Suite) -> ET.Element:
    failures = sum(not check.is_met for check in suite.checks)
    element = ET.Element(
        "testsuite",
        name=plain(suite.name),
        tests=str(len(suite.checks)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=f"{suite.summary.wall_seconds:.3f}",
    )
    properties = ET.SubElement(element, "properties")
    for name in ("scenario_sha256", "seed", "engine", "journal_sha256", "virtual_seconds"):
        value = str(getattr(suite.summary, name))
        ET.SubElement(properties, "property", name=name, value=plain(value))
    for check in suite.checks:
        element.append(_case(suite.name, check))
    return element


def _case(suite: str, check: Check) -> ET.Element:
    classname = f"{plain(suite)}.{check.kind.value}"
    case = ET.Element("testcase", classname=classname, name=plain(check.name), time="0")
    if not check.is_met:
        message = plain(check.message, 2000)
        failure = ET.SubElement(case, "failure", message=message, type=check.kind.value)
        failure.text = plain_lines(f"{message}\n{check.evidence}".rstrip())
    return case
