#pragma version ==0.4.3
"""
@title Commit seals: which validators sealed a header, and how many are enough.
@dev A seal is r | s | v with v 0 or 1. Seals come in the order of the validator list, one for each
     bit of a bitmap, so a signer cannot count twice however its signature is re-encoded.
"""

from . import qbft_header

SEAL_SIZE: constant(uint256) = 65
SEALS_MAX: constant(uint256) = SEAL_SIZE * qbft_header.VALIDATORS_MAX
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

SEAL_BITMAP: constant(String[32]) = "seal: bit beyond the set"
SEAL_LENGTH: constant(String[32]) = "seal: not one seal a bit"
SEAL_FORM: constant(String[32]) = "seal: high s or odd v"
SEAL_SIGNER: constant(String[32]) = "seal: not by that validator"
SET_EMPTY: constant(String[32]) = "set: no validators"
SET_ORDER: constant(String[32]) = "set: not ascending"


@internal
@pure
def _quorum(validator_count: uint256) -> uint256:
    """
    @notice ceil(2N/3), as Besu counts.
    """
    return (2 * validator_count + 2) // 3


@internal
@pure
def _check_set(validators: DynArray[address, qbft_header.VALIDATORS_MAX]):
    """
    @notice Refuses an empty set, the zero address and equal members: a set is strictly ascending.
    """
    assert len(validators) > 0, SET_EMPTY
    previous: uint256 = 0
    for validator: address in validators:
        current: uint256 = convert(validator, uint256)
        assert current > previous, SET_ORDER
        previous = current


@internal
@pure
def _signers(
    seal_hash: bytes32,
    validators: DynArray[address, qbft_header.VALIDATORS_MAX],
    bitmap: uint256,
    seals: Bytes[SEALS_MAX],
) -> DynArray[address, qbft_header.VALIDATORS_MAX]:
    """
    @notice Those of `validators` that `bitmap` names; every one of them must have sealed.
    """
    assert bitmap >> len(validators) == 0, SEAL_BITMAP
    signers: DynArray[address, qbft_header.VALIDATORS_MAX] = []
    rest: uint256 = bitmap
    position: uint256 = 0
    for validator: address in validators:
        if rest & 1 == 1:
            assert position + SEAL_SIZE <= len(seals), SEAL_LENGTH
            r: uint256 = convert(extract32(seals, position), uint256)
            s: uint256 = convert(extract32(seals, position + 32), uint256)
            v: uint256 = convert(extract32(seals, position + 33), uint256) & 255
            assert s <= HALF_ORDER and v <= 1, SEAL_FORM
            # A failed ecrecover gives zero, which no set contains.
            assert ecrecover(seal_hash, v + 27, r, s) == validator, SEAL_SIGNER
            signers.append(validator)
            position += SEAL_SIZE
        rest = rest >> 1
    assert position == len(seals), SEAL_LENGTH
    return signers


@internal
@pure
def _common(
    known: DynArray[address, qbft_header.VALIDATORS_MAX],
    signers: DynArray[address, qbft_header.VALIDATORS_MAX],
) -> uint256:
    """
    @notice How many of a set are among the signers; neither list has equal members.
    """
    count: uint256 = 0
    for validator: address in known:
        if validator in signers:
            count += 1
    return count
