"""Only our contracts' logs become events, each fact once, in the scenario's names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import contract_calls
from bridge.events import LegsHeld, TradeDecided, TradeOpened, Transferred
from bridge.testbed.recorder import Recorder
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import OPERATOR
from chains.engine import Block, Height
from tests.support.runs import PVP, events, scenario


@pytest.fixture
def testbed() -> Testbed:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    return testbed


def block_with(testbed: Testbed, chain: str, kind: type) -> Block:
    """The first block of a chain in which an event of this kind happened."""
    height = next(e.height for _, e in events(testbed, kind) if e.chain == chain)
    return testbed.world.engines[chain].block(Height(height))


def from_elsewhere(block: Block) -> Block:
    """The same block, with every log emitted by a stranger's contract."""
    receipts = (
        replace(r, logs=tuple(replace(log, address=b"\x66" * 20) for log in r.logs))
        for r in block.receipts
    )
    return replace(block, receipts=tuple(receipts))


def test_the_hubs_logs_become_events(testbed: Testbed) -> None:
    recorder = Recorder(testbed.world, testbed.deployment)
    read = [
        type(e) for e in recorder.read("shanghai", block_with(testbed, "shanghai", TradeOpened))
    ]
    assert TradeOpened in read


def test_the_same_logs_from_a_stranger_are_no_events(testbed: Testbed) -> None:
    recorder = Recorder(testbed.world, testbed.deployment)
    spoofed = from_elsewhere(block_with(testbed, "shanghai", TradeOpened))
    assert list(recorder.read("shanghai", spoofed)) == []


def test_a_chains_logs_from_the_other_chains_address_are_no_events(testbed: Testbed) -> None:
    recorder = Recorder(testbed.world, testbed.deployment)
    deployed = testbed.deployment.chains["shanghai"]
    held = block_with(testbed, "london", LegsHeld)
    moved = (
        replace(r, logs=tuple(replace(log, address=deployed.verifier) for log in r.logs))
        for r in held.receipts
    )
    assert list(recorder.read("london", replace(held, receipts=tuple(moved)))) == []


def test_a_decision_announced_again_is_told_once() -> None:
    testbed = Testbed.from_scenario(scenario(PVP, {**PVP, "submit_at_s": 20}))
    while not events(testbed, TradeDecided):
        testbed.step()
    trade_id = events(testbed, TradeDecided)[0][1].trade_id
    account, engine = testbed.world.accounts[OPERATOR], testbed.world.engines["shanghai"]
    deployed = testbed.deployment.chains["shanghai"]
    data = contract_calls.announce([trade_id])
    nonce = engine.nonce(account.address)
    engine.submit(account.sign(deployed.chain_id, nonce, deployed.settlement, data, 200_000))
    testbed.step()
    assert len(engine.block(engine.latest).receipts[0].logs) == 1
    assert len(events(testbed, TradeDecided)) == 1


def test_a_strangers_account_is_named_by_its_address(testbed: Testbed) -> None:
    recorder = Recorder(testbed.world, testbed.deployment)
    block = block_with(testbed, "london", Transferred)
    stranger = bytes(12) + b"\x55" * 20
    foreign = (
        replace(r, logs=tuple(replace(g, topics=(*g.topics[:2], stranger)) for g in r.logs[-1:]))
        for r in block.receipts
    )
    named = {
        event.receiver
        for event in recorder.read("london", replace(block, receipts=tuple(foreign)))
        if isinstance(event, Transferred)
    }
    assert named == {"0x" + "55" * 20}
