"""What an engine supplies to the ledger: execution of one transaction, and the state behind it.

The ledger keeps blocks, receipts, mempool and finality, the same for every engine; an executor
keeps accounts. States are named by their root, which also says whether two engines agree. The
ledger holds the state of each block that it can return to; an executor may forget all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from chains.engine import Block, Call, Transaction
from chains.headers import Header


class RawLog(NamedTuple):
    """A log as the EVM emitted it, before it has a position."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


class Outcome(NamedTuple):
    """What executing one transaction or call did; a failed one has no logs."""

    is_success: bool
    is_revert: bool  # REVERT, so ``output`` is a reason; otherwise a failure that took all gas
    gas_used: int
    output: bytes
    logs: tuple[RawLog, ...] = ()


class State(Protocol):
    """All accounts after a block."""

    @property
    def root(self) -> bytes: ...
    def nonce(self, account: bytes) -> int: ...
    def balance(self, account: bytes) -> int: ...
    def code(self, account: bytes) -> bytes: ...
    def storage(self, account: bytes, slot: int) -> int: ...


class Executor(Protocol):
    """Executes EVM code over states that it keeps while somebody else holds them."""

    def open(self, balances: Mapping[bytes, int]) -> State:
        """Create the genesis state."""
        ...

    def begin(self, draft: Header) -> None:
        """Start the block after ``draft.state_root``'s; the draft has every field known before."""
        ...

    def pending_nonce(self, account: bytes) -> int:
        """The nonce within the block begun."""
        ...

    def pending_balance(self, account: bytes) -> int:
        """The balance within the block begun."""
        ...

    def execute(self, transaction: Transaction) -> Outcome:
        """Execute within the block begun. The ledger has checked nonce, funds, fee and gas."""
        ...

    def finish(self) -> State:
        """End the block begun and return its state."""
        ...

    def put_away(self, state: State) -> State | None:
        """What the ledger keeps of the state of an old block; None when it should be made again."""
        ...

    def accept(self, header: Header, block: Block) -> None:
        """Hear of a block that joins the chain, genesis included, to check it by own means.

        ``header`` is the block's, without seals.
        """
        ...

    def forget(self, head: Block) -> None:
        """Hear that ``head`` is the chain's last block again."""
        ...

    def simulate(self, call: Call, gas: int, context: Header) -> Outcome:
        """Execute ``call`` after the block ``context`` at gas price 0; its effects are dropped."""
        ...
