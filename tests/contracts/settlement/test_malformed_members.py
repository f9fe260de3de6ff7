"""Any bytes as a member of a batch: skipped, or read as the same trade, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.model import Packet, Status, Trade
from tests.support.bare_evm import Outcome
from tests.support.people import ALICE, BOB
from tests.support.refusals import WITHOUT_REASON, refused
from tests.support.settlement_batches import held_and_open, skipped
from tests.support.settlement_calls import proven_member, signed_member
from tests.support.settlement_chain import UNITS, balance, held
from tests.support.settlement_world import LONDON, SHANGHAI, World

MEMBER_MAX = 2624
WORD = 32
JUNK = {
    "nothing": b"",
    "one byte": b"\x01",
    "a word": b"\x01" * WORD,
    "all ones": b"\xff" * MEMBER_MAX,
    "all zeros": bytes(MEMBER_MAX),
    "ones up": bytes(range(256)) * 10,
}
FIXTURE_IS_FINE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def prove_members(world: World, packet: Packet, members: list[bytes]) -> Outcome:
    """The first ids of a packet, each with whatever stands for its terms."""
    mask = (1 << len(members)) - 1
    source = packet.source.as_tuple()
    return world[SHANGHAI].settlement.transact(
        "prove_batch", source, packet.ids, packet.statuses, mask, members, packet.proof
    )


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("form", ["open_batch", "hold_batch"])
def test_junk_is_skipped_and_the_others_go_on(world: World, junk: str, form: str) -> None:
    good = world.dvp()
    chain = SHANGHAI if form == "open_batch" else LONDON
    signatures = world.signed(good) if chain == SHANGHAI else world.signed_on(good, LONDON)
    members = [JUNK[junk], signed_member(good, signatures)]
    ((trade_id, _),) = skipped(world[chain].settlement.transact(form, members))
    assert trade_id == bytes(32)
    assert world.status(good, chain) in (Status.OPEN, Status.HELD)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_for_proven_terms_is_skipped_under_its_id(world: World, junk: str) -> None:
    trades, packet = held_and_open(world, 2)
    outcome = prove_members(world, packet, [JUNK[junk], proven_member(trades[1])])
    ((trade_id, _),) = skipped(outcome)
    assert trade_id == world.id_of(trades[0])
    assert world.status(trades[0], SHANGHAI) is Status.OPEN
    assert world.status(trades[1], SHANGHAI) is Status.COMMITTED


def test_a_member_larger_than_any_trade_is_refused_with_its_batch(world: World) -> None:
    good = world.dvp()
    members = [bytes(MEMBER_MAX + 1), signed_member(good, world.signed(good))]
    with refused(WITHOUT_REASON):
        world[SHANGHAI].settlement.transact("open_batch", members)


def test_the_largest_trade_fits_a_member(world: World) -> None:
    people = ("alice", "bob", "carol", "dave")
    cash = world[LONDON].cash
    legs = [world.leg(LONDON, cash, a, b, 1) for a in people for b in people if a != b][:8]
    trade = world.trade(*legs)
    assert len(signed_member(trade, [(27, 1, 1)] * 8)) == MEMBER_MAX
    world.open_batch(trade)
    assert world.status(trade, SHANGHAI) is Status.OPEN


def test_terms_that_are_refused_have_no_id(world: World) -> None:
    trade = world.dvp()
    worthless = replace(trade, legs=(replace(trade.legs[0], amount_minor=0), trade.legs[1]))
    outcome = world[SHANGHAI].settlement.transact("open_batch", [signed_member(worthless, [])])
    assert skipped(outcome) == [(bytes(32), "terms: zero amount or address")]


@pytest.mark.parametrize("extra", [b"\0", b"\xff" * WORD])
def test_bytes_that_follow_a_member_change_nothing(world: World, extra: bytes) -> None:
    trade = world.dvp()
    member = signed_member(trade, world.signed(trade)) + extra
    assert skipped(world[SHANGHAI].settlement.transact("open_batch", [member])) == []
    assert world.status(trade, SHANGHAI) is Status.OPEN


@pytest.mark.parametrize("cut", [1, WORD - 1, WORD, 3 * WORD, 10 * WORD])
def test_a_truncated_member_is_skipped(world: World, cut: int) -> None:
    trades, packet = held_and_open(world, 1)
    outcome = prove_members(world, packet, [proven_member(trades[0])[:-cut]])
    assert len(skipped(outcome)) == 1
    assert world.status(trades[0], SHANGHAI) is Status.OPEN


@pytest.mark.parametrize(
    "offset", [0, 31, 160, 2**64, 2**255, 2**256 - 1, 2**256 - 32, 2**256 - 160, 2**256 - 164]
)
def test_an_offset_that_points_into_the_head_forges_nothing(world: World, offset: int) -> None:
    """learn's head words stand before the member; no offset in it can make them other words."""
    trades, packet = held_and_open(world, 1)
    member = proven_member(trades[0])
    outcome = prove_members(world, packet, [offset.to_bytes(WORD, "big") + member[WORD:]])
    assert len(skipped(outcome)) == 1
    assert world.status(trades[0], SHANGHAI) is Status.OPEN


@pytest.mark.parametrize("fact", [Status.HELD, Status.REFUSED])
def test_a_member_with_a_head_of_its_own_is_read_as_terms(world: World, fact: Status) -> None:
    """A member that carries learn's whole argument list, for another trade and status."""
    victim = world.dvp()
    world.open(victim)
    trades, packet = held_and_open(world, 1)
    agent = world[LONDON].settlement.address
    head = encode(
        ["uint256", "bytes32", "uint256", "address", "uint8"],
        [160, world.id_of(victim), LONDON, agent, fact],
    )
    outcome = prove_members(world, packet, [head + proven_member(victim)])
    ((trade_id, _),) = skipped(outcome)
    assert trade_id == world.id_of(trades[0])
    assert world.status(victim, SHANGHAI) is Status.OPEN


def test_learn_is_for_the_contract_itself(world: World) -> None:
    trade = world.dvp()
    world.open(trade)
    hub = world[SHANGHAI].settlement
    terms = trade.as_tuple()
    agent = world[LONDON].settlement.address
    for sender in (ALICE, "eve", "authority"):
        with refused("settlement: only itself"):
            hub.transact(
                "learn",
                *(terms, world.id_of(trade), LONDON, agent, Status.HELD),
                sender="0x" + sender.encode().hex().rjust(40, "0"),
            )
    assert world.status(trade, SHANGHAI) is Status.OPEN


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """A few places of a member and what is written there."""
    word = st.sampled_from([0, 1, 31, 32, 2**160, 2**255, 2**256 - 1]).map(
        lambda value: value.to_bytes(WORD, "big")
    )
    patch = st.one_of(word, st.binary(min_size=1, max_size=WORD))
    return draw(st.lists(st.tuples(st.integers(0, 30), patch), min_size=1, max_size=3))


@FIXTURE_IS_FINE
@given(changes=mutations())
def test_a_mutated_member_is_skipped_or_is_the_same_trade(
    world: World, changes: list[tuple[int, bytes]]
) -> None:
    with world[SHANGHAI].evm.undone(), world[LONDON].evm.undone():
        victim = world.dvp()
        world.open(victim)
        world.hold(victim)
        trades, packet = held_and_open(world, 2)
        member = bytearray(proven_member(trades[0]))
        for at, patch in changes:
            member[at * WORD : at * WORD + len(patch)] = patch
        outcome = prove_members(world, packet, [bytes(member), proven_member(trades[1])])
        check_only_the_named(world, outcome, victim, trades)


def check_only_the_named(
    world: World, outcome: Outcome, victim: Trade, trades: list[Trade]
) -> None:
    is_skipped = bool(skipped(outcome))
    expected = Status.OPEN if is_skipped else Status.COMMITTED
    assert world.status(trades[0], SHANGHAI) is expected
    assert world.status(trades[1], SHANGHAI) is Status.COMMITTED
    assert world.status(victim, SHANGHAI) is Status.OPEN
    assert balance(world[SHANGHAI].security, BOB) == UNITS + (1 if is_skipped else 2)
    assert held(world[SHANGHAI].security, ALICE) == 10 + (1 if is_skipped else 0)
