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
from dataclasses import dataclass

from chains.engine import ChainError

JOURNAL_START = "journal: [["
JOURNAL_END = "]], spec: "
LOADED = "AccountLoaded"
STORED = "StorageChange"
TRANSFERRED = "BalanceTransfer"
DESTROYED = "AccountDestroyed"
OF_ONE_ACCOUNT = frozenset(("AccountTouched", "AccountCreated", "CodeChange", "NonceChange"))

_ADDRESS_LENGTH = 42
_FAILURE = re.compile(r"(Revert|Halt) \{ (?:reason: .*, )?gas_used: \d+(?:, output: 0x(\w*))? \}")


class JournalUnreadable(ChainError):
    """The binding's debug text is not the one that this parser was written for."""

    code = "E-CHAIN-JOURNAL-UNREADABLE"


@dataclass(frozen=True, slots=True)
class Touched:
    """What may differ from before, in the order of first mention; addresses are 0x-hex."""

    accounts: tuple[str, ...]
    slots: Mapping[tuple[str, int], int]  # written ones, with what they held before; not those read
    destroyed: tuple[str, ...]  # by SELFDESTRUCT


def touched(journal: str) -> Touched:
    """Read ``journal_str``. Raises JournalUnreadable."""
    start = journal.rfind(JOURNAL_START)
    end = journal.find(JOURNAL_END, start)
    if start < 0 or end < 0:
        raise JournalUnreadable(f"no journal in {journal[-200:]!r}")
    accounts: dict[str, None] = {}
    slots: dict[tuple[str, int], int] = {}
    destroyed: dict[str, None] = {}
    # A batch has hundreds of entries, most of them alike: a contract's calls to itself move nothing.
    entries = dict.fromkeys(journal[start + len(JOURNAL_START) : end].split(" }"))
    for entry in entries:
        kind, _, fields = entry.partition(" { ")
        kind = kind.lstrip("[], ")
        try:
            if kind == STORED:
                if not fields.endswith("had_value: None"):
                    address, key, before = fields.split(", ")
                    slot = _address(address, "address: "), int(_value(key, "key: "))
                    slots.setdefault(slot, int(_value(before, "had_value: Some(", ")")))
            elif kind == TRANSFERRED:
                giver, taker, amount = fields.split(", ")
                if _value(amount, "balance: ") != "0":
                    accounts[_address(giver, "from: ")] = None
                    accounts[_address(taker, "to: ")] = None
            elif kind in OF_ONE_ACCOUNT:
                accounts[_address(fields, "address: ")] = None
            elif kind == DESTROYED:
                gone, heir, *_ = fields.split(", ")
                destroyed[_address(gone, "address: ")] = None
                accounts[_address(gone, "address: ")] = None
                accounts[_address(heir, "target: ")] = None
            elif kind != LOADED and (kind or fields):
                raise ValueError(kind)
        except ValueError:
            raise JournalUnreadable(f"an unknown entry {entry[:500]!r}") from None
    return Touched(tuple(accounts), slots, tuple(destroyed))


def _address(field: str, name: str) -> str:
    address = _value(field, name)
    if len(address) != _ADDRESS_LENGTH or address[:2] != "0x":
        raise ValueError(field)
    return address


def _value(field: str, before: str, after: str = "") -> str:
    if not field.startswith(before) or not field.endswith(after):
        raise ValueError(field)
    return field[len(before) : len(field) - len(after)]


def failure(message: str) -> tuple[bool, bytes]:
    """Whether a failed execution reverted, and what it returned. Raises JournalUnreadable."""
    found = _FAILURE.fullmatch(message)
    if found is None:
        raise JournalUnreadable(f"not a failed execution: {message[:500]}")
    kind, output = found.groups()
    return kind == "Revert", bytes.fromhex(output or "")
