"""A good scenario: taken as it says, frozen, and named by what it says."""

import pytest
from pydantic import ValidationError

from bridge.testbed.scenario import Scenario
from tests.support.documents import GOOD, changed, codes_of, parsed


def test_a_good_scenario_is_taken_as_it_says() -> None:
    scenario = parsed(GOOD)
    delivery, payment = scenario.trades[0].legs
    assert (delivery.sender, delivery.receiver, delivery.amount) == ("seller", "buyer", 10)
    assert payment.amount == 100_000
    assert scenario.chains["london"].finality_lag == 2
    assert scenario.instruments.keys() == {"tGBP", "BOND"}
    assert scenario.start_s == 1_793_583_000


def test_what_is_left_out_has_its_default() -> None:
    scenario = parsed(GOOD)
    assert scenario.seed == 1
    assert scenario.chains["shanghai"].validators == 4
    assert scenario.participants["seller"].policy == "prompt"
    assert scenario.trades[0].submit_at_s == 1


def test_a_participant_is_on_all_chains_unless_it_says_otherwise() -> None:
    scenario = parsed(GOOD)
    assert scenario.chains_of("seller") == ("shanghai", "london")
    assert scenario.chains_of("local") == ("london",)


def test_a_run_lasts_until_the_last_deadline_can_be_carried_out() -> None:
    assert parsed(GOOD).time_limit_s == 1 + 60 + 60


def test_a_scenario_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        parsed(GOOD).name = "other"


def test_a_scenario_is_made_from_a_document_only() -> None:
    with pytest.raises(ValidationError, match="from_document"):
        Scenario.model_validate({"chains": {"london": {"chain_id": 1}}})


def test_the_layout_of_a_file_does_not_change_its_hash() -> None:
    commented = "# a comment\n" + GOOD.replace(" = ", "   =   ")
    assert parsed(commented).sha256() == parsed(GOOD).sha256()


def test_another_way_to_write_an_amount_does_not_change_the_hash() -> None:
    assert parsed(changed(("1000.00", "1000.0"))).sha256() == parsed(GOOD).sha256()


@pytest.mark.parametrize(
    "change",
    [("1000.00", "1000.01"), ("decide_by_s = 60", "decide_by_s = 61"), ('"late"', '"silent"')],
)
def test_another_meaning_changes_the_hash(change: tuple[str, str]) -> None:
    assert parsed(changed(change)).sha256() != parsed(GOOD).sha256()


def test_a_file_with_windows_line_ends_is_the_same() -> None:
    windows = GOOD.replace("\n", "\r\n")
    assert codes_of(windows) == []
    assert parsed(windows).sha256() == parsed(GOOD).sha256()
