"""Facts for the questions of the table: true ones, and those that can never be true.

A fact is true when the other chain's contract can be brought to announce it. What no honest chain
would seal, as a decision against the one taken, is forged by all of its validators. And each is
spoilt in the way in which a guard of the table fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bridge import contract_calls
from bridge.model import ChainId, Packet, Status, Trade
from bridge.protocols.hold_decide import Event, Guard, Role
from chains.engine import Height
from tests.support.engine_chain import validator_keys
from tests.support.engine_hostile import impersonate
from tests.support.engine_packets import Said, forged, packet_of
from tests.support.engine_world import LONDON, ZURICH, Moment
from tests.support.people import BOB, account
from tests.support.table_world import HERE, TableWorld

STRANGER = ChainId(999)
FACTS = {
    Event.HELD_PROVEN: Status.HELD,
    Event.OBJECTED_PROVEN: Status.OBJECTED,
    Event.REFUSED_PROVEN: Status.REFUSED,
    Event.COMMITTED_PROVEN: Status.COMMITTED,
    Event.ABORTED_PROVEN: Status.ABORTED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A packet about London, and whether what it says is so."""

    packet: Packet
    is_true: bool


OTHER_FACTS = {
    Guard.SEALED,
    Guard.ANNOUNCEMENT,
    Guard.FROM_ITS_AGENT,
    Guard.FROM_ITS_HUB,
    Guard.IS_NEWS,
    Guard.COMPLETE,
}


class FactBook:
    """The facts of a world, each brought about once and returned to."""

    def __init__(self, table: TableWorld) -> None:
        self._table = table
        self._known: dict[tuple[Role, Status, Event, Guard | None], tuple[Moment, Told]] = {}

    def told(self, role: Role, state: Status, event: Event, failing: Guard | None) -> Told:
        """What the event proves, its header already carried unless just that shall fail."""
        key = role, state, event, failing if failing in OTHER_FACTS else None
        if key not in self._known:
            self._table.enter(role, state)
            fact = _bring(self._table, role, event, failing)
            self._known[key] = self._table.world.moment(), fact
        moment, fact = self._known[key]
        self._table.world.go_back(moment)
        return replace(fact, packet=_spoilt(fact.packet, failing))


def _bring(table: TableWorld, role: Role, event: Event, failing: Guard | None) -> Told:
    trade = table.trades[role]
    if event is Event.HELD_PROVEN and role is Role.HUB:
        _mark_others(table, trade, failing)
    fact = _fact(table, role, trade, FACTS[event], failing)
    if failing is not Guard.SEALED:
        table.world.carry(fact.packet.header, HERE)
    return fact


def _spoilt(packet: Packet, failing: Guard | None) -> Packet:
    if failing is Guard.FROM_A_PEER:
        return replace(packet, source=replace(packet.source, chain_id=STRANGER))
    if failing is Guard.SAME_FACTS:
        return replace(packet, statuses=(Status.OPEN,))
    return packet


def _fact(
    table: TableWorld, role: Role, trade: Trade, wanted: Status, failing: Guard | None
) -> Told:
    london, ids = table.world[LONDON], (table.world.id_of(trade),)
    if failing is Guard.ANNOUNCEMENT:
        paid = london.do(BOB, london.cash, contract_calls.transfer(account(BOB), 1))
        return Told(replace(packet_of(london, paid, 0), ids=ids, statuses=(wanted,)), True)
    if failing in (Guard.FROM_ITS_AGENT, Guard.FROM_ITS_HUB):
        said = impersonate(london, table.impostor, ids, (wanted,))
        return Told(packet_of(london, said), True)
    is_true = bring_about(table, role, trade, wanted)
    if is_true:
        return Told(table.world.announce(LONDON, trade), True)
    lie = Said(london.settlement, ids, (wanted,))
    return Told(forged(london, validator_keys(LONDON), lie), False)


def bring_about(table: TableWorld, role: Role, trade: Trade, wanted: Status) -> bool:
    """Have London come to a state by honest steps; False when it cannot."""
    if role is Role.HUB:
        _bring_legs(table, trade, wanted)
    else:
        _bring_hub(table, trade, wanted)
    return table.world.status(trade, LONDON) is wanted


def _bring_legs(table: TableWorld, trade: Trade, wanted: Status) -> None:
    if table.world.status(trade, LONDON) is Status.NONE:
        if wanted is Status.REFUSED:
            table.refuse(trade, LONDON)
        elif wanted in (Status.HELD, Status.OBJECTED):
            table.world.hold(trade, LONDON)
    if wanted is Status.OBJECTED and table.world.status(trade, LONDON) is Status.HELD:
        table.object(trade, LONDON)


def _bring_hub(table: TableWorld, trade: Trade, wanted: Status) -> None:
    world, here = table.world, table.world.status(trade, HERE)
    is_undecided = world.status(trade, LONDON) is Status.NONE
    if wanted is Status.ABORTED and is_undecided:
        world.cancel(trade)
    if wanted is Status.COMMITTED and is_undecided and here in (Status.HELD, Status.OBJECTED):
        world.open(trade)
        world.carry(_when_held(table, trade).header, LONDON)
        assert world.prove(_when_held(table, trade), trade, LONDON).is_success


def _when_held(table: TableWorld, trade: Trade) -> Packet:
    """The hold's own announcement, though an objection may have followed."""
    engine, ids = table.world[HERE].engine, (table.world.id_of(trade),)
    for height in range(engine.latest, 0, -1):
        for receipt in engine.block(Height(height)).receipts:
            if any(each.address == table.world[HERE].settlement for each in receipt.logs):
                packet = packet_of(table.world[HERE], receipt)
                if (packet.ids, packet.statuses) == (ids, (Status.HELD,)):
                    return packet
    raise AssertionError("the legs were never held")


def _mark_others(table: TableWorld, trade: Trade, failing: Guard | None) -> None:
    """Zurich is proven already, so that London completes; or London itself is."""
    if table.world.status(trade, HERE) is not Status.OPEN:
        return
    if failing is Guard.IS_NEWS:
        table.mark(trade, LONDON)
    elif failing is not Guard.COMPLETE:
        table.mark(trade, ZURICH)
