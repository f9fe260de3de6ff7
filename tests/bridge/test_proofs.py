"""What crosses is built from sealed bytes, and only if a contract can take it in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts
from bridge import proofs
from bridge.errors import ProofError
from bridge.model import BATCH_MAX, Address, ChainId, Packet, SealedHeader, Status, TradeId
from chains.consensus import ValidatorSet, seal
from chains.headers import BadHeader, ExtraData, Header, block_hash, for_light_client
from tests.support.sealed_headers import FOUR, ROOT, header, validator_set

CHAIN = ChainId(440020)
ID = TradeId(b"\x17" * 32)
HELD = Status.HELD
SCALARS = ("difficulty", "height", "gas_limit", "gas_used", "timestamp_s", "base_fee_per_gas")


def sealed(head: Header | None = None, keys: tuple[bytes, ...] = FOUR.keys) -> bytes:
    return seal(head or header(), keys).encode()


def packet_of(*nodes: bytes, ids: int = 1) -> Packet:
    built = proofs.header_packet(CHAIN, sealed())
    return proofs.packet(built, 3, 1, [ID] * ids, [HELD] * ids, nodes)


def test_a_header_travels_without_seals_and_with_a_bare_quorum_beside_it() -> None:
    built = proofs.header_packet(CHAIN, sealed())
    split = for_light_client(sealed())
    assert built == SealedHeader(CHAIN, 5, split.header, 0b0111, split.seals[: 3 * 65])


def test_a_header_that_changes_the_set_travels_with_all_its_seals() -> None:
    trusted = [Address(a) for a in validator_set(1, 2, 3, 9).addresses]
    built = proofs.header_packet(CHAIN, sealed(), trusted)
    assert (built.bitmap, len(built.seals)) == (0b1111, 4 * 65)
    assert built.trusted_validators == tuple(trusted)


def test_the_quorum_is_taken_from_those_who_sealed() -> None:
    built = proofs.header_packet(CHAIN, sealed(keys=FOUR.keys[1:]))
    assert built.bitmap == 0b1110
    assert built.seals == for_light_client(sealed(keys=FOUR.keys[1:])).seals


def test_a_header_below_quorum_is_refused() -> None:
    with pytest.raises(ProofError, match="2 of the 3 seals") as error:
        proofs.header_packet(CHAIN, sealed(keys=FOUR.keys[:2]))
    assert error.value.code == "E-PROOF-QUORUM"


@pytest.mark.parametrize("junk", [b"", b"\xc0", b"\x00" * 40])
def test_bytes_that_are_no_header_are_refused(junk: bytes) -> None:
    with pytest.raises(ProofError, match="no QBFT header"):
        proofs.header_packet(CHAIN, junk)


@pytest.mark.parametrize(
    ("name", "module", "limit"),
    [
        ("HEADER_MAX", "qbft_header", proofs.HEADER_MAX),
        ("VALIDATORS_MAX", "qbft_header", proofs.VALIDATORS_MAX),
        ("PROOF_MAX", "merkle_patricia", proofs.PROOF_MAX),
        ("IDS_MAX", "records", BATCH_MAX),
    ],
)
def test_the_limits_are_those_of_the_contracts(name: str, module: str, limit: int) -> None:
    source = Path(contracts.__file__).with_name("modules") / f"{module}.vy"
    lines = source.read_text(encoding="ascii").splitlines()
    assert any(line.startswith(f"{name}: constant(uint256) = {limit}") for line in lines)


def test_a_header_too_large_for_a_client_is_refused() -> None:
    crowd = ValidatorSet.of([bytes([1, i]).rjust(32, b"\1") for i in range(32)])
    fits = header(crowd)
    built = proofs.header_packet(CHAIN, sealed(fits, crowd.keys))
    assert len(built.header) <= proofs.HEADER_MAX
    large = fits.with_extra(fits.extra.__class__(crowd.addresses, vote=(b"\0" * 400,)))
    with pytest.raises(proofs.ProofTooLarge, match="the header of block 5"):
        proofs.header_packet(CHAIN, sealed(large, crowd.keys))


def test_a_packet_names_the_block_by_its_identity_and_not_by_its_round() -> None:
    first = proofs.header_packet(CHAIN, sealed())
    later = proofs.header_packet(CHAIN, sealed(header(round_number=2)))
    assert first.header != later.header
    assert proofs.source(first, 0, 0) == proofs.source(later, 0, 0)
    assert proofs.source(first, 0, 0).block_hash == block_hash(header())
    assert proofs.source(first, 0, 0).receipts_root == ROOT


def test_a_packet_carries_the_nodes_in_one_piece() -> None:
    built = packet_of(b"root", b"leaf")
    assert built.proof == b"rootleaf"
    assert (built.source.tx_index, built.source.log_index) == (3, 1)
    assert built.status_of(ID) is HELD


def test_a_proof_at_the_limit_travels() -> None:
    assert len(packet_of(b"\0" * proofs.PROOF_MAX).proof) == proofs.PROOF_MAX


def test_a_proof_above_the_limit_is_refused() -> None:
    with pytest.raises(proofs.ProofTooLarge, match="4097 bytes") as error:
        packet_of(b"\0" * proofs.PROOF_MAX, b"\0")
    assert error.value.code == "E-PROOF-TOO-LARGE-RECEIPT"


def test_a_log_that_names_more_trades_than_a_batch_has_is_refused() -> None:
    assert len(packet_of(ids=32).ids) == 32
    with pytest.raises(proofs.ProofTooLarge, match="33 trades"):
        packet_of(ids=33)


def test_the_set_of_a_header_is_read_in_its_order() -> None:
    assert proofs.validators_of(header().encode()) == FOUR.addresses


def set_of(encoded: bytes) -> tuple[bytes, ...] | None:
    """The set as the whole header's decoding has it; None for what is no header."""
    try:
        return Header.decode(encoded).extra.validators
    except BadHeader:
        return None


scalars = st.integers(0, 2**64) | st.integers(0, 2**520)
headers = st.builds(
    lambda members, fields, round_number, vote: header(
        extra_data=ExtraData(
            validator_set(*range(members)).addresses, round_number, vote=(b"\1" * vote,)
        ).encode(),
        **dict(zip(SCALARS, fields, strict=True)),
    ),
    st.sampled_from([1, 4, 9, 10, 32]),
    st.tuples(scalars, scalars, scalars, scalars, scalars, st.none() | scalars),
    st.integers(0, 300),
    st.integers(0, 400),
)


@given(headers, st.integers(0, 4))
def test_the_set_is_the_same_whatever_stands_around_it(head: Header, seals: int) -> None:
    extra = head.extra
    sealed_head = head.with_extra(
        ExtraData(extra.validators, extra.round_number, (b"\2" * 65,) * seals, vote=extra.vote)
    )
    for encoded in (head.encode(), sealed_head.encode()):
        assert proofs.validators_of(encoded) == set_of(encoded)


@given(headers, st.data())
def test_of_spoilt_bytes_no_other_set_is_read(head: Header, data: st.DataObject) -> None:
    spoilt = bytearray(head.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(spoilt[: data.draw(st.sampled_from([len(spoilt), 200, 449, len(spoilt) - 1]))])
    try:
        found = proofs.validators_of(cut)
    except ProofError:
        assert set_of(cut) is None
    else:
        assert set_of(cut) in (found, None)


def test_the_set_of_consecutive_headers_is_read_once() -> None:
    proofs._validators.cache_clear()
    for height in range(7, 27):
        assert proofs.validators_of(header(height=height).encode()) == FOUR.addresses
    assert proofs._validators.cache_info().misses == 1
