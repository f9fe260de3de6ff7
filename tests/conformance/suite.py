"""What every engine must do, the same way: a subclass names the engine and inherits the tests.

Behaviour that lives in the ledger is tested here too, because an engine may also be a remote node.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account import Account

from chains.config import ChainConfig, Fees
from chains.consensus import check_seals
from chains.engine import (
    Call,
    CallReverted,
    Engine,
    FinalityViolation,
    Height,
    LogFilter,
    Receipt,
    TransactionRejected,
    UnknownBlock,
)
from chains.headers import Header, block_hash, for_light_client, seal_hash, signers
from chains.keys import address_of, keccak
from chains.ledger import Ledger
from chains.reverts import reason_of
from chains.transactions import contract_address, sign_transaction
from chains.trie import ordered_root
from tests.conformance.probe import (
    ALICE,
    ALICE_KEY,
    BOB,
    BOB_KEY,
    ETHER,
    GENESIS_S,
    OTHERS,
    STORED_SLOT,
    STORED_TOPIC,
    STRANGER,
    VALIDATORS,
    Driver,
    calldata,
    config,
)
from tests.conformance.proofs import receipt_of_proof

GWEI = 10**9

# The last block of `_long_story`, as py-evm made it: any engine must arrive at the same hash.
STORY_HASH = "74faccb8a8b5b56851d79a7b1ce213912e326eec67009f89fd19b14e526d7be9"


class EngineConformance:
    """The suite; a subclass says how its engine is made."""

    @staticmethod
    def make(config: ChainConfig) -> Ledger:
        """The engine under test, at its genesis."""
        raise NotImplementedError

    def chain(self, **changes: object) -> Driver:
        return Driver(self.make(config(**changes)))

    # --- blocks and transactions

    def test_the_genesis_is_final_and_follows_from_its_configuration(self) -> None:
        engine, twin = self.make(config()), self.make(config())
        other = self.make(config(chain_id=1337, balances={}))
        assert engine.latest == engine.finalized == 0
        assert engine.genesis_hash == twin.genesis_hash
        assert engine.genesis_hash != other.genesis_hash
        assert keccak(engine.sealed_header(Height(0))) == engine.genesis_hash

    def test_many_transactions_share_a_block_in_the_order_they_came(self) -> None:
        alice = self.chain()
        bob = Driver(alice.engine, BOB_KEY)
        sent = [driver.send(STRANGER, value=1) for _ in range(10) for driver in (alice, bob)]
        block = alice.block()
        assert [transaction.hash for transaction in block.transactions] == sent
        assert [receipt.tx_index for receipt in block.receipts] == list(range(20))
        assert block.receipts[-1].cumulative_gas_used == block.gas_used == 20 * 21_000
        assert alice.engine.balance(STRANGER) == 20
        assert alice.engine.nonce(ALICE) == alice.engine.nonce(BOB) == 10

    def test_receipts_and_transactions_are_found_by_hash(self) -> None:
        chain = self.chain()
        tx_hash = chain.send(STRANGER, value=5)
        assert chain.engine.receipt(tx_hash) is None
        waiting = chain.engine.transaction(tx_hash)
        assert waiting is not None
        assert waiting.sender == ALICE
        block = chain.block()
        receipt = chain.engine.receipt(tx_hash)
        assert receipt == block.receipts[0]
        assert (receipt.height, receipt.block_hash) == (1, block.hash)
        assert chain.engine.transaction(tx_hash) == waiting

    def test_unknown_hashes_and_heights_are_not_found(self) -> None:
        chain = self.chain()
        assert chain.engine.receipt(b"\x01" * 32) is None
        assert chain.engine.transaction(b"\x01" * 32) is None
        for at in (Height(1), Height(-1), b"\x01" * 32):
            with pytest.raises(UnknownBlock):
                chain.engine.block(at)

    def test_a_block_is_found_by_height_and_by_hash_and_links_to_its_parent(self) -> None:
        chain = self.chain()
        first, second = chain.block(), chain.block()
        assert chain.engine.block(Height(1)) == first
        assert chain.engine.block(second.hash) == second
        assert second.parent_hash == first.hash
        assert first.parent_hash == chain.engine.genesis_hash

    def test_the_timestamp_reaches_the_contract(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        tx_hash = chain.send(probe, calldata("store(uint256)", 7))
        block = chain.block(seconds=41)
        log = self.receipt(chain, tx_hash).logs[0]
        assert int.from_bytes(log.data, "big") == block.timestamp_s == GENESIS_S + 42

    def test_timestamps_must_increase(self) -> None:
        chain = self.chain()
        chain.block()
        with pytest.raises(FinalityViolation):
            chain.engine.produce_block(chain.now_s)
        assert chain.engine.latest == 1

    def test_height_and_chain_id_reach_the_contract(self) -> None:
        chain = self.chain(chain_id=4242)
        probe = chain.deploy()
        assert self.read(chain, probe, "height()") == 1
        assert self.read(chain, probe, "chain()") == 4242

    def test_roots_and_bloom_follow_from_the_contents(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        for value in range(3):
            chain.send(probe, calldata("store(uint256)", value))
        block = chain.block()
        assert block.transactions_root == ordered_root([tx.raw for tx in block.transactions])
        assert block.receipts_root == ordered_root([r.encoded for r in block.receipts])
        bloom = int.from_bytes(Header.decode(block.header_rlp).logs_bloom, "big")
        union = 0
        for receipt in block.receipts:
            union |= int.from_bytes(receipt.logs_bloom, "big")
        assert bloom == union != 0

    def test_an_empty_block_keeps_the_state(self) -> None:
        chain = self.chain()
        first, second = chain.block(), chain.block()
        assert first.state_root == second.state_root
        assert first.hash != second.hash
        assert first.transactions == ()

    # --- what may enter a block

    def test_a_nonce_gap_waits_until_it_is_filled(self) -> None:
        chain = self.chain()
        late = chain.send(STRANGER, nonce=1)
        assert chain.block().transactions == ()
        early = chain.send(STRANGER, nonce=0)
        included = [transaction.hash for transaction in chain.block().transactions]
        assert included == [early, late]

    def test_a_spent_nonce_is_refused(self) -> None:
        chain = self.chain()
        chain.send(STRANGER)
        chain.block()
        with pytest.raises(TransactionRejected, match="nonce too low"):
            chain.send(BOB, nonce=0)

    def test_a_transaction_that_became_unaffordable_is_dropped_and_the_block_stands(self) -> None:
        chain = self.chain()
        bob = Driver(chain.engine, BOB_KEY)
        chain.send(STRANGER, value=60 * ETHER)
        lost = chain.send(STRANGER, value=60 * ETHER)
        fine = bob.send(STRANGER, value=1)
        block = chain.block()
        assert len(block.transactions) == 2
        assert block.transactions[1].hash == fine
        assert chain.engine.transaction(lost) is None

    def test_a_sender_without_funds_is_refused(self) -> None:
        poor = Driver(self.chain().engine, (77).to_bytes(32, "big"))
        with pytest.raises(TransactionRejected, match="insufficient funds"):
            poor.send(STRANGER, value=1)
        poor.send(STRANGER)

    def test_another_chains_transaction_is_refused(self) -> None:
        chain = self.chain()
        raw = sign_transaction(ALICE_KEY, chain_id=1, nonce=0, to=BOB)
        with pytest.raises(TransactionRejected, match="chain 1"):
            chain.engine.submit(raw)

    @pytest.mark.parametrize("cut", [0, 1, 20, -1])
    def test_a_truncated_transaction_is_refused(self, cut: int) -> None:
        chain = self.chain()
        raw = chain.sign(STRANGER)
        with pytest.raises(TransactionRejected):
            chain.engine.submit(raw[:cut])
        chain.engine.submit(raw)

    def test_gas_below_the_intrinsic_cost_is_refused(self) -> None:
        chain = self.chain()
        with pytest.raises(TransactionRejected, match="intrinsic gas"):
            chain.send(STRANGER, b"\x01", gas_limit=21_015)
        chain.send(STRANGER, b"\x01", gas_limit=21_016)
        assert chain.block().gas_used == 21_016

    def test_a_gas_limit_above_the_blocks_is_refused(self) -> None:
        chain = self.chain(gas_limit=1_000_000)
        with pytest.raises(TransactionRejected, match="exceeds the block"):
            chain.send(STRANGER, gas_limit=1_000_001)
        chain.send(STRANGER, gas_limit=1_000_000)

    def test_what_does_not_fit_waits_for_the_next_block(self) -> None:
        chain = self.chain(gas_limit=50_000)
        sent = [chain.send(STRANGER, gas_limit=21_000) for _ in range(5)]
        sizes = [len(chain.block().transactions) for _ in range(3)]
        assert sizes == [2, 2, 1]
        assert all(self.receipt(chain, tx_hash).is_success for tx_hash in sent)

    def test_the_same_transaction_twice_waits_once(self) -> None:
        chain = self.chain()
        raw = chain.sign(STRANGER)
        assert chain.engine.submit(raw) == chain.engine.submit(raw)
        assert len(chain.engine.pending_transactions()) == 1

    def test_a_waiting_transaction_is_replaced_only_for_a_higher_fee(self) -> None:
        chain = self.chain()
        chain.send(STRANGER, nonce=0, max_fee_per_gas=100)
        with pytest.raises(TransactionRejected, match="replacing"):
            chain.send(BOB, nonce=0, max_fee_per_gas=109)
        winner = chain.send(BOB, nonce=0, max_fee_per_gas=110)
        assert [transaction.hash for transaction in chain.block().transactions] == [winner]

    def test_all_three_kinds_of_transaction_run(self) -> None:
        chain = self.chain()
        common = {"chainId": 1337, "to": BOB, "value": 1, "gas": 30_000}
        slots = [{"address": STRANGER, "storageKeys": ["0x" + "00" * 31 + "01"]}]
        for fields in (
            {"nonce": 0, "gasPrice": 0},
            {"nonce": 1, "gasPrice": 0, "accessList": slots, "type": 1},
            {"nonce": 2, "maxFeePerGas": 3, "maxPriorityFeePerGas": 2, "accessList": slots},
        ):
            signed = Account.sign_transaction({**common, **fields}, ALICE_KEY)
            assert chain.engine.submit(bytes(signed.raw_transaction)) == bytes(signed.hash)
        receipts = chain.block().receipts
        assert [receipt.tx_type for receipt in receipts] == [0, 1, 2]
        assert [receipt.effective_gas_price for receipt in receipts] == [0, 0, 2]
        assert [receipt.gas_used for receipt in receipts] == [21_000, 25_300, 25_300]
        assert [receipt.encoded[0] for receipt in receipts[1:]] == [1, 2]

    # --- execution

    def test_a_deployed_contract_has_code_storage_and_an_address(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        assert probe == contract_address(ALICE, 0)
        chain.send(probe, calldata("store(uint256)", 7))
        chain.block()
        assert chain.engine.storage(probe, STORED_SLOT) == self.read(chain, probe, "stored()") == 7
        assert len(chain.engine.code(probe)) > 100
        assert chain.engine.code(STRANGER) == b""

    def test_a_failed_transaction_keeps_nothing_but_its_nonce_and_gas(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        receipt = self.receipt(chain, chain.send(probe, calldata("refuse()")), mine=True)
        assert not receipt.is_success
        assert receipt.logs == ()
        assert reason_of(receipt.output) == "probe: forbidden"
        assert 21_000 < receipt.gas_used < 100_000
        assert chain.engine.storage(probe, STORED_SLOT) == 0
        assert chain.engine.nonce(ALICE) == 2

    def test_a_failure_that_is_no_revert_takes_all_gas(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        data = calldata("refuse_silently()")
        receipt = self.receipt(chain, chain.send(probe, data, gas_limit=90_000), mine=True)
        assert not receipt.is_success
        assert (receipt.gas_used, receipt.output) == (90_000, b"")

    def test_refunds_count_in_the_gas_used(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        chain.send(probe, calldata("fill(uint256)", 8))
        chain.block()
        receipt = self.receipt(chain, chain.send(probe, calldata("clear(uint256)", 8)), mine=True)
        assert receipt.gas_used == pytest.approx(0.8 * (21_000 + 16 * 4 + 8 * 5_100), rel=0.05)

    def test_logs_carry_their_position_in_block_and_receipt(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        for count in (2, 3):
            chain.send(probe, calldata("fill(uint256)", count))
        block = chain.block()
        logs = [log for receipt in block.receipts for log in receipt.logs]
        assert [log.log_index for log in logs] == [0, 1, 2, 3, 4]
        assert [log.receipt_log_index for log in logs] == [0, 1, 0, 1, 2]
        assert [log.tx_index for log in logs] == [0, 0, 1, 1, 1]
        assert {log.block_hash for log in logs} == {block.hash}

    def test_logs_are_found_by_height_address_and_topic(self) -> None:
        chain = self.chain()
        probe, twin = chain.deploy(), chain.deploy()
        for target in (probe, twin):
            chain.send(target, calldata("fill(uint256)", 2))
        chain.block()
        one = (1).to_bytes(32, "big")
        everything = LogFilter(Height(0), chain.engine.latest)
        engine = chain.engine
        assert len(engine.logs(everything)) == 4
        assert len(engine.logs(replace(everything, addresses=(probe,)))) == 2
        assert len(engine.logs(replace(everything, addresses=(STRANGER,)))) == 0
        assert len(engine.logs(replace(everything, topics=((STORED_TOPIC,),)))) == 4
        assert len(engine.logs(replace(everything, topics=(None, None, (one,))))) == 2
        assert len(engine.logs(replace(everything, topics=(None, None, None, (one,))))) == 0
        assert len(engine.logs(LogFilter(Height(0), Height(2)))) == 0

    @pytest.mark.parametrize("size", [24_576, 24_577])
    def test_the_contract_size_limit_holds_unless_lifted(self, size: int) -> None:
        # PUSH3 size PUSH1 0 RETURN: a contract of zeros
        code = bytes.fromhex("62") + size.to_bytes(3, "big") + bytes.fromhex("6000f3")
        for is_limited in (True, False):
            chain = self.chain(limit_contract_code=is_limited)
            tx_hash = chain.send(None, code, gas_limit=8_000_000)
            receipt = self.receipt(chain, tx_hash, mine=True)
            assert receipt.is_success == (size <= 24_576 or not is_limited)

    def test_the_initcode_size_limit_holds_unless_lifted(self) -> None:
        code = b"\x00" * 49_153
        with pytest.raises(TransactionRejected, match="initcode"):
            self.chain().send(None, code)
        chain = self.chain(limit_contract_code=False)
        assert self.receipt(chain, chain.send(None, code), mine=True).is_success

    # --- calls

    def test_a_call_answers_and_writes_nothing(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        before = chain.engine.block(chain.engine.latest).state_root
        chain.engine.call(Call(to=probe, data=calldata("store(uint256)", 5), sender=BOB))
        assert self.read(chain, probe, "stored()") == 0
        assert chain.block().state_root == before

    def test_a_call_sees_the_state_and_the_time_of_its_block(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        chain.send(probe, calldata("store(uint256)", 5))
        chain.block(seconds=9)
        assert self.read(chain, probe, "stored()", at=1) == 0
        assert self.read(chain, probe, "stored()", at=2) == 5
        assert self.read(chain, probe, "now()", at=1) == GENESIS_S + 1
        assert self.read(chain, probe, "now()") == GENESIS_S + 10
        with pytest.raises(UnknownBlock):
            self.read(chain, probe, "stored()", at=3)

    def test_any_block_of_a_long_chain_answers_and_disturbs_nothing(self) -> None:
        chain, twin = self.chain(finality_lag_blocks=2), self.chain(finality_lag_blocks=2)
        probe = chain.deploy()
        assert twin.deploy() == probe
        for value in range(2, 81):
            for driver in (chain, twin):
                driver.send(probe, calldata("store(uint256)", value))
                driver.block()
            height = value * 29 % (value + 1)  # here and there
            expected = height if height > 1 else 0
            assert self.read(chain, probe, "stored()", at=height) == expected
            assert chain.engine.storage(probe, STORED_SLOT, at=Height(height)) == expected
            assert chain.engine.nonce(ALICE, at=Height(height)) == height
        assert [self.read(chain, probe, "stored()", at=h) for h in range(2, 81)] == [*range(2, 81)]
        assert chain.engine.code(probe, at=Height(0)) == b""
        assert chain.engine.code(probe, at=Height(1)) == chain.engine.code(probe) != b""
        for driver in (chain, twin):
            driver.engine.reorganise(2)
        assert chain.block().hash == twin.block().hash

    def test_a_call_that_reverts_tells_why(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        with pytest.raises(CallReverted, match="execution reverted: probe: forbidden") as caught:
            chain.engine.call(Call(to=probe, data=calldata("refuse()")))
        assert reason_of(caught.value.data) == "probe: forbidden"
        with pytest.raises(CallReverted, match=r"^execution reverted$") as bare:
            chain.engine.call(Call(to=probe, data=calldata("refuse_bare()")))
        assert bare.value.data == b""

    def test_a_call_that_fails_otherwise_says_so(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        for call in (
            Call(to=probe, data=calldata("refuse_silently()"), gas=100_000),
            Call(to=probe, data=calldata("store(uint256)", 1), gas=21_001),
        ):
            with pytest.raises(CallReverted, match="execution failed"):
                chain.engine.call(call)

    def test_a_call_cannot_spend_what_its_sender_lacks(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        data = calldata("store(uint256)", 1)
        with pytest.raises(CallReverted, match="insufficient funds"):
            chain.engine.call(Call(to=probe, data=data, sender=STRANGER, value=1))
        chain.engine.call(Call(to=probe, data=data, sender=ALICE, value=1))

    def test_calls_do_not_warm_each_other(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        call = Call(to=probe, data=calldata("store(uint256)", 1), sender=ALICE)
        first = chain.engine.estimate_gas(call)
        assert chain.engine.estimate_gas(call) == first
        receipt = self.receipt(chain, chain.send(probe, call.data), mine=True)
        assert receipt.gas_used == first

    def test_an_estimate_suffices_and_much_less_does_not(self) -> None:
        chain = self.chain()
        probe, other = chain.deploy(), chain.deploy()
        data = calldata("relay(address,uint256)", other, 5)
        estimate = chain.engine.estimate_gas(Call(to=probe, data=data, sender=ALICE))
        enough = chain.send(probe, data, gas_limit=estimate)
        assert self.receipt(chain, enough, mine=True).is_success
        other = chain.deploy()
        data = calldata("relay(address,uint256)", other, 5)
        short = chain.send(probe, data, gas_limit=estimate * 19 // 20)
        assert not self.receipt(chain, short, mine=True).is_success

    def test_an_estimate_of_what_always_fails_tells_why(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        with pytest.raises(CallReverted, match="forbidden"):
            chain.engine.estimate_gas(Call(to=probe, data=calldata("refuse()")))

    # --- fees

    def test_with_fees_zero_the_base_fee_stays_zero_in_full_blocks(self) -> None:
        chain = self.chain(gas_limit=50_000)
        for _ in range(6):
            chain.send(STRANGER, gas_limit=21_000)
        assert [chain.block().base_fee_per_gas for _ in range(4)] == [0, 0, 0, 0]
        assert chain.engine.balance(ALICE) == 100 * ETHER

    def test_with_eip1559_the_base_fee_follows_the_demand(self) -> None:
        chain = self.chain(gas_limit=42_000, fees=Fees.EIP1559)
        chain.price = 2 * GWEI
        chain.send(STRANGER, gas_limit=21_000)
        chain.send(STRANGER, gas_limit=21_000)
        fees = [chain.block().base_fee_per_gas for _ in range(3)]
        assert fees == [875_000_000, 984_375_000, 861_328_125]

    def test_the_proposer_earns_the_priority_fee_and_the_base_fee_burns(self) -> None:
        chain = self.chain(fees=Fees.EIP1559)
        chain.send(STRANGER, max_fee_per_gas=2 * GWEI, max_priority_fee_per_gas=GWEI // 4)
        block = chain.block()
        proposer = Header.decode(block.header_rlp).coinbase
        assert chain.engine.balance(proposer) == 21_000 * GWEI // 4
        price = block.receipts[0].effective_gas_price
        assert price == block.base_fee_per_gas + GWEI // 4
        assert chain.engine.balance(ALICE) == 100 * ETHER - 21_000 * price

    def test_a_transaction_below_the_base_fee_waits(self) -> None:
        chain = self.chain(fees=Fees.EIP1559)
        chain.send(STRANGER, max_fee_per_gas=800_000_000)
        sizes = [len(chain.block().transactions) for _ in range(2)]
        assert sizes == [0, 1]

    # --- seals and finality

    def test_all_validators_seal_every_block_in_the_headers_order(self) -> None:
        chain = self.chain()
        for _ in range(5):
            block = chain.block()
            header = Header.decode(chain.engine.sealed_header(block.height))
            check_seals(header)
            assert signers(header) == header.extra.validators
            assert set(header.extra.validators) == {address_of(key) for key in VALIDATORS}
            assert block_hash(header) == seal_hash(header) == block.hash
        assert chain.engine.finalized == chain.engine.latest == 5

    def test_the_proposers_take_turns(self) -> None:
        chain = self.chain()
        headers = [Header.decode(chain.block().header_rlp) for _ in range(8)]
        turns = [header.coinbase for header in headers]
        assert turns[:4] == turns[4:]
        assert set(turns) == set(headers[0].extra.validators)

    def test_a_light_client_gets_the_signed_bytes_and_every_seal(self) -> None:
        chain = self.chain()
        block = chain.block()
        split = for_light_client(chain.engine.sealed_header(block.height))
        assert keccak(split.header) == block.hash
        assert split.bitmap == 0b1111
        assert len(split.seals) == 4 * 65

    def test_with_a_lag_the_head_is_unsealed(self) -> None:
        chain = self.chain(finality_lag_blocks=2)
        finalized = []
        for _ in range(5):
            chain.block()
            finalized.append(chain.engine.finalized)
        assert finalized == [0, 0, 1, 2, 3]
        assert [chain.engine.block(Height(h)).is_sealed for h in range(6)] == [True] * 4 + [
            False
        ] * 2
        with pytest.raises(FinalityViolation, match="not sealed"):
            chain.engine.sealed_header(Height(4))

    def test_sealing_later_does_not_change_the_hash(self) -> None:
        chain = self.chain(finality_lag_blocks=1)
        unsealed = chain.block()
        chain.block()
        sealed = chain.engine.block(unsealed.hash)
        assert (unsealed.is_sealed, sealed.is_sealed) == (False, True)
        assert sealed.header_rlp != unsealed.header_rlp
        assert block_hash(Header.decode(sealed.header_rlp)) == unsealed.hash

    @pytest.mark.parametrize("lag", [0, 2])
    def test_every_block_has_the_bytes_that_its_hash_is_of(self, lag: int) -> None:
        chain = self.chain(finality_lag_blocks=lag)
        for _ in range(3):
            chain.block()
        chain.engine.reorganise(min(lag, 1))
        chain.block()
        for height in range(chain.engine.latest + 1):
            block = chain.engine.block(Height(height))
            header = Header.decode(block.unsealed_rlp)
            assert keccak(block.unsealed_rlp) == block.hash
            assert (header.extra.round_number, header.extra.seals) == (0, ())
            stored = Header.decode(block.header_rlp)
            assert replace(stored, extra_data=b"") == replace(header, extra_data=b"")
            assert len(stored.extra.seals) == len(VALIDATORS) * (block.is_sealed and height > 0)

    def test_a_rotated_set_seals_from_the_next_block_on(self) -> None:
        chain = self.chain(finality_lag_blocks=1)
        chain.block()
        chain.engine.rotate_validators(OTHERS)
        for _ in range(2):
            chain.block()
        sets = []
        for height in (1, 2):
            header = Header.decode(chain.engine.sealed_header(Height(height)))
            check_seals(header)
            sets.append(set(header.extra.validators))
        assert sets == [{address_of(key) for key in keys} for keys in (VALIDATORS, OTHERS)]

    # --- reorganisation and snapshots

    def test_unsealed_blocks_can_be_reorganised_and_their_transactions_wait_again(self) -> None:
        chain = self.chain(finality_lag_blocks=3)
        probe = chain.deploy()
        stored = chain.send(probe, calldata("fill(uint256)", 2))
        gone = chain.block()
        removed = chain.engine.reorganise(1)
        assert [log.log_index for log in removed] == [1, 0]
        assert all(log.removed and log.block_hash == gone.hash for log in removed)
        assert chain.engine.receipt(stored) is None
        assert chain.engine.latest == 1
        with pytest.raises(UnknownBlock):
            chain.engine.block(gone.hash)
        again = chain.block(seconds=5)
        assert again.height == gone.height
        assert again.hash != gone.hash
        assert self.receipt(chain, stored).block_hash == again.hash

    def test_a_dropped_transaction_does_not_come_back(self) -> None:
        chain = self.chain(finality_lag_blocks=3)
        first, second = chain.send(STRANGER, value=1), chain.send(STRANGER, value=2)
        chain.block()
        chain.engine.reorganise(1, drop=[second])
        assert [tx.hash for tx in chain.block().transactions] == [first]
        assert chain.engine.transaction(second) is None
        assert chain.engine.balance(STRANGER) == 1

    def test_returning_transactions_come_before_those_that_wait(self) -> None:
        chain = self.chain(finality_lag_blocks=3)
        bob = Driver(chain.engine, BOB_KEY)
        first = chain.send(STRANGER)
        chain.block()
        second = bob.send(STRANGER)
        chain.engine.reorganise(1)
        assert [tx.hash for tx in chain.block().transactions] == [first, second]

    def test_sealed_blocks_cannot_be_reorganised(self) -> None:
        chain = self.chain(finality_lag_blocks=2)
        for _ in range(5):
            chain.block()
        head = chain.engine.block(chain.engine.latest)
        for depth in (3, 6, -1):
            with pytest.raises(FinalityViolation):
                chain.engine.reorganise(depth)
        assert chain.engine.block(chain.engine.latest) == head
        assert chain.engine.reorganise(2) == ()
        assert chain.engine.latest == chain.engine.finalized == 3

    def test_after_a_reorganisation_the_finalized_block_stays(self) -> None:
        chain = self.chain(finality_lag_blocks=2)
        for _ in range(4):
            chain.block()
        chain.engine.reorganise(2)
        heights = []
        for _ in range(4):
            chain.block()
            heights.append(chain.engine.finalized)
        assert heights == [2, 2, 3, 4]

    def test_a_restored_snapshot_is_the_chain_as_it_was(self) -> None:
        chain = self.chain(finality_lag_blocks=1)
        probe = chain.deploy()
        waiting = chain.send(probe, calldata("store(uint256)", 1))
        taken = chain.engine.snapshot()
        frozen = self.picture(chain.engine)
        expected = chain.block()
        chain.engine.rotate_validators(OTHERS)
        lost = chain.send(probe, calldata("store(uint256)", 2))
        chain.block()
        chain.engine.restore(taken)
        assert self.picture(chain.engine) == frozen
        assert chain.engine.receipt(lost) is None
        assert [tx.hash for tx in chain.engine.pending_transactions()] == [waiting]
        assert chain.engine.produce_block(expected.timestamp_s) == expected
        assert self.read(chain, probe, "stored()") == 1

    def test_snapshots_can_be_restored_in_any_order(self) -> None:
        chain = self.chain()
        probe = chain.deploy()
        pictures = {}
        for value in (1, 2):
            chain.send(probe, calldata("store(uint256)", value))
            chain.block()
            pictures[chain.engine.snapshot()] = (self.picture(chain.engine), value)
        for taken in (*pictures, *reversed(pictures)):
            chain.engine.restore(taken)
            picture, value = pictures[taken]
            assert self.picture(chain.engine) == picture
            assert self.read(chain, probe, "stored()") == value

    # --- proofs

    @pytest.mark.parametrize("size", [1, 2, 17, 130])
    def test_every_receipt_of_a_block_can_be_proven(self, size: int) -> None:
        chain = self.chain()
        for _ in range(size):
            chain.send(STRANGER, gas_limit=21_000)
        block = chain.block()
        for receipt in block.receipts:
            proof = chain.engine.receipt_proof(block.height, receipt.tx_index)
            found = receipt_of_proof(block.receipts_root, receipt.tx_index, proof)
            assert found == receipt.encoded
            assert all(len(node) >= 32 for node in proof)

    def test_there_is_no_proof_of_a_receipt_that_is_not_there(self) -> None:
        chain = self.chain()
        chain.send(STRANGER)
        chain.block()
        with pytest.raises(IndexError):
            chain.engine.receipt_proof(Height(1), 1)
        with pytest.raises(UnknownBlock):
            chain.engine.receipt_proof(Height(2), 0)

    # --- the same on every engine

    def test_a_long_story_ends_in_the_same_block_on_every_engine(self) -> None:
        chain = self.chain(fees=Fees.EIP1559, finality_lag_blocks=2)
        chain.price = 5 * GWEI
        tell_long_story(chain)
        assert chain.engine.block(chain.engine.latest).hash.hex() == STORY_HASH

    # --- helpers

    def receipt(self, chain: Driver, tx_hash: bytes, *, mine: bool = False) -> Receipt:
        if mine:
            chain.block()
        receipt = chain.engine.receipt(tx_hash)
        assert receipt is not None
        return receipt

    def read(self, chain: Driver, probe: bytes, signature: str, at: int | None = None) -> int:
        height = None if at is None else Height(at)
        output = chain.engine.call(Call(to=probe, data=calldata(signature)), height)
        return int.from_bytes(output, "big")

    def picture(self, engine: Engine) -> tuple[object, ...]:
        return (
            tuple(engine.block(Height(height)) for height in range(engine.latest + 1)),
            engine.finalized,
            engine.pending_transactions(),
            engine.balance(ALICE),
            engine.nonce(ALICE),
        )


def tell_long_story(chain: Driver) -> None:
    """Deployments, calls, failures, refunds, tips, a rotation and a reorganisation in 30 blocks."""
    bob = Driver(chain.engine, BOB_KEY, chain.price)
    probe, twin = chain.deploy(), chain.deploy()
    for turn in range(28):
        chain.send(probe, calldata("store(uint256)", turn), value=turn)
        bob.send(probe, calldata("fill(uint256)", turn % 5), max_priority_fee_per_gas=turn * 1000)
        chain.send(twin, calldata("relay(address,uint256)", probe, turn * 10**12))
        bob.send(probe, calldata("refuse()" if turn % 3 else "refuse_silently()"))
        chain.send(bytes((turn + 1,)) * 20, value=turn)
        bob.send(probe, calldata("clear(uint256)", turn % 7))
        chain.block(seconds=1 + turn % 2)
        if turn == 9:
            chain.engine.reorganise(2)
        if turn == 20:
            chain.engine.rotate_validators(OTHERS)
