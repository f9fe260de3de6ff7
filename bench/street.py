"""Two firms that settle with each other round after round, through a whole testbed.

What is measured is all that a run does: parties sign, open and hold, the relayer stores its calls
in an outbox on disk before it sends them, proofs and headers are verified on chain, the auditor
reads every block, and the journal has every event.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from bridge.auditor import Auditor
from bridge.outbox import Outbox
from bridge.testbed.scenario import Scenario, Trade
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.testbed import Testbed
from chains.engine import Block, Height

LEI = "LOCK00HUANGPU0000060"  # illustrative
SELLER, BUYER, TARDY = "huangpu", "thames", "fleet"
ROUND_S = 3
"""How long a trade takes: held, decided, delivered, a block each."""

FIRST_S = 60
"""When the first round begins: trades that are to stay open have been placed by then."""

FOREVER_S = 10**6


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took; seconds of this machine."""

    wall_s: float
    cpu_s: float
    trades: int


class Nobody:
    """In the auditor's place: to see what the auditor takes. A run always has one."""

    alarms = ()

    def after_block(self, chain_id: int, block: Block, finalized: Height) -> tuple[()]:
        """Look at nothing."""
        return ()


class Street:
    """Rounds of ``per_round`` trades; ``standing`` trades are held on one chain and stay open."""

    def __init__(
        self,
        rounds: int,
        per_round: int,
        *,
        standing: int = 0,
        age_s: int = 0,
        outbox: Outbox | None = None,
        engine: str = "revm",
        batching: bool = True,
        audited: bool = True,
    ) -> None:
        """Stand before the first round, on chains that are ``age_s`` blocks older than new ones."""
        asked = street(rounds, per_round, standing, age_s, batching=batching)
        self.testbed = Testbed.from_scenario(asked, engine=engine, outbox=outbox)
        if not audited:
            self.testbed._chronicle._auditor = cast(Auditor, Nobody())
        self._standing = standing
        self._per_round = per_round
        self._left = rounds
        for _ in range(FIRST_S + age_s):
            self.testbed.step()
        self._check_open()

    def round(self) -> Round:
        """Settle the trades of a round to the last leg, and instruct those of the next."""
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        for _ in range(ROUND_S):
            self.testbed.step()
        took = Round(time.perf_counter() - wall_s, time.process_time() - cpu_s, self._per_round)
        self._left -= 1
        self._check_open()
        return took

    def _check_open(self) -> None:
        """A round that did not settle would make the figures a lie."""
        wanted = self._standing + (self._per_round if self._left else 0)
        if self.testbed.open_trades != wanted:
            raise RuntimeError(f"{self.testbed.open_trades} trades are open, not {wanted}")


@contextmanager
def outbox_on_disk() -> Iterator[Outbox]:
    """A new outbox in a file, as a relayer that must survive keeps it."""
    with TemporaryDirectory() as place:
        outbox = Outbox(Path(place, "outbox.sqlite"))
        try:
            yield outbox
        finally:
            outbox.close()


def street(
    rounds: int, per_round: int, standing: int = 0, age_s: int = 0, *, batching: bool = True
) -> Scenario:
    """The shipped ``dvp``, its firms richer and with other trades."""
    asked = load_scenario("dvp")
    template = asked.trades[0]
    number = 0

    def trade(submit_at_s: int, decide_by_s: int, buyer: str) -> Trade:
        nonlocal number
        number += 1
        delivery, payment = template.legs
        legs = (
            delivery.model_copy(update={"amount": 1, "receiver": buyer}),
            payment.model_copy(update={"amount": 100, "sender": buyer}),
        )
        fields = {
            "reference": f"{LEI}{number:09}",
            "hub": (payment if buyer == TARDY else delivery).chain,  # where the tardy one must sign
            "submit_at_s": submit_at_s,
            "prepare_by_s": decide_by_s,
            "decide_by_s": decide_by_s,
            "legs": legs,
        }
        return template.model_copy(update=fields)

    open_ones = [trade(1, FOREVER_S, TARDY) for _ in range(standing)]
    first_s = FIRST_S + age_s
    settled = [
        trade(first_s + ROUND_S * n, 120, BUYER) for n in range(rounds) for _ in range(per_round)
    ]
    last = trade(FOREVER_S, 120, BUYER)  # so that the run goes on for as long as it is asked to
    people = dict(asked.participants)
    late = {"policy": "late", "delay_s": FOREVER_S}
    people[TARDY] = people[TARDY].model_copy(update=late)
    positions = tuple(
        position.model_copy(update={"amount": 10**12})
        for position in asked.positions
        if position.instrument in (template.legs[0].instrument, template.legs[1].instrument)
    )
    return asked.model_copy(
        update={
            "participants": people,
            "positions": positions,
            "trades": (*open_ones, *settled, last),
            "batching": batching,
        }
    )
