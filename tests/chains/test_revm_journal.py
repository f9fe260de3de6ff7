"""The parse of revm's journal, pinned to texts of pyrevm 0.3.7, and read from a live one."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from pyrevm import EVM, AccountInfo

from chains.revm_journal import JournalUnreadable, Touched, failure, touched
from chains.revm_selftest import PINNED

A, B, C = (f"0x{digit * 40}" for digit in "abc")
HEAD = "JournaledState { state: {}, transient_storage: {}, logs: [], depth: 1, "
TAIL = ", spec: SHANGHAI, warm_preloaded_addresses: {} }"


def journal(*frames: str) -> str:
    return f"{HEAD}journal: [{', '.join(f'[{frame}]' for frame in frames)}]{TAIL}"


def test_the_binding_is_the_one_that_the_parse_was_written_for() -> None:
    assert version("pyrevm") == PINNED


def test_transfers_touch_both_ends() -> None:
    text = journal(
        f"AccountLoaded {{ address: {C} }}",
        "",
        f"AccountTouched {{ address: {A} }}, BalanceTransfer {{ from: {A}, to: {B}, balance: 12 }}",
    )
    assert touched(text) == Touched((A, B), {}, ())


def test_a_transfer_of_nothing_touches_nobody() -> None:
    text = journal(f"BalanceTransfer {{ from: {A}, to: {B}, balance: 0 }}")
    assert touched(text) == Touched((), {}, ())


def test_a_slot_written_twice_held_what_it_held_first() -> None:
    text = journal(
        f"StorageChange {{ address: {A}, key: 7, had_value: Some(3) }}, "
        f"StorageChange {{ address: {A}, key: 7, had_value: Some(0) }}"
    )
    assert touched(text) == Touched((), {(A, 7): 3}, ())


def test_written_slots_are_found_and_those_only_read_are_not() -> None:
    text = journal(
        f"StorageChange {{ address: {A}, key: 7, had_value: None }}, "
        f"StorageChange {{ address: {A}, key: 7, had_value: Some(0) }}, "
        f"StorageChange {{ address: {A}, key: {2**256 - 1}, had_value: Some(5) }}, "
        f"StorageChange {{ address: {B}, key: 8, had_value: None }}"
    )
    assert touched(text) == Touched((), {(A, 7): 0, (A, 2**256 - 1): 5}, ())


def test_creations_nonces_code_and_destruction_touch_accounts() -> None:
    text = journal(
        f"NonceChange {{ address: {A} }}, AccountCreated {{ address: {B} }}",
        f"CodeChange {{ address: {B} }}",
        f"AccountDestroyed {{ address: {B}, target: {C}, was_destroyed: false, had_balance: 1 }}",
    )
    assert touched(text) == Touched((A, B, C), {}, (B,))


def test_what_a_contract_logs_cannot_pose_as_the_journal() -> None:
    hidden = f"journal: [[StorageChange {{ address: {B}, key: 1, had_value: Some(0) }}]], spec: "
    text = journal(f"AccountTouched {{ address: {A} }}").replace("logs: []", f"logs: [{hidden}]")
    assert touched(text) == Touched((A,), {}, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD + TAIL,
        journal(f"AccountTouched {{ account: {A} }}"),
        journal(f"AccountTouched {{ address: {A.upper()} }}"),
        journal(f"AccountForgotten {{ address: {A} }}"),
        journal(f"AccountTouched {{ address: {A}, twice: true }}"),
        journal(f"BalanceTransfer {{ from: {A}, to: {B}, wei: 1 }}, AccountTouched {{ }}"),
        journal(f"StorageChange {{ address: {A}, key: 0x07, had_value: Some(0) }}"),
        journal(f"StorageChange {{ address: {A}, key: 7, had_value: Maybe(0) }}"),
        journal(f"StorageChange {{ address: {A}, slot: 7, had_value: Some(0) }}"),
        journal("AccountTouched"),
        journal(f"AccountTouched {{ address: {A} }}").replace(", spec", ""),
    ],
)
def test_another_format_is_refused(text: str) -> None:
    with pytest.raises(JournalUnreadable):
        touched(text)


def test_a_live_journal_reads_as_what_was_done() -> None:
    evm = EVM(spec_id="Shanghai")
    # SLOAD 1, SSTORE 2 to 3, LOG0 of nothing
    code = bytes.fromhex("6001545060036002555f5fa000")
    evm.insert_account_info(B, AccountInfo(nonce=1, code=code))
    checkpoint = evm.snapshot()
    evm.message_call(A, B)
    found = touched(evm.journal_str)
    assert set(found.accounts) == {A, B}
    assert found.slots == {(B, 2): 0}
    evm.revert(checkpoint)
    assert touched(evm.journal_str) == Touched((), {}, ())


def test_failures_read_as_reverts_with_their_data_or_as_halts() -> None:
    assert failure("Revert { gas_used: 21100, output: 0x0102 }") == (True, b"\x01\x02")
    assert failure("Revert { gas_used: 21100, output: 0x }") == (True, b"")
    assert failure("Halt { reason: OutOfGas(Basic), gas_used: 30000 }") == (False, b"")


@pytest.mark.parametrize(
    "text", ["", "Transaction(LackOfFundForMaxFee)", "Success { gas_used: 1 }"]
)
def test_other_texts_are_no_failed_execution(text: str) -> None:
    with pytest.raises(JournalUnreadable):
        failure(text)
