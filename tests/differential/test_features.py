"""Each thing that a transaction can do, once on purpose on both engines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chains.config import Fees
from chains.engine import Call as EngineCall
from chains.engine import Receipt
from chains.keys import keccak, sign_digest
from chains.reverts import reason_of
from chains.transactions import contract_address
from tests.differential.assembly import (
    CRASHES,
    Call,
    Copy,
    Crash,
    Create,
    Destroy,
    Give,
    Install,
    Log,
    Program,
    Sense,
    Statement,
    Store,
    deployment,
)
from tests.differential.duel import KEYS, POOR, RICH, Duel, Tx

GWEI = 10**9
NOBODY = b"\x77" * 20
FIRST = contract_address(RICH, 0)
THIRD = contract_address(RICH, 2)
DIGEST = keccak(b"signed")
SIGNATURE = sign_digest(KEYS[0], DIGEST)
WORD = (1).to_bytes(32, "big")
POINT = WORD + (2).to_bytes(32, "big")

PRECOMPILED = {
    1: DIGEST + (27 + SIGNATURE[64]).to_bytes(32, "big") + SIGNATURE[:64],
    2: b"hashed",
    3: b"hashed",
    4: b"copied",
    5: WORD * 3 + b"\x05\x03\x07",  # 5 ** 3 % 7
    6: POINT + POINT,
    7: POINT + (9).to_bytes(32, "big"),
    8: b"",  # a product over nothing is 1
    9: (2).to_bytes(4, "big") + b"\x07" * 208 + b"\x01",
}


def run(duel: Duel, runtime: Sequence[Statement], **fields: object) -> Receipt:
    """Deploy a program and send it one transaction."""
    nonce = duel.reference.nonce(RICH)
    price = 2 * GWEI if duel.fees is Fees.EIP1559 else 0
    duel.block([Tx(None, deployment(runtime), gas_limit=2_000_000, max_fee=price)])
    defaults: dict[str, object] = {"gas_limit": 500_000, "max_fee": price}
    tx = Tx(contract_address(RICH, nonce), **{**defaults, **fields})  # type: ignore[arg-type]
    return duel.block([tx]).receipts[0]


@pytest.mark.parametrize("fees", Fees)
def test_transfers_to_strangers_oneself_contracts_and_nobody(fees: Fees) -> None:
    duel = Duel(fees)
    price = 2 * GWEI if fees is Fees.EIP1559 else 0
    proposer = duel.reference.validators[0]
    block = duel.block(
        [
            Tx(to, value=value, tx_type=kind, max_fee=price, tip=min(price, kind))
            for to in (NOBODY, RICH, POOR, b"\x88" * 20, proposer, *map(_precompile, range(1, 10)))
            for value in (0, 7)
            for kind in (0, 1, 2)
        ]
    )
    assert len(block.receipts) == 84
    assert duel.fast.balance(NOBODY) == 21
    assert duel.fast.balance(b"\x88" * 20) == 21


@pytest.mark.parametrize("topics", range(5))
def test_logs_with_any_number_of_topics(topics: int) -> None:
    receipt = run(Duel(), [Log(topics, 0), Log(topics, 33)])
    assert [len(log.topics) for log in receipt.logs] == [topics, topics]


@pytest.mark.parametrize("number", PRECOMPILED)
def test_a_precompile_answers_within_a_contract(number: int) -> None:
    call = Call("STATICCALL", _precompile(number), 0, PRECOMPILED[number])
    receipt = run(Duel(), [call, Sense("GAS", 1)])
    assert receipt.is_success
    assert bool(receipt.logs[0].data) is True


@pytest.mark.parametrize("number", PRECOMPILED)
@pytest.mark.parametrize("gas", [0, 100, 3_000])
def test_a_precompile_with_little_gas_or_bad_input_fails_alike(number: int, gas: int) -> None:
    for data in (PRECOMPILED[number], PRECOMPILED[number][:-1], b"\xff" * 192):
        run(Duel(), [Call("CALL", _precompile(number), 0, data, gas=gas), Sense("GAS", 1)])


def test_a_pairing_is_checked() -> None:
    other = "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
    generator = bytes.fromhex(
        other + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
        "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
        "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
    )
    duel = Duel()
    receipt = run(duel, [Call("STATICCALL", _precompile(8), 0, POINT + generator)])
    assert receipt.logs[0].data == bytes(32)


@pytest.mark.parametrize("how", CRASHES)
def test_a_crash_takes_all_gas_of_its_frame_and_keeps_nothing(how: str) -> None:
    duel = Duel()
    receipt = run(duel, [Store(0, 1), Crash(how)], gas_limit=60_000)
    assert (receipt.is_success, receipt.gas_used) == (False, 60_000)
    outer = run(duel, [Call("CALL", FIRST, 0, gas=50_000), Sense("GAS", 1)])
    assert outer.is_success
    assert duel.fast.storage(FIRST, 0) == 0


def test_a_revert_gives_back_gas_and_its_reason() -> None:
    reason = bytes.fromhex("08c379a0") + (32).to_bytes(32, "big") + (2).to_bytes(32, "big")
    receipt = run(Duel(), [Store(0, 1), Give(reason + b"no".ljust(32, b"\0"), reverts=True)])
    assert not receipt.is_success
    assert reason_of(receipt.output) == "no"
    assert receipt.gas_used < 60_000


def test_nested_calls_keep_what_succeeds_and_undo_what_reverts() -> None:
    duel = Duel()
    run(duel, [Store(1, 5), Log(1, 3), Give(b"refused", reverts=True)])
    runtime: list[Statement] = [Store(0, 1), Call("CALL", FIRST, 2), Call("DELEGATECALL", FIRST, 3)]
    receipt = run(duel, runtime)
    assert [log.data for log in receipt.logs] == [b"refused", b"refused"]
    inner = receipt.to
    assert inner is not None
    outer = run(duel, [Call("CALL", inner, 0, gas=200_000), Give(b"", reverts=True)])
    assert not outer.is_success
    assert [duel.fast.storage(inner, slot) for slot in range(4)] == [1, 0, 1, 1]


def test_one_call_may_go_as_deep_as_its_gas_allows() -> None:
    duel = Duel()
    counting: list[Statement] = [Call("CALL", FIRST, 0), Sense("GAS", 1)]
    shallow = run(duel, [Log(0, 0), *counting], gas_limit=400_000)
    deep = duel.block([Tx(FIRST, gas_limit=3_000_000)]).receipts[0]
    assert len(shallow.logs) < len(deep.logs)


def test_storage_that_is_cleared_refunds_at_most_a_fifth() -> None:
    duel = Duel()
    run(duel, [Sense("CALLDATASIZE", slot) for slot in range(4)], data=b"some")
    full = duel.fast.storage(FIRST, 0)
    receipt = duel.block([Tx(FIRST)]).receipts[0]
    assert (full, duel.fast.storage(FIRST, 0)) == (4, 0)
    assert receipt.gas_used == -(-(21_000 + 4 * (5_000 + 2 + 3)) * 4 // 5)


def test_slots_written_back_and_forth_cost_the_same() -> None:
    duel = Duel()
    values = (0, 1, 0, 2, 2, 0, 1)
    run(duel, [Store(slot, value) for value in values for slot in (0, 1)])
    for _ in range(2):
        duel.block([Tx(FIRST), Tx(FIRST, gas_limit=30_000)])


def test_access_lists_warm_and_are_cold_again_afterwards() -> None:
    duel = Duel()
    runtime: list[Statement] = [
        Sense("SLOAD", 1, 3),
        Sense("EXTCODESIZE", 0, int.from_bytes(NOBODY, "big")),
    ]
    run(duel, runtime)
    listed = ((FIRST, (3,)), (NOBODY, ()), (FIRST, (3, 0)))
    costs = [
        duel.block([Tx(FIRST, tx_type=kind, access_list=entries)]).receipts[0].gas_used
        for kind, entries in ((2, ()), (2, listed), (1, listed), (0, ()))
    ]
    assert costs[0] == costs[3]
    assert costs[1] == costs[2] != costs[0]


def test_the_proposer_is_warm_and_the_one_before_is_not() -> None:
    duel = Duel()
    run(
        duel,
        [
            item
            for proposer in duel.reference.validators
            for item in (
                Sense("EXTCODESIZE", 0, int.from_bytes(proposer, "big")),
                Sense("GAS", 1),
            )
        ],
    )
    duel.block([Tx(FIRST)])
    costs = {duel.block([Tx(FIRST)]).gas_used for _ in range(4)}
    assert len(costs) == 1


@pytest.mark.parametrize("salt", [None, 0, 7])
def test_contracts_create_contracts_that_create_contracts(salt: int | None) -> None:
    duel = Duel()
    leaf = Program((Store(0, 9), Install(Program((Sense("CALLER", 1), Log(2, 8))))))
    middle = Program((Create(leaf, 0, 1, salt), Install(Program((Create(leaf, 2, 0, salt),)))))
    receipt = run(duel, [Create(middle, 0, 5, salt), Create(leaf, 1, 0, salt)], value=10)
    assert receipt.is_success
    duel.block([Tx(FIRST), Tx(FIRST, gas_limit=90_000)])


@pytest.mark.parametrize(
    "initcode",
    [
        b"\xfe",
        Program((Give(b"why", reverts=True),)).code(),
        bytes.fromhex("60ef5f5360015ff3"),  # code that begins with EF (EIP-3541)
        bytes.fromhex("6160015ff3"),  # one byte too large (EIP-170)
        b"",
    ],
)
def test_deployments_that_fail_or_leave_nothing(initcode: bytes) -> None:
    duel = Duel()
    block = duel.block([Tx(None, initcode, value=3), Tx(None, initcode, gas_limit=54_000)])
    assert len(block.receipts) == 2
    run(duel, [Create(Program((Give(b"\xef"),)), 0), Create(Program((Crash("INVALID"),)), 1)])


def test_a_contract_sees_what_others_are() -> None:
    runtime: list[Statement] = [
        Sense(opcode, slot, int.from_bytes(account, "big"))
        for slot, account in enumerate((RICH, FIRST, NOBODY, _precompile(1)))
        for opcode in ("BALANCE", "EXTCODESIZE", "EXTCODEHASH")
    ]
    assert run(Duel(), [*runtime, Copy(FIRST, 40), Copy(RICH, 4)]).is_success


@pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")
def test_destroyed_contracts_leave_their_ether_and_come_back_by_create2() -> None:
    duel = Duel()
    child = Program((Store(0, 4), Install(Program((Store(1, 6), Destroy(NOBODY))))))
    again = deployment([Create(child, 0, 3, salt=1)])
    duel.block([Tx(None, again), Tx(FIRST, value=3)])
    born = duel.fast.storage(FIRST, 0).to_bytes(20, "big")
    duel.accounts.add(born)
    assert duel.fast.storage(born, 0) == 4
    duel.block([Tx(born, value=2), Tx(born, value=1)])
    assert duel.fast.storage(born, 0) == 0
    duel.block([Tx(born), Tx(FIRST, value=3), Tx(born)])
    assert duel.fast.code(born) == b""
    assert duel.fast.balance(NOBODY) == 3 + 2 + 1 + 3


def test_gasprice_and_balance_are_those_of_the_transaction() -> None:
    duel = Duel(Fees.EIP1559)
    sender = int.from_bytes(RICH, "big")
    senses = [Sense("GASPRICE", 0), Sense("BALANCE", 1, sender), Sense("BALANCE", 2, 0)]
    run(duel, senses, tip=5)
    assert duel.fast.storage(FIRST, 0) > 0
    initcode = Program((*senses, Sense("ORIGIN", 3))).code()
    duel.block([Tx(None, initcode, max_fee=2 * GWEI, tip=7, value=9)])


def test_a_sender_with_just_enough_pays_and_sees_the_right_balance() -> None:
    duel = Duel(Fees.EIP1559)
    poor = int.from_bytes(POOR, "big")
    run(duel, [Sense("BALANCE", 0, poor), Sense("SELFBALANCE", 1)])
    wealth = duel.fast.balance(POOR)
    gas_limit = 100_000
    price = (wealth - 11) // gas_limit
    block = duel.block([Tx(FIRST, value=11, gas_limit=gas_limit, sender=1, max_fee=price)])
    assert block.receipts[0].is_success
    block = duel.block([Tx(None, b"\x00", sender=1, max_fee=GWEI, gas_limit=60_000)])


def test_calls_and_estimates_agree_at_any_block() -> None:
    duel = Duel()
    run(duel, [Sense("CALLDATASIZE", 0), Call("CALL", FIRST, 1, gas=9_000), Give(b"answer")])
    for at in range(3):
        for sender in (RICH, NOBODY, FIRST):
            for to, data in ((FIRST, b"abc"), (NOBODY, b""), (None, b"\xfe"), (None, b"\0" * 99)):
                duel.call(EngineCall(to, data, sender), at)
                duel.call(EngineCall(to, data, sender, gas=21_500), at)
    duel.call(EngineCall(None, b"\0" * 49_153, RICH), 1)


def test_a_called_contract_may_call_back_its_caller() -> None:
    duel = Duel()
    run(duel, [Give(b"called back")])
    run(duel, [Call("CALL", FIRST, 0), Copy(FIRST, 20), Give(b"done")])
    assert duel.call(EngineCall(THIRD, b"", FIRST), 4) == b"done"


def _precompile(number: int) -> bytes:
    return number.to_bytes(20, "big")
