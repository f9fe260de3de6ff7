"""What a trade's happenings add to its sequence diagram, in their order.

What is still to come is drafted too, as long as nothing stands against it: the diagram then shows
at a glance how far the trade is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from gui.i18n import mark, tr
from gui.models.facts import Happening, LegFacts, RunFacts, TradeFacts
from gui.models.network_scene import proven_word
from gui.models.scene import StepState
from gui.names import is_cash, leg_amount

RELAYER: Final = "relayer"
STILL_TO_COME: Final = -1

PURPOSES: Final = {
    "open": mark("opens the trade"),
    "hold": mark("asks to hold"),
    "refuse": mark("refuses"),
    "object": mark("objects"),
    "cancel": mark("cancels"),
    "abort": mark("asks to abort"),
    "resolve": mark("resolves"),
    "announce": mark("has it announced"),
    "deliver": mark("has it delivered"),
}
SKIPPING: Final = ("open", "hold", "prove")
"""What is done for many trades at once, and may leave some of them out."""

ACTIONS: Final = {
    "signed": (mark("signs"), StepState.SETTLED),
    "waited": (mark("waits"), StepState.PENDING),
    "withheld": (mark("withholds"), StepState.FAILED),
}


@dataclass(slots=True)
class Draft:
    """A message whose row is not known yet and whose state may still change."""

    at_ms: int
    source: str
    target: str
    text: str
    state: StepState
    is_final: bool = False
    is_lost: bool = False


@dataclass(slots=True)
class Drafting:
    """The messages of one trade, drafted in the order of its happenings."""

    run: RunFacts
    trade: TradeFacts
    drafts: list[Draft] = field(default_factory=list)
    _open: dict[str, Draft] = field(default_factory=dict)  # by the hash of the transaction
    _batches: defaultdict[tuple[str, int], list[Draft]] = field(
        default_factory=lambda: defaultdict(list)
    )  # what succeeded for many trades at once, by chain and height
    _proving: dict[str, str] = field(default_factory=dict)  # the last proof's hash, by chain

    def take(self, happening: Happening) -> None:
        """Draft what a happening adds to the diagram."""
        match happening.kind:
            case "ParticipantActed" if happening.text("action") in ACTIONS:
                text, state = ACTIONS[happening.text("action")]
                self._note(happening, happening.text("participant"), tr(text), state)
            case "TransactionSubmitted" if happening.text("purpose") in PURPOSES:
                self._sent(happening)
            case "PacketRelayed":
                self._relayed(happening)
            case "TransactionSubmitted":
                self._proving[happening.text("chain")] = happening.text("tx_hash")
            case "TransactionIncluded" | "TransactionFailed" | "TransactionLost":
                self._ended(happening)
            case "TradeDecided":
                self._decided(happening)
            case _:
                self._legs_changed(happening, happening.text("chain"))

    def _legs_changed(self, happening: Happening, chain: str) -> None:
        match happening.kind:
            case "TradeOpened" | "LegsHeld":
                self._note(happening, chain, self._held(chain), StepState.HELD)
            case "LegsRefused":
                self._note(happening, chain, tr("refused for good"), StepState.FAILED)
            case "LegsObjected":
                self._note(happening, chain, tr("objected to"), StepState.FAILED)
            case "LegsExecuted":
                self._note(happening, chain, self._moved(chain), StepState.SETTLED)
            case "LegsReleased":
                text = tr("releases {amount}", amount=self._amount(chain))
                self._note(happening, chain, text, StepState.FAILED)
            case "LegDelivered":
                self._note(happening, chain, tr("delivers what was left"), StepState.SETTLED)
            case "MemberSkipped":
                text = tr("skipped: {reason}", reason=happening.text("reason"))
                self._note(happening, chain, text, StepState.FAILED)
                for draft in self._batches[chain, happening.number("height")]:
                    draft.state = StepState.FAILED

    def expect(self) -> None:
        """Draft what is still to come, unless something already stands against it."""
        if any(draft.state is StepState.FAILED and not draft.is_lost for draft in self.drafts):
            return
        trade, hub = self.trade, self.trade.hub
        foreign = [chain for chain in chains_of(trade) if chain != hub]
        for chain in chains_of(trade):
            legs = [leg for leg in trade.legs if leg.chain == chain and leg.state == "waiting"]
            is_asked = any(
                draft.target == chain and draft.source in self.run.participants
                for draft in self.drafts
            )
            if legs and not is_asked:
                purpose = PURPOSES["open" if chain == hub else "hold"]
                self._to_come(legs[0].sender, chain, tr(purpose))
        if not trade.outcome:
            for chain in foreign:
                if not self._has_sent(chain):
                    self._carry(chain, hub, tr("held"))
            self._to_come(hub, hub, tr("commits"))
        for chain in foreign:
            if any(leg.state in ("waiting", "held") for leg in self._legs(chain)):
                if not self._has_sent(hub, chain):
                    self._carry(hub, chain, tr("committed"))
                self._to_come(chain, chain, self._moved(chain))

    def _sent(self, happening: Happening) -> None:
        text = tr(PURPOSES[happening.text("purpose")])
        sender, chain = happening.text("sender"), happening.text("chain")
        call = Draft(happening.at_ms, sender, chain, text, StepState.IN_FLIGHT)
        self.drafts.append(call)
        self._open[happening.text("tx_hash")] = call

    def _relayed(self, happening: Happening) -> None:
        source, target = happening.text("source"), happening.text("destination")
        word = proven_word(source, self.trade)
        carried = tr("header {height}, proof", height=happening.number("height"))
        proof = Draft(
            happening.at_ms, RELAYER, target, tr("proves {fact}", fact=word), StepState.IN_FLIGHT
        )
        self.drafts.append(Draft(happening.at_ms, source, RELAYER, carried, StepState.SETTLED))
        self.drafts.append(proof)
        self._open[self._proving.get(target, "")] = proof

    def _ended(self, happening: Happening) -> None:
        call = self._open.pop(happening.text("tx_hash"), None)
        if call is None:
            return
        if happening.kind == "TransactionIncluded":
            call.state = StepState.SETTLED
            if len(happening.trade_ids) > 1 and happening.text("purpose") in SKIPPING:
                self._batches[call.target, happening.number("height")].append(call)
            return
        call.state = StepState.FAILED
        call.is_lost = happening.kind == "TransactionLost"
        reason = tr("lost") if call.is_lost else happening.text("reason")
        call.text = f"{call.text}: {reason}"

    def _decided(self, happening: Happening) -> None:
        is_commit = happening.text("outcome") == "committed"
        text = tr("COMMITS") if is_commit else tr("ABORTS")
        state = StepState.SETTLED if is_commit else StepState.FAILED
        chain = happening.text("chain")
        self.drafts.append(Draft(happening.at_ms, chain, chain, text, state, is_final=True))

    def _note(self, happening: Happening, actor: str, text: str, state: StepState) -> None:
        self.drafts.append(Draft(happening.at_ms, actor, actor, text, state))

    def _to_come(self, source: str, target: str, text: str) -> None:
        self.drafts.append(Draft(STILL_TO_COME, source, target, text, StepState.PENDING))

    def _carry(self, source: str, target: str, fact: str) -> None:
        self._to_come(source, RELAYER, tr("header, proof"))
        self._to_come(RELAYER, target, tr("proves {fact}", fact=fact))

    def _has_sent(self, source: str, target: str = RELAYER) -> bool:
        wanted = (source, RELAYER) if target == RELAYER else (RELAYER, target)
        return any((draft.source, draft.target) == wanted for draft in self.drafts)

    def _held(self, chain: str) -> str:
        amount = self._amount(chain)
        return tr("holds {amount}", amount=amount) if amount else tr("open")

    def _moved(self, chain: str) -> str:
        legs, amount = self._legs(chain), self._amount(chain)
        if legs and is_cash(self.run, legs[0]):
            return tr("pays {amount}", amount=amount)
        return tr("delivers {amount}", amount=amount)

    def _amount(self, chain: str) -> str:
        return ", ".join(leg_amount(self.run, leg) for leg in self._legs(chain))

    def _legs(self, chain: str) -> list[LegFacts]:
        return [leg for leg in self.trade.legs if leg.chain == chain]


def chains_of(trade: TradeFacts) -> list[str]:
    """The trade's chains, the hub's first."""
    return list(dict.fromkeys((trade.hub, *(leg.chain for leg in trade.legs))))
