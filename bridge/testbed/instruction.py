"""From a scenario's trade to the terms that its parties sign."""

from __future__ import annotations

from bridge import eip712
from bridge.deployed import Deployment
from bridge.events import LegTerms, TradeInstructed
from bridge.identifiers import uti, uti_word
from bridge.model import Leg, Trade, TradeId
from bridge.testbed import scenario
from bridge.testbed.world import World


def terms(
    asked: scenario.Trade, world: World, deployment: Deployment, submitted_at_s: int
) -> Trade:
    """The trade in its on-chain form; deadlines count from its submission, in Unix seconds."""
    hub = deployment.chains[asked.hub]
    return Trade(
        legs=tuple(_leg(leg, world, deployment) for leg in asked.legs),
        hub_chain_id=hub.chain_id,
        hub=hub.settlement,
        prepare_by_s=submitted_at_s + asked.prepare_by_s,
        decide_by_s=submitted_at_s + asked.decide_by_s,
        uti=uti_word(uti(asked.reference)),
    )


def instructed(asked: scenario.Trade, trade: Trade, trade_id: TradeId) -> TradeInstructed:
    """The journal event, in the scenario's names."""
    return TradeInstructed(
        reference=asked.reference,
        trade_id=trade_id,
        hub=asked.hub,
        legs=tuple(
            LegTerms(leg.chain, leg.instrument, leg.sender, leg.receiver, leg.amount)
            for leg in asked.legs
        ),
        prepare_by_s=trade.prepare_by_s,
        decide_by_s=trade.decide_by_s,
    )


def trade_id(trade: Trade, deployment: Deployment) -> TradeId:
    """The digest that the parties of this world sign."""
    return eip712.trade_id(trade, deployment.salt)


def _leg(asked: scenario.Leg, world: World, deployment: Deployment) -> Leg:
    chain = deployment.chains[asked.chain]
    return Leg(
        chain_id=chain.chain_id,
        agent=chain.settlement,
        token=chain.tokens[asked.instrument],
        sender=world.accounts[asked.sender].address,
        receiver=world.accounts[asked.receiver].address,
        amount_minor=asked.amount,
    )
