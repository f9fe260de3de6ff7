"""Whatever happens to relayers, validators and open blocks: both legs or neither, and an end."""

from __future__ import annotations

from random import Random

import pytest

from bridge import contract_calls
from bridge.events import ClientFrozen, RunFinished, TransactionSubmitted
from bridge.model import BATCH_MAX, TradeId
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import OPERATOR, stream, validator_keys
from bridge.trade_view import TradeView
from tests.support.runs import events, leg, scenario, trade

POLICIES = ("prompt", "late", "refuses", "silent")
NAMES = ("alice", "bob", "carol")
CHAINS = ("shanghai", "london", "frankfurt")
QUIET_FROM = 50
"""What was sent before then has time to become final."""


class Disturber:
    """Does one thing to a run before some of its steps, drawn from a stream of its own."""

    def __init__(self, testbed: Testbed, random: Random) -> None:
        self.testbed = testbed
        self.random = random
        self.first_validator = dict.fromkeys(testbed.world.engines, 0)

    ACTIONS: tuple[str, ...] = ("restart", "replace", "rotate", "reorganise", "pay")

    def disturb(self) -> None:
        if self.random.random() < 0.4:
            getattr(self, self.random.choice(self.ACTIONS))()

    def restart(self) -> None:
        self.testbed.restart_relayer()

    def replace(self) -> None:
        self.testbed.restart_relayer(account_of=self.random.choice(("alice", "operator")))

    def rotate(self) -> None:
        """One validator leaves and one comes: a quorum of the trusted set goes on sealing."""
        chain = self.random.choice(list(self.first_validator))
        self.first_validator[chain] += 1
        first = self.first_validator[chain]
        keys = validator_keys(self.testbed.world.seed, chain, first + 4)[first:]
        self.testbed.world.engines[chain].rotate_validators(keys)

    def reorganise(self) -> None:
        """Remove what is not sealed and lose some of its transactions for good."""
        chain = self.random.choice(list(self.first_validator))
        engine = self.testbed.world.engines[chain]
        sent = [e.tx_hash for _, e in events(self.testbed, TransactionSubmitted)]
        drop = [tx_hash for tx_hash in sent[-6:] if self.random.random() < 0.5]
        engine.reorganise(engine.latest - engine.finalized, drop=drop)

    def pay(self) -> None:
        self.testbed.pay("alice", "bob", "SMDC", self.random.randrange(1, 30_000))


class Crowd(Disturber):
    """Fills blocks, and has trades announced in whatever company, as anybody may."""

    ACTIONS = (*Disturber.ACTIONS, "announce", "fill")

    def announce(self) -> None:
        trade_ids = [TradeId(trade_id) for trade_id in self.testbed.query().trades]
        chain = self.random.choice(list(self.first_validator))
        for _ in range(self.random.choice((1, 3))):
            some = self.random.sample(trade_ids, self.random.choice((1, 2, 8, BATCH_MAX)))
            self.call(chain, contract_calls.announce(some))

    def fill(self) -> None:
        for _ in range(self.random.choice((20, 150))):
            self.pay()

    def call(self, chain: str, data: bytes) -> None:
        engine, operator = (
            self.testbed.world.engines[chain],
            self.testbed.world.accounts[OPERATOR],
        )
        nonce = engine.nonce(operator.address, pending=True)
        to = self.testbed.deployment.chains[chain].settlement
        engine.submit(
            operator.sign(self.testbed.world.chain_id(chain), nonce, to, data, 400_000, 0)
        )


def drawn_leg(random: Random, chain: str) -> dict[str, str]:
    sender, receiver = random.sample(NAMES, 2)
    return leg(chain, sender, receiver, f"{random.randrange(1, 700)}.00")


def drawn(seed: int, count: int = 3, moments: int = 6) -> Testbed:
    """A run of some trades whose parties, legs, hubs and finality are drawn."""
    random = stream(seed, "scenario")
    chains = CHAINS[: random.choice((2, 3))]
    trades = [
        trade(
            *(
                drawn_leg(random, chain)
                for chain in random.choices(chains, k=random.choice((1, 2, 3)))
            ),
            hub=random.choice(chains),
            submit_at_s=random.randrange(moments),
            prepare_by_s=15,
            decide_by_s=20,
        )
        for _ in range(count)
    ]
    known = {leg[side] for t in trades for leg in t["legs"] for side in ("from", "to")}
    people = {
        name: {"policy": random.choices(POLICIES, (6, 2, 1, 1))[0], "delay_s": random.randrange(20)}
        for name in NAMES
        if name in known
    }
    lag = random.choice((0, 0, 2))
    return Testbed.from_scenario(scenario(*trades, chains=chains, people=people, finality_lag=lag))


@pytest.mark.parametrize("seed", range(16))
def test_a_disturbed_run_ends_and_leaves_no_trade_one_sided(seed: int) -> None:
    testbed = drawn(seed)
    disturber = Disturber(testbed, stream(seed, "disturbances"))
    while testbed.step():
        disturber.disturb()
    check_the_end_of(testbed)


@pytest.mark.parametrize("seed", range(12))
def test_a_disturbed_run_of_many_trades_at_once_ends_as_well(seed: int) -> None:
    """They go in batches, and strangers have them announced in others."""
    testbed = drawn(seed, count=40, moments=2)
    disturber = Crowd(testbed, stream(seed, "disturbances"))
    while testbed.step():
        if testbed.steps <= QUIET_FROM:
            disturber.disturb()
    check_the_end_of(testbed)


def check_the_end_of(testbed: Testbed) -> None:
    known = testbed.query()
    assert known.violations == []
    assert not events(testbed, ClientFrozen)
    assert all(c.is_conserved and not c.held for c in known.conservation())
    left = [t for t in known.trades.values() if t.verdict == "pending"]
    assert all(nobody_cares(testbed, t) for t in left)
    reason = "time limit" if left else "all trades terminal"
    assert events(testbed, RunFinished)[0][1].reason == reason


def nobody_cares(testbed: Testbed, trade: TradeView) -> bool:
    """True when all of a trade's people are silent, so that nobody opens or aborts it."""
    people = {name for leg in trade.legs for name in (leg.terms.sender, leg.terms.receiver)}
    policies = testbed.world.scenario.participants
    return all(policies[name].policy == "silent" for name in people)


def test_what_is_drawn_reaches_both_ends() -> None:
    verdicts = set()
    for seed in range(4):
        testbed = drawn(seed)
        testbed.run()
        verdicts |= {trade.verdict for trade in testbed.query().trades.values()}
    assert verdicts == {"settled", "aborted"}
