"""py-evm against the suite, and the py-evm checks that QBFT overrides, each by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rlp as pyrlp
from eth.abc import BlockAPI
from eth.db import get_db_backend
from eth.exceptions import HeaderNotFound
from eth.vm.forks.shanghai import ShanghaiVM
from eth_utils.exceptions import ValidationError

from chains.config import ChainConfig, Fees
from chains.consensus import seal
from chains.engine import Block, Call, Height
from chains.headers import ExtraData, Header, block_hash
from chains.keys import keccak
from chains.pyevm import BlockRefused, PyEvmEngine, PyEvmExecutor
from chains.qbft_chain import QbftChain
from chains.qbft_vm import (
    EXTRA_DATA_MAX_BYTES,
    QbftConsensus,
    QbftHeader,
    QbftTransactionExecutor,
    machine_class,
)
from tests.conformance.probe import GENESIS_S, STRANGER, VALIDATORS, Driver, calldata, config
from tests.conformance.suite import EngineConformance

GWEI = 10**9


class TestPyEvm(EngineConformance):
    make = staticmethod(PyEvmEngine)


# --- a second py-evm chain that gets finished blocks only, executes and checks them itself


def as_pyevm(chain: QbftChain, block: Block) -> BlockAPI:
    """A block as a py-evm node would receive it."""
    header = QbftHeader.of(Header.decode(block.header_rlp))
    builder = chain.get_transaction_builder()
    transactions = [builder.decode(transaction.raw) for transaction in block.transactions]
    return chain.get_vm().get_block_class()(header, transactions, [], [])


@pytest.mark.parametrize("fees", Fees)
def test_another_pyevm_chain_imports_every_sealed_block(fees: Fees) -> None:
    settings = config(fees=fees)
    story = Driver(PyEvmEngine(settings), price=5 * GWEI)
    tell_story(story)
    chain = PyEvmEngine(settings).chain
    for height in range(1, story.engine.latest + 1):
        block = story.engine.block(Height(height))
        imported = chain.import_block(as_pyevm(chain, block)).imported_block
        assert imported.hash == block.hash


def test_another_pyevm_chain_refuses_what_was_tampered_with() -> None:
    settings = config()
    story = Driver(PyEvmEngine(settings))
    story.send(STRANGER, value=1)
    block = story.block()
    chain = PyEvmEngine(settings).chain
    header = Header.decode(block.header_rlp)
    extra = header.extra
    forgeries = (
        header.with_extra(replace(extra, seals=())),
        header.with_extra(replace(extra, seals=extra.seals[:2])),
        header.with_extra(replace(extra, seals=(extra.seals[0],) * 4)),
        reseal(replace(header, state_root=b"\x01" * 32)),
        reseal(replace(header, receipts_root=b"\x01" * 32)),
        reseal(replace(header, gas_used=21_001)),
        reseal(replace(header, timestamp_s=GENESIS_S)),
        reseal(replace(header, base_fee_per_gas=1)),
        reseal(replace(header, gas_limit=40_000_000)),
        reseal(replace(header, mix_hash=b"\x01" * 32)),
        reseal(replace(header, difficulty=0)),
    )
    for forged in forgeries:
        with pytest.raises((ValidationError, HeaderNotFound)):
            chain.import_block(as_pyevm(chain, replace(block, header_rlp=forged.encode())))
    chain.import_block(as_pyevm(chain, block))


def reseal(header: Header) -> Header:
    return seal(header, VALIDATORS)


def tell_story(chain: Driver) -> None:
    """A few blocks with all that an engine does."""
    probe = chain.deploy()
    for turn in range(4):
        chain.send(probe, calldata("store(uint256)", turn), value=turn)
        chain.send(probe, calldata("refuse()"))
        chain.send(probe, calldata("fill(uint256)", turn))
        chain.send(probe, calldata("clear(uint256)", turn))
        chain.block(seconds=1 + turn)


# --- the checks that are overridden


def next_header(**changes: object) -> tuple[type[ShanghaiVM], QbftHeader, QbftHeader]:
    """The machine, a valid header with ``changes``, and its parent."""
    settings = config()
    engine = PyEvmEngine(settings)
    parent = QbftHeader.of(Header.decode(engine.block(Height(0)).header_rlp))
    block = engine.produce_block(GENESIS_S + 1)
    header = replace(Header.decode(block.header_rlp), **changes)  # type: ignore[arg-type]
    return machine_class(settings), QbftHeader.of(header), parent


def test_extra_data_max_bytes_is_overridden() -> None:
    machine, header, parent = next_header()
    assert len(header.extra_data) > ShanghaiVM.extra_data_max_bytes == 32
    machine.validate_header(header, parent)
    machine, header, parent = next_header(extra_data=b"\x00" * (EXTRA_DATA_MAX_BYTES + 1))
    with pytest.raises(ValidationError):
        machine.validate_header(header, parent)


def test_the_difficulty_rule_of_the_merge_is_overridden() -> None:
    machine, header, parent = next_header()
    roomy = ShanghaiVM.configure(extra_data_max_bytes=EXTRA_DATA_MAX_BYTES)
    with pytest.raises(ValidationError, match="Difficulty"):
        roomy.validate_header(header, parent)
    machine.validate_header(header, parent)
    machine, header, parent = next_header(difficulty=0)
    with pytest.raises(ValidationError, match="difficulty"):
        machine.validate_header(header, parent)


def test_the_base_fee_rule_is_overridden_where_fees_are_zero() -> None:
    machine, header, parent = next_header()
    full_parent = parent.copy(gas_used=parent.gas_limit)
    with pytest.raises(ValidationError, match="base fee"):
        ShanghaiVM.validate_gas(header, full_parent)
    machine.validate_gas(header, full_parent)
    machine, header, parent = next_header(base_fee_per_gas=1)
    with pytest.raises(ValidationError, match="base fee"):
        machine.validate_gas(header, parent)


def test_proof_of_work_is_replaced_by_a_quorum_of_seals() -> None:
    _, header, _ = next_header()
    consensus = QbftConsensus(get_db_backend())
    consensus.validate_seal(header)
    extra = ExtraData.decode(header.extra_data)
    for seals in ((), extra.seals[:2], extra.seals[:1] * 3, (b"\x00" * 65,) * 4):
        short = header.copy(extra_data=replace(extra, seals=seals).encode())
        with pytest.raises(ValidationError):
            consensus.validate_seal(short)
    consensus.validate_seal(header.copy(extra_data=replace(extra, seals=extra.seals[:3]).encode()))


def test_the_header_hash_is_qbfts() -> None:
    _, header, parent = next_header()
    ours = Header.decode(pyrlp.encode(header))
    assert header.hash == block_hash(ours) != keccak(ours.encode())
    assert parent.hash == header.parent_hash


def test_a_transactions_signature_is_not_checked_twice_but_its_funds_and_nonce_are() -> None:
    engine = PyEvmEngine(config())
    state = engine.chain.get_vm().state
    raw = Driver(engine).sign(STRANGER, nonce=3)
    decoded = engine.chain.get_transaction_builder().decode(raw)
    executor = state.get_transaction_executor()
    assert isinstance(executor, QbftTransactionExecutor)
    with pytest.raises(ValidationError, match="nonce"):
        executor.validate_transaction(decoded)


# --- what only py-evm shows


def test_the_parents_qbft_hash_reaches_the_contract() -> None:
    chain = Driver(PyEvmEngine(config()))
    probe = chain.deploy()
    for _ in range(3):
        chain.block()
    parent = chain.engine.block(Height(3)).hash
    assert chain.engine.call(Call(to=probe, data=calldata("parent()"))) == parent


def test_pyevms_own_chain_follows_reorganisations_and_snapshots() -> None:
    engine = PyEvmEngine(config(finality_lag_blocks=5))
    chain = Driver(engine)
    for _ in range(3):
        chain.block()
    taken = engine.snapshot()
    engine.reorganise(2)
    chain.block(seconds=10)
    for _ in range(2):
        assert engine.chain.get_canonical_head().hash == engine.block(engine.latest).hash
        engine.restore(taken)


def test_a_block_that_pyevm_disagrees_with_is_refused() -> None:
    settings = config()
    executor = PyEvmExecutor(settings)
    root = executor.open(settings.balances).root
    genesis = genesis_block(settings, root)
    executor.accept(Header.decode(genesis.header_rlp), genesis)
    template = PyEvmEngine(settings).produce_block(GENESIS_S + 1)
    sealed = Header.decode(template.header_rlp)
    header = sealed.with_extra(replace(sealed.extra, seals=()))
    executor.begin(header)
    executor.finish()
    forged = replace(header, receipts_root=b"\x01" * 32)
    with pytest.raises(BlockRefused, match="receipt"):
        executor.accept(forged, replace(template, hash=block_hash(forged)))
    executor.accept(header, template)


def genesis_block(settings: ChainConfig, root: bytes) -> Block:
    twin = PyEvmEngine(settings)
    block = twin.block(Height(0))
    assert block.state_root == root
    return block
