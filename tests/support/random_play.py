"""A world in which anything may be tried; every answer must be one that the table allows.

Whoever plays keeps what is known of each trade. Nothing is predicted but by the table: a call that
succeeds is one of its transitions or a repetition, one that is refused has one of its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge import contract_calls
from bridge.model import ChainId, Packet, Status, Trade, TradeId
from bridge.protocols.hold_decide import (
    TRANSITIONS,
    Event,
    NoOp,
    Refused,
    Role,
    Transition,
    reason_of,
)
from chains.engine import Receipt
from tests.support.engine_chain import calldata, reason
from tests.support.engine_packets import announcements, packet_of, validators_at
from tests.support.engine_world import COURIER, EngineWorld
from tests.support.people import PEOPLE, account
from tests.support.table_facts import FACTS

PROVEN = {status: event for event, status in FACTS.items()}
DECIDED = (Status.COMMITTED, Status.ABORTED)
ENDED = (Status.EXECUTED, Status.RELEASED, Status.REFUSED)
FINAL = (*DECIDED, *ENDED)
GIVEN_BACK = (Status.ABORTED, Status.RELEASED, Status.REFUSED)
Place = tuple[TradeId, ChainId]


@dataclass(slots=True)
class Play:
    """The world, the trades and packets in it, and what was seen of each trade last."""

    world: EngineWorld
    trades: list[Trade] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)
    known: dict[Place, Status] = field(default_factory=dict)
    generations: dict[ChainId, int] = field(default_factory=dict)
    frozen: set[tuple[ChainId, ChainId]] = field(default_factory=set)  # whose client, and where

    def add(self, trade: Trade) -> None:
        self.trades.append(trade)
        for chain in self.chains_of(trade):
            self.known[self.world.id_of(trade), chain] = Status.NONE

    def chains_of(self, trade: Trade) -> tuple[ChainId, ...]:
        """Where something can be recorded of it."""
        return tuple(dict.fromkeys((trade.hub_chain_id, *trade.chain_ids)))

    # --- asking

    def ask(self, event: Event, trade: Trade, on: ChainId, who: str, data: bytes) -> Receipt:
        """A call about one trade; its answer must be one of the table's."""
        receipt = self.world[on].send(who, self.world[on].settlement, data)
        self.check_answer(event, trade, on, receipt)
        self.keep_packets(on, receipt)
        return receipt

    def check_answer(self, event: Event, trade: Trade, on: ChainId, receipt: Receipt) -> None:
        role = Role.HUB if on == trade.hub_chain_id else Role.LEGS
        place = self.world.id_of(trade), on
        before, after = self.known.get(place, Status.NONE), self.world.status(trade, on)
        cell = TRANSITIONS[role][before][event]
        answers = [cell.answer, *(answer for _, answer in cell.guards)]
        if receipt.is_success:
            targets = [a.target for a in answers if isinstance(a, Transition)]
            assert after in targets or (NoOp() in answers and after is before)
        else:
            reasons = [a.reason for a in answers if isinstance(a, Refused)]
            assert reason_of(reason(receipt)) in reasons, reason(receipt)
            assert after is before
        if place in self.known:
            self.known[place] = after

    def keep_packets(self, on: ChainId, receipt: Receipt) -> None:
        """Whatever was announced may be proven later, or never, or twice."""
        found = [log.receipt_log_index for log in announcements(receipt)]
        self.packets += [packet_of(self.world[on], receipt, position) for position in found]

    def prove(self, packet: Packet, index: int, on: ChainId) -> None:
        """Prove one trade of a packet."""
        trade = self.trade_of(packet.ids[index])
        event = PROVEN[packet.statuses[index]]
        self.ask(event, trade, on, COURIER, contract_calls.prove(packet, index, trade))

    def hub_status(self, trade: Trade) -> Status:
        return self.known[self.world.id_of(trade), trade.hub_chain_id]

    def trade_of(self, trade_id: TradeId) -> Trade:
        return next(t for t in self.trades if self.world.id_of(t) == trade_id)

    # --- clients

    def follow(self, source: ChainId, on: ChainId) -> None:
        """Show every set change that the client has not seen, and is not frozen for."""
        chain = self.world[source]
        if (source, on) in self.frozen:
            return
        for height in range(self.world[on].trusted_since(source) + 1, chain.engine.latest + 1):
            if validators_at(chain, height) != validators_at(chain, height - 1):
                self.world.follow(source, height, on)

    def rotate(self, chain: ChainId) -> None:
        self.generations[chain] = self.generations.get(chain, 0) + 1
        self.world.rotate(chain, self.generations[chain])

    def freeze(self, source: ChainId, on: ChainId) -> None:
        """The validators contradict themselves; only a client that trusts them takes notice."""
        self.follow(source, on)
        self.world.freeze(source, on, self.generations.get(source, 0))
        self.frozen.add((source, on))

    def carry(self, packet: Packet, on: ChainId) -> None:
        """Show a packet's header; the client may know better."""
        client = self.world[on].clients[packet.header.chain_id]
        self.world[on].send(COURIER, client, contract_calls.update(packet.header))

    # --- what must hold

    def check_trades(self) -> None:
        """No trade is one-sided; what is decided or ended stays so; nothing is left behind."""
        for trade in self.trades:
            seen = [self.known[self.world.id_of(trade), c] for c in self.chains_of(trade)]
            assert not (Status.EXECUTED in seen and any(s in seen for s in GIVEN_BACK)), seen
            assert not (Status.COMMITTED in seen and any(s in seen for s in GIVEN_BACK)), seen

    def check_records(self) -> None:
        """The contracts say what was last seen of them, and our tokens leave no leg behind."""
        for trade in self.trades:
            for chain in self.chains_of(trade):
                assert self.world.status(trade, chain) is self.known[self.world.id_of(trade), chain]
                if self.known[self.world.id_of(trade), chain] in FINAL:
                    assert self.world.pending(trade, chain) == 0

    def check_positions(self, chain: ChainId, token: bytes, supply: int) -> None:
        """Nobody's hold exceeds what is owned, and nothing came or went but by the issuer."""
        here = self.world[chain]
        owned = [here.balance(token, who) for who in PEOPLE]
        held = [here.held(token, who) for who in PEOPLE]
        free = [self._available(chain, token, who) for who in PEOPLE]
        assert sum(owned) == supply
        assert free == [o - h for o, h in zip(owned, held, strict=True)]
        assert min(free) >= 0

    def _available(self, chain: ChainId, token: bytes, who: str) -> int:
        data = calldata("cash_token", "available_of", account(who))
        return int.from_bytes(self.world[chain].read(token, data), "big")
