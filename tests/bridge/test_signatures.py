"""Signatures as the contracts take them."""

from dataclasses import replace

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InternalError
from bridge.model import Signature
from bridge.signatures import CURVE_ORDER, HALF_ORDER, address_of, recover, sign, sign_all

KEY = b"\x01" * 32
DIGEST = b"\x02" * 32

keys = st.integers(1, CURVE_ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
digests = st.binary(min_size=32, max_size=32)


@given(keys, digests)
def test_a_signature_is_recovered_to_its_signer(key: bytes, digest: bytes) -> None:
    signature = sign(key, digest)
    assert recover(digest, signature) == address_of(key)
    assert signature.v in (27, 28)
    assert signature.s <= HALF_ORDER


@given(keys, digests)
def test_a_signature_is_the_one_that_eth_account_makes(key: bytes, digest: bytes) -> None:
    other = Account.unsafe_sign_hash(digest, key)
    assert sign(key, digest) == Signature(other.v, other.r, other.s)
    assert "0x" + address_of(key).hex() == Account.from_key(key).address.lower()


def test_the_same_digest_is_signed_the_same_way_twice() -> None:
    assert sign(KEY, DIGEST) == sign(KEY, DIGEST)


def test_a_signature_over_another_digest_is_somebody_elses() -> None:
    assert recover(b"\x03" * 32, sign(KEY, DIGEST)) != address_of(KEY)


def test_the_malleated_twin_with_a_high_s_is_refused() -> None:
    signature = sign(KEY, DIGEST)
    twin = Signature(v=55 - signature.v, r=signature.r, s=CURVE_ORDER - signature.s)
    assert recover(DIGEST, signature) is not None
    assert recover(DIGEST, twin) is None


@pytest.mark.parametrize(
    "altered",
    [{"v": 0}, {"v": 1}, {"v": 29}, {"r": 0}, {"s": 0}, {"r": CURVE_ORDER}, {"r": 2**256}],
)
def test_a_signature_out_of_range_is_nobodys(altered: dict[str, int]) -> None:
    assert recover(DIGEST, replace(sign(KEY, DIGEST), **altered)) is None


def test_a_signature_without_a_point_on_the_curve_is_nobodys() -> None:
    assert recover(DIGEST, Signature(v=27, r=5, s=1)) is None


def test_signatures_follow_the_order_of_the_parties() -> None:
    keys_of = {address_of(key): key for key in (b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)}
    order = sorted(keys_of)
    signed = sign_all(keys_of, order, DIGEST)
    assert [recover(DIGEST, signature) for signature in signed] == order


def test_a_party_without_a_key_cannot_be_signed_for() -> None:
    with pytest.raises(InternalError, match="E-INTERNAL-NO-KEY"):
        sign_all({}, [address_of(KEY)], DIGEST)
