"""Our own calldata on two anvil nodes, so that engine and protocol can be told apart.

Nothing is signed, proven, relayed, journalled or audited while it is measured: all that was done
when the run was recorded. So this is what our contracts would cost there, at the very least.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from bench.figures import Figures, Latencies
from bench.peers.anvil import AnvilChain, anvil_chain
from bench.peers.driving import ALONE, TRIES, WARM_UP
from bench.peers.installed import ANVIL, Peers
from bench.peers.recording import Moment, Recording, record

ALONE_EVERY_S = 8  # the last one is settled by then
BATCH_SIZES = (20, 100)
BATCHED = 500


def our_calldata_on_anvil(peers: Peers) -> Figures:
    """Our settlements, sent as they were recorded. Raises PeerFailed unless each succeeds."""
    alone = record(WARM_UP + ALONE, 1, ALONE_EVERY_S)
    batches = {size: record(BATCHED // size, size, every_s=1) for size in BATCH_SIZES}
    return Figures.of(
        "our DvP on anvil",
        peers.versions[ANVIL],
        [_alone(peers, alone) for _ in range(TRIES)],
        [
            (size, _batched_per_s(peers, recording))
            for size, recording in batches.items()
            for _ in range(TRIES)
        ],
    )


def _alone(peers: Peers, recording: Recording) -> Latencies:
    with _set_up(peers, recording) as chains:
        each_ms = []
        for moments in recording.rounds:
            start = time.perf_counter()
            _replay(chains, moments)
            each_ms.append(1000 * (time.perf_counter() - start))
    return Latencies(tuple(each_ms[WARM_UP:]))


def _batched_per_s(peers: Peers, recording: Recording) -> float:
    with _set_up(peers, recording) as chains:
        start = time.perf_counter()
        for moments in recording.rounds:
            _replay(chains, moments)
        return recording.settled / (time.perf_counter() - start)


@contextmanager
def _set_up(peers: Peers, recording: Recording) -> Iterator[list[AnvilChain]]:
    """Nodes that have taken everything up to the first trade."""
    with ExitStack() as nodes:
        chains = [
            nodes.enter_context(anvil_chain(peers, chain_id, recording.genesis_timestamp_s))
            for chain_id in recording.chain_ids
        ]
        _replay(chains, recording.setup)
        yield chains


def _replay(chains: Sequence[AnvilChain], moments: Sequence[Moment]) -> None:
    """Second by second, both nodes at once."""
    for moment in moments:
        work = [(c, raws) for c, raws in zip(chains, moment.blocks, strict=True) if raws]
        for chain, raws in work:
            chain.post_block(raws, moment.timestamp_s)
        for chain, _ in work:
            chain.wait()
