"""The step-by-step check of a packet: what holds, and which step finds each forgery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rlp
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bridge.evidence import Evidence, EvidenceFile
from bridge.proof_check import NUMBER, StepFailed, check, read_receipt
from bridge.readmodel import ReadModel
from bridge.testbed.evidence_of import evidence_of
from bridge.testbed.rerun import rerun
from tests.support.recorded import recorded

OTHER_WORD = "0x" + "11" * 32
OTHER_ACCOUNT = "0x" + "11" * 20


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> EvidenceFile:
    return gathered(tmp_path_factory.mktemp("recorded") / "run", "dvp", "DVP0001")


def gathered(place: Path, scenario: str, trade: str) -> EvidenceFile:
    again = rerun(recorded(place, scenario), "auto", lambda _: False)
    return evidence_of(again, ReadModel.of(again.recorded).trade(trade))


def failing_step(packet: Evidence) -> str:
    with pytest.raises(StepFailed) as failed:
        list(check(packet))
    return failed.value.step


def test_what_was_sent_holds_and_survives_its_file(evidence: EvidenceFile) -> None:
    for packet in EvidenceFile.model_validate_json(evidence.as_json()).packets:
        assert [step.name for step in check(packet)][-1] == "content"


@pytest.mark.parametrize(
    ("field", "value", "step"),
    [
        ("height", 99, "header"),
        ("block_hash", OTHER_WORD, "block hash"),
        ("receipts_root", OTHER_WORD, "receipts root"),
        ("header", "0xc0", "header"),
        ("header", "0x", "header"),
        ("header", "0x" + "c1" * 2000, "header"),
        ("bitmap", 0b1110, "seal 1"),
        ("bitmap", 0b11, "seals"),
        ("bitmap", 0b111 << 20, "seal 20"),
        ("trusted_validators", (OTHER_ACCOUNT,), "quorum"),
        ("tx_index", 77, "trie node 1"),
        ("log_index", 77, "log"),
        ("log_index", 1, "emitter"),
        ("settlement", OTHER_ACCOUNT, "emitter"),
        ("source_chain_id", 1, "content"),
        ("statuses", (3,), "content"),
        ("statuses", (), "content"),
        ("trade_ids", (OTHER_WORD,), "content"),
        ("nodes", (), "trie"),
        ("seals", ("0x", "0x", "0x"), "seal 0"),
        ("seals", ("0x" + "ff" * 65,) * 3, "seal 0"),
    ],
)
def test_each_forgery_is_found_by_the_step_it_breaks(
    evidence: EvidenceFile, field: str, value: Any, step: str
) -> None:
    forged = Evidence.model_validate({**evidence.packets[1].model_dump(), field: value})
    assert failing_step(forged) == step


def test_a_block_number_without_bounds_is_found_too(evidence: EvidenceFile) -> None:
    packet = evidence.packets[1]
    fields = list(rlp.decode(bytes.fromhex(packet.header[2:])))
    fields[NUMBER] = b"\xff" * 3_000
    header = f"0x{rlp.encode(fields).hex()}"
    assert failing_step(packet.model_copy(update={"header": header})) == "header"


def test_a_receipt_that_tells_of_gas_without_bounds_is_none() -> None:
    read_receipt(rlp.encode([b"\x01", b"\xff" * 8, b"", []]))
    with pytest.raises(StepFailed, match="receipt: a number of 3000 bytes"):
        read_receipt(rlp.encode([b"\x01", b"\xff" * 3_000, b"", []]))


def test_a_path_that_ends_early_or_goes_on_fails(evidence: EvidenceFile) -> None:
    packet = evidence.packets[1]
    short = packet.model_copy(update={"nodes": packet.nodes[:1]})
    long = packet.model_copy(update={"nodes": (*packet.nodes, packet.nodes[0])})
    assert failing_step(short) == "trie"
    assert failing_step(long) == "trie node 1"


def test_a_seal_given_twice_counts_once(evidence: EvidenceFile) -> None:
    packet = evidence.packets[0]
    twice = (packet.seals[0], packet.seals[0], packet.seals[1])
    assert failing_step(packet.model_copy(update={"seals": twice})) == "seal 1"


def test_two_seals_are_no_quorum(evidence: EvidenceFile) -> None:
    packet = evidence.packets[0]
    few = packet.model_copy(update={"seals": packet.seals[:2], "bitmap": 0b11})
    assert failing_step(few) == "quorum"


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), which=st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_no_bit_of_header_or_node_can_change(
    evidence: EvidenceFile, at: float, bit: int, which: int
) -> None:
    packet = evidence.packets[1]
    parts = [packet.header, *packet.nodes]
    raw = bytearray.fromhex(parts[which][2:])
    raw[int(at * len(raw))] ^= 1 << bit
    parts[which] = f"0x{raw.hex()}"
    failing_step(packet.model_copy(update={"header": parts[0], "nodes": tuple(parts[1:])}))


def test_a_packet_that_changes_the_validators_brings_a_quorum_of_the_old(tmp_path: Path) -> None:
    evidence = gathered(tmp_path / "run", "validator_rotation", "ROT0001")
    for packet in evidence.packets:
        assert [step.name for step in check(packet)][-1] == "content"


def test_a_field_that_nobody_knows_is_refused(evidence: EvidenceFile) -> None:
    with pytest.raises(ValidationError):
        Evidence.model_validate({**evidence.packets[0].model_dump(), "note": "trust me"})
