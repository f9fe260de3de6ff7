"""The contract and the bridge hash the same trade to the same id."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bridge.model import Address, Leg, Trade, UtiWord
from tests.support.settlement_world import LONDON, SHANGHAI, World

ADDRESSES = st.binary(min_size=20, max_size=20).filter(any).map(Address)
WORDS = st.integers(0, 2**256 - 1)
CHAINS = st.sampled_from([SHANGHAI, LONDON])


@st.composite
def trades(draw: st.DrawFn) -> Trade:
    """Terms whose agents and hub the test replaces by real ones."""
    legs = draw(
        st.lists(
            st.builds(
                Leg,
                chain_id=CHAINS,
                agent=ADDRESSES,
                token=ADDRESSES,
                sender=ADDRESSES,
                receiver=ADDRESSES,
                amount_minor=st.integers(1, 2**256 - 1),
            ).filter(lambda leg: leg.receiver not in (leg.sender, leg.token)),
            min_size=1,
            max_size=8,
        )
    )
    prepare_by_s, decide_by_s = sorted((draw(WORDS), draw(WORDS)))
    return Trade(
        legs=tuple(legs),
        hub_chain_id=draw(CHAINS),
        hub=draw(ADDRESSES),
        prepare_by_s=prepare_by_s,
        decide_by_s=decide_by_s,
        uti=UtiWord(draw(st.binary(min_size=32, max_size=32))),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trade=trades())
def test_an_id_is_the_same_on_both_chains_and_in_the_bridge(world: World, trade: Trade) -> None:
    legs = tuple(replace(leg, agent=world[leg.chain_id].agent) for leg in trade.legs)
    assume(all(leg.receiver != leg.agent for leg in legs))
    trade = replace(trade, legs=legs, hub=world[trade.hub_chain_id].agent)
    for chain in (SHANGHAI, LONDON):
        assert world[chain].settlement.call("trade_id", trade.as_tuple()) == world.id_of(trade)
