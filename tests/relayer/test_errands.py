"""A call says by itself what it is for, and another's malformed call says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import abi, contract_calls
from bridge.deployed import DeployedChain
from bridge.errands import AnnounceErrand, ProveErrand, UpdateErrand, errand_of
from bridge.model import Address, Status, TradeId
from bridge.relay_calls import call_of
from bridge.relay_view import Announce, CallEffect
from bridge.relayer import Relayer
from tests.support.relayed_chains import HUB, LEG, FakeChain, account, look, trade_over

ID = TradeId(b"\x11" * 32)
TRADE = trade_over(HUB, LEG)
DEPLOYED = DeployedChain(
    name="hub",
    chain_id=HUB,
    genesis_hash=bytes(32),
    settlement=account(1),
    verifier=account(2),
    registry=account(3),
    clients={LEG: account(4)},
    tokens={},
)


def effects() -> list[CallEffect]:
    """One of each kind."""
    hub, leg = FakeChain(HUB), FakeChain(LEG)
    hub.opened(ID, TRADE)
    leg.held(ID, TRADE)
    sent = Relayer().step(look(hub, leg))
    return [*(e for e in sent if isinstance(e, CallEffect)), Announce(HUB, (ID,))]


def test_every_call_of_the_relayer_names_its_errand_again() -> None:
    for effect in effects():
        to, data, _ = call_of(effect, DEPLOYED)
        assert errand_of(DEPLOYED, to, data) == effect.errand


def test_the_errands_are_what_they_say() -> None:
    update, prove, announce = (effect.errand for effect in effects())
    assert update == UpdateErrand(HUB, LEG, 1)
    assert prove == ProveErrand(HUB, LEG, 1, ((ID, Status.HELD),))
    assert announce == AnnounceErrand(HUB, (ID,))


@pytest.mark.parametrize("index", range(3))
def test_a_call_to_another_contract_is_no_errand(index: int) -> None:
    _, data, _ = call_of(effects()[index], DEPLOYED)
    for to in (account(9), None):
        assert errand_of(DEPLOYED, to, data) is None


def test_another_call_to_our_contract_is_no_errand() -> None:
    assert errand_of(DEPLOYED, DEPLOYED.settlement, contract_calls.abort(TRADE)) is None


@given(data=st.data())
def test_a_malformed_call_is_an_errand_or_none_and_never_an_error(data: st.DataObject) -> None:
    signature, to = data.draw(
        st.sampled_from(
            [
                (contract_calls.UPDATE, DEPLOYED.clients[LEG]),
                (contract_calls.PROVE, DEPLOYED.settlement),
                (contract_calls.ANNOUNCE, DEPLOYED.settlement),
            ]
        )
    )
    words = data.draw(st.lists(st.integers(0, 400) | st.integers(0, 2**256 - 1), max_size=14))
    call = abi.selector(signature) + b"".join(map(abi.word, words)) + data.draw(st.binary())
    errand_of(DEPLOYED, Address(to), call)


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("length", [0, 3, 4, 36, 99])
def test_a_call_that_is_cut_off_is_an_errand_or_none(index: int, length: int) -> None:
    to, data, _ = call_of(effects()[index], DEPLOYED)
    assert errand_of(DEPLOYED, to, data[:length]) is None
