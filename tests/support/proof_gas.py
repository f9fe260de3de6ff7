"""What proofs and headers cost: whole transactions, calldata included, by cold contracts."""

from __future__ import annotations

from dataclasses import dataclass

from chains.consensus import ValidatorSet
from contracts.artifacts import Optimize
from tests.support.proof_contracts import Client, Verifier, arguments
from tests.support.receipts import announced, claim_in_block, receipt
from tests.support.sealed_headers import FOUR, header, sealed, validator_set

TRANSACTIONS = 100
CLIENT_SLOTS = range(4)


@dataclass(frozen=True, slots=True)
class ProofGas:
    """Gas of a transaction each."""

    verify_alone: int  # the only transaction of a block
    verify_in_100: int  # the dearest place in a block of 100 transactions
    update_quorum_of_4: int
    update_all_of_4: int
    update_quorum_of_7: int


def measure(build: Optimize = "gas") -> ProofGas:
    """The figures of this build, with blooms and roots full of costly bytes."""
    seven = validator_set(*range(7))
    return ProofGas(
        verify_alone=_verify(build, 1, 0),
        verify_in_100=max(_verify(build, TRANSACTIONS, place) for place in range(TRANSACTIONS)),
        update_quorum_of_4=_update(build, FOUR, 3),
        update_all_of_4=_update(build, FOUR, 4),
        update_quorum_of_7=_update(build, seven, 5),
    )


def _verify(build: Optimize, transactions: int, place: int) -> int:
    encoded = receipt([announced(1)], tx_type=2, gas_used=b"\x01\xc9\xc3\x80")
    claim = claim_in_block([encoded] * transactions, place)
    contract = Verifier.deploy(build).contract.cold_copy(())
    return contract.transact("verify", *arguments(claim)).gas_used


def _update(build: Optimize, members: ValidatorSet, seals: int) -> int:
    packet = sealed(header(members), members.keys[:seals])
    client = Client.deploy(build, members.addresses).contract.cold_copy(CLIENT_SLOTS)
    outcome = client.transact("update", packet.header, packet.bitmap, packet.seals, [])
    return outcome.gas_used
