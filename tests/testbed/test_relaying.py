"""The relayer is replaceable, and what happens on the chains meanwhile does not stop a trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bridge import contract_calls, proofs
from bridge.courier import Courier, Port
from bridge.events import (
    ClientFrozen,
    HeaderAccepted,
    LegsExecuted,
    PacketRelayed,
    Purpose,
    RelayerReported,
    TradeDecided,
    TradeInstructed,
    TransactionFailed,
    TransactionSubmitted,
    ValidatorsChanged,
)
from bridge.model import Address, SealedHeader, Status
from bridge.relay_view import Prove
from bridge.relayer import Relayer
from bridge.signatures import sign_all
from bridge.testbed import instruction
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import validator_keys
from chains.consensus import seal
from chains.engine import Height
from chains.headers import Header
from tests.bridge.test_relayer import said_by
from tests.support.runs import PVP, ended_well, events, scenario, steps, trade

STEPS_OF_A_TRADE = 4


def sent_by(testbed: Testbed, sender: str) -> list[Purpose]:
    return [e.purpose for _, e in events(testbed, TransactionSubmitted) if e.sender == sender]


@pytest.mark.parametrize("after", range(STEPS_OF_A_TRADE))
def test_a_new_relayer_finishes_what_another_began(after: int) -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP)), after)
    testbed.restart_relayer()
    testbed.run()
    assert ended_well(testbed)
    assert not events(testbed, RelayerReported)


def test_a_relayer_restarted_with_every_step_does_no_harm() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    while testbed.step():
        testbed.restart_relayer()
    assert ended_well(testbed)
    assert not events(testbed, TransactionFailed)


def test_an_undisturbed_relayer_sends_four_transactions_and_none_of_them_fails() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    assert sent_by(testbed, "relayer") == [Purpose.UPDATE_CLIENT, Purpose.PROVE] * 2
    assert len(events(testbed, PacketRelayed)) == 2


def test_a_strangers_calls_have_the_same_effect() -> None:
    ours, theirs = (Testbed.from_scenario(scenario(PVP)) for _ in range(2))
    theirs.restart_relayer(account_of="operator")
    for testbed in (ours, theirs):
        testbed.run()
    assert sent_by(theirs, "relayer") == []
    assert sent_by(theirs, "operator").count(Purpose.PROVE) == 2
    facts = (TradeDecided, LegsExecuted, HeaderAccepted)
    brief = [[(at, type(e), e.chain) for at, e in events(t, *facts)] for t in (ours, theirs)]
    assert brief[0] == brief[1]


def test_a_third_party_beside_our_relayer_does_no_harm() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    ports = [Port(e, testbed.deployment.chains[n]) for n, e in testbed.world.engines.items()]
    courier, other = Courier(testbed.world.accounts["alice"], ports), Relayer()
    while testbed.step():
        courier.perform(other.step(courier.view(testbed.now_s)))
    assert ended_well(testbed)
    assert not testbed.query().frozen_clients


def test_a_relayer_carries_nothing_that_only_a_party_may() -> None:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    carried = {Purpose.UPDATE_CLIENT, Purpose.PROVE, Purpose.ANNOUNCE}
    assert set(sent_by(testbed, "relayer")) <= carried


# --- validators change --------------------------------------------------------------------------


def rotate(testbed: Testbed, chain: str, first: int) -> None:
    """Let the chain be sealed by validators ``first`` to ``first + 3``."""
    keys = validator_keys(testbed.world.seed, chain, first + 4)[first:]
    testbed.world.engines[chain].rotate_validators(keys)


@pytest.mark.parametrize("chain", ["shanghai", "london"])
@pytest.mark.parametrize("after", range(STEPS_OF_A_TRADE))
def test_a_trade_settles_across_a_change_of_validators(chain: str, after: int) -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP)), after)
    rotate(testbed, chain, 1)
    testbed.run()
    assert ended_well(testbed)
    assert not events(testbed, ClientFrozen)


def test_every_change_of_validators_is_carried_in_order() -> None:
    later = trade(*PVP["legs"], submit_at_s=10)
    testbed = Testbed.from_scenario(scenario(PVP, later))
    for first in (1, 2, 3):
        rotate(testbed, "london", first)
        testbed.step()
    testbed.run()
    changes = [(e.chain, e.source) for _, e in events(testbed, ValidatorsChanged)]
    assert changes == [("shanghai", "london")] * 3
    assert ended_well(testbed)


def test_a_hold_from_before_a_change_is_announced_again_when_it_is_needed_late() -> None:
    """The client has moved on to a younger set before the hub opens: the old header is refused."""
    people = {"alice": {"policy": "late", "delay_s": 6}}
    testbed = steps(Testbed.from_scenario(scenario(PVP, people=people)), 2)
    rotate(testbed, "london", 1)
    testbed.run()
    assert Purpose.ANNOUNCE in sent_by(testbed, "relayer")
    assert ended_well(testbed)


def forged(testbed: Testbed, chain: str, height: int) -> SealedHeader:
    """Another header of a height that the chain has sealed, sealed by the same validators."""
    engine = testbed.world.engines[chain]
    head = Header.decode(engine.sealed_header(Height(height)))
    other = replace(head, state_root=b"\x13" * 32)
    keys = validator_keys(testbed.world.seed, chain, 4)
    return proofs.header_packet(testbed.world.chain_id(chain), seal(other, keys).encode())


def test_a_frozen_client_stops_the_relay_and_is_reported() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP)), 1)
    client = testbed.deployment.chains["shanghai"].clients[testbed.world.chain_id("london")]
    height = int(testbed.world.engines["london"].finalized)
    first = proofs.header_packet(
        testbed.world.chain_id("london"),
        testbed.world.engines["london"].sealed_header(Height(height)),
    )
    for header in (first, forged(testbed, "london", height)):
        submit_from(testbed, "shanghai", "alice", contract_calls.update(header), to=client)
    testbed.run()
    assert [(e.chain, e.source) for _, e in events(testbed, ClientFrozen)] == [
        ("shanghai", "london")
    ]
    reported = [(e.chain, e.trade_id) for _, e in events(testbed, RelayerReported)]
    assert ("shanghai", b"") in reported
    assert not testbed.query().violations


# --- finality -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lag", [1, 3])
def test_a_trade_waits_for_final_blocks_only(lag: int) -> None:
    testbed = Testbed.from_scenario(scenario(PVP, finality_lag=lag))
    testbed.run()
    ((submitted, _),) = events(testbed, TradeInstructed)
    ((decided, _),) = events(testbed, TradeDecided)
    assert decided - submitted >= (2 + 2 * lag) * 1_000
    assert ended_well(testbed)
    assert not events(testbed, TransactionFailed)


def test_what_an_unsealed_block_said_is_not_relayed() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP, finality_lag=3)), 2)
    assert testbed.world.engines["london"].latest > testbed.world.engines["london"].finalized
    assert sent_by(testbed, "relayer") == []


# --- receipts too large to prove ----------------------------------------------------------------


def announcements(testbed: Testbed) -> Iterator[Prove]:
    """The proofs that a relayer started now would send."""
    ports = [Port(e, testbed.deployment.chains[n]) for n, e in testbed.world.engines.items()]
    courier = Courier(testbed.world.accounts["alice"], ports)
    for effect in Relayer().step(courier.view(testbed.now_s)):
        if isinstance(effect, Prove):
            yield effect


def test_holds_in_a_batch_receipt_too_large_to_prove_are_announced_again() -> None:
    silent = {name: {"policy": "silent"} for name in ("alice", "bob")}
    asked = scenario(*[PVP] * 6, people=silent)
    testbed = Testbed.from_scenario(asked)
    world, deployment = testbed.world, testbed.deployment
    trades = [instruction.terms(t, world, deployment, testbed.now_s) for t in asked.trades]
    keys = {account.address: account.key for account in world.accounts.values()}
    ids = [instruction.trade_id(t, deployment) for t in trades]
    signed = [sign_all(keys, t.parties, i) for t, i in zip(trades, ids, strict=True)]
    held_by = [signatures[1:] for signatures in signed]
    submit_from(testbed, "shanghai", "alice", contract_calls.open_batch(trades, signed))
    submit_from(testbed, "london", "bob", contract_calls.hold_batch(trades, held_by))
    testbed.run()
    assert sent_by(testbed, "relayer").count(Purpose.ANNOUNCE) == 2  # the holds, the commits
    assert sent_by(testbed, "relayer").count(Purpose.PROVE) == 2
    assert ended_well(testbed)


def submit_from(
    testbed: Testbed, chain: str, name: str, *calls: bytes, to: Address | None = None
) -> None:
    """Somebody calls a contract, by default a chain's settlement, past the testbed."""
    account, engine = testbed.world.accounts[name], testbed.world.engines[chain]
    deployed = testbed.deployment.chains[chain]
    for data in calls:
        nonce = engine.nonce(account.address, pending=True)
        raw = account.sign(deployed.chain_id, nonce, to or deployed.settlement, data, 6_000_000)
        engine.submit(raw)


def test_a_party_calls_what_a_relayer_would_have_called() -> None:
    testbed = steps(Testbed.from_scenario(scenario(PVP)), 1)
    (proof,) = announcements(testbed)
    ((_, status),) = said_by(proof)
    assert status is Status.HELD
    ((index,), (member,)) = proof.indices, proof.members
    alice = testbed.world.accounts["alice"]
    engine = testbed.world.engines["shanghai"]
    deployed = testbed.deployment.chains["shanghai"]
    client = deployed.clients[proof.packet.source.chain_id]
    chain_id, nonce = deployed.chain_id, engine.nonce(alice.address)
    update = contract_calls.update(proof.packet.header)
    prove = contract_calls.prove(proof.packet, index, member.trade)
    engine.submit(alice.sign(chain_id, nonce, client, update, 400_000))
    engine.submit(alice.sign(chain_id, nonce + 1, deployed.settlement, prove, 1_000_000))
    testbed.run()
    assert ended_well(testbed)
