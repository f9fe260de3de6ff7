"""The one door: build a run from a scenario, step it, ask what happened.

One step is one second of virtual time. In it, timers run, participants act, the relayer carries,
every chain produces a block, the auditor looks at the block, and what is final is journalled.
Actions fall ``ACTING_AT_MS`` after a block, the next block at the full second.
"""

from __future__ import annotations

import random
from functools import partial
from typing import assert_never

from bridge import contract_calls
from bridge.amounts import whole_number
from bridge.auditor import Alarm
from bridge.deployed import Deployment
from bridge.errors import UsageError, quoted
from bridge.events import Command, CommandGiven, ParticipantActed, Purpose, Restored
from bridge.journal import Journal
from bridge.model import UINT256_MAX, Trade, TradeId
from bridge.outbox import Outbox
from bridge.readmodel import ReadModel
from bridge.relay_view import LOST
from bridge.testbed import deployment as deploying
from bridge.testbed import faults, instruction, scenario
from bridge.testbed.batching import Batched, failures_of
from bridge.testbed.chain_reader import ChainReader
from bridge.testbed.chronicle import Chronicle
from bridge.testbed.closing import close_run
from bridge.testbed.desk import Desk, Slip
from bridge.testbed.interventions import Interventions
from bridge.testbed.office import Office
from bridge.testbed.opening import open_run
from bridge.testbed.participants import Participants
from bridge.testbed.party import Act, Note, Order
from bridge.testbed.relayer_seat import RelayerSeat
from bridge.testbed.relaying import Relaying
from bridge.testbed.scenario import Scenario
from bridge.testbed.snapshots import Recorded, Snapshot, SnapshotId, trade_of, trade_text
from bridge.testbed.world import RELAYER, World, stream
from chains.clock import MS_PER_S, Clock

ACTING_AT_MS = 200
TRANSFER_GAS = 150_000


class Testbed:
    """A whole run: chains, contracts, participants, relayer, auditor and journal."""

    __test__ = False  # pytest: this is no test class

    def __init__(self, world: World, outbox: Outbox | None = None) -> None:
        """Deploy everything and stand at virtual time zero; see ``from_scenario``."""
        self._snapshots: list[Snapshot] = []
        self._left: list[Journal] = []
        self._is_restorable = outbox is None
        self._begin(world, outbox or Outbox())

    def _begin(self, world: World, outbox: Outbox) -> None:
        """Stand at virtual time zero, whatever was before."""
        self.world = world
        self.deployment: Deployment = deploying.plan(world)
        self._clock = Clock()
        self._desk = Desk(world)
        self._chronicle = Chronicle(world, self.deployment, self._clock, self._desk)
        reader = ChainReader(world, self.deployment)
        self._participants = Participants(world, reader)
        self.outboxes = {RELAYER: outbox}  # by whose account pays
        sit = partial(Relaying, world, self.deployment, self._desk, outboxes=self.outboxes)
        self._seat = RelayerSeat(sit)
        planned = world.scenario
        self._spoken_of = {one.trade for one in planned.objections}
        self._spoken_of |= {one.trade for one in planned.cancellations}
        self._terms: dict[str, tuple[TradeId, Trade]] = {}  # of the trades spoken of, once known
        self._orders: dict[bytes, Order] = {}
        self._instructed: dict[TradeId, scenario.Trade] = {}
        self._awaited = len(world.scenario.trades)
        self._start_s = world.scenario.start_s
        self._time_limit_s = world.scenario.time_limit_s
        self._last_plan_s = world.scenario.last_plan_s
        self._read_model = ReadModel()
        self._is_finished = False
        self._steps = 0
        self._wrap_ports(Office(world, self.deployment, reader, self._participants))
        open_run(world, self.deployment, self._desk, self._chronicle)
        for trade in world.scenario.trades:
            self._clock.at(trade.submit_at_s * MS_PER_S, partial(self._submit_awaited, trade))

    @classmethod
    def from_scenario(
        cls,
        scenario: Scenario,
        seed: int | None = None,
        engine: str = "auto",
        outbox: Outbox | None = None,
    ) -> Testbed:
        """A run at virtual time zero. Raises EngineUnavailable, OutboxFault."""
        world = World.build(scenario, scenario.seed if seed is None else seed, engine)
        return cls(world, outbox)

    # --- commands -------------------------------------------------------------------------------

    def step(self) -> bool:
        """Do one second; False once the run is finished."""
        if self._is_finished:
            return False
        self._steps += 1
        second = self._clock.now_s
        self._clock.advance_to(second * MS_PER_S + ACTING_AT_MS)
        for act in self._acts.step(self.now_s):
            self._do(act)
        for event in self._relays.step(self.now_s):
            self._chronicle.note(event)
        self._clock.advance_to((second + 1) * MS_PER_S)
        for chain in self.world.engines:
            self._produce(chain)
        for trade_id in self._chronicle.recorder.close_finished(self.now_s):
            self._participants.close(trade_id)
        if self._is_over():
            self._finish()
        return not self._is_finished

    def run(self) -> ReadModel:
        """Step until the run is finished."""
        while self.step():
            pass
        return self.query()

    def submit(self, trade: scenario.Trade) -> TradeId:
        """Instruct a trade now; its parties act on it within the next step."""
        terms = instruction.terms(trade, self.world, self.deployment, self.now_s)
        self._record(Command.SUBMIT, trade_text(trade, self.world.scenario))
        return self._instruct(trade, terms)

    def _instruct(self, trade: scenario.Trade, terms: Trade) -> TradeId:
        trade_id = instruction.trade_id(terms, self.deployment)
        self._instructed[trade_id] = trade
        if trade.reference in self._spoken_of:
            self._terms[trade.reference] = trade_id, terms
        self._chronicle.recorder.expect(trade_id, terms)
        self._chronicle.note(instruction.instructed(trade, terms, trade_id))
        self._participants.instruct(trade_id, terms, self.now_s)
        return trade_id

    def pay(self, sender: str, receiver: str, instrument: str, amount_minor: int) -> bytes:
        """Pay in cash by one plain transfer and return its hash. Raises UsageError."""
        cash = self.world.scenario.cash.get(instrument)
        if cash is None or not {sender, receiver} <= set(self.world.scenario.participants):
            raise UsageError(
                "E-USAGE-PAYMENT", f"{sender} cannot pay {receiver} in {instrument}: unknown name"
            )
        data = contract_calls.transfer(self.world.accounts[receiver].address, amount_minor)
        self._record(Command.PAY, sender, receiver, instrument, str(amount_minor))
        chain_id = self.world.chain_id(cash.chain)
        token = self.deployment.chains[cash.chain].tokens[instrument]
        order = Order(sender, chain_id, Purpose.TRANSFER, data, TRANSFER_GAS, to=token)
        return self._send(order).tx_hash

    def restart_relayer(self, account_of: str = RELAYER) -> None:
        """Put a new relayer in the place of the old; it has the outbox and reads the chains.

        Raises UsageError.
        """
        if account_of not in self.world.accounts:
            raise UsageError("E-USAGE-ACCOUNT", f"nobody is called {quoted(account_of)}")
        if account_of in self.world.scenario.third_parties:
            message = f"{account_of} is planned as a third party: one account serves one relayer"
            raise UsageError("E-USAGE-ACCOUNT", message)
        self._record(Command.RESTART_RELAYER, account_of)
        self._seat.replace(account_of)

    def end(self) -> None:
        """Finish the run here: closing positions and verdicts as they stand now."""
        if not self._is_finished:
            self._record(Command.END)
            self._finish()

    def snapshot(self) -> SnapshotId:
        """Remember this moment; it can be restored again and again. Raises UsageError."""
        if not self._is_restorable:
            message = "a run whose relayer keeps its outbox elsewhere cannot be restored"
            raise UsageError("E-USAGE-SNAPSHOT", message)
        self._snapshots.append(Snapshot.of(self.journal, self._steps))
        return SnapshotId(len(self._snapshots) - 1)

    def restore(self, snapshot: SnapshotId) -> None:
        """Become what the run was, as a new branch: chains, relayer, participants, timers, faults.

        The journal goes on from the snapshot's with ``Restored``; views taken before stay with the
        branch that is left. Raises UsageError for a snapshot that was never taken.
        """
        if not 0 <= snapshot < len(self._snapshots):
            raise UsageError("E-USAGE-SNAPSHOT", f"there is no snapshot {snapshot}")
        wanted, left, world = self._snapshots[snapshot], self.journal, self.world
        for outbox in self.outboxes.values():
            outbox.close()
        again = World.build(world.scenario, world.seed, world.engine.name.value)
        self._begin(again, Outbox())
        for command in wanted.commands:
            self._step_to(command.step)
            self.repeat(command)
        self._step_to(wanted.steps)
        wanted.check(self.journal)
        self._left.append(left)
        self._chronicle.note(Restored(self._steps, snapshot))

    def repeat(self, given: Recorded) -> None:
        """Do again, now, what a journal says was commanded. Raises UsageError, AmountError."""
        match given:
            case Restored():
                self._chronicle.note(given)
            case CommandGiven(command=Command.SUBMIT, arguments=(text,)):
                self.submit(trade_of(text, self.world.scenario))
            case CommandGiven(command=Command.PAY, arguments=(sender, receiver, code, amount)):
                self.pay(sender, receiver, code, whole_number(amount, UINT256_MAX))
            case CommandGiven(command=Command.RESTART_RELAYER, arguments=(account_of,)):
                self.restart_relayer(account_of)
            case CommandGiven(command=Command.END, arguments=()):
                self.end()
            case CommandGiven():
                message = f"{given.command.value} does not take {len(given.arguments)} arguments"
                raise UsageError("E-USAGE-REPEAT", message)
            case _:
                assert_never(given)

    def close(self) -> None:
        """End the run; nothing is done any more. An outbox that was lent is its lender's."""
        self._is_finished = True
        for account_of, outbox in self.outboxes.items():
            if account_of != RELAYER or self._is_restorable:
                outbox.close()

    # --- reading --------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        """Everything that happened."""
        return self._chronicle.journal

    @property
    def branches(self) -> tuple[Journal, ...]:
        """The journals of all branches, the one that goes on last; each has a hash of its own."""
        return (*self._left, self.journal)

    @property
    def steps(self) -> int:
        """How many steps were done."""
        return self._steps

    def query(self) -> ReadModel:
        """What the journal means so far; a live view."""
        return self._read_model.catch_up(self.journal)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What the auditor would have somebody look at, although nothing is broken."""
        return self._chronicle.alarms

    @property
    def now_s(self) -> int:
        """Virtual time in Unix seconds, as block headers count."""
        return self._start_s + self._clock.now_s

    @property
    def now_ms(self) -> int:
        """Virtual milliseconds since the run's start."""
        return self._clock.now_ms

    @property
    def open_trades(self) -> int:
        """How many trades are instructed and have not come to their end on every chain."""
        return len(self._chronicle.recorder.progress)

    @property
    def is_finished(self) -> bool:
        """True when no step will do anything."""
        return self._is_finished

    def random(self, name: str) -> random.Random:
        """A new random stream of this run, by its purpose."""
        return stream(self.world.seed, name)

    # --- a step ---------------------------------------------------------------------------------

    def _wrap_ports(self, office: Office) -> None:
        """Put what the scenario plans around everybody who acts; they know nothing of it."""
        planned, note = self.world.scenario, self._chronicle.note
        acts = faults.around_participants(planned, self._participants, office, note)
        if self._spoken_of:
            acts = Interventions(acts, office, self._terms.get)
        self._acts = Batched(acts) if planned.batching else acts
        self._relays = faults.around_relayer(planned, self._seat, note)
        self._produces = {c: faults.around_chain(self.world, c, note) for c in self.world.engines}

    def _submit_awaited(self, trade: scenario.Trade) -> None:
        self._awaited -= 1
        self._instruct(trade, instruction.terms(trade, self.world, self.deployment, self.now_s))

    def _record(self, command: Command, *arguments: str) -> None:
        """Journal a command, before its effects."""
        self._chronicle.note(CommandGiven(self._steps, command, arguments))

    def _step_to(self, steps: int) -> None:
        while self._steps < steps and self.step():
            pass

    def _do(self, act: Act) -> None:
        match act:
            case Note(participant, action, trade_id, reason):
                self._chronicle.note(ParticipantActed(participant, action, trade_id, reason))
            case Order():
                self._send(act)

    def _send(self, order: Order, nonce: int | None = None) -> Slip:
        deployed = self.deployment.by_id(order.chain_id)
        slip = self._desk.send(
            deployed.name,
            self.world.accounts[order.participant],
            order.participant,
            order.purpose,
            order.to or deployed.settlement,
            order.data,
            order.gas_limit,
            order.trade_ids,
            nonce,
        )
        self._orders[slip.tx_hash] = order
        self._chronicle.note(slip.submitted)
        return slip

    def _produce(self, chain: str) -> None:
        block = self._produces[chain].produce_block(self.now_s)
        for receipt in self._chronicle.produced(chain, block):
            order = self._orders.pop(receipt.tx_hash, None)
            if order is not None:
                for failed, reason in failures_of(order, receipt, self.deployment):
                    self._learn_failure(failed, reason)
        for slip in self._desk.lost(chain):
            self._chronicle.note(slip.lost)
            order = self._orders.pop(slip.tx_hash, None)
            if order is not None:
                self._learn_loss(order, slip)

    def _learn_loss(self, order: Order, slip: Slip) -> None:
        """Send what others wait behind again as it was; the rest is for the parties to decide."""
        if self._desk.is_awaited(slip):
            self._send(order, slip.nonce)
            return
        for lost in order.members or (order,):
            self._learn_failure(lost, LOST)

    def _learn_failure(self, order: Order, reason: str) -> None:
        for act in self._participants.failed(order, reason, self.now_s):
            self._do(act)

    # --- the end --------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        if self._clock.now_s >= self._time_limit_s:
            return True
        if self._clock.now_s <= self._last_plan_s:
            return False
        return not (self._awaited or self._desk.in_flight or self._chronicle.recorder.progress)

    def _finish(self) -> None:
        self._seat.close()
        is_pending = bool(self._awaited or self._chronicle.recorder.progress)
        close_run(self._chronicle, self._read_model, self._instructed, is_pending=is_pending)
        self._is_finished = True
