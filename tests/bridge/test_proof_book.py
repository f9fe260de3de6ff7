"""What crosses between the chains is booked by its size."""

from bridge.events import HeaderRelayed, PacketRelayed
from bridge.proof_book import Carried, Route
from tests.support.told_runs import TRADE, told

SAID = PacketRelayed("london", "shanghai", 4, (TRADE,), 1456)
SHOWN = HeaderRelayed("london", "shanghai", 4, 666, 3)


def test_proofs_and_headers_are_booked_by_route() -> None:
    model = told(SHOWN, SAID, SAID)
    assert model.proofs.routes == {
        Route("london", "shanghai"): Carried(2, 2912, 1456, 1, 666, 3),
    }


def test_a_trade_knows_its_proofs_and_no_others() -> None:
    model = told(SAID)
    assert model.proofs.of(TRADE) == (SAID,)
    assert model.proofs.of(b"other") == ()
