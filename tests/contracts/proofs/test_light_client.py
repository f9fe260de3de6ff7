"""What a light client believes, from when on, and when it stops believing for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.headers import Header, block_hash, seal_hash
from chains.keys import keccak
from contracts.artifacts import Optimize
from tests.support.bare_evm import Reverted
from tests.support.proof_contracts import CHAIN_ID, GENESIS_HASH, Client
from tests.support.sealed_headers import FOUR, ROOT, header, sealed, validator_set

HEAD = header()
OTHER = header(state_root=keccak(b"another state"))
ATTACKER = validator_set(66, 67, 68, 69)


def test_a_sealed_header_is_believed(client: Client) -> None:
    (event,) = client.update(sealed(HEAD)).events
    assert (event.name, event.fields) == (
        "HeaderAccepted",
        {"height": 5, "block_hash": block_hash(HEAD), "receipts_root": ROOT},
    )
    assert client.proves(HEAD)


def test_one_slot_a_height_holds_block_hash_and_receipts_root(client: Client) -> None:
    client.update(sealed(HEAD))
    assert client.contract.call("commitments", 5) == keccak(block_hash(HEAD) + ROOT)


@pytest.mark.parametrize(
    ("height", "hash_of_block", "receipts_root"),
    [
        (6, block_hash(HEAD), ROOT),
        (5, block_hash(OTHER), ROOT),
        (5, block_hash(HEAD), keccak(b"other receipts")),
        (5, ROOT, block_hash(HEAD)),
        (5, block_hash(HEAD), bytes(32)),
        (4, bytes(32), bytes(32)),
    ],
    ids=["height", "block", "receipts", "swapped", "zero root", "nothing"],
)
def test_nothing_else_is_proven(
    client: Client, height: int, hash_of_block: bytes, receipts_root: bytes
) -> None:
    client.update(sealed(HEAD))
    assert not client.proves_roots(height, hash_of_block, receipts_root)


def test_the_same_header_again_changes_nothing(client: Client) -> None:
    client.update(sealed(HEAD))
    outcome = client.update(sealed(HEAD, FOUR.keys[1:]))
    assert outcome.events == ()
    assert client.proves(HEAD)


def test_the_same_block_sealed_in_two_rounds_does_not_freeze(client: Client) -> None:
    again = header(round_number=3)
    assert seal_hash(again) != seal_hash(HEAD)
    client.update(sealed(HEAD))
    client.update(sealed(again))
    assert not client.is_frozen
    assert client.proves(again)


@pytest.mark.parametrize("round_number", [0, 1, 127, 128, 300])
def test_another_block_at_a_known_height_freezes(client: Client, round_number: int) -> None:
    client.update(sealed(HEAD))
    known = keccak(block_hash(HEAD) + ROOT)
    other = header(round_number=round_number, state_root=OTHER.state_root)
    (event,) = client.update(sealed(other)).events
    assert (event.name, event.fields) == (
        "Frozen",
        {"height": 5, "known": known, "other": keccak(block_hash(OTHER) + ROOT)},
    )
    assert client.is_frozen


def test_a_block_that_differs_in_its_seals_only_does_not_freeze(client: Client) -> None:
    client.update(sealed(HEAD, FOUR.keys[:3]))
    client.update(sealed(HEAD, FOUR.keys))
    assert not client.is_frozen


def test_too_few_seals_do_not_freeze(client: Client) -> None:
    client.update(sealed(HEAD))
    assert client.refusal(sealed(OTHER, FOUR.keys[:2])) == "client: too few seals"
    assert not client.is_frozen
    assert client.proves(HEAD)


def test_a_chain_with_the_same_validators_is_beyond_what_is_promised(client: Client) -> None:
    """The known limit, shown on purpose: above block 1 a QBFT header does not name its chain."""
    twin = header(parent_hash=keccak(b"another chain"))
    client.update(sealed(twin))
    assert client.proves(twin)
    client.update(sealed(HEAD))
    assert client.is_frozen


def test_a_frozen_client_proves_nothing_any_more(client: Client) -> None:
    earlier = header(height=4)
    client.update(sealed(earlier))
    client.update(sealed(HEAD))
    client.update(sealed(OTHER))
    assert not any(map(client.proves, (earlier, HEAD, OTHER)))


@pytest.mark.parametrize("head", [HEAD, OTHER, header(height=6)], ids=["known", "other", "next"])
def test_a_frozen_client_refuses_every_header(client: Client, head: Header) -> None:
    client.update(sealed(HEAD))
    client.update(sealed(OTHER))
    assert client.refusal(sealed(head)) == "client: frozen"
    assert client.is_frozen


def test_a_set_that_nobody_trusts_is_refused(client: Client) -> None:
    own = header(ATTACKER)
    assert client.refusal(sealed(own, ATTACKER.keys)) == "client: not the trusted set"
    assert client.refusal(sealed(own, ATTACKER.keys), FOUR.addresses) == (
        "client: too few trusted seals"
    )


def test_a_height_far_in_the_future_is_believed_and_blocks_no_other(client: Client) -> None:
    far = header(height=2**64 - 1)
    client.update(sealed(far))
    client.update(sealed(HEAD))
    assert client.proves(far)
    assert client.proves(HEAD)


def test_heights_need_not_come_in_order_or_without_gaps(client: Client) -> None:
    heads = [header(height=height) for height in (9, 2, 700, 3)]
    for head in heads:
        client.update(sealed(head))
    assert all(map(client.proves, heads))


def test_a_height_below_the_anchor_is_refused(build: Optimize) -> None:
    client = Client.deploy(build, FOUR.addresses, height=5)
    assert client.refusal(sealed(header(height=4))) == "client: below the trusted set"
    client.update(sealed(HEAD))
    assert client.proves(HEAD)


def test_block_1_must_be_the_child_of_the_genesis(client: Client) -> None:
    stranger = header(height=1)
    assert client.refusal(sealed(stranger)) == "client: child of another genesis"
    child = replace(stranger, parent_hash=GENESIS_HASH)
    client.update(sealed(child))
    assert client.proves(child)


def test_the_anchor_can_be_read(client: Client) -> None:
    assert client.contract.call("chain_id") == CHAIN_ID
    assert client.contract.call("genesis_hash") == GENESIS_HASH
    assert client.trusted_since == 0


@pytest.mark.parametrize(
    ("validators", "reason"),
    [
        ((), "set: no validators"),
        (FOUR.addresses[:1] * 4, "set: not ascending"),
        (tuple(reversed(FOUR.addresses)), "set: not ascending"),
        ((bytes(20), *FOUR.addresses), "set: not ascending"),
    ],
    ids=["none", "four equal", "descending", "zero"],
)
def test_a_bad_set_cannot_be_the_anchor(
    build: Optimize, validators: tuple[bytes, ...], reason: str
) -> None:
    with pytest.raises(Reverted) as refused:
        Client.deploy(build, validators)
    assert refused.value.reason == reason


def test_a_zero_chain_id_or_genesis_cannot_be_the_anchor(build: Optimize) -> None:
    with pytest.raises(Reverted, match="client: chain id is zero"):
        Client.deploy(build, FOUR.addresses, chain_id=0)
    with pytest.raises(Reverted, match="client: genesis hash is zero"):
        Client.deploy(build, FOUR.addresses, genesis_hash=bytes(32))
