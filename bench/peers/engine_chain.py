"""Our own engine as one more chain of the comparison."""

from __future__ import annotations

from collections.abc import Sequence

from bench.peers.driving import BLOCK_GAS, PeerFailed
from chains.config import ChainConfig
from chains.keys import keccak
from chains.revm import RevmEngine
from chains.transactions import forget_known

VALIDATORS = 4


class EngineChain:
    """One engine; a block is produced when something is posted."""

    def __init__(self, chain_id: int) -> None:
        keys = tuple(keccak(b"validator %d/%d" % (chain_id, i)) for i in range(VALIDATORS))
        self.engine = RevmEngine(ChainConfig(chain_id, keys, gas_limit=BLOCK_GAS))
        self._now_s = self.engine.config.genesis_timestamp_s
        self._posted: list[bytes] = []
        # What was signed in this process would be known without its sender being recovered.
        forget_known()

    def post(self, raw: bytes) -> None:
        """Have one transaction put into a block of its own."""
        self.post_block((raw,))

    def post_block(self, raws: Sequence[bytes]) -> None:
        """Have many put into one block."""
        self._posted = [self.engine.submit(raw) for raw in raws]
        self._produce()

    def wait(self) -> None:
        """Take the receipts of what was posted last. Raises PeerFailed unless all succeeded."""
        for tx_hash in self._posted:
            receipt = self.engine.receipt(tx_hash)
            if receipt is None or not receipt.is_success:
                raise PeerFailed(f"a transaction was not mined or failed: {receipt}")

    def _produce(self) -> None:
        self._now_s += 1
        self.engine.produce_block(self._now_s)
