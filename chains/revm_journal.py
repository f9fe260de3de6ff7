"""What a transaction touched, read from the debug text of revm's journal.

The binding shows results and accounts but not which of them changed; only ``journal_str`` names
them, the Rust debug text of revm 8's ``JournaledState``:

    JournaledState { state: {...}, ..., journal: [[AccountTouched { address: 0x.. }, ...], ...], ...

Entries of frames that reverted are gone from it. The format is pinned with the version of the
binding; an entry that is not known here is an error, never overlooked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
        "StorageChange",
    )
)

_ADDRESS = "0x[0-9a-f]{40}"
_ENTRY = re.compile(
    rf"(\w+) {{ (?:address|from): ({_ADDRESS})"
    rf"(?:, (?:to|target): ({_ADDRESS})|, key: (\d+), had_value: (\w+))?"
)
_FAILURE = re.compile(r"(Revert|Halt) \{ (?:reason: .*, )?gas_used: \d+(?:, output: 0x(\w*))? \}")


class JournalUnreadable(ChainError):
    """The binding's debug text is not the one that this parser was written for."""

    code = "E-CHAIN-JOURNAL-UNREADABLE"


@dataclass(frozen=True, slots=True)
class Touched:
    """What may differ from before, in the order of first mention; addresses are 0x-hex."""

    accounts: tuple[str, ...]
    slots: tuple[tuple[str, int], ...]  # written ones; a slot that was only read is left out
    destroyed: tuple[str, ...]  # by SELFDESTRUCT


def touched(journal: str) -> Touched:
    """Read ``journal_str``. Raises JournalUnreadable."""
    start = journal.rfind(JOURNAL_START)
    end = journal.find(JOURNAL_END, start)
    if start < 0 or end < 0:
        raise JournalUnreadable(f"no journal in {journal[-200:]!r}")
    text = journal[start:end]
    entries = _ENTRY.findall(text)
    if len(entries) != text.count("{"):
        raise JournalUnreadable(f"an entry of another form in {text[:2000]!r}")
    accounts: dict[str, None] = {}
    slots: dict[tuple[str, int], None] = {}
    destroyed: dict[str, None] = {}
    for kind, address, other, key, had_value in entries:
        if kind not in KINDS:
            raise JournalUnreadable(f"an unknown entry {kind}")
        if had_value == "Some":
            slots[address, int(key)] = None
        elif not key and kind != LOADED:
            accounts[address] = None
            if other:
                accounts[other] = None
            if kind == DESTROYED:
                destroyed[address] = None
    return Touched(tuple(accounts), tuple(slots), tuple(destroyed))


def failure(message: str) -> tuple[bool, bytes]:
    """Whether a failed execution reverted, and what it returned. Raises JournalUnreadable."""
    found = _FAILURE.fullmatch(message)
    if found is None:
        raise JournalUnreadable(f"not a failed execution: {message[:500]}")
    kind, output = found.groups()
    return kind == "Revert", bytes.fromhex(output or "")
