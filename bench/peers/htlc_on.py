"""The same hash time locks on every kind of chain there is here.

The peers are given every favour: transactions are signed beforehand, gas is free, blocks have room
for any batch, and their fastest way in is used. Everything is tried several times, batches in
several sizes, of which the best counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from bench.figures import Figures
from bench.peers import anvil, hardhat
from bench.peers.driving import (
    ALONE,
    BATCH_SIZES,
    BLOCK_GAS,
    OLD_BLOCKS,
    TRIES,
    WARM_UP,
    ChainPair,
    batched_count,
    measured,
)
from bench.peers.engine_chain import EngineChain
from bench.peers.htlc_pair import CHAIN_A, CHAIN_B, HtlcPair, hexed
from bench.peers.installed import ANVIL, HARDHAT, VIEM, Peers

SIGNED_SIZES = (20,)  # no firm has two transactions in a batch, so each asks for its own nonce


def htlc_on_anvil(peers: Peers, pair: HtlcPair) -> Figures:
    """Two nodes, each a process of its own, over HTTP. Raises PeerFailed."""

    @contextmanager
    def opened() -> Iterator[ChainPair]:
        with (
            anvil.anvil_chain(peers, CHAIN_A) as chain_a,
            anvil.anvil_chain(peers, CHAIN_B) as chain_b,
        ):
            yield ChainPair(chain_a, chain_b)

    return measured("HTLC on anvil", peers.versions[ANVIL], opened, pair)


def htlc_on_engine(pair: HtlcPair) -> Figures:
    """Two of our own engines, in this process."""

    @contextmanager
    def opened() -> Iterator[ChainPair]:
        yield ChainPair(EngineChain(CHAIN_A), EngineChain(CHAIN_B))

    return measured("HTLC on our engine", "", opened, pair)


def htlc_on_hardhat(peers: Peers, pair: HtlcPair) -> Figures:
    """Two networks inside one Node process, driven from inside it. Raises PeerFailed."""
    times = hardhat.run_script(peers, _work(pair, (), BATCH_SIZES, OLD_BLOCKS))
    version = peers.versions[HARDHAT]
    return Figures.of("HTLC on Hardhat", version, times.alone, times.batched, times.aged)


def htlc_by_viem_on_hardhat(peers: Peers, pair: HtlcPair) -> Figures:
    """The same, signed within the time by the library that most programs use. PeerFailed."""
    times = hardhat.run_script(peers, _work(pair, pair.keys, SIGNED_SIZES, 0))
    version = f"{peers.versions[HARDHAT]}, signed by viem {peers.versions[VIEM]}"
    return Figures.of("HTLC on Hardhat", version, times.alone, times.batched)


def _work(
    pair: HtlcPair, keys: Sequence[bytes], sizes: Sequence[int], old_blocks: int
) -> dict[str, object]:
    return {
        "chain_ids": [CHAIN_A, CHAIN_B],
        "block_gas": BLOCK_GAS,
        "keys": [hexed(key) for key in keys],
        "setup_a": [hexed(raw) for raw in pair.setup_a],
        "setup_b": [hexed(raw) for raw in pair.setup_b],
        "settlements": [
            {name: hexed(raw) for name, raw in asdict(settlement).items()}
            for settlement in pair.settlements
        ],
        "tries": TRIES,
        "warm_up": WARM_UP,
        "alone": ALONE,
        "old_blocks": old_blocks,
        "batches": [{"size": size, "count": batched_count(size)} for size in sizes],
    }
