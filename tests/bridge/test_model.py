"""The values that the rest is made of."""

from dataclasses import FrozenInstanceError, replace

import pytest

from bridge.errors import IdentifierError, TermsError
from bridge.model import (
    UINT256_MAX,
    Address,
    ChainId,
    Leg,
    Outcome,
    Packet,
    SealedHeader,
    Source,
    Status,
    Trade,
    TradeId,
    UtiWord,
    address,
)

ALICE, BOB, CAROL = (Address(bytes([i]) * 20) for i in (0xA1, 0xB0, 0xCA))
SHANGHAI, LONDON, FRANKFURT = ChainId(31), ChainId(44), ChainId(49)


def leg(chain_id: ChainId, sender: Address, receiver: Address) -> Leg:
    agent = Address(bytes([chain_id]) * 20)
    token = Address(bytes([chain_id + 1]) * 20)
    return Leg(chain_id, agent, token, sender, receiver, 1_000)


def trade(*legs: Leg) -> Trade:
    return Trade(legs, LONDON, Address(bytes([LONDON]) * 20), 60, 120, UtiWord(bytes(32)))


CYCLE = trade(
    leg(SHANGHAI, BOB, ALICE),
    leg(LONDON, ALICE, BOB),
    leg(FRANKFURT, BOB, CAROL),
    leg(SHANGHAI, CAROL, BOB),
)


def test_parties_are_the_senders_in_order_of_first_appearance() -> None:
    assert CYCLE.parties == (BOB, ALICE, CAROL)


def test_a_receiver_who_sends_nothing_is_no_party() -> None:
    assert trade(leg(LONDON, ALICE, BOB)).parties == (ALICE,)


def test_parties_on_a_chain_are_only_its_senders() -> None:
    assert CYCLE.parties_on(SHANGHAI) == (BOB, CAROL)
    assert CYCLE.parties_on(ChainId(1)) == ()


def test_foreign_chains_are_those_the_hub_must_hear_from() -> None:
    assert CYCLE.chain_ids == (SHANGHAI, LONDON, FRANKFURT)
    assert CYCLE.foreign_chain_ids == (SHANGHAI, FRANKFURT)


def test_a_leg_mask_has_a_bit_for_each_leg_on_the_chain() -> None:
    assert CYCLE.leg_mask(SHANGHAI) == 0b1001
    assert CYCLE.leg_mask(ChainId(1)) == 0


def test_a_trade_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CYCLE.prepare_by_s = 61  # type: ignore[misc]


@pytest.mark.parametrize("amount", [-1, UINT256_MAX + 1])
def test_an_amount_beyond_256_bits_is_refused(amount: int) -> None:
    with pytest.raises(TermsError, match="amount_minor"):
        replace(CYCLE.legs[0], amount_minor=amount)


def test_the_largest_amount_of_256_bits_is_a_value() -> None:
    assert replace(CYCLE.legs[0], amount_minor=UINT256_MAX).amount_minor == UINT256_MAX


@pytest.mark.parametrize("length", [0, 19, 21, 32])
def test_an_address_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(TermsError, match=f"{length} bytes instead of 20"):
        replace(CYCLE.legs[0], sender=Address(bytes(length)))


def test_a_reference_of_another_length_is_refused() -> None:
    with pytest.raises(TermsError, match="31 bytes instead of 32"):
        replace(CYCLE, uti=UtiWord(bytes(31)))


@pytest.mark.parametrize("deadline", [-1, UINT256_MAX + 1])
def test_a_deadline_beyond_256_bits_is_refused(deadline: int) -> None:
    with pytest.raises(TermsError, match="prepare_by_s"):
        replace(CYCLE, prepare_by_s=deadline)
    with pytest.raises(TermsError, match="decide_by_s"):
        replace(CYCLE, decide_by_s=deadline)


def test_outcomes_are_the_two_decided_statuses() -> None:
    assert {int(outcome) for outcome in Outcome} == {Status.COMMITTED, Status.ABORTED}


def test_an_address_is_parsed_from_hex() -> None:
    assert address("0x" + "ab" * 20) == b"\xab" * 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "ab" * 20,
        "0x" + "ab" * 19,
        "0x" + "zz" * 20,
        "0X" + "ab" * 20,
        "0x" + "ab" * 18 + " ab ",
        "0x" + "\uff11" * 40,
        "0x" + "ab" * 20 + "\n",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="E-IDENTIFIER-ADDRESS"):
        address(text)


def a_packet() -> Packet:
    return Packet(
        header=SealedHeader(SHANGHAI, 7, b"header", 0b111, bytes(195)),
        source=Source(SHANGHAI, 7, bytes(32), bytes(32), 0, 0),
        ids=(TradeId(b"\x01" * 32), TradeId(b"\x02" * 32)),
        statuses=(Status.HELD, Status.REFUSED),
        proof=b"",
    )


def test_a_packet_says_a_status_for_each_of_its_trades() -> None:
    assert a_packet().status_of(TradeId(b"\x02" * 32)) is Status.REFUSED


def test_a_packet_says_nothing_of_other_trades() -> None:
    assert a_packet().status_of(TradeId(b"\x03" * 32)) is None
