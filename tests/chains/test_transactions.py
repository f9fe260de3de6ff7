"""Signed transactions against eth-account, and malformed ones."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from chains import rlp
from chains.engine import TransactionRejected
from chains.keys import ORDER, address_of
from chains.transactions import (
    contract_address,
    decode_transaction,
    effective_gas_price,
    forget_known,
    intrinsic_gas,
    sign_transaction,
)

KEY = (7).to_bytes(32, "big")
TO = b"\x11" * 20
SLOTS = [{"address": "0x" + "22" * 20, "storageKeys": ["0x" + "33" * 32, "0x" + "44" * 32]}]

UINT64 = st.integers(0, 2**64 - 2)


@given(
    nonce=UINT64,
    to=st.none() | st.binary(min_size=20, max_size=20),
    data=st.binary(max_size=100),
    value=st.integers(0, 2**256 - 1),
    gas=UINT64,
    fee=st.integers(0, 2**128),
)
def test_our_signature_is_eth_accounts(
    nonce: int, to: bytes | None, data: bytes, value: int, gas: int, fee: int
) -> None:
    raw = sign_transaction(
        KEY,
        chain_id=5,
        nonce=nonce,
        to=to,
        data=data,
        value=value,
        gas_limit=gas,
        max_fee_per_gas=fee,
        max_priority_fee_per_gas=fee // 2,
    )
    fields: dict[str, Any] = {
        "type": 2,
        "chainId": 5,
        "nonce": nonce,
        "data": data,
        "value": value,
        "gas": gas,
        "maxFeePerGas": fee,
        "maxPriorityFeePerGas": fee // 2,
    }
    signed = Account.sign_transaction(fields if to is None else {**fields, "to": to}, KEY)
    assert raw == bytes(signed.raw_transaction)
    decoded = decode_transaction(raw)
    assert decoded.hash == bytes(signed.hash)
    assert (decoded.sender, decoded.nonce, decoded.to) == (address_of(KEY), nonce, to)
    assert (decoded.value, decoded.data, decoded.gas_limit) == (value, data, gas)
    assert (decoded.max_fee_per_gas, decoded.max_priority_fee_per_gas) == (fee, fee // 2)


@pytest.mark.parametrize(
    ("fields", "tx_type"),
    [
        ({"gasPrice": 9}, 0),
        ({"gasPrice": 9, "accessList": SLOTS}, 1),
        ({"maxFeePerGas": 9, "maxPriorityFeePerGas": 4, "accessList": SLOTS}, 2),
    ],
)
def test_every_kind_decodes_to_what_was_signed(fields: dict[str, Any], tx_type: int) -> None:
    common = {"chainId": 5, "nonce": 3, "to": TO, "value": 1, "gas": 50_000, "data": b"\x00\x01"}
    signed = Account.sign_transaction({**common, **fields}, KEY)
    decoded = decode_transaction(bytes(signed.raw_transaction))
    assert decoded.tx_type == tx_type
    assert decoded.chain_id == 5
    assert decoded.sender == address_of(KEY)
    assert (decoded.v, decoded.r, decoded.s) == (signed.v, signed.r, signed.s)
    assert decoded.max_fee_per_gas == 9
    has_list = "accessList" in fields
    assert len(decoded.access_list) == has_list
    assert intrinsic_gas(decoded) == 21_020 + has_list * (2_400 + 2 * 1_900)


def test_a_legacy_signature_without_a_chain_decodes_and_says_so() -> None:
    signed = Account.sign_transaction(
        {"nonce": 3, "to": TO, "value": 1, "gas": 50_000, "gasPrice": 1, "chainId": None}, KEY
    )
    decoded = decode_transaction(bytes(signed.raw_transaction))
    assert decoded.chain_id is None
    assert decoded.sender == address_of(KEY)


def test_deployment_costs_more_before_it_starts() -> None:
    raw = sign_transaction(KEY, chain_id=1, nonce=0, to=None, data=b"\x01" * 33)
    assert intrinsic_gas(decode_transaction(raw)) == 21_000 + 32_000 + 33 * 16 + 2 * 2


def test_the_price_paid_is_the_base_fee_and_the_tip_up_to_the_maximum() -> None:
    raw = sign_transaction(
        KEY, chain_id=1, nonce=0, to=TO, max_fee_per_gas=10, max_priority_fee_per_gas=3
    )
    decoded = decode_transaction(raw)
    assert [effective_gas_price(decoded, base) for base in (0, 5, 7, 9)] == [3, 8, 10, 10]


def test_a_contracts_address_follows_from_its_creator_and_nonce() -> None:
    creator = bytes.fromhex("6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    assert contract_address(creator, 0).hex() == "cd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"
    assert contract_address(creator, 1).hex() == "343c43a37d37dff08ae8c4a11544c718abb4fcf8"


# --- malformed


def fields_of(raw: bytes) -> list[rlp.Item]:
    return list(rlp.as_list(rlp.decode(raw[1:])))


@pytest.mark.parametrize(
    ("position", "value"),
    [
        (0, rlp.integer(2**256)),  # chain id too large
        (0, rlp.integer(10**5_000)),  # and with more digits than Python writes out
        (1, rlp.integer(2**64 - 1)),  # nonce beyond EIP-2681
        (1, b"\x00\x01"),  # leading zero
        (2, rlp.integer(10**9)),  # priority above maximum
        (3, rlp.integer(2**256)),  # fee too large
        (4, rlp.integer(2**64)),  # gas too large
        (5, b"\x11" * 19),  # receiver too short
        (5, ()),  # receiver a list
        (6, rlp.integer(2**256)),  # value too large
        (8, b""),  # access list a string
        (8, ((b"\x11" * 19, ()),)),  # access list: short address
        (8, ((b"\x11" * 20, (b"\x01" * 31,)),)),  # access list: short slot
        (8, ((b"\x11" * 20,),)),  # access list: no slots
        (9, b"\x02"),  # y parity
        (10, b""),  # r = 0
        (10, rlp.integer(ORDER)),  # r out of range
        (11, b""),  # s = 0
        (11, rlp.integer(ORDER // 2 + 1)),  # high s
    ],
)
def test_a_field_out_of_shape_or_range_is_refused(position: int, value: rlp.Item) -> None:
    raw = sign_transaction(KEY, chain_id=1, nonce=0, to=TO, max_fee_per_gas=5)
    decode_transaction(raw)
    items = fields_of(raw)
    items[position] = value
    with pytest.raises(TransactionRejected):
        decode_transaction(b"\x02" + rlp.encode(items))


def test_a_malleated_signature_is_refused() -> None:
    raw = sign_transaction(KEY, chain_id=1, nonce=0, to=TO)
    items = fields_of(raw)
    items[9] = b"" if items[9] else b"\x01"
    items[11] = rlp.integer(ORDER - rlp.as_int(items[11]))
    with pytest.raises(TransactionRejected, match="high s"):
        decode_transaction(b"\x02" + rlp.encode(items))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02",
        b"\x03" + rlp.encode((b"",) * 14),  # a blob transaction
        b"\x04" + rlp.encode((b"",) * 13),  # set code
        b"\x7f\xc0",
        rlp.encode((b"",) * 8),
        rlp.encode((b"",) * 9),
        rlp.encode((*(b"",) * 6, rlp.integer(10**5_000), b"\x01", b"\x01")),  # v beyond EIP-155
        sign_transaction(KEY, chain_id=1, nonce=0, to=TO)[:-1],
        sign_transaction(KEY, chain_id=1, nonce=0, to=TO) + b"\x00",
    ],
)
def test_bytes_that_are_no_transaction_are_refused(raw: bytes) -> None:
    with pytest.raises(TransactionRejected):
        decode_transaction(raw)


def test_what_was_signed_here_is_what_its_bytes_decode_to() -> None:
    several: list[dict[str, Any]] = [{}, {"data": b"\x00\x01", "value": 5}, {"nonce": 2**40}]
    for fields in several:
        raw = sign_transaction(KEY, **{"chain_id": 1, "nonce": 0, "to": b"\x05" * 20, **fields})
        remembered = decode_transaction(raw)
        forget_known()
        assert decode_transaction(raw) == remembered
        assert decode_transaction(raw) is decode_transaction(raw)


@pytest.mark.parametrize(
    "fields",
    [
        {"chain_id": 2**256},
        {"nonce": 2**64 - 1},
        {"gas_limit": 2**64},
        {"value": 2**256},
        {"max_priority_fee_per_gas": 1},
        {"to": b"\x05" * 19},
    ],
)
def test_what_was_signed_here_is_refused_all_the_same(fields: dict[str, Any]) -> None:
    raw = sign_transaction(KEY, **{"chain_id": 1, "nonce": 0, "to": b"\x05" * 20, **fields})
    with pytest.raises(TransactionRejected):
        decode_transaction(raw)
