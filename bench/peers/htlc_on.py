"""The same hash time locks on every kind of chain there is here.

Driven at their best, the peers are given every favour: transactions are signed beforehand, gas is
free, blocks have room for any batch, and their fastest way in is used. Driven by a program, they
are asked for what an ordinary client asks before and after each transaction. Everything is tried
several times, batches in several sizes, of which the best counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from bench.figures import Figures
from bench.peers import anvil, in_node
from bench.peers.driving import (
    ALONE,
    BATCH_SIZES,
    BLOCK_GAS,
    OLD_SETTLEMENTS,
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
SIGNING = "a viem program that signs"
PROGRAM_BATCHES = {20: 300, 32: 320}  # settlements by size; the same goes for a program on anvil


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
    work = _work(pair, "raw", _batches(BATCH_SIZES)) | {"old_settlements": OLD_SETTLEMENTS}
    times = in_node.run_script(peers, in_node.ON_HARDHAT, work)
    version = peers.versions[HARDHAT]
    return Figures.of("HTLC on Hardhat", version, times.alone, times.batched, times.aged)


def htlc_by_viem_on_hardhat(peers: Peers, pair: HtlcPair) -> Figures:
    """The same, signed within the time by the library that most programs use. PeerFailed."""
    name = f"signed by viem {peers.versions[VIEM]}"
    return _by_viem_on_hardhat(peers, pair, "signed", _batches(SIGNED_SIZES), name)


def htlc_by_program_on_hardhat(peers: Peers, pair: HtlcPair) -> Figures:
    """The same, as a program with Hardhat's toolbox does it. Raises PeerFailed."""
    name = f"a viem {peers.versions[VIEM]} program"
    return _by_viem_on_hardhat(peers, pair, "program", PROGRAM_BATCHES, name)


def htlc_by_signing_program_on_hardhat(peers: Peers, pair: HtlcPair) -> Figures:
    """The same, by a program that has the keys and not the network. Raises PeerFailed."""
    return _by_viem_on_hardhat(peers, pair, "signing", PROGRAM_BATCHES, SIGNING)


def htlc_by_program_on_anvil(peers: Peers, pair: HtlcPair) -> Figures:
    """Two nodes over HTTP, as an ordinary program does it. Raises PeerFailed."""
    return _program_on_anvil(peers, pair, "program", f"a viem {peers.versions[VIEM]} program")


def htlc_by_signing_program_on_anvil(peers: Peers, pair: HtlcPair) -> Figures:
    """The same, by a program that has the keys and not the nodes. Raises PeerFailed."""
    return _program_on_anvil(peers, pair, "signing", SIGNING)


def _by_viem_on_hardhat(
    peers: Peers, pair: HtlcPair, way: str, batches: Mapping[int, int], name: str
) -> Figures:
    work = _work(pair, way, batches)
    times = in_node.run_script(peers, in_node.ON_HARDHAT, work)
    version = f"{peers.versions[HARDHAT]}, {name}"
    return Figures.of("HTLC on Hardhat", version, times.alone, times.batched)


def _program_on_anvil(peers: Peers, pair: HtlcPair, way: str, name: str) -> Figures:
    with (
        anvil.anvil_node(peers, CHAIN_A) as port_a,
        anvil.anvil_node(peers, CHAIN_B) as port_b,
    ):
        urls = [f"http://127.0.0.1:{port}" for port in (port_a, port_b)]
        work = _work(pair, way, PROGRAM_BATCHES) | {"urls": urls}
        times = in_node.run_script(peers, in_node.ON_ANVIL, work)
    version = f"{peers.versions[ANVIL]}, {name}"
    return Figures.of("HTLC on anvil", version, times.alone, times.batched)


def _work(pair: HtlcPair, way: str, batches: Mapping[int, int]) -> dict[str, object]:
    return {
        "chain_ids": [CHAIN_A, CHAIN_B],
        "block_gas": BLOCK_GAS,
        "way": way,
        "keys": [hexed(key) for key in pair.keys],
        "setup_a": [hexed(raw) for raw in pair.setup_a],
        "setup_b": [hexed(raw) for raw in pair.setup_b],
        "settlements": [
            {name: hexed(raw) for name, raw in asdict(settlement).items()}
            for settlement in pair.settlements
        ],
        "tries": TRIES,
        "warm_up": WARM_UP,
        "alone": ALONE,
        "old_settlements": 0,
        "batches": [{"size": size, "count": count} for size, count in batches.items()],
    }


def _batches(sizes: Sequence[int]) -> dict[int, int]:
    """How many settlements by batch size."""
    return {size: batched_count(size) for size in sizes}
