"""From an effect of the relayer to the call that a chain takes."""

from __future__ import annotations

from typing import assert_never

from bridge import batches, contract_calls
from bridge.deployed import DeployedChain
from bridge.relay_view import Announce, CallEffect, Prove, UpdateClient

UPDATE_GAS = 250_000
UPDATE_GAS_PER_VALIDATOR = 40_000
PROVE_GAS = 500_000
PROVE_GAS_PER_LEG = 250_000
ANNOUNCE_GAS = 200_000
ANNOUNCE_GAS_PER_TRADE = 6_000


def call_of(effect: CallEffect, deployed: DeployedChain) -> tuple[bytes, bytes, int]:
    """Receiver, calldata and gas limit."""
    match effect:
        case UpdateClient(_, header):
            gas = UPDATE_GAS + UPDATE_GAS_PER_VALIDATOR * header.bitmap.bit_count()
            return deployed.clients[header.chain_id], contract_calls.update(header), gas
        case Prove(_, packet, (member,)):
            gas = PROVE_GAS + PROVE_GAS_PER_LEG * len(member.trade.legs)
            (index,) = effect.indices
            return deployed.settlement, contract_calls.prove(packet, index, member.trade), gas
        case Prove(_, packet, members):
            trades = [member.trade for member in members]
            data = contract_calls.prove_batch(
                packet, list(zip(effect.indices, trades, strict=True))
            )
            return deployed.settlement, data, PROVE_GAS + batches.gas_of(trades)
        case Announce(_, trade_ids):
            gas = ANNOUNCE_GAS + ANNOUNCE_GAS_PER_TRADE * len(trade_ids)
            return deployed.settlement, contract_calls.announce(trade_ids), gas
        case _:
            assert_never(effect)
