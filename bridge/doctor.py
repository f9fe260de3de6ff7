"""Rebuild a lost outbox from the chains alone: every call of ours is in a block, or waits for one.

What was stored and never submitted is on no chain. It is not missed: the relayer reads the chains
and decides the same again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.deployed import DeployedChain
from bridge.errands import errand_of
from bridge.errors import OutboxFault
from bridge.model import Address
from bridge.outbox import ENDED_KEPT, Entry, Outbox, State
from chains.engine import Block, Engine, Height, Transaction


@dataclass(frozen=True, slots=True)
class WatchedChain:
    """A chain that a relayer serves, and where our contracts are on it."""

    engine: Engine
    deployed: DeployedChain


def rebuild(outbox: Outbox, account: Address, chains: Sequence[WatchedChain]) -> int:
    """Fill an empty outbox with the calls of an account; how many there are now.

    Of what has ended, the newest are taken. Raises OutboxFault.
    """
    if outbox.entries():
        raise OutboxFault(
            "E-ENVIRONMENT-OUTBOX-NOT-EMPTY",
            "the outbox cannot be rebuilt: there is something in it",
            hint="move the file away first",
        )
    outbox.bind(account, {chain.deployed.chain_id: chain.engine.genesis_hash for chain in chains})
    ended: list[tuple[int, Entry]] = []
    waiting: list[Entry] = []
    for chain in chains:
        ended += deque(_ended(chain, account), ENDED_KEPT)
        waiting += _waiting(chain, account)
    newest = sorted(ended, key=lambda dated: dated[0])[-ENDED_KEPT:]
    entries = [*(entry for _, entry in newest), *waiting]
    outbox.write(entries)
    return len(entries)


def _ended(chain: WatchedChain, account: Address) -> Iterator[tuple[int, Entry]]:
    """What sealed blocks include, with the time of its block, in the order of the chain."""
    for height in range(chain.engine.finalized + 1):
        block = chain.engine.block(Height(height))
        for sent, receipt in zip(block.transactions, block.receipts, strict=True):
            if _is_ours(chain, account, sent):
                state = State.INCLUDED if receipt.is_success else State.FAILED
                yield block.timestamp_s, _entry(chain, sent, state)


def _waiting(chain: WatchedChain, account: Address) -> Iterator[Entry]:
    """What unsealed blocks include, and what waits for a block."""
    engine = chain.engine
    heads = (engine.block(Height(h)) for h in range(engine.finalized + 1, engine.latest + 1))
    for sent in (*_transactions(heads), *engine.pending_transactions()):
        if _is_ours(chain, account, sent):
            yield _entry(chain, sent, State.SUBMITTED)


def _transactions(blocks: Iterator[Block]) -> Iterator[Transaction]:
    for block in blocks:
        yield from block.transactions


def _is_ours(chain: WatchedChain, account: Address, sent: Transaction) -> bool:
    """True for a call that a relayer makes, from this account."""
    return sent.sender == account and errand_of(chain.deployed, sent.to, sent.data) is not None


def _entry(chain: WatchedChain, sent: Transaction, state: State) -> Entry:
    return Entry(chain.deployed.chain_id, sent.nonce, sent.hash, sent.raw, state)
