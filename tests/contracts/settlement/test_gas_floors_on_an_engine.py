"""On a real engine a token is cold when it is called: its gas is the same under any limit.

The bare EVM keeps accounts warm from call to call, so it cannot show what the first touch of an
account costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_abi.abi import encode

from bridge import eip712
from bridge.model import Address, Leg, Status, Trade, UtiWord
from bridge.signatures import sign_all
from chains.config import ChainConfig
from chains.engine import Receipt
from chains.keys import keccak
from chains.pyevm import PyEvmEngine
from chains.reverts import reason_of
from chains.transactions import sign_transaction
from contracts.artifacts import Artifact, Optimize, load
from tests.support.abi_entries import constructor_inputs, types_of
from tests.support.bare_evm import BareEvm, Contract
from tests.support.hostile_tokens import Mood
from tests.support.people import ALICE, AUTHORITY, BOB, KEYS, account, caller, hexed, key
from tests.support.settlement_calls import prove_arguments, tuples
from tests.support.settlement_chain import hostile, new_prover
from tests.support.settlement_prover import announcement
from tests.support.settlement_world import DECIDE_BY_S, LONDON, NOW_S, PREPARE_BY_S, SHANGHAI

HUB = Address(b"\x4b" * 20)  # on Shanghai, which only its validators stand for here
GAS_EVENT = keccak(b"Gas(uint256)")


@dataclass(slots=True)
class London:
    """London on py-evm."""

    engine: PyEvmEngine
    now_s: int = NOW_S

    def send(self, to: str | None, data: bytes, gas: int = 10_000_000) -> Receipt:
        nonce = self.engine.nonce(account("eve"))
        target = None if to is None else bytes.fromhex(to[2:])
        raw = sign_transaction(
            key("eve"), chain_id=LONDON, nonce=nonce, to=target, data=data, gas_limit=gas
        )
        tx_hash = self.engine.submit(raw)
        self.now_s += 1
        self.engine.produce_block(self.now_s)
        receipt = self.engine.receipt(tx_hash)
        assert receipt is not None
        return receipt

    def deploy(self, artifact: Artifact, *arguments: Any) -> Contract:
        """A contract whose encoder is used; the bare EVM that it is bound to is empty."""
        types = types_of(constructor_inputs(artifact.abi))
        receipt = self.send(None, artifact.bytecode + encode(types, arguments))
        assert receipt.contract_address is not None
        return Contract(BareEvm(LONDON), hexed(receipt.contract_address), artifact)

    def do(self, contract: Contract, function: str, *arguments: Any) -> Receipt:
        receipt = self.send(contract.address, contract.calldata(function, *arguments))
        assert receipt.is_success
        return receipt


@dataclass(frozen=True, slots=True)
class Held:
    """A leg that is held, and the call that delivers it."""

    london: London
    settlement: Contract
    call: bytes

    def delivered(self, gas: int) -> Receipt:
        """As if it were the next transaction."""
        snapshot = self.london.engine.snapshot()
        try:
            return self.london.send(self.settlement.address, self.call, gas)
        finally:
            self.london.engine.restore(snapshot)


@pytest.fixture
def held(build: Optimize) -> Held:
    """A leg in a token that tells how much gas it was given, and its hub's decision."""
    shanghai, own = new_prover(SHANGHAI), new_prover(LONDON)
    config = ChainConfig(LONDON, own.validators.keys, limit_contract_code=False)
    london = London(PyEvmEngine(config))
    token_code = hostile("moody_token", build)
    verifier = london.deploy(load("receipt_verifier", build))
    validators = list(map(hexed, shanghai.validators.addresses))
    client = london.deploy(
        load("light_client", build), SHANGHAI, shanghai.genesis_hash, 1, validators
    )
    peers = [(SHANGHAI, shanghai.genesis_hash, client.address)]
    settlement = london.deploy(
        load("settlement", build),
        verifier.address,
        own.genesis_hash,
        peers,
        [token_code.code_hash],
    )
    token = london.deploy(token_code, caller(AUTHORITY))
    leg = Leg(LONDON, at(settlement), at(token), account(ALICE), account(BOB), 7)
    trade = Trade((leg,), SHANGHAI, HUB, PREPARE_BY_S, DECIDE_BY_S, UtiWord(bytes(32)))
    salt = eip712.domain_salt({SHANGHAI: shanghai.genesis_hash, LONDON: own.genesis_hash})
    trade_id = eip712.trade_id(trade, salt)
    london.do(token, "mint", account(ALICE), 10)
    london.do(token, "mint", account(BOB), 10)
    london.do(settlement, "hold", trade.as_tuple(), tuples(sign_all(KEYS, trade.parties, trade_id)))
    london.do(token, "behave", Mood.HONEST, Mood.TELLS_ITS_GAS, Mood.HONEST)
    packet = shanghai.packet([announcement(SHANGHAI, hexed(HUB), [trade_id], [Status.COMMITTED])])
    header = packet.header
    london.do(client, "update", header.header, header.bitmap, header.seals, [])
    call = settlement.calldata("prove", *prove_arguments(packet, trade, 0))
    return Held(london, settlement, call)


def at(contract: Contract) -> Address:
    return Address(bytes.fromhex(contract.address[2:]))


def lowest_limit(held: Held) -> int:
    """The lowest gas limit that does not revert, found by halving."""
    low, high = 50_000, 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        if held.delivered(middle).is_success:
            high = middle
        else:
            low = middle
    return high


def gas_of_the_token(receipt: Receipt) -> int:
    (told,) = [log.data for log in receipt.logs if log.topics[0] == GAS_EVENT]
    return int.from_bytes(told, "big")


def test_a_token_that_is_touched_first_has_all_its_gas_under_the_lowest_limit(held: Held) -> None:
    ample = gas_of_the_token(held.delivered(2_000_000))
    assert gas_of_the_token(held.delivered(lowest_limit(held))) == ample


def test_one_less_than_the_lowest_limit_reverts_for_want_of_gas(held: Held) -> None:
    receipt = held.delivered(lowest_limit(held) - 1)
    assert not receipt.is_success
    assert reason_of(receipt.output) == "legs: not enough gas"
