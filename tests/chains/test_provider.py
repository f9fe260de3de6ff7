"""Ordinary web3.py code against an engine in process."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import pytest
import vyper
from eth_account import Account
from web3 import Web3
from web3.exceptions import (
    BlockNotFound,
    ContractLogicError,
    TransactionNotFound,
    Web3RPCError,
)
from web3.middleware import SignAndSendRawMiddlewareBuilder

from chains.config import Fees
from chains.engine import Height
from chains.headers import Header
from chains.provider import EngineProvider
from chains.selection import EngineName, choose
from tests.conformance.probe import (
    ALICE,
    ALICE_KEY,
    BOB,
    ETHER,
    GENESIS_S,
    SOURCE,
    STRANGER,
    Driver,
    config,
)


@cache
def compiled() -> dict[str, Any]:
    output: dict[str, Any] = vyper.compile_code(SOURCE, output_formats=["abi", "bytecode"])
    return output


class World:
    """A chain, and web3 over it; a block for each transaction unless told otherwise."""

    def __init__(
        self, *, automine: bool = True, engine: EngineName = EngineName.AUTO, **changes: object
    ) -> None:
        self.engine = choose(engine).make(config(**changes))
        self.driver = Driver(self.engine)
        self.provider = EngineProvider(
            self.engine, keys=[ALICE_KEY], automine=self.driver.block if automine else None
        )
        self.web3 = Web3(self.provider)
        self.web3.eth.default_account = Web3.to_checksum_address(ALICE)

    def deploy(self) -> Any:
        factory = self.web3.eth.contract(abi=compiled()["abi"], bytecode=compiled()["bytecode"])
        tx_hash = factory.constructor().transact()
        receipt = self.web3.eth.wait_for_transaction_receipt(tx_hash, timeout=1)
        return self.web3.eth.contract(address=receipt["contractAddress"], abi=compiled()["abi"])


@pytest.fixture(
    params=[(engine, fees) for engine in (EngineName.AUTO, EngineName.PYEVM) for fees in Fees],
    ids=lambda pair: f"{pair[0].value}-{pair[1].value}",
)
def world(request: pytest.FixtureRequest) -> World:
    engine, fees = request.param
    return World(engine=engine, fees=fees)


def test_a_contract_is_deployed_called_and_transacted_with(world: World) -> None:
    probe = world.deploy()
    tx_hash = probe.functions.store(7).transact()
    receipt = world.web3.eth.get_transaction_receipt(tx_hash)
    assert receipt["status"] == 1
    assert probe.functions.stored().call() == 7
    (event,) = probe.events.Stored().process_receipt(receipt)
    assert event["args"]["sender"] == world.web3.eth.default_account
    assert event["args"]["number"] == 7
    assert event["args"]["note"] == world.web3.eth.get_block("latest")["timestamp"]


def test_a_revert_reason_reaches_the_caller(world: World) -> None:
    probe = world.deploy()
    for attempt in (probe.functions.refuse().call, probe.functions.refuse().transact):
        with pytest.raises(ContractLogicError, match="probe: forbidden"):
            attempt()
    with pytest.raises(ContractLogicError, match="execution reverted"):
        probe.functions.refuse_bare().call()
    tx_hash = probe.functions.refuse().transact({"gas": 100_000})
    assert world.web3.eth.get_transaction_receipt(tx_hash)["status"] == 0


def test_local_accounts_sign_for_themselves(world: World) -> None:
    account = Account.from_key(b"\x42" * 32)
    world.web3.eth.send_transaction({"to": account.address, "value": Web3.to_wei(1, "ether")})
    builder: Any = SignAndSendRawMiddlewareBuilder
    world.web3.middleware_onion.inject(builder.build(account), layer=0)
    probe = world.deploy()
    probe.functions.store(9).transact({"from": account.address})
    assert world.web3.eth.get_transaction_count(account.address) == 1
    assert probe.functions.stored().call() == 9


def test_an_account_without_a_key_cannot_send(world: World) -> None:
    with pytest.raises(Web3RPCError, match="no key"):
        world.web3.eth.send_transaction(
            {"from": Web3.to_checksum_address(BOB), "to": Web3.to_checksum_address(STRANGER)}
        )


@pytest.mark.parametrize(
    "extra",
    [
        {"gasPrice": 3 * 10**9},
        {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 1},
        {"gasPrice": 3 * 10**9, "accessList": [{"address": "0x" + "11" * 20, "storageKeys": []}]},
    ],
)
def test_every_kind_of_transaction_is_told_back_as_it_was_sent(
    world: World, extra: dict[str, Any]
) -> None:
    request = {"to": Web3.to_checksum_address(STRANGER), "value": 5, "gas": 50_000, **extra}
    tx_hash = world.web3.eth.send_transaction(request)  # type: ignore[arg-type]
    told = world.web3.eth.get_transaction(tx_hash)
    assert (told["value"], told["from"]) == (5, world.web3.eth.default_account)
    assert told["blockNumber"] == 1
    assert told["type"] == (2 if "maxFeePerGas" in extra else 1 if "accessList" in extra else 0)
    assert world.web3.eth.get_balance(Web3.to_checksum_address(STRANGER)) == 5


def test_blocks_are_told_by_number_hash_and_tag() -> None:
    world = World(finality_lag_blocks=2)
    for _ in range(5):
        world.driver.block()
    eth = world.web3.eth
    assert eth.block_number == eth.get_block("latest")["number"] == 5
    assert eth.get_block("finalized")["number"] == eth.get_block("safe")["number"] == 3
    assert eth.get_block("earliest")["number"] == 0
    assert eth.get_block("pending")["number"] == 6
    third = eth.get_block(3)
    assert eth.get_block(third["hash"]) == third
    assert third["parentHash"] == eth.get_block(2)["hash"]
    assert third["timestamp"] == GENESIS_S + 3
    encoded = Header.decode(world.engine.sealed_header(Height(3)))
    assert third["proofOfAuthorityData"] == encoded.extra_data
    for missing in (99, b"\x01" * 32):
        with pytest.raises(BlockNotFound):
            eth.get_block(missing)  # type: ignore[arg-type]


def test_state_is_read_at_any_block() -> None:
    world = World()
    probe = world.deploy()
    for number in (1, 2):
        probe.functions.store(number).transact()
    reads = [probe.functions.stored().call(block_identifier=at) for at in (1, 2, "latest")]
    assert reads == [0, 1, 2]
    stranger = Web3.to_checksum_address(STRANGER)
    world.web3.eth.send_transaction({"to": stranger, "value": Web3.to_wei(1, "wei")})
    assert world.web3.eth.get_balance(stranger, 3) == 0
    assert world.web3.eth.get_balance(stranger) == 1
    assert world.web3.eth.get_storage_at(probe.address, 1) == (2).to_bytes(32, "big")
    assert world.web3.eth.get_code(probe.address) == world.engine.code(
        Web3.to_bytes(hexstr=probe.address)
    )


def test_waiting_transactions_are_pending() -> None:
    world = World(automine=False)
    eth = world.web3.eth
    alice = Web3.to_checksum_address(ALICE)
    watch: Any = eth.filter("pending")
    tx_hash = eth.send_transaction({"to": alice, "value": Web3.to_wei(1, "wei")})
    assert watch.get_new_entries() == [tx_hash]
    assert (eth.get_transaction_count(alice), eth.get_transaction_count(alice, "pending")) == (0, 1)
    assert eth.get_transaction(tx_hash)["blockNumber"] is None
    assert eth.get_block("pending")["transactions"] == [tx_hash]
    with pytest.raises(TransactionNotFound):
        eth.get_transaction_receipt(tx_hash)
    world.driver.block()
    assert eth.get_transaction_receipt(tx_hash)["blockNumber"] == 1
    assert watch.get_new_entries() == []


def test_logs_are_queried_and_followed() -> None:
    world = World(automine=False, finality_lag_blocks=4)
    factory = world.web3.eth.contract(abi=compiled()["abi"], bytecode=compiled()["bytecode"])
    tx_hash = factory.constructor().transact()
    world.driver.block()
    address: Any = world.web3.eth.get_transaction_receipt(tx_hash)["contractAddress"]
    probe = world.web3.eth.contract(address=address, abi=compiled()["abi"])
    blocks: Any = world.web3.eth.filter("latest")
    logs: Any = world.web3.eth.filter({"address": address})
    events = probe.events.Stored.create_filter(from_block=1, argument_filters={"number": 1})
    probe.functions.fill(2).transact()
    world.driver.block()
    told = logs.get_new_entries()
    assert [(log["logIndex"], log["removed"]) for log in told] == [(0, False), (1, False)]
    assert [event["args"]["number"] for event in events.get_new_entries()] == [1]
    assert blocks.get_new_entries() == [world.engine.block(Height(2)).hash]
    assert logs.get_new_entries() == []
    wanted: Any = {"fromBlock": 0, "toBlock": "latest", "address": [address, STRANGER]}
    assert world.web3.eth.get_logs(wanted) == told
    assert logs.get_all_entries() == told
    assert len(probe.events.Stored.get_logs(from_block=0)) == 2


def test_dropped_logs_are_taken_back_before_the_new_ones_come() -> None:
    world = World(automine=False, finality_lag_blocks=4)
    factory = world.web3.eth.contract(abi=compiled()["abi"], bytecode=compiled()["bytecode"])
    factory.constructor().transact()
    world.driver.block()
    address = world.engine.block(Height(1)).receipts[0].contract_address
    assert address is not None
    probe: Any = world.web3.eth.contract(
        address=Web3.to_checksum_address(address), abi=compiled()["abi"]
    )
    logs: Any = world.web3.eth.filter({})
    blocks: Any = world.web3.eth.filter("latest")
    probe.functions.store(1).transact()
    old = world.driver.block()
    (first,) = logs.get_new_entries()
    blocks.get_new_entries()
    world.engine.reorganise(1)
    new = world.driver.block(seconds=7)
    back, again = logs.get_new_entries()
    assert back["removed"]
    assert {**back, "removed": False} == dict(first)
    assert (back["blockHash"], again["blockHash"]) == (old.hash, new.hash)
    assert not again["removed"]
    assert blocks.get_new_entries() == [new.hash]
    world.engine.reorganise(1)
    (gone,) = logs.get_new_entries()
    assert gone["removed"]
    assert gone["blockHash"] == new.hash


def test_a_forgotten_filter_is_unknown() -> None:
    world = World()
    watch = world.web3.eth.filter("latest")
    filter_id: Any = watch.filter_id
    assert world.web3.eth.uninstall_filter(filter_id)
    assert not world.web3.eth.uninstall_filter(filter_id)
    with pytest.raises(Web3RPCError, match="not found"):
        world.web3.eth.get_filter_changes(filter_id)


def test_where_fees_are_zero_nothing_is_suggested_or_paid() -> None:
    world = World(fees=Fees.ZERO)
    assert (world.web3.eth.gas_price, world.web3.eth.max_priority_fee) == (0, 0)
    world.deploy()
    assert world.engine.balance(ALICE) == 100 * ETHER
    history = world.web3.eth.fee_history(2, "latest", [50.0])
    assert history["baseFeePerGas"] == [0, 0, 0]
    assert history["reward"] == [[0], [0]]


def test_where_fees_are_charged_the_history_tells_them() -> None:
    world = World(fees=Fees.EIP1559)
    eth = world.web3.eth
    assert eth.gas_price > eth.max_priority_fee == 10**9
    probe = world.deploy()
    probe.functions.store(1).transact()
    history = eth.fee_history(2, "latest", [10.0, 90.0])
    assert history["oldestBlock"] == 1
    assert history["baseFeePerGas"][:2] == [eth.get_block(at)["baseFeePerGas"] for at in (1, 2)]
    assert history["reward"] == [[10**9, 10**9]] * 2
    assert 0 < history["gasUsedRatio"][0] < 1
    assert world.engine.balance(ALICE) < 100 * ETHER


def test_chain_identity_and_connection() -> None:
    world = World(chain_id=4242)
    assert world.web3.is_connected()
    assert world.web3.eth.chain_id == 4242
    assert world.web3.net.version == "4242"
    assert world.web3.client_version == f"lockstep/{world.engine.name}"
    assert list(world.web3.eth.accounts) == [Web3.to_checksum_address(ALICE)]
    assert world.web3.eth.syncing is False


def test_a_refused_transaction_is_an_rpc_error() -> None:
    world = World()
    with pytest.raises(Web3RPCError, match="12 fields"):
        world.web3.eth.send_raw_transaction(b"\x02\xc0")


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("eth_nothing", [], -32601),
        ("eth_getBalance", [], -32602),
        ("eth_getBalance", ["0x12"], -32602),
        ("eth_getBalance", ["0x" + "zz" * 20], -32602),
        ("eth_getBalance", ["0x" + "11" * 20, "0x99"], -32000),
        ("eth_getBlockByNumber", ["soon"], -32602),
        ("eth_call", [{}, "latest", {"0x": {}}], -32602),
        ("eth_feeHistory", [0, "latest"], -32602),
    ],
)
def test_a_bad_request_is_answered_with_its_code(method: str, params: list[Any], code: int) -> None:
    answer: Any = World().provider.make_request(method, params)  # type: ignore[arg-type]
    assert answer["error"]["code"] == code


def test_a_batch_is_answered_in_order() -> None:
    world = World()
    with world.web3.batch_requests() as batch:
        batch.add(world.web3.eth.get_block(0))
        batch.add(world.web3.eth.get_balance(Web3.to_checksum_address(ALICE)))
        block, balance = cast(list[Any], batch.execute())
    assert block["number"] == 0
    assert balance == 100 * ETHER


def test_a_contract_cannot_send_the_caller_elsewhere() -> None:
    assert World().web3.provider.global_ccip_read_enabled is False
