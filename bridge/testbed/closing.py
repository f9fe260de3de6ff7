"""The closing of a run: a last full count, closing positions, and what was expected against it."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.events import ExpectationChecked, RunFinished, When
from bridge.model import TradeId
from bridge.readmodel import ReadModel
from bridge.testbed.chronicle import Chronicle
from bridge.testbed.scenario import Trade

ALL_TERMINAL = "all trades terminal"
TIME_LIMIT = "time limit"


def close_run(
    chronicle: Chronicle,
    read_model: ReadModel,
    instructed: Mapping[TradeId, Trade],
    *,
    is_pending: bool,
) -> None:
    """Write the journal's last events; verdicts are read from the journal itself."""
    chronicle.recount()
    chronicle.positions(When.CLOSING)
    known = read_model.catch_up(chronicle.journal)
    for trade_id, trade in instructed.items():
        actual = known.trades[trade_id].verdict
        met = actual == trade.expect
        chronicle.note(ExpectationChecked(trade.reference, trade.expect, actual, met))
    is_conserved = all(instrument.is_conserved for instrument in known.conservation())
    actual = "conserved" if is_conserved else "violated"
    chronicle.note(ExpectationChecked("", "conserved", actual, is_conserved))
    chronicle.note(RunFinished(TIME_LIMIT if is_pending else ALL_TERMINAL))
