"""Positions and conservation: folded from logs, checked against what the tokens say."""

from bridge.events import HoldPlaced, HoldReleased, PositionRecorded, Transferred, When
from bridge.positions import Position
from tests.support.told_runs import paid_in_full, told


def test_a_hold_reserves_and_leaves_the_owner() -> None:
    placed = HoldPlaced("london", "tGBP", "buyer", "seller", 4_000, 4)
    position = told(placed).positions.of("buyer", "tGBP")
    assert position == Position(balance=10_000, held=4_000)
    assert position.available == 6_000


def test_a_released_hold_is_free_again() -> None:
    leg = ("london", "tGBP", "buyer", "seller", 4_000)
    model = told(HoldPlaced(*leg, 4), HoldReleased(*leg, 5))
    assert model.positions.of("buyer", "tGBP") == Position(balance=10_000)


def test_an_executed_hold_moves_the_amount() -> None:
    positions = told(*paid_in_full()).positions
    assert positions.of("buyer", "tGBP") == Position()
    assert positions.of("seller", "tGBP") == Position(balance=10_000)
    assert positions.of("seller", "BOND") == Position(balance=50)


def test_a_run_that_only_moves_amounts_conserves_them() -> None:
    closing = PositionRecorded(When.CLOSING, "seller", "london", "tGBP", 10_000, 0)
    conserved = told(*paid_in_full(), closing).conservation()
    assert [kept.is_conserved for kept in conserved] == [True, True]


def test_an_amount_made_from_nothing_is_not_conserved() -> None:
    minted = Transferred("london", "tGBP", "", "seller", 1, 7)
    bond, sterling = told(*paid_in_full(), minted).conservation()
    assert bond.is_conserved
    assert not sterling.is_conserved
    assert (sterling.opening, sterling.now) == (10_000, 10_001)


def test_a_token_that_says_otherwise_than_its_logs_is_found_out() -> None:
    closing = PositionRecorded(When.CLOSING, "seller", "london", "tGBP", 9_999, 0)
    _, sterling = told(*paid_in_full(), closing).conservation()
    assert not sterling.is_conserved
    assert "seller" in sterling.faults[0]


def test_an_overdrawn_account_is_found_out() -> None:
    _, sterling = told(Transferred("london", "tGBP", "seller", "buyer", 5, 4)).conservation()
    assert not sterling.is_conserved


def test_more_held_than_owned_is_found_out() -> None:
    _, sterling = told(HoldPlaced("london", "tGBP", "buyer", "seller", 10_001, 4)).conservation()
    assert not sterling.is_conserved
