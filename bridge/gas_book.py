"""What was spent, by chain and by trade.

A batch is shared equally by its members. A header update names no trade: it is shared by the trades
that were proven with it, in the same block or the next one that proves anything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bridge.events import Purpose, TransactionFailed, TransactionIncluded


@dataclass(slots=True)
class ChainGas:
    """One chain's account: what setting the stage took, and what the trades took."""

    setup: int = 0
    settlement: int = 0
    headers_to_share: int = 0
    proven: set[bytes] = field(default_factory=set)

    @property
    def total(self) -> int:
        """All gas of all transactions."""
        return self.setup + self.settlement


class GasBook:
    """All gas of a run, one transaction after the other; failed ones cost as well."""

    def __init__(self) -> None:
        self._chains: defaultdict[str, ChainGas] = defaultdict(ChainGas)
        self._trades: defaultdict[bytes, int] = defaultdict(int)

    def on(self, chain: str) -> ChainGas:
        """A chain's account."""
        return self._chains[chain]

    def of(self, trade_id: bytes) -> int:
        """What a trade has cost on all chains, its share of batches and headers included."""
        return self._trades[trade_id]

    def spent(self, event: TransactionIncluded | TransactionFailed) -> None:
        """Book one transaction."""
        chain = self._chains[event.chain]
        if not event.purpose.is_settlement:
            chain.setup += event.gas_used
            return
        chain.settlement += event.gas_used
        if event.purpose is Purpose.UPDATE_CLIENT:
            chain.headers_to_share += event.gas_used
        elif event.purpose is Purpose.PROVE:
            chain.proven.update(event.trade_ids)
        self._share(event.gas_used, event.trade_ids)

    def block_ended(self, name: str) -> None:
        """Share the header updates of a block among the trades that it proved."""
        chain = self._chains[name]
        if chain.proven:
            self._share(chain.headers_to_share, tuple(sorted(chain.proven)))
            chain.headers_to_share = 0
            chain.proven.clear()

    def _share(self, gas: int, trade_ids: tuple[bytes, ...]) -> None:
        for place, trade_id in enumerate(trade_ids):
            self._trades[trade_id] += gas // len(trade_ids) + (place < gas % len(trade_ids))
