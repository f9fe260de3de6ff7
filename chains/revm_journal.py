"""What a transaction touched, read from the debug text of revm's journal.

The binding shows results and accounts but not which of them changed; only ``journal_str`` names
them, the Rust debug text of revm 8's ``JournaledState``:

    JournaledState { state: {...}, ..., journal: [[AccountTouched { address: 0x.. }, ...], ...], ...

Entries of frames that reverted are gone from it. The format is pinned with the version of the
binding; an entry that is not known here is an error, never overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from chains.engine import ChainError

JOURNAL_START = "journal: [["
JOURNAL_END = "]], spec: "
LOADED = "AccountLoaded"
DESTROYED = "AccountDestroyed"
KINDS = frozenset(
    (
        LOADED,
        "AccountTouched",
        "AccountCreated",
        DESTROYED,
        "BalanceTransfer",
        "CodeChange",
        "NonceChange",
    )
)
SEPARATORS = "[], "
READ = ", had_value: None "
WRITTEN = ", had_value: Some("
KEY = ", key: "
ENTRIES_MAX = 4096  # the accounts of two chains meet again and again

_ADDRESS = "0x[0-9a-f]{40}"
_HOLDER = re.compile(rf"StorageChange {{ address: ({_ADDRESS})")
_ENTRY = re.compile(
    rf"[\[\], ]*(\w+) {{ (?:address|from): ({_ADDRESS})(?:, (?:to|target): ({_ADDRESS}))?"
    r"(?:, was_destroyed: \w+, had_balance: \d+|, balance: (\d+))? "
)
_of_no_effect: set[str] = set()  # entries met before, which say that nothing differs
_FAILURE = re.compile(r"(Revert|Halt) \{ (?:reason: .*, )?gas_used: \d+(?:, output: 0x(\w*))? \}")


class JournalUnreadable(ChainError):
    """The binding's debug text is not the one that this parser was written for."""

    code = "E-CHAIN-JOURNAL-UNREADABLE"


class Touched(NamedTuple):
    """What may differ from before, in the order of first mention; addresses are 0x-hex."""

    accounts: tuple[str, ...]
    slots: Mapping[tuple[str, int], int]  # written ones, with what they held before; not those read
    destroyed: tuple[str, ...]  # by SELFDESTRUCT


def touched(journal: str) -> Touched:
    """Read ``journal_str``. Raises JournalUnreadable."""
    start = journal.rfind(JOURNAL_START)
    end = journal.rfind(JOURNAL_END)  # nothing but the rules and the precompiles comes after it
    if not 0 <= start < end:
        raise JournalUnreadable(f"no journal in {journal[-200:]!r}")
    accounts: dict[str, None] = {}
    written: dict[str, str] = {}
    destroyed: dict[str, None] = {}
    # A batch has hundreds of entries, most of them alike: calls that move no money, words read.
    entries = dict.fromkeys(journal[start + len(JOURNAL_START) : end].split("}"))
    for entry in [e for e in entries if e not in _of_no_effect and not e.endswith(READ)]:
        if entry.endswith(") "):
            where, _, before = entry.rpartition(WRITTEN)
            written.setdefault(where.lstrip(SEPARATORS), before)
            continue
        mentioned, gone = _entry(entry)
        if not mentioned:
            _remember_of_no_effect(entry)
        accounts.update(mentioned)
        destroyed.update(gone)
    slots = dict(map(_slot, written, written.values()))
    return Touched(tuple(accounts), slots, tuple(destroyed))


def _slot(where: str, before: str) -> tuple[tuple[str, int], int]:
    """A slot and what it held. Raises JournalUnreadable."""
    holder, _, key = where.partition(KEY)
    word = before[:-2]
    if not key.isdecimal() or not word.isdecimal():
        raise JournalUnreadable(f"no written slot: {where[:500]!r}")
    return (_holder(holder), int(key)), int(word)


@lru_cache(maxsize=ENTRIES_MAX)
def _holder(text: str) -> str:
    """Whose slot it is. Raises JournalUnreadable."""
    found = _HOLDER.fullmatch(text)
    if found is None:
        raise JournalUnreadable(f"no written slot: {text[:500]!r}")
    return found[1]


def _remember_of_no_effect(entry: str) -> None:
    if len(_of_no_effect) >= ENTRIES_MAX:
        _of_no_effect.clear()
    _of_no_effect.add(entry)


@lru_cache(maxsize=ENTRIES_MAX)
def _entry(entry: str) -> tuple[Mapping[str, None], Mapping[str, None]]:
    """The accounts that one entry touches, and those it destroys. Raises JournalUnreadable."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        if entry.strip(SEPARATORS):
            raise JournalUnreadable(f"an entry of another form: {entry[:500]!r}")
        return {}, {}
    kind, address, other, balance = found.groups()
    if kind not in KINDS:
        raise JournalUnreadable(f"an unknown entry {kind}")
    if kind == LOADED or balance == "0":
        return {}, {}
    mentioned = {address: None, other: None} if other else {address: None}
    return mentioned, {address: None} if kind == DESTROYED else {}


def failure(message: str) -> tuple[bool, bytes]:
    """Whether a failed execution reverted, and what it returned. Raises JournalUnreadable."""
    found = _FAILURE.fullmatch(message)
    if found is None:
        raise JournalUnreadable(f"not a failed execution: {message[:500]}")
    kind, output = found.groups()
    return kind == "Revert", bytes.fromhex(output or "")
