"""Headers against real Besu data, and against each way of getting them wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chains import rlp
from chains.consensus import NotSealed, ValidatorSet, check_seals, seal
from chains.headers import (
    BadHeader,
    ExtraData,
    Header,
    block_hash,
    for_light_client,
    seal_free,
    seal_hash,
    signers,
)
from chains.keys import address_of, keccak, recover, sign_digest
from tests.chains.vectors import besu, harmonia, unhex

KEYS = tuple((10 + i).to_bytes(32, "big") for i in range(4))
VALIDATORS = ValidatorSet.of(KEYS)


def header(round_number: int = 0, **changes: Any) -> Header:
    fields: dict[str, Any] = {
        "parent_hash": b"\x01" * 32,
        "coinbase": b"\x02" * 20,
        "state_root": b"\x03" * 32,
        "height": 7,
        "gas_limit": 30_000_000,
        "timestamp_s": 1_700_000_000,
        "extra_data": ExtraData(VALIDATORS.addresses, round_number).encode(),
        "base_fee_per_gas": 0,
        "withdrawals_root": b"\x04" * 32,
    }
    return Header(**{**fields, **changes})


# --- real data


def test_the_besu_header_decodes_and_encodes_to_the_same_bytes() -> None:
    encoded = unhex(besu()["header_with_seals"])
    assert Header.decode(encoded).encode() == encoded


def test_without_seals_the_besu_header_is_what_its_validators_signed() -> None:
    decoded = Header.decode(unhex(besu()["header_with_seals"]))
    assert seal_free(decoded) == unhex(besu()["header_without_seals"])
    assert decoded.extra.round_number == 1
    assert len(set(signers(decoded))) == 3
    assert set(signers(decoded)) < set(decoded.extra.validators)
    check_seals(decoded)


def test_no_seal_of_the_besu_header_is_over_its_block_hash() -> None:
    decoded = Header.decode(unhex(besu()["header_with_seals"]))
    digest = block_hash(decoded)
    assert digest != seal_hash(decoded)
    recovered = {recover(digest, one) for one in decoded.extra.seals}
    assert recovered.isdisjoint(decoded.extra.validators)


def test_the_besu_header_splits_for_a_light_client() -> None:
    decoded = Header.decode(unhex(besu()["header_with_seals"]))
    split = for_light_client(unhex(besu()["header_with_seals"]))
    assert split.header == unhex(besu()["header_without_seals"])
    assert split.bitmap.bit_count() == 3
    members = [
        address
        for position, address in enumerate(decoded.extra.validators)
        if split.bitmap >> position & 1
    ]
    parts = [split.seals[i : i + 65] for i in range(0, len(split.seals), 65)]
    assert [recover(keccak(split.header), part) for part in parts] == members


@pytest.mark.parametrize("vector", harmonia()["vectors"])
def test_harmonias_headers_hash_and_recover_as_recorded(vector: dict[str, str]) -> None:
    preimage = vector.get("rlpBlockHeaderPreimage") or vector["rlpEncodedBlockHeaderPreImage"]
    unsealed = Header.decode(unhex(preimage))
    seals = rlp.as_list(rlp.decode(unhex(vector["rlpValidatorSignatures"])))
    sealed = unsealed.with_extra(replace(unsealed.extra, seals=tuple(map(rlp.as_bytes, seals))))
    assert block_hash(sealed) == seal_hash(sealed) == unhex(vector["blockHash"])
    assert signers(sealed) == (sealed.coinbase,)
    assert sealed.receipts_root == unhex(vector["receiptsRoot"])


@pytest.mark.parametrize("vector", harmonia()["vectors"])
def test_harmonias_hashed_headers_lack_the_seals_item_and_are_no_qbft(
    vector: dict[str, str],
) -> None:
    without = vector.get("rlpBlockHeader") or vector["rlpEncodedBlockHeader"]
    with pytest.raises(BadHeader):
        block_hash(Header.decode(unhex(without)))


@pytest.mark.parametrize("block", harmonia()["besu_blocks"]["blocks"])
def test_harmonias_blocks_hash_as_recorded(block: dict[str, str]) -> None:
    rebuilt = Header(
        parent_hash=unhex(block["parentHash"]),
        ommers_hash=unhex(block["sha3Uncles"]),
        coinbase=unhex(block["miner"]),
        state_root=unhex(block["stateRoot"]),
        transactions_root=unhex(block["transactionsRoot"]),
        receipts_root=unhex(block["receiptsRoot"]),
        logs_bloom=unhex(block["logsBloom"]),
        difficulty=int(block["difficulty"]),
        height=int(block["number"]),
        gas_limit=int(block["gasLimit"]),
        gas_used=int(block["gasUsed"]),
        timestamp_s=int(block["timestamp"]),
        extra_data=unhex(block["extraData"]),
        mix_hash=unhex(block["mixHash"]),
        nonce=unhex(block["nonce"]),
    )
    assert block_hash(rebuilt) == unhex(block["hash"])
    assert signers(rebuilt) == (rebuilt.coinbase,)
    with pytest.raises(NotSealed):  # its validators are in a contract, its list is empty
        check_seals(rebuilt)


# --- the two hashes


@pytest.mark.parametrize("round_number", [1, 127, 128, 300])
def test_a_block_keeps_its_hash_in_every_round_but_not_its_seal_hash(round_number: int) -> None:
    first, later = header(0), header(round_number)
    assert block_hash(first) == block_hash(later) == seal_hash(first) != seal_hash(later)


def test_sealing_does_not_change_the_block_hash() -> None:
    assert block_hash(seal(header(), KEYS)) == block_hash(header())


@pytest.mark.parametrize(
    "change",
    [{"state_root": b"\x09" * 32}, {"height": 8}, {"timestamp_s": 1}, {"base_fee_per_gas": None}],
)
def test_any_other_field_changes_the_block_hash(change: dict[str, Any]) -> None:
    changed = header(**change)
    if "base_fee_per_gas" in change:
        changed = replace(changed, withdrawals_root=None)
    assert block_hash(changed) != block_hash(header())


def test_the_genesis_is_hashed_as_it_is() -> None:
    sealed = seal(header(height=0), KEYS)
    assert block_hash(sealed) == keccak(sealed.encode()) != block_hash(header(height=0))
    odd = header(height=0, extra_data=b"anything")
    assert block_hash(odd) == keccak(odd.encode())


# --- for a light client


def test_seals_are_put_in_the_order_of_the_validators() -> None:
    sealed = seal(header(), KEYS)
    shuffled = sealed.with_extra(replace(sealed.extra, seals=sealed.extra.seals[::-1]))
    assert for_light_client(shuffled.encode()) == for_light_client(sealed.encode())


def test_seals_of_outsiders_junk_and_repetitions_are_left_out() -> None:
    sealed = seal(header(), KEYS[:3])
    outsider = sign_digest((99).to_bytes(32, "big"), seal_hash(sealed))
    junk = (outsider, b"\x00" * 65, b"\xff" * 65, sealed.extra.seals[0])
    noisy = sealed.with_extra(replace(sealed.extra, seals=junk + sealed.extra.seals))
    assert for_light_client(noisy.encode()) == for_light_client(sealed.encode())
    assert for_light_client(sealed.encode()).bitmap.bit_count() == 3


# --- bad bytes


@pytest.mark.parametrize("missing", [0, 7, 12, 16])
def test_a_header_without_one_of_its_fields_is_refused_or_another(missing: int) -> None:
    items = list(rlp.as_list(rlp.decode(header().encode())))
    del items[missing]
    if missing == 16:
        assert Header.decode(rlp.encode(items)).withdrawals_root is None
        return
    with pytest.raises(BadHeader):
        Header.decode(rlp.encode(items))


@pytest.mark.parametrize("count", [0, 14, 18])
def test_a_header_of_another_number_of_fields_is_refused(count: int) -> None:
    items = [*rlp.as_list(rlp.decode(header().encode())), b"\x01"][:count]
    with pytest.raises(BadHeader):
        Header.decode(rlp.encode(items))


@pytest.mark.parametrize(
    "encoded",
    [b"", b"\x00", b"\x80", b"\xc0", header().encode()[:-1], header().encode() + b"\x00"],
)
def test_bytes_that_are_no_header_are_refused(encoded: bytes) -> None:
    with pytest.raises(BadHeader):
        Header.decode(encoded)


def test_a_number_with_a_leading_zero_is_refused() -> None:
    items = list(rlp.as_list(rlp.decode(header().encode())))
    items[8] = b"\x00\x07"
    with pytest.raises(BadHeader, match="leading zero"):
        Header.decode(rlp.encode(items))


@pytest.mark.parametrize(
    "extra",
    [
        (b"\x00" * 31, (), (), b"", ()),  # vanity too short
        (b"\x00" * 32, (b"\x01" * 19,), (), b"", ()),  # validator too short
        (b"\x00" * 32, (), (), b"\x00", ()),  # round with a leading zero
        (b"\x00" * 32, (), (), b"", (b"\x01" * 64,)),  # seal too short
        (b"\x00" * 32, (), b"", b"\x00" * 4),  # IBFT 2: no seals item, fixed round
        (b"\x00" * 32, (), (), b"", (), ()),  # one item too many
    ],
)
def test_extra_data_that_is_not_qbft_is_refused(extra: rlp.Item) -> None:
    with pytest.raises(BadHeader):
        ExtraData.decode(rlp.encode(extra))


def test_extra_data_keeps_a_vote() -> None:
    vote = (address_of(KEYS[0]), b"\xff")
    extra = ExtraData(VALIDATORS.addresses, 3, (), vote=vote)
    assert ExtraData.decode(extra.encode()) == extra
