"""The closing of a run: a last full count, closing positions, and what was expected against it."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.events import ExpectationChecked, RunFinished, When
from bridge.model import TradeId
from bridge.readmodel import ReadModel
from bridge.testbed.chronicle import Chronicle
from bridge.testbed.scenario import Trade
from bridge.testbed.verdicts import expectation, is_met, outcome

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
        verdict = known.trades[trade_id].verdict
        why = known.explain(trade_id) if trade.because else None
        expected, actual = expectation(trade.expect, trade.because), outcome(verdict, why)
        met = is_met(trade.expect, trade.because, verdict, why)
        chronicle.note(ExpectationChecked(trade.reference, expected, actual, met))
    is_conserved = all(instrument.is_conserved for instrument in known.conservation())
    actual = "conserved" if is_conserved else "violated"
    chronicle.note(ExpectationChecked("", "conserved", actual, is_conserved))
    chronicle.note(RunFinished(TIME_LIMIT if is_pending else ALL_TERMINAL))
