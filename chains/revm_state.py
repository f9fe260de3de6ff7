"""Accounts and storage as two layers of tries, and the state that they make up after a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from chains import rlp
from chains.keys import keccak
from chains.state_trie import Node, differences, find, path_of, root_hash, updated

EMPTY_CODE_HASH = keccak(b"")


class Word(NamedTuple):
    """A storage slot that is not zero."""

    slot: int
    value: int


class Account(NamedTuple):
    """An account with its storage."""

    address: bytes
    nonce: int = 0
    balance: int = 0
    code_hash: bytes = EMPTY_CODE_HASH
    storage: Node[Word] | None = None

    @property
    def is_empty(self) -> bool:
        """Such an account is in no state (EIP-161)."""
        return not self.nonce and not self.balance and self.code_hash == EMPTY_CODE_HASH

    def paying(self, nonce: int, balance: int) -> Account:
        """The account with another nonce and balance."""
        return Account(self.address, nonce, balance, self.code_hash, self.storage)

    def word(self, slot: int) -> int:
        """One word of storage."""
        found = find(self.storage, path_of(slot.to_bytes(32, "big")))
        return 0 if found is None else found.value

    def with_words(self, words: Mapping[int, int]) -> Account:
        """The account after some slots were written."""
        changes = [
            (path_of(slot.to_bytes(32, "big")), Word(slot, value) if value else None)
            for slot, value in words.items()
        ]
        changes.sort(key=_path)
        storage = updated(self.storage, changes, _word_rlp)
        return Account(self.address, self.nonce, self.balance, self.code_hash, storage)

    def words(self) -> Iterator[Word]:
        """Everything in storage."""
        return (word for _, word in differences(None, self.storage) if word is not None)


class WorldState:
    """All accounts after a block. It never changes and shares what it can with the one before."""

    __slots__ = ("__weakref__", "_accounts", "_codes", "root")

    def __init__(self, accounts: Node[Account] | None, codes: Mapping[bytes, bytes]) -> None:
        self._accounts = accounts
        self._codes = codes  # by hash; shared by all states of a chain
        self.root = root_hash(accounts)

    def account(self, address: bytes) -> Account:
        """An account; an empty one where there is none."""
        return find(self._accounts, path_of(address)) or Account(address)

    def nonce(self, account: bytes) -> int:
        """The next nonce."""
        return self.account(account).nonce

    def balance(self, account: bytes) -> int:
        """In wei."""
        return self.account(account).balance

    def code(self, account: bytes) -> bytes:
        """The deployed code."""
        return self._codes.get(self.account(account).code_hash, b"")

    def storage(self, account: bytes, slot: int) -> int:
        """One word."""
        return self.account(account).word(slot)

    def after(self, accounts: Iterable[Account]) -> WorldState:
        """The state in which ``accounts`` are as given; empty ones disappear."""
        changes = [
            (path_of(account.address), None if account.is_empty else account)
            for account in accounts
        ]
        changes.sort(key=_path)
        if not changes:
            return self
        return WorldState(updated(self._accounts, changes, _account_rlp), self._codes)

    def changes_to(self, other: WorldState) -> Iterator[tuple[Account, Account]]:
        """The accounts that differ: as they are here, and as they are there."""
        for old, new in differences(self._accounts, other._accounts):
            address = (old or new or Account(b"")).address
            yield old or Account(address), new or Account(address)


def _path(change: tuple[str, object]) -> str:
    return change[0]


def _word_rlp(word: Word) -> bytes:
    return rlp.encode_int(word.value)


def _account_rlp(account: Account) -> bytes:
    return rlp.join(
        (
            rlp.encode_int(account.nonce),
            rlp.encode_int(account.balance),
            b"\xa0",
            root_hash(account.storage),
            b"\xa0",
            account.code_hash,
        )
    )
