"""Every transaction of a real run, second by second, to be sent to somebody else's chains.

Trades are settled by the whole testbed: signatures, light clients, proofs, relayer. What its chains
took is recorded. The headers and seals that travel in it are those of our chains, and contracts
check nothing else of a chain, so another node that executes the same calldata settles the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bridge.testbed.testbed import Testbed
from bridge.testbed.trial import Trial
from chains.engine import Engine, Height

FIRST_AT_S = 2
SECURITY, CASH = "SHGB29", "tGBP"
SELLER, BUYER = "huangpu", "thames"
DEADLINE_S = 600


@dataclass(frozen=True, slots=True)
class Moment:
    """What each chain put into its block of one second; chains in the order of the recording."""

    timestamp_s: int
    blocks: tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A run without its empty blocks; a round is what happened from one instruction to the next."""

    chain_ids: tuple[int, ...]
    genesis_timestamp_s: int
    setup: tuple[Moment, ...]
    rounds: tuple[tuple[Moment, ...], ...]
    settled: int


def record(rounds: int, trades_each: int, every_s: int) -> Recording:
    """Settle ``rounds`` times ``trades_each`` trades, a round begun ``every_s`` seconds.

    Raises AssertionError when one of them does not settle.
    """
    trial = Trial("dvp", engine="revm").set(f"participants.{SELLER}.policy", "prompt")
    for number in range(rounds):
        for member in range(trades_each):
            trial.trade(
                ("1", SECURITY, SELLER, BUYER),
                ("1.00", CASH, BUYER, SELLER),
                name=f"R{number:04}N{member:04}",
                submit_at_s=FIRST_AT_S + number * every_s,
                prepare_by_s=DEADLINE_S,
                decide_by_s=DEADLINE_S,
            )
    outcome = trial.run()
    outcome.assert_settled()
    return _recorded(outcome.testbed, every_s, rounds * trades_each)


def _recorded(testbed: Testbed, every_s: int, settled: int) -> Recording:
    engines = list(testbed.world.engines.values())
    begin_s = testbed.world.scenario.start_s + FIRST_AT_S
    moments = _moments(engines)
    setup = [moment for moment in moments if moment.timestamp_s < begin_s]
    by_round = groupby(moments[len(setup) :], lambda m: (m.timestamp_s - begin_s) // every_s)
    return Recording(
        chain_ids=tuple(engine.chain_id for engine in engines),
        genesis_timestamp_s=engines[0].block(Height(0)).timestamp_s,
        setup=tuple(setup),
        rounds=tuple(tuple(members) for _, members in by_round),
        settled=settled,
    )


def _moments(engines: Sequence[Engine]) -> list[Moment]:
    """The seconds in which any chain took a transaction."""
    by_chain = [dict(_blocks(engine)) for engine in engines]
    seconds = sorted({timestamp_s for blocks in by_chain for timestamp_s in blocks})
    return [Moment(s, tuple(blocks.get(s, ()) for blocks in by_chain)) for s in seconds]


def _blocks(engine: Engine) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    for height in range(1, engine.latest + 1):
        block = engine.block(Height(height))
        if block.transactions:
            yield block.timestamp_s, tuple(transaction.raw for transaction in block.transactions)
