"""One account's calls on one chain, by nonce, until each is in a sealed block.

    signed -> stored in the outbox -> submitted -> included or failed
                                          `-> lost: refused, or another took its nonce

A call that is nowhere to be found is submitted again, byte for byte. A nonce below one that waits
is never left empty: the next call takes it, or the one that waits behind it is signed for it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bridge.abi import revert_reason
from bridge.account import Account
from bridge.contract_logs import skipped_in
from bridge.deployed import DeployedChain
from bridge.errands import Errand, errand_of
from bridge.outbox import Entry, State
from bridge.relay_calls import call_of
from bridge.relay_view import LOST, CallEffect, Ended
from bridge.retries import retry_after_s
from chains.engine import Engine, TransactionRejected
from chains.keys import keccak
from chains.transactions import decode_transaction


@dataclass(slots=True)
class Underway:
    """A call that has not ended, and how often it was submitted by this process."""

    entry: Entry
    errand: Errand
    submissions: int = 0
    not_before_s: int = 0


class Lane:
    """Signs, submits and follows; what it learns is told once, and marked in the outbox."""

    def __init__(
        self, engine: Engine, deployed: DeployedChain, account: Account, max_fee_per_gas: int
    ) -> None:
        self.marks: dict[bytes, State] = {}  # not in the outbox yet, by hash
        self._engine = engine
        self._deployed = deployed
        self._account = account
        self._max_fee_per_gas = max_fee_per_gas
        self._open: dict[int, Underway] = {}  # by nonce
        self._missing: list[Underway] = []
        self._refused: list[Ended] = []

    def adopt(self, entries: Iterable[Entry]) -> None:
        """Take over what an earlier life has stored and not ended."""
        for entry in entries:
            call = decode_transaction(entry.raw)
            errand = errand_of(self._deployed, call.to, call.data)
            if errand is not None:
                self._open[entry.nonce] = Underway(entry, errand)

    @property
    def underway(self) -> tuple[Underway, ...]:
        """What has not ended, by nonce."""
        return tuple(self._open[nonce] for nonce in sorted(self._open))

    # --- what became of calls -------------------------------------------------------------------

    def ended(self) -> tuple[Ended, ...]:
        """What has come to its end since the last look."""
        refused, self._refused = self._refused, []
        return (*refused, *self._look())

    def _look(self) -> Iterator[Ended]:
        absent: list[Underway] = []
        for nonce, call in tuple(self._open.items()):
            receipt = self._engine.receipt(call.entry.tx_hash)
            if receipt is None:
                absent.append(call)
            elif receipt.height <= self._engine.finalized:
                del self._open[nonce]
                is_success = receipt.is_success
                self.marks[call.entry.tx_hash] = State.INCLUDED if is_success else State.FAILED
                reason = "" if is_success else revert_reason(receipt.output)
                skipped = skipped_in(receipt.logs, self._deployed.settlement)
                yield Ended(call.errand, is_success, reason, skipped)
        self._missing = []
        if not absent:
            return
        waiting = {transaction.hash for transaction in self._engine.pending_transactions()}
        next_nonce = self._engine.nonce(self._account.address)
        for call in absent:
            if call.entry.tx_hash in waiting:
                continue
            if call.entry.nonce < next_nonce:
                yield self._lose(call, LOST)
            else:
                self._missing.append(call)

    def _lose(self, call: Underway, reason: str) -> Ended:
        del self._open[call.entry.nonce]
        self.marks[call.entry.tx_hash] = State.LOST
        return Ended(call.errand, False, reason)

    # --- new calls ------------------------------------------------------------------------------

    def draft(self, effects: Sequence[CallEffect]) -> tuple[Underway, ...]:
        """Sign effects with the account's next free nonces; nothing is submitted yet."""
        if not effects and not self._open:
            return ()
        nonce = self._engine.nonce(self._account.address, pending=True)
        if not effects:
            return self._fill(nonce)
        drafts: list[Underway] = []
        for effect in effects:
            while nonce in self._open:
                nonce += 1
            to, data, gas_limit = call_of(effect, self._deployed)
            drafts.append(self._sign(nonce, to, data, gas_limit, effect.errand))
            nonce += 1
        return tuple(drafts)

    def _fill(self, nonce: int) -> tuple[Underway, ...]:
        """What waits behind a nonce that nobody uses, signed for that nonce."""
        behind = [later for later in self._open if later > nonce]
        if nonce in self._open or not behind:
            return ()
        next_one = self._open[min(behind)]
        call = decode_transaction(next_one.entry.raw)
        return (self._sign(nonce, call.to, call.data, call.gas_limit, next_one.errand),)

    def _sign(
        self, nonce: int, to: bytes | None, data: bytes, gas_limit: int, errand: Errand
    ) -> Underway:
        chain_id = self._deployed.chain_id
        raw = self._account.sign(chain_id, nonce, to, data, gas_limit, self._max_fee_per_gas)
        return Underway(Entry(chain_id, nonce, keccak(raw), raw), errand)

    # --- submitting -----------------------------------------------------------------------------

    def missing(self, now_s: int) -> Iterator[Underway]:
        """What is stored and not on the chain, by nonce, as far as it is due again."""
        for call in sorted(self._missing, key=lambda call: call.entry.nonce):
            if now_s >= call.not_before_s:
                yield call

    def submit(self, call: Underway, now_s: int) -> bool:
        """Send what is stored; False when the node refuses it, which ends it."""
        nonce = call.entry.nonce
        self._open[nonce] = call
        try:
            self._engine.submit(call.entry.raw)
        except TransactionRejected as error:
            is_taken = self._engine.nonce(self._account.address, pending=True) > nonce
            self._refused.append(self._lose(call, LOST if is_taken else str(error)))
            return False
        call.submissions += 1
        call.not_before_s = now_s + (retry_after_s(LOST, call.submissions) or 0)
        self.marks[call.entry.tx_hash] = State.SUBMITTED
        return True
