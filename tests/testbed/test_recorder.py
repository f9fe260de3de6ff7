"""Only our contracts' logs become events, each fact once, in the scenario's names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import contract_calls
from bridge.abi import topic
from bridge.events import LegsHeld, TradeDecided, TradeOpened, Transferred
from bridge.model import Status, Trade, TradeId
from bridge.testbed import instruction
from bridge.testbed.recorder import Progress, Recorder
from bridge.testbed.testbed import Testbed
from bridge.testbed.world import OPERATOR
from chains.engine import Block, Height, Log
from tests.support.runs import PVP, events, scenario


@pytest.fixture(scope="module")
def testbed() -> Testbed:
    testbed = Testbed.from_scenario(scenario(PVP))
    testbed.run()
    return testbed


def terms_of(testbed: Testbed) -> Trade:
    """The terms of the one trade of the run."""
    asked = testbed.world.scenario.trades[0]
    return instruction.terms(asked, testbed.world, testbed.deployment, testbed.now_s)


def block_with(testbed: Testbed, chain: str, kind: type) -> Block:
    """The first block of a chain in which an event of this kind happened."""
    height = next(e.height for _, e in events(testbed, kind) if e.chain == chain)
    return testbed.world.engines[chain].block(Height(height))


def from_elsewhere(block: Block) -> Block:
    """The same block, with every log emitted by a stranger's contract."""
    receipts = (
        replace(r, logs=tuple(log._replace(address=b"\x66" * 20) for log in r.logs))
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
        replace(r, logs=tuple(log._replace(address=deployed.verifier) for log in r.logs))
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


def test_a_log_of_a_stranger_need_not_even_be_well_formed(testbed: Testbed) -> None:
    block = from_elsewhere(block_with(testbed, "shanghai", TradeOpened))
    mangled = (
        replace(r, logs=tuple(log._replace(topics=log.topics[:1], data=b"") for log in r.logs))
        for r in block.receipts
    )
    recorder = Recorder(testbed.world, testbed.deployment)
    assert list(recorder.read("shanghai", replace(block, receipts=tuple(mangled)))) == []


def settlement_log(testbed: Testbed, chain: str, status: Status, trade_id: TradeId) -> Log:
    """What the chain's settlement contract emits when a trade comes to ``status`` there."""
    deployed = testbed.deployment.chains[chain]
    if status in (Status.EXECUTED, Status.RELEASED):
        topics: tuple[bytes, ...] = (topic(f"{status.name.title()}(bytes32,uint256)"), trade_id)
        data = encode(["uint256"], [0])
    else:
        topics = (topic("Announced(uint256,bytes32[],uint8[])"),)
        types = ["uint256", "bytes32[]", "uint8[]"]
        data = encode(types, [deployed.chain_id, [trade_id], [int(status)]])
    return Log(deployed.settlement, topics, data, Height(1), b"", b"", 0, 0, 0)


@given(st.data())
@settings(max_examples=40)
def test_a_trade_is_closed_at_the_very_look_at_which_it_has_come_to_its_end(
    testbed: Testbed, data: st.DataObject
) -> None:
    """Compared with a look at every trade; ``close_finished`` looks where something happened."""
    terms, ids = terms_of(testbed), [TradeId(bytes([n]) * 32) for n in range(4)]
    recorder, now_s = Recorder(testbed.world, testbed.deployment), terms.prepare_by_s - 3
    blank = block_with(testbed, "shanghai", TradeOpened)
    for trade_id in ids:
        deadline = data.draw(st.integers(now_s - 1, now_s + 5))
        recorder.expect(trade_id, replace(terms, prepare_by_s=deadline))
    for _ in range(12):
        for chain in testbed.deployment.chains:
            said = data.draw(
                st.lists(st.tuples(st.sampled_from(list(Status)), st.sampled_from(ids)))
            )
            logs = tuple(settlement_log(testbed, chain, *one) for one in said)
            receipt = replace(blank.receipts[0], logs=logs)
            list(recorder.read(chain, replace(blank, receipts=(receipt,))))
        over = {t for t, progress in recorder.progress.items() if progress.is_terminal(now_s)}
        assert set(recorder.close_finished(now_s)) == over
        now_s += data.draw(st.integers(0, 2))


def test_looking_for_finished_trades_leaves_alone_those_without_news(
    testbed: Testbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, terms = Recorder(testbed.world, testbed.deployment), terms_of(testbed)
    for number in range(100):
        recorder.expect(TradeId(number.to_bytes(32, "big")), terms)
    looked_at: list[int] = []
    monkeypatch.setattr(Progress, "is_terminal", lambda _, now_s: looked_at.append(now_s))
    recorder.close_finished(terms.prepare_by_s)
    assert looked_at == []
    recorder.close_finished(terms.prepare_by_s + 1)
    recorder.close_finished(terms.prepare_by_s + 2)
    assert looked_at == [terms.prepare_by_s + 1] * 100, "each once, when its time is over"


def test_a_strangers_account_is_named_by_its_address(testbed: Testbed) -> None:
    recorder = Recorder(testbed.world, testbed.deployment)
    block = block_with(testbed, "london", Transferred)
    stranger = bytes(12) + b"\x55" * 20
    foreign = (
        replace(r, logs=tuple(g._replace(topics=(*g.topics[:2], stranger)) for g in r.logs[-1:]))
        for r in block.receipts
    )
    named = {
        event.receiver
        for event in recorder.read("london", replace(block, receipts=tuple(foreign)))
        if isinstance(event, Transferred)
    }
    assert named == {"0x" + "55" * 20}
