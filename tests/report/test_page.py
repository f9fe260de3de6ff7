"""The page: self-contained, safe whatever it shows, and complete."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from bridge.events import Purpose, TransactionFailed
from bridge.report.page import DIAGRAMS_MAX, report_html
from bridge.report.result import Result
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from tests.support.results import expecting, result
from tests.support.told_runs import ABORTED, HAPPY, HELD, OPENED, PAID, TRADE

HOSTILE = "</text></svg><script>alert(1)</script>\"'&\u202e\x1b[2J{{ 7*7 }}"
VOID = ("meta", "line", "rect", "polygon", "path", "br")


class Page(HTMLParser):
    """Which elements and attributes a page really has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def dvp() -> Result:
    scenario = load_scenario("dvp")
    testbed = Testbed.from_scenario(scenario)
    testbed.run()
    return Result.of(testbed.journal, scenario, engine="told", wall_seconds=1)


@pytest.fixture(scope="module")
def html(dvp: Result) -> str:
    return report_html(dvp)


def test_the_page_forbids_itself_scripts_and_everything_remote(html: str) -> None:
    page = Page(html)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert any(name == "content" and value.startswith(policy) for name, value in page.attributes)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "srcset", "style") or not value
        assert name != "href" or value.startswith("#")
    assert "url(" not in html
    assert "@import" not in html
    assert "://" not in html


def test_every_element_is_closed_where_it_should_be(html: str) -> None:
    assert Page(html).open == []


def test_each_trade_shows_its_legs_and_its_point_of_finality(html: str) -> None:
    text = Page(html).text
    assert text.count("Point of finality 结算最终点") == 2
    for part in ("DVP0001", "DVP0004", "50,000 SHGB29", "552,486.19 tGBP", "proof, 1,456 bytes"):
        assert part in text


def test_what_did_not_settle_has_its_cause_and_its_code_in_words(html: str) -> None:
    text = Page(html).text
    assert "fleet is short of tGBP on london" in text
    assert "MONY insufficient money 资金不足" in text
    assert "REFU refused 被拒绝" in text


def test_the_rest_of_the_run_is_there(html: str, dvp: Result) -> None:
    text = Page(html).text
    for part in ("Positions", "Conservation", "Principal at risk over time", "Gas", "Proofs"):
        assert part in text
    assert dvp.summary.journal_sha256 in text
    assert "Thames Custody (fictional)" in text
    assert "+552,486.19" in text
    assert "illustrative" in text


def test_the_same_run_gives_the_same_page(html: str, dvp: Result) -> None:
    assert report_html(dvp) == html


def test_a_bad_run_says_so_first() -> None:
    text = Page(report_html(result(OPENED, HELD, PAID, *expecting("settled", "pending")))).text
    assert "checks failed" in text
    assert "What failed" in text
    assert "100.00 tGBP" in text
    assert "Everything expected came true" not in text


def test_a_good_run_has_nothing_that_failed(html: str) -> None:
    assert "What failed" not in html


def test_hostile_texts_are_text() -> None:
    reverted = TransactionFailed(
        "london", b"\7" * 32, "buyer", Purpose.HOLD, 4, 1, HOSTILE, (TRADE,)
    )
    run = result(OPENED, reverted, ABORTED, *expecting("settled", "aborted"))
    hostile = load_scenario("dvp").model_copy(update={"about": f"about {HOSTILE}"})
    shown = replace(run, scenario=hostile)
    html = report_html(shown)
    page = Page(html)
    assert "script" not in page.tags
    assert page.open == []
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "</svg><script>" in page.text
    assert "{{ 7*7 }}" in page.text


def test_a_long_day_is_told_by_its_most_telling_trades() -> None:
    scenario = load_scenario("market_day")
    testbed = Testbed.from_scenario(scenario)
    while len(testbed.query().trades) < 3 * DIAGRAMS_MAX:
        testbed.step()
    testbed.end()
    run = Result.of(testbed.journal, scenario, engine="told", wall_seconds=1)
    html = report_html(run)
    assert len(re.findall("<svg class=.sequence", html)) == DIAGRAMS_MAX
    assert len(html) < 2_000_000


def test_an_aborted_run_draws_no_point_of_finality() -> None:
    html = report_html(result(*HAPPY[:2], ABORTED, *expecting("aborted", "aborted")))
    assert "Point of finality" not in html
    assert "nothing moves" in html


def test_what_went_wrong_on_purpose_is_told_with_its_moment() -> None:
    scenario = load_scenario("insolvent_between_hold_and_decision")
    testbed = Testbed.from_scenario(scenario)
    testbed.run()
    page = report_html(Result.of(testbed.journal, scenario, engine="revm", wall_seconds=0.0))
    told = " ".join(Page(page).text.split())
    assert "What went wrong on purpose" in told
    assert "insolvency" in told
    assert "stops; estate takes what is not held" in told


def test_a_run_without_faults_tells_of_none() -> None:
    assert "went wrong on purpose" not in report_html(result(*HAPPY))
