"""A fixed sample of the sweeps, and the gas of real transactions, on the reference engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode

from chains.config import ChainConfig
from chains.engine import Call, CallReverted, Receipt
from chains.headers import SealedHeader
from chains.keys import keccak
from chains.pyevm import PyEvmEngine
from chains.transactions import sign_transaction
from contracts.artifacts import Artifact, load
from tests.support.flips import SAMPLE_SIZE, sampled_flips
from tests.support.proof_contracts import CHAIN_ID, GENESIS_HASH, arguments
from tests.support.proof_gas import measure
from tests.support.receipts import announced, block_of, claim_in_block, receipt
from tests.support.sealed_headers import FOUR, header, sealed

COURIER = keccak(b"a courier's key")
CLAIM = claim_in_block(block_of(100), 50)
PACKET = sealed(header())
VERIFY = ["bytes32", "uint256", "uint256", "bytes"]
UPDATE = ["bytes", "uint256", "bytes", "address[]"]
ANCHOR = ["uint256", "bytes32", "uint256", "address[]"]
TRUSTED = ["0x" + address.hex() for address in FOUR.addresses]


class Chain:
    """An engine with the two contracts."""

    def __init__(self) -> None:
        self.engine = PyEvmEngine(ChainConfig(chain_id=1, validators=FOUR.keys))
        self.nonce = 0
        self.verifier = self._deploy(load("receipt_verifier"), b"")
        anchor = encode(ANCHOR, [CHAIN_ID, GENESIS_HASH, 0, TRUSTED])
        self.client = self._deploy(load("light_client"), anchor)

    def send(self, to: bytes | None, data: bytes) -> Receipt:
        """One transaction in a block of its own."""
        raw = sign_transaction(
            COURIER, chain_id=1, nonce=self.nonce, to=to, data=data, gas_limit=10_000_000
        )
        self.nonce += 1
        self.engine.submit(raw)
        block = self.engine.produce_block(1_800_000_000 + self.nonce)
        return block.receipts[0]

    def refuses(self, to: bytes, data: bytes) -> bool:
        """Whether a call reverts."""
        try:
            self.engine.call(Call(to=to, data=data))
        except CallReverted:
            return True
        return False

    def _deploy(self, artifact: Artifact, arguments: bytes) -> bytes:
        address = self.send(None, artifact.bytecode + arguments).contract_address
        assert address is not None
        return address


@pytest.fixture(scope="module")
def chain() -> Chain:
    """One chain for all tests here: refusals leave nothing behind."""
    return Chain()


def verify(*values: Any) -> bytes:
    return keccak(b"verify(bytes32,uint256,uint256,bytes)")[:4] + encode(VERIFY, values)


def update(packet: SealedHeader) -> bytes:
    values = [packet.header, packet.bitmap, packet.seals, []]
    return keccak(b"update(bytes,uint256,bytes,address[])")[:4] + encode(UPDATE, values)


def test_sampled_flips_of_a_proof_are_refused(chain: Chain) -> None:
    calls = [
        verify(*arguments(replace(CLAIM, proof=proof))) for proof in sampled_flips(CLAIM.proof)
    ]
    assert not chain.refuses(chain.verifier, verify(*arguments(CLAIM)))
    assert sum(chain.refuses(chain.verifier, call) for call in calls) == len(calls) == SAMPLE_SIZE


def test_sampled_flips_of_a_header_are_refused(chain: Chain) -> None:
    calls = [update(replace(PACKET, header=damaged)) for damaged in sampled_flips(PACKET.header)]
    assert not chain.refuses(chain.client, update(PACKET))
    assert sum(chain.refuses(chain.client, call) for call in calls) == len(calls) == SAMPLE_SIZE


def test_a_real_update_costs_what_was_measured(chain: Chain) -> None:
    done = chain.send(chain.client, update(PACKET))
    assert done.is_success
    assert done.gas_used == measure().update_quorum_of_4


def test_a_real_proof_costs_what_was_measured(chain: Chain) -> None:
    encoded = receipt([announced(1)], tx_type=2, gas_used=b"\x01\xc9\xc3\x80")
    done = chain.send(chain.verifier, verify(*arguments(claim_in_block([encoded], 0))))
    assert done.is_success
    assert done.gas_used == measure().verify_alone
