"""The contracts read damaged bytes as Python's strict decoder does: the same meaning, or none.

Here the damage is what was hashed and sealed: roots and seals are made anew after every flip, so
nothing but the parsers stands in its way.
"""

from __future__ import annotations

from chains import rlp
from chains.headers import (
    ISTANBUL_MIX_HASH,
    BadHeader,
    ExtraData,
    Header,
    block_hash,
    seal_free,
)
from tests.support.flips import every_flip
from tests.support.proof_contracts import Client, Verifier
from tests.support.receipts import TOPIC, Proven, announced, claim_about, log, receipt
from tests.support.sealed_headers import FOUR, header, sealed_bytes

TYPED = receipt([announced(1)], tx_type=2)
LEGACY = receipt([log(topics=[TOPIC] * 4)])
VOTE = (b"\xaa" * 20, b"\xff")
HEADER = header().with_extra(ExtraData(FOUR.addresses, 300, vote=VOTE))


def read_receipt(encoded: bytes, log_index: int) -> Proven | None:
    """What a receipt says by the yellow paper and EIP-2718; None when it is no such receipt."""
    if encoded[0] in (1, 2):
        encoded = encoded[1:]
    try:
        status, gas_used, bloom, logs = rlp.as_list(rlp.decode(encoded))
        address, topics, data = rlp.as_list(rlp.as_list(logs)[log_index])
        sizes = [len(rlp.as_bytes(topic)) for topic in rlp.as_list(topics)]
        is_sound = (
            rlp.as_bytes(status) == b"\x01"
            and 0 < rlp.as_int(gas_used) < 2**64
            and len(rlp.as_bytes(bloom)) == 256
            and len(rlp.as_bytes(address)) == 20
            and sizes in [[32] * count for count in range(5)]
        )
        return Proven.of([address, topics, data]) if is_sound else None
    except (ValueError, IndexError):
        return None


def read_header(encoded: bytes) -> Header | None:
    """A header without seals that FOUR may seal; None when it is no such header."""
    try:
        head = Header.decode(encoded)
        extra = head.extra
    except (BadHeader, rlp.RlpError):
        return None
    is_sound = (
        extra.validators == FOUR.addresses
        and extra.seals == ()
        and _is_vote(extra.vote)
        and extra.round_number < 2**32
        and 1 < head.height < 2**64
        and head.mix_hash == ISTANBUL_MIX_HASH
        and head.receipts_root != bytes(32)
    )
    return head if is_sound and seal_free(head) == encoded else None


def _is_vote(vote: rlp.Item) -> bool:
    """None, or a recipient and whether to add (ff) or to drop it (empty)."""
    match vote:
        case [bytes(recipient), b"" | b"\xff"]:
            return len(recipient) == 20
        case _:
            return vote in ([], ())


def proven(verifier: Verifier, encoded: bytes, log_index: int) -> Proven | None:
    """What the contract says of a block's only receipt."""
    claim = claim_about(encoded, log_index)
    return verifier.verify(claim) if verifier.refusal(claim) is None else None


def test_both_read_every_damaged_receipt_alike(verifier: Verifier) -> None:
    for whole in (TYPED, LEGACY):
        meanings = [
            (proven(verifier, damaged, 0), read_receipt(damaged, 0))
            for damaged in every_flip(whole)
        ]
        assert all(ours == theirs for ours, theirs in meanings)
        read = sum(ours is not None for ours, _ in meanings)
        assert 0 < read < len(meanings)


def test_both_read_every_damaged_header_alike(client: Client) -> None:
    keys = dict(enumerate(FOUR.keys[:3]))
    read = 0
    flips = list(every_flip(seal_free(HEADER)))
    for damaged in flips:
        packet = sealed_bytes(damaged, keys)
        with client.contract.evm.undone():
            refused = client.refusal(packet) is not None
            expected = read_header(damaged)
            assert refused is (expected is None), damaged.hex()
            if expected is not None:
                read += 1
                assert client.proves_roots(
                    expected.height, block_hash(expected), expected.receipts_root
                )
    assert 0 < read < len(flips)


def test_the_readers_accept_what_is_whole() -> None:
    assert read_receipt(TYPED, 0) == Proven.of(announced(1))
    assert read_receipt(LEGACY, 0) == Proven.of(log(topics=[TOPIC] * 4))
    assert read_header(seal_free(HEADER)) == HEADER
    assert read_header(HEADER.with_extra(ExtraData(())).encode()) is None
