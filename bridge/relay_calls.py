"""From an effect of the relayer to the call that a chain takes."""

from __future__ import annotations

from typing import assert_never

from bridge import contract_calls
from bridge.deployed import DeployedChain
from bridge.relay_view import Announce, CallEffect, Prove, UpdateClient

UPDATE_GAS = 250_000
UPDATE_GAS_PER_VALIDATOR = 40_000
PROVE_GAS = 500_000
PROVE_GAS_PER_LEG = 250_000
ANNOUNCE_GAS = 200_000


def call_of(effect: CallEffect, deployed: DeployedChain) -> tuple[bytes, bytes, int]:
    """Receiver, calldata and gas limit."""
    match effect:
        case UpdateClient(_, header):
            gas = UPDATE_GAS + UPDATE_GAS_PER_VALIDATOR * header.bitmap.bit_count()
            return deployed.clients[header.chain_id], contract_calls.update(header), gas
        case Prove(_, packet, _, trade):
            gas = PROVE_GAS + PROVE_GAS_PER_LEG * len(trade.legs)
            return deployed.settlement, contract_calls.prove(packet, effect.index, trade), gas
        case Announce(_, trade_id):
            return deployed.settlement, contract_calls.announce([trade_id]), ANNOUNCE_GAS
        case _:
            assert_never(effect)
