"""Nonces: none is skipped, none is used twice to an end, and a taken one is signed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from bridge.courier import Courier, Port
from bridge.errands import ProveErrand, UpdateErrand, errand_of
from bridge.events import TradeDecided, TransactionSubmitted
from bridge.outbox import Entry, Outbox, State
from bridge.relayer import Relayer
from bridge.testbed.relaying import Relaying
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import RELAYER
from chains.engine import Engine, TransactionRejected
from chains.transactions import decode_transaction
from tests.support.runs import PVP, ended_well, events, leg, scenario, trade

REVERSED = trade(leg("london", "bob", "alice", "5.00"), leg("shanghai", "alice", "bob", "6.00"))


def courier_of(testbed: Testbed, outbox: Outbox, account_of: str = RELAYER) -> Courier:
    chains = testbed.deployment.chains
    ports = [Port(engine, chains[name]) for name, engine in testbed.world.engines.items()]
    return Courier(testbed.world.accounts[account_of], ports, outbox=outbox)


def states(outbox: Outbox) -> set[State]:
    return {entry.state for entry in outbox.entries()}


# --- others with our key ------------------------------------------------------------------------


def spend_a_nonce(testbed: Testbed, chain: str) -> None:
    """Somebody with the relayer's key sends something else."""
    account, engine = testbed.world.accounts[RELAYER], testbed.world.engines[chain]
    nonce = engine.nonce(account.address, pending=True)
    chain_id = testbed.world.chain_id(chain)
    engine.submit(account.sign(chain_id, nonce, account.address, b"", 21_000))


def test_a_stored_call_whose_nonce_was_taken_is_signed_again() -> None:
    """It was stored and never submitted; meanwhile its nonce was used up."""
    outbox = Outbox()
    testbed = Testbed.from_scenario(scenario(PVP), outbox=outbox)
    testbed.step()
    lost = courier_of(testbed, outbox)
    drafts = [
        draft
        for effect in Relayer().step(lost.view(testbed.now_s))
        for draft in lost._lanes[effect.chain_id].draft([effect])  # type: ignore[list-item]
    ]
    outbox.write([drafts[0].entry])
    for chain in testbed.world.engines:
        spend_a_nonce(testbed, chain)
    testbed.restart_relayer()
    testbed.run()
    assert ended_well(testbed)
    assert outbox.entries()[0].state is State.LOST
    assert State.INCLUDED in states(outbox)


def test_two_relayers_with_one_key_at_once_do_no_harm() -> None:
    ours, theirs = Outbox(), Outbox()
    testbed = Testbed.from_scenario(scenario(PVP, REVERSED, PVP), outbox=ours)
    courier, relayer = courier_of(testbed, theirs), Relayer()
    while testbed.step():
        courier.perform(relayer.step(courier.view(testbed.now_s)))
    assert ended_well(testbed)
    assert not testbed.alarms


def test_two_relayers_with_a_key_each_do_no_harm() -> None:
    ours, theirs = Outbox(), Outbox()
    testbed = Testbed.from_scenario(scenario(PVP, REVERSED, PVP), outbox=ours)
    courier, relayer = courier_of(testbed, theirs, "alice"), Relayer()
    while testbed.step():
        courier.perform(relayer.step(courier.view(testbed.now_s)))
    assert ended_well(testbed)
    assert not testbed.alarms


# --- a node that refuses ------------------------------------------------------------------------


class Picky:
    """An engine that refuses some of the relayer's transactions."""

    def __init__(self, engine: Engine, refuses: Callable[[bytes], bool]) -> None:
        self._engine = engine
        self._refuses = refuses

    def submit(self, raw: bytes) -> bytes:
        if self._refuses(raw):
            raise TransactionRejected("not today")
        return self._engine.submit(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def picky(testbed: Testbed, refuses: Callable[[bytes], bool]) -> Testbed:
    """Let the run's relayer work with nodes that refuse."""
    engines = {n: cast(Engine, Picky(e, refuses)) for n, e in testbed.world.engines.items()}
    world = replace(testbed.world, engines=engines)
    testbed._seat.make = lambda account: Relaying(
        world, testbed.deployment, testbed._desk, account, testbed.outboxes
    )
    testbed._seat.replace()
    return testbed


def first(count: int) -> Callable[[bytes], bool]:
    """Refuse so many, then none."""
    left = iter(range(count))
    return lambda _: next(left, None) is not None


@pytest.mark.parametrize("refused", range(5))
def test_a_refused_call_leaves_no_gap_behind_which_others_wait(refused: int) -> None:
    testbed = picky(Testbed.from_scenario(scenario(PVP, REVERSED)), first(refused))
    testbed.run()
    assert ended_well(testbed)
    for engine in testbed.world.engines.values():
        assert not engine.pending_transactions()


def errands(testbed: Testbed, raw: bytes) -> Any:
    sent = decode_transaction(raw)
    chains = testbed.deployment.chains.values()
    return errand_of(next(c for c in chains if c.chain_id == sent.chain_id), sent.to, sent.data)


def test_a_trade_whose_calls_are_always_refused_blocks_no_other() -> None:
    poisoned = trade(*PVP["legs"], expect="aborted", prepare_by_s=60, decide_by_s=70)
    testbed = Testbed.from_scenario(scenario(poisoned, PVP, REVERSED))
    testbed.step()
    victim = next(iter(testbed._instructed))

    def refuses(raw: bytes) -> bool:
        errand = errands(testbed, raw)
        return isinstance(errand, ProveErrand) and victim in errand.trade_ids

    picky(testbed, refuses)
    for _ in range(8):
        testbed.step()
    decided = {e.trade_id for _, e in events(testbed, TradeDecided)}
    assert len(decided) == 2
    assert victim not in decided
    testbed.run()
    assert not testbed.query().violations
    verdicts = sorted(t.verdict for t in testbed.query().trades.values())
    assert verdicts == ["pending", "settled", "settled"]


# --- calls that go astray -----------------------------------------------------------------------


class Deaf:
    """A node that takes transactions and forgets them, until it recovers."""

    def __init__(self, engine: Engine, forgets: Iterator[int]) -> None:
        self._engine = engine
        self._forgets = forgets

    def submit(self, raw: bytes) -> bytes:
        if next(self._forgets, None) is not None:
            return decode_transaction(raw).hash
        return self._engine.submit(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@pytest.mark.parametrize("forgotten", [1, 2, 3, 6])
def test_what_a_node_forgot_is_sent_again_byte_for_byte(forgotten: int) -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    forgets = iter(range(forgotten))
    engines = {n: cast(Engine, Deaf(e, forgets)) for n, e in testbed.world.engines.items()}
    world = replace(testbed.world, engines=engines)
    testbed._seat.make = lambda account: Relaying(
        world, testbed.deployment, testbed._desk, account, testbed.outboxes
    )
    testbed._seat.replace()
    testbed.run()
    assert ended_well(testbed)
    stored = testbed.outboxes[RELAYER].entries()
    assert [e.state for e in stored] == [State.INCLUDED] * 4
    sent = {e.tx_hash for _, e in events(testbed, TransactionSubmitted) if e.sender == RELAYER}
    assert sent == {entry.tx_hash for entry in stored}


def test_an_entry_of_a_relayer_names_its_errand() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    entries: tuple[Entry, ...] = testbed.outboxes[RELAYER].entries()
    kinds = [type(errands(testbed, entry.raw)) for entry in entries]
    assert kinds == [UpdateErrand, ProveErrand] * 2
