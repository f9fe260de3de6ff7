"""Random sequences of everything that anybody can do, on a real engine with an auditor.

After every block the auditor's rules hold; after every call the answer is one of the table's; in
the end every trade can be ended on every chain, with both legs or neither.
"""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import Phase, settings
from hypothesis.stateful import initialize, precondition, rule

from bridge import contract_calls
from bridge.protocols.hold_decide import Event
from tests.support.engine_chain import calldata
from tests.support.engine_setup import UNITS
from tests.support.engine_world import COURIER, LONDON, SHANGHAI, ZURICH
from tests.support.people import AUTHORITY, ISSUER, PEOPLE, account
from tests.support.random_ends import resolve
from tests.support.random_play import DECIDED
from tests.support.random_progress import go_on
from tests.support.random_world import PlayedWorld

NUMBERS = st.integers(0, 2**16)
AMOUNTS = st.sampled_from([1, 7, 300, 800, 1_100])
PEOPLE_DRAWN = st.permutations(PEOPLE)
NIGHTLY_EXAMPLES = 1_000
TRADES_MAX = 4
STOPS = [Event.REFUSE, Event.OBJECT, Event.CANCEL, Event.ABORT]
ANYBODY = [*PEOPLE, AUTHORITY, COURIER]


class RandomTrades(PlayedWorld):
    """Two chains."""

    # --- trades

    @initialize(people=PEOPLE_DRAWN, at=NUMBERS, prepare_s=st.integers(50, 200))
    def first_trade(self, people: list[str], at: int, prepare_s: int) -> None:
        self.agree(people, at, 2, prepare_s, [7, 300, 7])

    @precondition(lambda self: len(self.play.trades) < TRADES_MAX)
    @rule(
        people=PEOPLE_DRAWN,
        at=NUMBERS,
        legs=st.integers(1, 3),
        prepare_s=st.integers(3, 200),
        amounts=st.lists(AMOUNTS, min_size=3, max_size=3),
    )
    def agree(
        self, people: list[str], at: int, legs: int, prepare_s: int, amounts: list[int]
    ) -> None:
        """A ring of payments, a leg on the next chain each; the parties agree on a hub."""
        made = []
        for i in range(legs):
            chain = self.chain(at + i)
            token = self.world[chain].security if (at + i) % 3 == 0 else self.world[chain].cash
            sender, receiver = people[i], people[(i + 1) % max(legs, 2)]
            made.append(self.world.leg(chain, token, sender, receiver, amounts[i]))
        hub = self.chain(at // 7)
        self.play.add(self.world.trade(*made, hub=hub, prepare_s=prepare_s))

    @rule(at=NUMBERS, which=NUMBERS)
    def go_on(self, at: int, which: int) -> None:
        """What the table names next; drawn more often than what disturbs it."""
        go_on(self.play, self.trade(at), which)

    @rule()
    def go_on_with_all(self) -> None:
        for trade in self.play.trades:
            go_on(self.play, trade, 0)

    @rule(at=NUMBERS, to=NUMBERS, is_open=st.booleans())
    def open_or_hold(self, at: int, to: int, is_open: bool) -> None:
        """Whether it makes sense or not."""
        trade = self.trade(at)
        on = trade.hub_chain_id if is_open else trade.chain_ids[to % len(trade.chain_ids)]
        if is_open:
            data = contract_calls.open_trade(trade, self.world.signed(trade))
        else:
            data = contract_calls.hold(trade, self.world.signed_on(trade, on))
        self.play.ask(Event.OPEN if is_open else Event.HOLD, trade, on, COURIER, data)

    @rule(
        at=NUMBERS,
        to=NUMBERS,
        event=st.sampled_from(STOPS),
        who=st.sampled_from(ANYBODY),
        is_entitled=st.booleans(),
    )
    def stop(self, at: int, to: int, event: Event, who: str, is_entitled: bool) -> None:
        """By whoever it is, wherever; half of the time by somebody who may."""
        trade = self.trade(at)
        on = trade.chain_ids[to % len(trade.chain_ids)]
        if is_entitled and event in (Event.CANCEL, Event.ABORT):
            on = trade.hub_chain_id
        elif is_entitled:
            senders = [name for name in PEOPLE if account(name) in trade.parties_on(on)]
            who = AUTHORITY if event is Event.OBJECT else senders[0]
        data = {
            Event.REFUSE: lambda: contract_calls.refuse(trade),
            Event.OBJECT: lambda: contract_calls.object_to(trade),
            Event.CANCEL: lambda: contract_calls.cancel(trade, self.world.cancel_signed(trade)),
            Event.ABORT: lambda: contract_calls.abort(trade),
        }[event]()
        self.play.ask(event, trade, on, who, data)

    @rule(at=NUMBERS, leg=st.integers(0, 2))
    def deliver(self, at: int, leg: int) -> None:
        trade = self.trade(at)
        leg %= len(trade.legs)
        on = trade.legs[leg].chain_id
        self.play.ask(Event.DELIVER, trade, on, COURIER, contract_calls.deliver(trade, leg))

    # --- facts

    @rule(on=NUMBERS)
    def announce(self, on: int) -> None:
        """What is known of all trades; it may be proven later, or never."""
        chain = self.world[self.chain(on)]
        data = contract_calls.announce([self.world.id_of(t) for t in self.play.trades])
        self.play.keep_packets(chain.chain_id, chain.send(COURIER, chain.settlement, data))
        self.meanwhile(on)

    @precondition(lambda self: self.play.packets)
    @rule(at=NUMBERS, index=NUMBERS, to=NUMBERS, is_carried=st.booleans())
    def prove(self, at: int, index: int, to: int, is_carried: bool) -> None:
        """Any packet, however old, to any other chain; as likely as not once more."""
        packet = self.play.packets[-1 - at % len(self.play.packets)]
        others = [c for c in self.CHAINS if c != packet.header.chain_id]
        on = others[to % len(others)]
        if is_carried:
            self.play.carry(packet, on)
        self.play.prove(packet, index % len(packet.ids), on)

    # --- chains

    @rule(seconds=st.integers(1, 60))
    def wait(self, seconds: int) -> None:
        self.world.wait_until(self.world.clock.now_s + seconds)

    @rule(on=NUMBERS, to=NUMBERS, is_followed=st.booleans())
    def rotate(self, on: int, to: int, is_followed: bool) -> None:
        source, target = self.two_chains(on, to)
        self.play.rotate(source)
        if is_followed:
            self.play.follow(source, target)
        self.meanwhile(on)

    @precondition(lambda self: not self.play.frozen)
    @rule(on=NUMBERS, to=NUMBERS)
    def freeze_client(self, on: int, to: int) -> None:
        source, target = self.two_chains(on, to)
        self.play.freeze(source, target)
        self.meanwhile(on)

    @rule(at=NUMBERS, to=NUMBERS)
    def resolve(self, at: int, to: int) -> None:
        """The parties sign what the hub has decided; refused unless its client is frozen."""
        trade = self.trade(at)
        if trade.foreign_chain_ids and self.play.hub_status(trade) in DECIDED:
            on = trade.foreign_chain_ids[to % len(trade.foreign_chain_ids)]
            resolve(self.play, trade, on)

    # --- tokens

    @rule(on=NUMBERS, who=st.sampled_from(PEOPLE), is_on=st.booleans(), what=st.integers(0, 2))
    def change_the_rules(self, on: int, who: str, is_on: bool, what: int) -> None:
        """The issuer freezes an account, pauses the token or lowers what one may own."""
        chain = self.world[self.chain(on)]
        call = (
            calldata("security_token", "setAddressFrozen", account(who), is_on),
            calldata("security_token", "pause" if is_on else "unpause"),
            calldata("security_token", "set_holding_limit", UNITS if is_on else 0),
        )[what]
        chain.do(ISSUER, chain.security, call)
        self.meanwhile(on)

    @rule(on=NUMBERS, people=PEOPLE_DRAWN, amount=AMOUNTS)
    def spend(self, on: int, people: list[str], amount: int) -> None:
        """Whatever is available may be spent, moved or burnt meanwhile."""
        chain = self.world[self.chain(on)]
        one, other = account(people[0]), account(people[1])
        for token in (chain.cash, chain.security):
            chain.send(people[0], token, contract_calls.transfer(other, amount))
        force = calldata("security_token", "forcedTransfer", one, other, amount)
        chain.send(ISSUER, chain.security, force)
        burn = calldata("security_token", "burn", one, amount)
        self.burnt[chain.chain_id] += amount * chain.send(ISSUER, chain.security, burn).is_success
        self.meanwhile(on)


class RandomTradesOfThree(RandomTrades):
    """Three chains."""

    CHAINS = (SHANGHAI, LONDON, ZURICH)


def effort(examples: int, steps: int) -> settings:
    """A few examples at a desk, many at night; only there is time to shrink what fails."""
    if settings().max_examples >= NIGHTLY_EXAMPLES:
        return settings(max_examples=40 * examples, stateful_step_count=2 * steps)
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    return settings(max_examples=examples, stateful_step_count=steps, phases=phases)


TestTwoChains = RandomTrades.TestCase
TestTwoChains.settings = effort(24, 40)
TestThreeChains = RandomTradesOfThree.TestCase
TestThreeChains.settings = effort(16, 40)
