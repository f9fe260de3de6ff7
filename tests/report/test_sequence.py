"""The diagram keeps everything on the page and the decision above what follows from it."""

from bridge.events import (
    Action,
    Event,
    PacketRelayed,
    ParticipantActed,
    Purpose,
    TransactionFailed,
    TransactionLost,
)
from bridge.report.sequence import ROWS_MAX, TIMES, WIDTH, SequenceDiagram, sequence
from tests.support.results import result
from tests.support.told_runs import COMMITTED, DELIVERED, HELD, OPENED, PAID, TRADE

PROOF = PacketRelayed("london", "shanghai", 4, (TRADE,), 1456)


def drawn(*events: Event) -> SequenceDiagram:
    run = result(*events)
    entries = [entry for entry in run.journal if entry.event in events]
    return sequence(run.model, run.model.trades[TRADE], entries)


def test_lanes_stand_between_their_neighbours() -> None:
    lanes = drawn(OPENED).lanes
    assert [lane.name for lane in lanes] == ["seller", "shanghai", "relayer", "london", "buyer"]
    assert [lane.hue for lane in lanes] == [-1, 0, -1, 1, -1]
    assert all(TIMES < lane.x - lane.box / 2 < lane.x + lane.box / 2 < WIDTH for lane in lanes)


def test_the_decision_stands_above_what_follows_from_it() -> None:
    marks = drawn(OPENED, HELD, PROOF, COMMITTED, DELIVERED, PAID).marks
    assert [mark.tone for mark in marks] == ["held", "held", "proof", "final", "settled", "settled"]
    assert [mark.y for mark in marks] == sorted(mark.y for mark in marks)


def test_a_proof_points_to_the_chain_that_is_shown_it() -> None:
    (mark,) = drawn(PROOF).marks
    assert mark.to < mark.x
    assert mark.text == "proof, 1,456 bytes"


def test_a_call_that_was_lost_is_marked_on_its_chain() -> None:
    lost = TransactionLost("london", b"", "buyer", Purpose.HOLD, (TRADE,))
    (pill,) = drawn(lost).marks
    assert (pill.text, pill.tone) == ("hold lost", "failed")


def test_long_words_stay_on_the_page() -> None:
    (pill,) = drawn(ParticipantActed("buyer", Action.REFUSED, TRADE, "W" * 500)).marks
    assert pill.x - pill.width / 2 >= 0
    assert pill.x + pill.width / 2 <= WIDTH
    assert pill.text.endswith("…")


def test_endless_attempts_are_cut_but_never_the_decision() -> None:
    failed = [
        TransactionFailed("london", bytes([n]) * 32, "buyer", Purpose.HOLD, 4, 1, "no", (TRADE,))
        for n in range(1, 2 * ROWS_MAX)
    ]
    diagram = drawn(OPENED, HELD, *failed, COMMITTED)
    assert diagram.left_out > 0
    assert diagram.marks[-1].kind == "line"
    assert len(diagram.marks) == ROWS_MAX + 1
