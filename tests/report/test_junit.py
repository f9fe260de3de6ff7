"""JUnit XML that any server can read, whatever stands in the texts."""

from xml.etree import ElementTree as ET

from bridge.events import InvariantViolated
from bridge.report.junit import Suite, junit_xml
from tests.support.results import expecting, result
from tests.support.told_runs import HAPPY, TRADE

HOSTILE = "<![CDATA[ ]]> & \" ' <script> \x00 \x1b \u202e \ufffe"


def suite(*events: InvariantViolated, expected: str = "settled") -> ET.Element:
    run = result(*HAPPY, *events, *expecting(expected, "settled"))
    return ET.fromstring(junit_xml([Suite("told", run.checks, run.summary)]))


def test_every_check_is_a_test_case() -> None:
    root = suite()
    cases = root.findall(".//testcase")
    assert root.get("tests") == root[0].get("tests") == str(len(cases))
    assert root.get("failures") == "0"
    assert {case.get("classname") for case in cases} == {
        *("told.expectation", "told.invariant", "told.run")
    }


def test_a_failure_has_its_message_and_the_timeline() -> None:
    root = suite(expected="aborted")
    (case,) = [case for case in root.iter("testcase") if len(case)]
    failure = case[0]
    assert case.get("name") == "trade DVP0001 is aborted"
    assert (failure.get("message") or "").startswith("trade DVP0001: expected aborted, but it is")
    assert "committed on shanghai, block 5" in (failure.text or "")


def test_hostile_text_neither_breaks_nor_escapes() -> None:
    root = suite(InvariantViolated("SUPPLY", "london", HOSTILE, TRADE))
    failure = root.find(".//failure")
    assert failure is not None
    assert "<![CDATA[ ]]> & \" ' <script> <U+0000> <U+001B>" in (failure.get("message") or "")
    assert "<U+202E> <U+FFFE>" in (failure.get("message") or "")


def test_the_run_can_be_told_from_its_properties() -> None:
    properties = {p.get("name"): p.get("value") for p in suite().iter("property")}
    assert properties["seed"] == str(2**64 - 1)
    assert len(properties["journal_sha256"] or "") == 64
