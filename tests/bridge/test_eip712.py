"""Our digests against eth-account's encoder."""

from dataclasses import replace

import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from bridge.eip712 import (
    NAME,
    VERSION,
    Domain,
    cancel_digest,
    domain_salt,
    domain_separator,
    resolve_digest,
    trade_id,
)
from bridge.model import Address, ChainId, Leg, Outcome, Trade, TradeId, UtiWord

SALT = keccak(b"two genesis blocks")
FIELDS = {
    "Trade": "Leg[] legs,uint256 hubChainId,address hub,uint256 prepareBy,uint256 decideBy,"
    "bytes32 uti",
    "Leg": "uint256 chainId,address agent,address token,address sender,address receiver,"
    "uint256 amount",
    "Cancel": "bytes32 tradeId",
    "Resolve": "bytes32 tradeId,uint8 outcome",
    "EIP712Domain": "string name,string version,uint256 chainId,address verifyingContract,"
    "bytes32 salt",
}

uints = st.integers(0, 2**256 - 1)
chain_ids = uints.map(ChainId)
addresses = st.binary(min_size=20, max_size=20).map(Address)
words = st.binary(min_size=32, max_size=32)
legs = st.builds(Leg, chain_ids, addresses, addresses, addresses, addresses, uints)
trades = st.builds(
    Trade,
    st.lists(legs, max_size=8).map(tuple),
    chain_ids,
    addresses,
    uints,
    uints,
    words.map(UtiWord),
)


def typed_digest(primary: str, message: dict[str, object], domain: Domain) -> bytes:
    """The digest as eth-account computes it."""
    reached = ["EIP712Domain", primary] + (["Leg"] if primary == "Trade" else [])
    types = {
        name: [
            {"type": kind, "name": field}
            for kind, field in (part.split() for part in FIELDS[name].split(","))
        ]
        for name in reached
    }
    signable = encode_typed_data(
        full_message={
            "types": types,
            "primaryType": primary,
            "domain": {
                "name": NAME,
                "version": VERSION,
                "chainId": domain.chain_id,
                "verifyingContract": "0x" + domain.hub.hex(),
                "salt": domain.salt,
            },
            "message": message,
        }
    )
    assert signable.header == domain_separator(domain)
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def trade_message(trade: Trade) -> dict[str, object]:
    return {
        "legs": [
            {
                "chainId": leg.chain_id,
                "agent": "0x" + leg.agent.hex(),
                "token": "0x" + leg.token.hex(),
                "sender": "0x" + leg.sender.hex(),
                "receiver": "0x" + leg.receiver.hex(),
                "amount": leg.amount_minor,
            }
            for leg in trade.legs
        ],
        "hubChainId": trade.hub_chain_id,
        "hub": "0x" + trade.hub.hex(),
        "prepareBy": trade.prepare_by_s,
        "decideBy": trade.decide_by_s,
        "uti": trade.uti,
    }


@given(trades, words)
def test_a_trade_id_is_the_eip712_digest_of_the_trade(trade: Trade, salt: bytes) -> None:
    expected = typed_digest("Trade", trade_message(trade), Domain.of(trade, salt))
    assert trade_id(trade, salt) == expected


@given(words, chain_ids, addresses, words)
def test_a_cancellation_is_the_eip712_digest_of_cancel(
    trade: TradeId, chain_id: ChainId, hub: Address, salt: bytes
) -> None:
    domain = Domain(chain_id, hub, salt)
    assert cancel_digest(domain, trade) == typed_digest("Cancel", {"tradeId": trade}, domain)


@given(words, st.sampled_from(Outcome), chain_ids, addresses, words)
def test_a_resolution_is_the_eip712_digest_of_resolve(
    trade: TradeId, outcome: Outcome, chain_id: ChainId, hub: Address, salt: bytes
) -> None:
    domain = Domain(chain_id, hub, salt)
    expected = typed_digest("Resolve", {"tradeId": trade, "outcome": int(outcome)}, domain)
    assert resolve_digest(domain, trade, outcome) == expected


def a_trade() -> Trade:
    leg = Leg(
        chain_id=ChainId(1),
        agent=Address(b"\x01" * 20),
        token=Address(b"\x02" * 20),
        sender=Address(b"\x03" * 20),
        receiver=Address(b"\x04" * 20),
        amount_minor=5,
    )
    return Trade(
        legs=(leg, replace(leg, chain_id=ChainId(2))),
        hub_chain_id=ChainId(1),
        hub=Address(b"\x01" * 20),
        prepare_by_s=60,
        decide_by_s=120,
        uti=UtiWord(b"\x07" * 32),
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(a_trade(), hub_chain_id=ChainId(2)),
        replace(a_trade(), hub=Address(b"\x09" * 20)),
        replace(a_trade(), prepare_by_s=61),
        replace(a_trade(), decide_by_s=121),
        replace(a_trade(), uti=UtiWord(b"\x08" * 32)),
        replace(a_trade(), legs=a_trade().legs[:1]),
        replace(a_trade(), legs=a_trade().legs[::-1]),
    ],
)
def test_every_term_of_a_trade_is_in_its_id(other: Trade) -> None:
    assert trade_id(other, SALT) != trade_id(a_trade(), SALT)


@pytest.mark.parametrize(
    "leg",
    [
        replace(a_trade().legs[0], chain_id=ChainId(3)),
        replace(a_trade().legs[0], agent=Address(b"\x09" * 20)),
        replace(a_trade().legs[0], token=Address(b"\x09" * 20)),
        replace(a_trade().legs[0], sender=Address(b"\x09" * 20)),
        replace(a_trade().legs[0], receiver=Address(b"\x09" * 20)),
        replace(a_trade().legs[0], amount_minor=6),
    ],
)
def test_every_field_of_a_leg_is_in_the_trade_id(leg: Leg) -> None:
    trade = a_trade()
    other = replace(trade, legs=(leg, trade.legs[1]))
    assert trade_id(other, SALT) != trade_id(trade, SALT)


def test_a_signature_among_other_chains_does_not_count() -> None:
    assert trade_id(a_trade(), SALT) != trade_id(a_trade(), keccak(b"other genesis blocks"))


def test_the_salt_is_over_all_genesis_hashes_in_order_of_chain_id() -> None:
    first, second = keccak(b"1"), keccak(b"2")
    salt = domain_salt({ChainId(20): second, ChainId(3): first})
    assert salt == keccak(first + second)
    assert salt != domain_salt({ChainId(20): first, ChainId(3): second})
