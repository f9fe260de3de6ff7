"""Chains made of logs: what a relayer sees of them, without an engine."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.contract_logs import Announced, ClientLog, Held, Opened, SettlementLog
from bridge.model import Address, ChainId, Leg, Status, Trade, TradeId, UtiWord
from bridge.relay_view import (
    CallEffect,
    ChainView,
    ClientEntry,
    Ended,
    SealedBlock,
    SettlementEntry,
    View,
)
from chains.consensus import ValidatorSet, seal
from tests.support.sealed_headers import FOUR, header

HUB, LEG, THIRD = ChainId(1), ChainId(2), ChainId(3)
NOW_S = 1_000
DECIDE_BY_S = 2_000
HUB_ADDRESS = Address(b"\xa0" * 20)


def account(number: int) -> Address:
    """Somebody's account."""
    return Address(bytes([number]) * 20)


def trade_over(*chains: ChainId, hub: ChainId = HUB) -> Trade:
    """A trade with a leg on each of these chains."""
    return Trade(
        legs=tuple(
            Leg(chain, HUB_ADDRESS, account(1), account(2), account(3), 5) for chain in chains
        ),
        hub_chain_id=hub,
        hub=HUB_ADDRESS,
        prepare_by_s=1_500,
        decide_by_s=DECIDE_BY_S,
        uti=UtiWord(bytes(32)),
    )


class FakeChain:
    """Blocks of logs, sealed as they come, and what became of calls."""

    def __init__(self, chain_id: ChainId) -> None:
        self.chain_id = chain_id
        self.validators = FOUR
        self.blocks: list[SealedBlock] = []
        self.ended: list[Ended] = []
        self.now_s = NOW_S  # the time in its next blocks
        self.proof_bytes: dict[int, int] = {}  # by height
        self._headers: dict[int, bytes] = {}
        self._seen = 0
        self.block()

    def block(self, *logs: SettlementLog, clients: Iterable[tuple[ChainId, ClientLog]] = ()) -> int:
        """Seal a block with these logs, one transaction each; returns its height."""
        height = len(self.blocks)
        head = header(self.validators, height=height)
        self._headers[height] = seal(head, self.validators.keys).encode()
        self.blocks.append(
            SealedBlock(
                height=height,
                timestamp_s=self.now_s,
                validators=tuple(Address(a) for a in self.validators.addresses),
                settlement=tuple(SettlementEntry(log, i, 0) for i, log in enumerate(logs)),
                clients=tuple(ClientEntry(source, log) for source, log in clients),
            )
        )
        return height

    def rotate(self, validators: ValidatorSet) -> None:
        """Seal the next blocks with another set."""
        self.validators = validators

    def say(self, status: Status, *ids: TradeId) -> Announced:
        """An announcement of one status for some trades."""
        return Announced(self.chain_id, ids, (status,) * len(ids))

    def opened(self, trade_id: TradeId, trade: Trade) -> int:
        """A block in which the trade is opened."""
        return self.block(Opened(trade_id, trade))

    def held(self, trade_id: TradeId, trade: Trade) -> int:
        """A block in which the legs are held."""
        return self.block(Held(trade_id, trade), self.say(Status.HELD, trade_id))

    def end(self, *effects: CallEffect, reason: str = "") -> None:
        """Let calls succeed, or fail for a reason."""
        self.ended += [Ended(effect.errand, not reason, reason) for effect in effects]

    def header(self, height: int) -> bytes:
        return self._headers[height]

    def receipt_proof(self, height: int, tx_index: int) -> tuple[bytes, ...]:
        return (b"\1" * self.proof_bytes.get(height, 500),)

    def news(self, *, is_whole: bool) -> ChainView:
        """What is new since the last look, or everything."""
        since = 0 if is_whole else self._seen
        self._seen = len(self.blocks)
        ended, self.ended = tuple(self.ended), []
        return ChainView(self.chain_id, tuple(self.blocks[since:]), ended, self)


def look(*chains: FakeChain, now_s: int = NOW_S, is_whole: bool = False) -> View:
    """A view of all chains; ``is_whole`` as a relayer that has just been started has it."""
    return View(now_s, tuple(chain.news(is_whole=is_whole) for chain in chains))
