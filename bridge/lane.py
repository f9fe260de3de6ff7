"""One account's calls on one chain, by nonce, until each is in a sealed block.

    signed -> stored in the outbox -> submitted -> included or failed
                                          `-> lost: refused, or another took its nonce

A call that is nowhere to be found is submitted again, byte for byte. A nonce below one that waits
is never left empty: the next call takes it, or the one that waits behind it is signed for it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

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
        self._open: dict[int, Underway] = {}  # by nonce, ascending
        self._missing: list[Underway] = []
        self._refused: list[Ended] = []

    def adopt(self, entries: Iterable[Entry]) -> None:
        """Take over what an earlier life has stored and not ended."""
        for entry in sorted(entries, key=lambda entry: entry.nonce):
            call = decode_transaction(entry.raw)
            errand = errand_of(self._deployed, call.to, call.data)
            if errand is not None:
                self._open[entry.nonce] = Underway(entry, errand)

    @property
    def underway(self) -> tuple[Underway, ...]:
        """What has not ended, by nonce."""
        return tuple(self._open.values())

    # --- what became of calls -------------------------------------------------------------------

    def ended(self) -> tuple[Ended, ...]:
        """What has come to its end since the last look."""
        refused, self._refused = self._refused, []
        return (*refused, *self._look())

    def _look(self) -> Iterator[Ended]:
        """Asks for no more calls than have ended: those whose nonces are used up."""
        self._missing = []
        if not self._open:
            return
        next_nonce = self._engine.nonce(self._account.address)
        lost: list[Underway] = []
        for call in tuple(takewhile(lambda c: c.entry.nonce < next_nonce, self._open.values())):
            receipt = self._engine.receipt(call.entry.tx_hash)
            if receipt is None:
                lost.append(call)
            elif receipt.height <= self._engine.finalized:
                del self._open[call.entry.nonce]
                is_success = receipt.is_success
                self.marks[call.entry.tx_hash] = State.INCLUDED if is_success else State.FAILED
                reason = "" if is_success else revert_reason(receipt.output)
                skipped = skipped_in(receipt.logs, self._deployed.settlement)
                yield Ended(call.errand, is_success, reason, skipped)
        for call in lost:
            yield self._lose(call, LOST)
        self._missing = self._astray(next_nonce)

    def _astray(self, next_nonce: int) -> list[Underway]:
        """What is in no block and does not wait for one; nothing while no nonce is left empty.

        Where another's transaction waits at our nonce, ours is lost as soon as that one is in.
        """
        if self._engine.nonce(self._account.address, pending=True) > self._highest:
            return []
        waiting = {transaction.hash for transaction in self._engine.pending_transactions()}
        return [
            call
            for nonce, call in self._open.items()
            if nonce >= next_nonce and call.entry.tx_hash not in waiting
        ]

    @property
    def _highest(self) -> int:
        return next(reversed(self._open), -1)

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
        if nonce in self._open or nonce > self._highest:
            return ()
        next_one = next(call for later, call in self._open.items() if later > nonce)
        call = decode_transaction(next_one.entry.raw)
        return (self._sign(nonce, call.to, call.data, call.gas_limit, next_one.errand),)

    def _sign(
        self, nonce: int, to: bytes | None, data: bytes, gas_limit: int, errand: Errand
    ) -> Underway:
        chain_id = self._deployed.chain_id
        raw = self._account.sign(chain_id, nonce, to, data, gas_limit, self._max_fee_per_gas)
        tx_hash = decode_transaction(raw).hash  # known from the signing
        return Underway(Entry(chain_id, nonce, tx_hash, raw), errand)

    # --- submitting -----------------------------------------------------------------------------

    def missing(self, now_s: int) -> Iterator[Underway]:
        """What is stored and not on the chain, by nonce, as far as it is due again."""
        for call in self._missing:
            if now_s >= call.not_before_s:
                yield call

    def submit(self, call: Underway, now_s: int) -> bool:
        """Send what is stored; False when the node refuses it, which ends it."""
        nonce = call.entry.nonce
        self._follow(nonce, call)
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

    def _follow(self, nonce: int, call: Underway) -> None:
        is_between = nonce < self._highest and nonce not in self._open
        self._open[nonce] = call
        if is_between:
            self._open = dict(sorted(self._open.items()))
