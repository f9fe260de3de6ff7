"""revm behind Python: one EVM over a database that we fill, and exact effects of one transaction.

pyrevm 0.3.7 never finishes its journal: what one call loads would be warm for the next, and what it
writes stays in the journal. So everything happens between a checkpoint and its revert: load what a
transaction finds warm, run, read what changed, revert. What is to stay is then written into the
database, where the next transaction finds it cold.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env, Log, TxEnv

from chains.config import ChainConfig
from chains.engine import ChainError
from chains.execution import Outcome, RawLog
from chains.headers import Header
from chains.keys import keccak
from chains.revm_journal import failure, touched
from chains.revm_state import EMPTY_CODE_HASH, Account
from chains.state_trie import differences

SPEC = "Shanghai"  # in capitals it would silently mean the latest rules
UNLIMITED_CODE_BYTES = 2**32
SHELF = "0x" + keccak(b"where code is put into the database").hex()[:40]  # nobody's account
ANALYSIS_PADDING_BYTES = 33  # revm appends them to code that it has analysed
CACHED_MAX = 4096

AccessList = tuple[tuple[bytes, tuple[bytes, ...]], ...]


class ExecutionRefused(ChainError):
    """revm does not even start a transaction that the ledger let through: a fault in Lockstep."""

    code = "E-CHAIN-EXECUTION-REFUSED"


class Message(NamedTuple):
    """What to run; the sender's account as it is before, its nonce not yet spent."""

    sender: Account
    to: bytes | None
    data: bytes
    value: int
    gas_limit: int
    gas_price: int = 0
    access_list: AccessList = ()


class Seen(NamedTuple):
    """An account after a transaction, before anybody paid for gas."""

    address: bytes
    nonce: int
    balance: int
    code_hash: bytes


class Written(NamedTuple):
    """A slot that holds something else after a transaction."""

    address: bytes
    slot: int
    value: int


class Effects(NamedTuple):
    """What one transaction did and left. A failed one leaves nothing; the fee is not taken yet."""

    outcome: Outcome
    accounts: Sequence[Seen] = ()
    words: Sequence[Written] = ()
    destroyed: Sequence[bytes] = ()


class Binding:
    """The EVM and its database."""

    def __init__(self, config: ChainConfig) -> None:
        limit = None if config.limit_contract_code else UNLIMITED_CODE_BYTES
        settings = CfgEnv(chain_id=config.chain_id, limit_contract_code_size=limit)
        self._evm = EVM(env=Env(cfg=settings), gas_limit=config.gas_limit, spec_id=SPEC)
        self._shown: tuple[int, bytes, int, bytes, int] | None = None  # of the block seen
        self._coinbase = ""
        self._lists_access = False
        self._new_code: list[AccountInfo] = []
        self.codes = {EMPTY_CODE_HASH: b""}  # by hash

    def set_block(self, header: Header) -> None:
        """Say which block contracts see."""
        number, coinbase, timestamp, prevrandao, gas_limit = shown = (
            header.height,
            header.coinbase,
            header.timestamp_s,
            header.mix_hash,
            header.gas_limit,
        )
        if shown == self._shown:  # as when a call follows the block that it asks about
            return
        self._shown = shown
        self._coinbase = _hex(coinbase)
        self._evm.set_block_env(
            BlockEnv(
                number=number,
                coinbase=self._coinbase,
                timestamp=timestamp,
                prevrandao=prevrandao,
                gas_limit=gas_limit,
            )
        )

    def write_account(self, old: Account, new: Account) -> None:
        """Make the database hold ``new`` where it holds ``old``, but for storage."""
        if old[:4] != new[:4]:
            info = AccountInfo(
                balance=new.balance,  # type: ignore[call-arg]  # missing in the binding's stub
                nonce=new.nonce,
                code_hash=new.code_hash,
            )
            self._evm.insert_account_info(_hex(new.address), info)

    def write_words(self, old: Account, new: Account) -> None:
        """Make the database hold the storage of ``new`` where it holds that of ``old``."""
        for before, after in differences(old.storage, new.storage):
            if after is not None:
                self.write_word(new.address, after.slot, after.value)
            elif before is not None:
                self.write_word(new.address, before.slot, 0)

    def write_word(self, address: bytes, slot: int, value: int) -> None:
        """Make the database hold one word."""
        # It takes words only while their account is not loaded, and loads it then.
        checkpoint = self._evm.snapshot()
        self._evm.insert_account_storage(_hex(address), slot, value)
        self._evm.revert(checkpoint)

    def run(self, message: Message) -> Effects:
        """Run, read what changed, and take it back. Raises ExecutionRefused."""
        checkpoint = self._evm.snapshot()
        try:
            outcome, created = self._outcome(message, b"")
            if not outcome.is_success:
                return Effects(outcome)
            return self._observed(outcome, message, created)
        finally:
            self._evm.revert(checkpoint)
            if self._new_code:
                self._shelve()

    def simulate(self, message: Message, code: bytes) -> Outcome:
        """Run without reading what changed; ``code`` is the sender's, who may be a contract."""
        checkpoint = self._evm.snapshot()
        try:
            return self._outcome(message, code)[0]
        finally:
            self._evm.revert(checkpoint)
            if self._new_code:
                self._shelve()

    def _outcome(self, message: Message, sender_code: bytes) -> tuple[Outcome, str]:
        evm, caller = self._evm, _hex(message.sender.address)
        created = ""
        # Loaded here, under the checkpoint, or it would stay loaded, and warm, for ever.
        evm.basic(self._coinbase)
        evm.basic(caller)
        if message.access_list or self._lists_access:
            self._warm_up(message.access_list)
        try:
            if message.to is None:
                if sender_code:
                    self._disguise(caller, message.sender, sender_code)
                created = evm.deploy(
                    caller,
                    message.data,
                    message.value,
                    message.gas_limit,
                    gas_price=message.gas_price,  # type: ignore[call-arg]  # not in the stub
                )
                output = self._learn_code(created, evm.basic(created))
            else:
                price = 0
                if message.gas_price or sender_code:
                    price = self._prepay(caller, message, sender_code)
                output = evm.message_call(
                    caller,
                    _hex(message.to),
                    message.data,
                    message.value,
                    message.gas_limit,
                    price,
                )
        except RuntimeError as error:
            return self._failed(str(error)), created
        result = evm.result
        if result is None:
            raise ExecutionRefused("revm has no result")
        logs = result.logs
        raw_logs = tuple([_log(log) for log in logs]) if logs else ()
        return Outcome(True, False, result.gas_used, output, raw_logs), created

    def _failed(self, message: str) -> Outcome:
        result = self._evm.result
        if result is None:
            raise ExecutionRefused(message)
        is_revert, output = failure(message)
        return Outcome(False, is_revert, result.gas_used, output)

    def _prepay(self, caller: str, message: Message, code: bytes) -> int:
        """Take the gas from the sender, which ``message_call`` leaves out; the price it may show.

        revm wants to see the gas in the balance again. Where it is not there twice, GASPRICE is 0.
        """
        sender, cost = message.sender, message.gas_limit * message.gas_price
        rest = sender.balance - cost
        self._disguise(caller, sender._replace(balance=rest, nonce=sender.nonce + 1), code)
        return message.gas_price if rest >= cost + message.value else 0

    def _disguise(self, caller: str, sender: Account, code: bytes) -> None:
        """Set the sender while it is loaded; EIP-3607 would refuse one with the hash of code.

        Only a call that writes nothing can come from a contract; it sees an EXTCODEHASH of nothing.
        """
        info = AccountInfo(
            balance=sender.balance,  # type: ignore[call-arg]  # missing in the binding's stub
            nonce=sender.nonce,
            code_hash=EMPTY_CODE_HASH,
            code=code or None,
        )
        self._evm.insert_account_info(caller, info)

    def _warm_up(self, access_list: AccessList) -> None:
        listed = [
            (_hex(address), [int.from_bytes(slot, "big") for slot in slots])
            for address, slots in access_list
        ]
        self._evm.set_tx_env(TxEnv(access_list=listed))
        self._lists_access = bool(listed)
        for address, slots in listed:
            self._evm.basic(address)
            for slot in slots:
                self._evm.storage(address, slot)

    def _observed(self, outcome: Outcome, message: Message, created: str) -> Effects:
        """The effects of what has just succeeded."""
        evm = self._evm
        infos = self._without_code()
        found = touched(evm.journal_str)
        caller = _hex(message.sender.address)
        paid = {caller: message.gas_limit * message.gas_price}
        if created:  # deploy has settled the fee, all of it to the proposer
            fee = outcome.gas_used * message.gas_price
            paid = {caller: fee}
            paid[self._coinbase] = paid.get(self._coinbase, 0) - fee
        accounts = []
        for address in dict.fromkeys((caller, *found.accounts)):
            info = infos.get(address) or evm.basic(address)
            code_hash = info.code_hash or EMPTY_CODE_HASH
            if code_hash not in self.codes:
                self._learn_code(address, info)
            balance = info.balance + paid.get(address, 0)
            accounts.append(Seen(_bytes(address), info.nonce, balance, code_hash))
        words = []
        for (address, slot), before in found.slots.items():
            value = evm.storage(address, slot)
            if value != before:
                words.append(Written(_bytes(address), slot, value))
        return Effects(outcome, accounts, words, [_bytes(address) for address in found.destroyed])

    def _without_code(self) -> dict[str, AccountInfo]:
        """The accounts loaded; and leave the code of known contracts out of the journal's text.

        Whole contracts in hex take longer to print and to copy than all the rest.
        """
        infos = {}
        for address, info in self._evm.journal_state.items():
            code_hash = info.code_hash or EMPTY_CODE_HASH
            if code_hash != EMPTY_CODE_HASH and code_hash in self.codes:
                bare = AccountInfo(
                    balance=info.balance,  # type: ignore[call-arg]  # missing in the binding's stub
                    nonce=info.nonce,
                    code_hash=code_hash,
                )
                self._evm.insert_account_info(address, bare)
            infos[address.lower()] = info
        return infos

    def _learn_code(self, address: str, info: AccountInfo) -> bytes:
        """The code of an account that has just got it."""
        code = self._evm.get_code(address) or b""
        code_hash = info.code_hash or EMPTY_CODE_HASH
        if keccak(code) != code_hash:
            code = code[:-ANALYSIS_PADDING_BYTES]
        self.codes[code_hash] = code
        self._new_code.append(info)
        return code

    def _shelve(self) -> None:
        """Put new code, analysed as it is, into the database, where it is found by its hash."""
        for info in self._new_code:
            self._evm.insert_account_info(SHELF, info)
            self._evm.insert_account_info(SHELF, AccountInfo())
        self._new_code.clear()


def _log(log: Log) -> RawLog:
    topics, data = log.data
    return RawLog(_bytes(log.address), tuple([_shared(topic) for topic in topics]), data)


@lru_cache(maxsize=CACHED_MAX)
def _shared(topic: bytes) -> bytes:
    """The topic, the same object each time: blocks keep their logs, and most topics come again."""
    return topic


@lru_cache(maxsize=CACHED_MAX)
def _hex(address: bytes) -> str:
    return "0x" + address.hex()


@lru_cache(maxsize=CACHED_MAX)
def _bytes(address: str) -> bytes:
    return bytes.fromhex(address[2:])
