"""eth-tester, and web3 over eth-tester, against the same engine."""

from __future__ import annotations

from typing import Any

import pytest
from eth_tester import EthereumTester
from eth_tester.exceptions import TransactionFailed, TransactionNotFound, ValidationError
from web3 import EthereumTesterProvider, Web3

from chains.pyevm import PyEvmEngine
from chains.tester import EngineBackend
from tests.chains.test_provider import compiled
from tests.conformance.probe import ALICE_KEY, BOB_KEY, ETHER, GENESIS_S, config


@pytest.fixture
def tester() -> EthereumTester:
    return EthereumTester(EngineBackend(PyEvmEngine(config()), [ALICE_KEY, BOB_KEY]))


def transfer(tester: EthereumTester, **fields: Any) -> dict[str, Any]:
    alice, bob = tester.get_accounts()
    return {"from": alice, "to": bob, "value": 5, "gas": 21_000, **fields}


def test_a_transfer_is_mined_at_once(tester: EthereumTester) -> None:
    _, bob = tester.get_accounts()
    tx_hash = tester.send_transaction(transfer(tester))
    assert tester.get_transaction_receipt(tx_hash)["status"] == 1
    assert tester.get_balance(bob) == 100 * ETHER + 5
    assert tester.get_transaction_by_hash(tx_hash)["block_number"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"gas_price": 7},
        {"max_fee_per_gas": 7, "max_priority_fee_per_gas": 2},
        {"gas_price": 7, "access_list": [], "gas": 30_000},
    ],
)
def test_every_kind_of_transaction_passes(tester: EthereumTester, fields: dict[str, Any]) -> None:
    tx_hash = tester.send_transaction(transfer(tester, **fields))
    (told,) = tester.get_block_by_number(1, full_transactions=True)["transactions"]
    assert told == tester.get_transaction_by_hash(tx_hash)


def test_blocks_come_with_qbft_hashes_and_times(tester: EthereumTester) -> None:
    backend: Any = tester.backend
    hashes = tester.mine_blocks(3)
    assert [Web3.to_bytes(hexstr=one) for one in hashes] == [
        backend.engine.block(height).hash for height in (1, 2, 3)
    ]
    assert tester.get_block_by_hash(hashes[1])["timestamp"] == GENESIS_S + 2
    assert tester.get_block_by_number("pending")["number"] == 4
    tester.time_travel(GENESIS_S + 100)
    tester.mine_block()
    assert tester.get_block_by_number("latest")["timestamp"] == GENESIS_S + 100


def test_with_automining_off_transactions_share_a_block(tester: EthereumTester) -> None:
    alice, _ = tester.get_accounts()
    tester.disable_auto_mine_transactions()
    hashes = [tester.send_transaction(transfer(tester, nonce=nonce)) for nonce in range(3)]
    assert tester.get_nonce(alice) == 0
    tester.mine_block()
    assert tester.get_block_by_number(1)["transactions"] == hashes
    assert tester.get_nonce(alice) == 3


def test_a_snapshot_is_restored(tester: EthereumTester) -> None:
    _, bob = tester.get_accounts()
    taken = tester.take_snapshot()
    tx_hash = tester.send_transaction(transfer(tester))
    tester.revert_to_snapshot(taken)
    assert tester.get_balance(bob) == 100 * ETHER
    with pytest.raises(TransactionNotFound):
        tester.get_transaction_receipt(tx_hash)
    tester.send_transaction(transfer(tester))
    tester.reset_to_genesis()
    assert tester.get_block_by_number("latest")["number"] == 0


def test_what_the_engine_refuses_is_a_validation_error(tester: EthereumTester) -> None:
    with pytest.raises(ValidationError, match="insufficient funds"):
        tester.send_transaction(transfer(tester, value=1000 * ETHER))
    with pytest.raises(ValidationError, match="12 fields"):
        tester.send_raw_transaction("0x02c0")


def test_web3_over_eth_tester_deploys_calls_and_reads_logs(tester: EthereumTester) -> None:
    web3 = Web3(EthereumTesterProvider(tester))
    web3.eth.default_account = web3.eth.accounts[0]
    factory = web3.eth.contract(abi=compiled()["abi"], bytecode=compiled()["bytecode"])
    watch = web3.eth.filter({"fromBlock": 0})
    receipt = web3.eth.wait_for_transaction_receipt(factory.constructor().transact())
    probe: Any = web3.eth.contract(address=receipt["contractAddress"], abi=compiled()["abi"])
    tx_hash = probe.functions.store(7).transact()
    assert probe.functions.stored().call() == 7
    (event,) = probe.events.Stored().process_receipt(web3.eth.get_transaction_receipt(tx_hash))
    assert event["args"]["number"] == 7
    assert [log["transactionHash"] for log in watch.get_new_entries()] == [tx_hash]
    assert len(web3.eth.get_logs({"fromBlock": 0, "address": probe.address})) == 1
    assert web3.eth.fee_history(1, "latest")["baseFeePerGas"] == [0, 0]


def test_web3_over_eth_tester_tells_revert_reasons(tester: EthereumTester) -> None:
    web3 = Web3(EthereumTesterProvider(tester))
    web3.eth.default_account = web3.eth.accounts[0]
    factory = web3.eth.contract(abi=compiled()["abi"], bytecode=compiled()["bytecode"])
    receipt = web3.eth.wait_for_transaction_receipt(factory.constructor().transact())
    probe: Any = web3.eth.contract(address=receipt["contractAddress"], abi=compiled()["abi"])
    with pytest.raises(TransactionFailed, match="execution reverted: probe: forbidden"):
        probe.functions.refuse().call()
