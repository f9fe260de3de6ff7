"""What was to be true of a run, one by one, and for what was not: what happened, and why.

The terminal, the report and JUnit tell the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bridge.audit.findings import Rule
from bridge.events import ExpectationChecked
from bridge.figures import amount, seconds
from bridge.plain_text import plain
from bridge.principal import Moment
from bridge.readmodel import ReadModel
from bridge.trade_view import Milestone, Step, TradeView


class Kind(StrEnum):
    """What a check is about; also its class in JUnit."""

    EXPECTATION = "expectation"
    INVARIANT = "invariant"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Check:
    """A claim about a run; ``message`` says which, what was expected, what happened and why."""

    kind: Kind
    name: str
    is_met: bool
    message: str = ""
    evidence: str = ""


def checks(model: ReadModel, moments: Sequence[Moment], to_come: int = 0) -> tuple[Check, ...]:
    """Everything that was to be true, in the order of the scenario, then the invariants.

    ``to_come`` counts the trades of the scenario that were never instructed.
    """
    ids = {trade.instruction.reference: trade_id for trade_id, trade in model.trades.items()}
    return (
        *(_expectation(model, checked, ids) for checked in model.expectations),
        *_unchecked(model),
        *_invariants(model),
        _principal(model, moments),
        _clients(model),
        _end(model, to_come),
    )


def why(model: ReadModel, trade_id: bytes) -> str:
    """Why a trade came to what it came to, in one sentence, with its reason code in brackets."""
    trade, cause = model.trades[trade_id], model.explain(trade_id)
    if cause is None:
        return f"{trade.instruction.hub} committed it{_decision(trade)} and every leg was delivered"
    code = f" [{cause.reason_code}]" if cause.reason_code else ""
    return f"{plain(cause.sentence)}{code}"


def timeline_lines(model: ReadModel, trade: TradeView) -> Iterator[str]:
    """A trade's steps, one a line."""
    for step in trade.timeline:
        place = f" on {step.chain}, block {step.height}" if step.height else ""
        detail = f": {plain(step.detail)}" if step.detail else ""
        yield f"{seconds(step.at_ms):>9}  {step.milestone.value}{place}{detail}"
    for leg in trade.legs:
        moved = amount(model, leg.terms.instrument, leg.terms.amount)
        yield (
            f"{'leg':>9}  {leg.terms.sender} > {leg.terms.receiver}: {moved} on "
            f"{leg.terms.chain} is {leg.state.value}"
        )


def _expectation(model: ReadModel, checked: ExpectationChecked, ids: Mapping[str, bytes]) -> Check:
    if not checked.reference:
        message = "" if checked.met else f"the run: expected {checked.expected}, it is "
        faults = "; ".join(_unbalanced(model))
        return Check(
            Kind.EXPECTATION,
            f"everything is {checked.expected}",
            checked.met,
            f"{message}{checked.actual}: {faults}" if message else "",
        )
    trade_id = ids[checked.reference]
    trade = model.trades[trade_id]
    name = f"trade {trade.label} is {checked.expected}"
    if checked.met:
        return Check(Kind.EXPECTATION, name, True)
    message = (
        f"trade {trade.label}: expected {checked.expected}, but it is {checked.actual}. "
        f"Why: {why(model, trade_id)}"
    )
    evidence = "\n".join((checked.reference, *timeline_lines(model, trade)))
    return Check(Kind.EXPECTATION, name, False, message, evidence)


def _unchecked(model: ReadModel) -> Iterator[Check]:
    """The trades of a run that was stopped before anybody compared them with anything."""
    known = {checked.reference for checked in model.expectations}
    for trade_id, trade in model.trades.items():
        if trade.instruction.reference not in known:
            message = f"trade {trade.label} is {trade.verdict}. Why: {why(model, trade_id)}"
            evidence = "\n".join(timeline_lines(model, trade))
            yield Check(Kind.EXPECTATION, f"trade {trade.label}", False, message, evidence)


def _invariants(model: ReadModel) -> Iterator[Check]:
    for rule in Rule:
        broken = [found for found in model.violations if found.name == rule.value]
        told = []
        for found in broken:
            trade = model.trades.get(found.trade_id)
            about = f"trade {trade.label}" if trade else "the chain"
            told.append(f"{found.chain}, {about}: {plain(found.detail)}")
        message = f"invariant {rule.value} is violated: {'; '.join(told)}" if told else ""
        yield Check(Kind.INVARIANT, rule.value, not broken, message)


def _principal(model: ReadModel, moments: Sequence[Moment]) -> Check:
    worst = next((moment for moment in moments if moment.at_risk), None)
    name = "no principal is ever at risk"
    if worst is None:
        return Check(Kind.INVARIANT, name, True)
    figures = ", ".join(amount(model, code, minor) for code, minor in worst.at_risk.items())
    message = (
        f"expected no principal at risk, but at {seconds(worst.at_ms)} {figures} had been "
        "delivered while the other side could still be released"
    )
    return Check(Kind.INVARIANT, name, False, message)


def _clients(model: ReadModel) -> Check:
    frozen = [f"the one on {chain} for {source}" for chain, source in sorted(model.frozen_clients)]
    message = f"expected no light client to freeze, but did: {', '.join(frozen)}" if frozen else ""
    return Check(Kind.RUN, "no light client is frozen", not frozen, message)


def _end(model: ReadModel, to_come: int) -> Check:
    stalled = [i for i, trade in model.trades.items() if trade.verdict == "pending"]
    name = "the run comes to its end"
    if model.is_finished and not stalled and not to_come:
        return Check(Kind.RUN, name, True)
    told = [f"trade {model.trades[i].label} waits: {why(model, i)}" for i in stalled]
    told += [f"{to_come} trades were still to come"] if to_come else []
    message = f"the run stopped at {seconds(model.now_ms)} before all was done. {'. '.join(told)}"
    return Check(Kind.RUN, name, False, message.strip())


def _unbalanced(model: ReadModel) -> Iterator[str]:
    for kept in model.conservation():
        if not kept.is_conserved:
            totals = f"{kept.opening} at the opening, {kept.now} now"
            yield f"{kept.instrument} on {kept.chain}: {totals}; {'; '.join(kept.faults)}"


def _decision(trade: TradeView) -> str:
    decided = (Milestone.COMMITTED, Milestone.ABORTED)
    step: Step | None = next((s for s in trade.timeline if s.milestone in decided), None)
    return f" at {seconds(step.at_ms)} in block {step.height}" if step else ""
