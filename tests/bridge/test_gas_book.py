"""What a trade costs: its own transactions, its share of batches, its share of headers."""

from bridge.events import Purpose, RunFinished, TransactionFailed
from tests.support.told_runs import HAPPY, TRADE, included, sealed, told

OTHER = bytes(31) + b"\2"


def test_a_batch_is_shared_to_the_last_unit() -> None:
    gas = told(included(Purpose.HOLD, 101, TRADE, OTHER)).gas
    assert gas.of(TRADE) == 51
    assert gas.of(OTHER) == 50


def test_a_header_is_paid_by_the_trades_proven_with_it() -> None:
    update = included(Purpose.UPDATE_CLIENT, 100)
    gas = told(update, included(Purpose.PROVE, 10, TRADE), sealed()).gas
    assert gas.of(TRADE) == 110


def test_a_header_waits_for_the_block_that_proves_something() -> None:
    update = included(Purpose.UPDATE_CLIENT, 100)
    gas = told(update, sealed(), included(Purpose.PROVE, 10, TRADE), RunFinished("done")).gas
    assert gas.of(TRADE) == 110


def test_a_header_of_another_chain_is_not_charged() -> None:
    update = included(Purpose.UPDATE_CLIENT, 100, chain="london")
    gas = told(update, included(Purpose.PROVE, 10, TRADE), sealed(), sealed("london")).gas
    assert gas.of(TRADE) == 10
    assert gas.on("london").total == 100


def test_setting_the_stage_is_no_trade_s_cost() -> None:
    gas = told(included(Purpose.DEPLOY, 1_000), included(Purpose.OPEN, 7, TRADE)).gas
    assert gas.of(TRADE) == 7
    assert (gas.on("shanghai").setup, gas.on("shanghai").settlement) == (1_000, 7)


def test_a_failed_transaction_costs_as_well() -> None:
    failed = TransactionFailed(
        "london", b"", "buyer", Purpose.HOLD, 4, 30, "legs: too late to hold", (TRADE,)
    )
    assert told(failed).gas.of(TRADE) == 30


def test_the_mean_is_over_settled_trades_only() -> None:
    spent = included(Purpose.OPEN, 500, TRADE)
    assert told(*HAPPY, spent).gas_per_settled_trade() == 500
    assert told(spent).gas_per_settled_trade() is None
