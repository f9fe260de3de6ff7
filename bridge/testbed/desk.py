"""Where transactions go out: signed with the sender's next nonce, followed until they are final."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from bridge.abi import revert_reason
from bridge.account import Account
from bridge.events import (
    Purpose,
    TransactionFailed,
    TransactionIncluded,
    TransactionLost,
    TransactionSubmitted,
)
from bridge.model import Address, TradeId
from bridge.testbed.world import World
from chains.engine import Block, Receipt

_HASH: Final = attrgetter("hash")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of a transaction that is on its way; a relayer sees to its nonces itself."""

    chain: str
    tx_hash: bytes
    sender: str
    purpose: Purpose
    trade_ids: tuple[TradeId, ...]
    nonce: int | None = None

    @property
    def submitted(self) -> TransactionSubmitted:
        """The journal event of its submission."""
        return TransactionSubmitted(
            self.chain, self.tx_hash, self.sender, self.purpose, self.trade_ids
        )

    @property
    def lost(self) -> TransactionLost:
        """The journal event of its loss."""
        return TransactionLost(self.chain, self.tx_hash, self.sender, self.purpose, self.trade_ids)

    def ended(self, receipt: Receipt) -> TransactionIncluded | TransactionFailed:
        """The journal event of its end."""
        place = (self.chain, self.tx_hash, self.sender, self.purpose)
        spent = (int(receipt.height), receipt.gas_used)
        if receipt.is_success:
            return TransactionIncluded(*place, *spent, self.trade_ids)
        return TransactionFailed(*place, *spent, revert_reason(receipt.output), self.trade_ids)


class Desk:
    """Submits transactions for everybody and remembers whose they are until they are final."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: dict[str, dict[bytes, Slip]] = {chain: {} for chain in world.engines}

    @property
    def in_flight(self) -> int:
        """How many transactions are not final yet."""
        return sum(map(len, self._open.values()))

    def send(
        self,
        chain: str,
        account: Account,
        sender: str,
        purpose: Purpose,
        to: Address | None,
        data: bytes,
        gas_limit: int,
        trade_ids: tuple[TradeId, ...] = (),
        nonce: int | None = None,
    ) -> Slip:
        """Sign, with the account's next nonce if none is named, and submit.

        Raises TransactionRejected.
        """
        engine = self._world.engines[chain]
        if nonce is None:
            nonce = engine.nonce(account.address, pending=True)
        fee = self._world.max_fee_per_gas(chain)
        chain_id = self._world.chain_id(chain)
        tx_hash = engine.submit(account.sign(chain_id, nonce, to, data, gas_limit, fee))
        return self.expect(Slip(chain, tx_hash, sender, purpose, trade_ids, nonce))

    def expect(self, slip: Slip) -> Slip:
        """Follow a transaction that somebody else submitted."""
        self._open[slip.chain][slip.tx_hash] = slip
        return slip

    def follows(self, chain: str, tx_hash: bytes) -> bool:
        """True for a transaction that is known and not final."""
        return tx_hash in self._open[chain]

    def settle(self, chain: str, block: Block) -> Iterator[tuple[Slip, Receipt]]:
        """The followed transactions that a final block includes."""
        for receipt in block.receipts:
            slip = self._open[chain].pop(receipt.tx_hash, None)
            if slip is not None:
                yield slip, receipt

    def is_awaited(self, slip: Slip) -> bool:
        """True when later calls of its sender wait for its nonce, and nobody else uses that."""
        engine, sender = self._world.engines[slip.chain], self._world.accounts[slip.sender].address
        if slip.nonce is None or slip.nonce < engine.nonce(sender):
            return False
        waiting = {t.nonce for t in engine.pending_transactions() if t.sender == sender}
        return slip.nonce not in waiting and slip.nonce < max(waiting, default=0)

    def lost(self, chain: str) -> tuple[Slip, ...]:
        """Stop following what is neither waiting nor in a block any more, and name it."""
        engine, followed = self._world.engines[chain], self._open[chain]
        if not followed:
            return ()
        waiting = set(map(_HASH, engine.pending_transactions()))
        absent = [h for h in followed if h not in waiting and engine.receipt(h) is None]
        return tuple([followed.pop(tx_hash) for tx_hash in absent])
