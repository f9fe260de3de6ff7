"""Settle hash time locks on any pair of chains: one after the other, or many in a block.

Between posting and waiting the other chain works too, where it is a process of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bench.figures import Figures, Latencies
from bench.peers.htlc_pair import HtlcPair, HtlcSettlement

TRIES = 5
WARM_UP = 20
ALONE = 100
BATCH_SIZES = (20, 100, 500)
BATCHES = 3  # at least, of any size
BATCHED = 1_000  # settlements, or more when that many batches need more
OLD_BLOCKS = 4_000
OLD_SETTLEMENTS = OLD_BLOCKS // 2  # one after the other, each has two blocks on either chain
BLOCK_GAS = 10**9  # room for any batch, and a base fee of zero stays at zero
SETTLEMENTS = max(WARM_UP + OLD_SETTLEMENTS + TRIES * ALONE, BATCHED, BATCHES * max(BATCH_SIZES))


class PeerFailed(Exception):
    """A peer did something else than what is measured, so there is no figure."""


class Chain(Protocol):
    """A chain that takes signed transactions."""

    def post(self, raw: bytes) -> None:
        """Have one transaction put into a block of its own."""
        ...

    def post_block(self, raws: Sequence[bytes]) -> None:
        """Have many put into one block."""
        ...

    def wait(self) -> None:
        """Take the receipts of what was posted last. Raises PeerFailed unless all succeeded."""
        ...


@dataclass(frozen=True, slots=True)
class ChainPair:
    """The chains A and B."""

    chain_a: Chain
    chain_b: Chain

    def set_up(self, pair: HtlcPair) -> None:
        """Contracts, money and approvals."""
        for chain, raws in ((self.chain_a, pair.setup_a), (self.chain_b, pair.setup_b)):
            for raw in raws:
                chain.post(raw)
                chain.wait()

    def settle_alone(self, settlements: Sequence[HtlcSettlement]) -> Latencies:
        """One after the other; of each, only the two locks are under way at once."""
        return Latencies(tuple(1000 * self._settle(settlement) for settlement in settlements))

    def settle_batched(self, settlements: Sequence[HtlcSettlement], size: int) -> float:
        """Settlements a second with ``size`` of them in each block, three batches under way.

        While one batch is locked, the one before is claimed on B and that before it on A.
        """
        start = time.perf_counter()
        for block_a, block_b in _blocks(settlements, size):
            self._in_one_block(block_a, block_b)
        return len(settlements) / (time.perf_counter() - start)

    def _settle(self, settlement: HtlcSettlement) -> float:
        start = time.perf_counter()
        self.chain_a.post(settlement.lock_a)
        self.chain_b.post(settlement.lock_b)
        self.chain_a.wait()
        self.chain_b.wait()
        self.chain_b.post(settlement.claim_b)
        self.chain_b.wait()
        self.chain_a.post(settlement.claim_a)
        self.chain_a.wait()
        return time.perf_counter() - start

    def _in_one_block(self, block_a: Sequence[bytes], block_b: Sequence[bytes]) -> None:
        work = [(c, raws) for c, raws in ((self.chain_a, block_a), (self.chain_b, block_b)) if raws]
        for chain, raws in work:
            chain.post_block(raws)
        for chain, _ in work:
            chain.wait()


Opening: TypeAlias = Callable[[], AbstractContextManager[ChainPair]]
"""Two new chains, while they are used."""


def measured(name: str, version: str, opening: Opening, pair: HtlcPair) -> Figures:
    """Everything of one kind of chain. Raises PeerFailed."""
    warm_up, alone = pair.settlements[:WARM_UP], pair.settlements[WARM_UP : WARM_UP + ALONE]
    fresh, batched = [], []
    for _ in range(TRIES):
        with opening() as chains:
            chains.set_up(pair)
            chains.settle_alone(warm_up)
            fresh.append(chains.settle_alone(alone))
        for size in BATCH_SIZES:
            with opening() as chains:
                chains.set_up(pair)
                per_s = chains.settle_batched(pair.settlements[: batched_count(size)], size)
                batched.append((size, per_s))
    with opening() as chains:
        chains.set_up(pair)
        young = WARM_UP + OLD_SETTLEMENTS
        chains.settle_alone(pair.settlements[:young])
        starts = range(young, young + TRIES * ALONE, ALONE)
        aged = [chains.settle_alone(pair.settlements[i : i + ALONE]) for i in starts]
    return Figures.of(name, version, fresh, batched, aged)


def batched_count(size: int) -> int:
    """How many settlements are measured in batches of a size."""
    return max(BATCHED, BATCHES * size)


def _blocks(
    settlements: Sequence[HtlcSettlement], size: int
) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """The next block of either chain, until everything is claimed."""
    batches = [settlements[i : i + size] for i in range(0, len(settlements), size)]
    nothing: Sequence[HtlcSettlement] = ()
    for fresh, locked, half_claimed in zip(
        [*batches, nothing, nothing],
        [nothing, *batches, nothing],
        [nothing, nothing, *batches],
        strict=True,
    ):
        yield (
            [s.lock_a for s in fresh] + [s.claim_a for s in half_claimed],
            [s.lock_b for s in fresh] + [s.claim_b for s in locked],
        )
