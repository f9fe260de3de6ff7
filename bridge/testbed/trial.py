"""A scripted bridge test: a scenario with trades of one's own, run to its end and held to account.

``Trial`` starts from a shipped scenario or a file, takes other trades, positions and settings, and
runs; ``Outcome`` asserts what came of it. A failing assertion names the trade, what was expected,
what happened and why. Everything goes through the scenario's own checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias

import tomli_w

from bridge.errors import UsageError
from bridge.identifiers import lei_check_digits
from bridge.readmodel import ReadModel
from bridge.testbed.input_file import read_bounded
from bridge.testbed.names import did_you_mean
from bridge.testbed.scenario import Scenario
from bridge.testbed.scenario_file import find_scenario, parse_scenario
from bridge.testbed.testbed import Testbed
from bridge.trade_view import TradeView

LEI_STEM = "LOCK00TRIAL0000000"
LEI = LEI_STEM + lei_check_digits(LEI_STEM)
"""Illustrative: who generates the references of trades that a test makes up."""

PREPARE_BY_S = 60
DECIDE_BY_S = 120


Move: TypeAlias = tuple[str, str, str, str]
"""One leg: an amount as a decimal text, an instrument, who gives and who takes."""


class Trial:
    """A scenario in the making; every method but ``start`` and ``run`` returns the trial itself."""

    def __init__(
        self,
        scenario: str | Path = "dvp",
        *,
        seed: int | None = None,
        engine: str = "auto",
        begun: Callable[[Testbed], None] = lambda _testbed: None,
    ) -> None:
        """Begin with a shipped scenario, or a file. Raises ScenarioError."""
        self._file = find_scenario(scenario) if isinstance(scenario, str) else scenario
        self._document: dict[str, Any] = tomllib.loads(read_bounded(self._file).decode())
        self._seed = seed
        self._engine = engine
        self._begun = begun
        self._has_own_trades = False

    def trade(
        self,
        *moves: Move,
        name: str = "",
        hub: str | None = None,
        expect: str = "settled",
        prepare_by_s: int = PREPARE_BY_S,
        decide_by_s: int = DECIDE_BY_S,
        submit_at_s: int = 1,
    ) -> Self:
        """Add a trade; the first one takes the place of the scenario's own trades.

        ``name`` is what the assertions call it, T1, T2, … unless given; ``hub`` the chain that
        decides, the first leg's unless given.
        """
        if not self._has_own_trades:
            for section in ("trades", "objections", "cancellations", "faults", "blotter"):
                self._document.pop(section, None)
            self._document["trades"] = []
            self._has_own_trades = True
        trades: list[dict[str, Any]] = self._document["trades"]
        legs = [self._leg(move) for move in moves]
        trades.append(
            {
                "uti": LEI + (name or f"T{len(trades) + 1}"),
                "hub": hub or (legs[0]["chain"] if legs else ""),
                "submit_at_s": submit_at_s,
                "prepare_by_s": prepare_by_s,
                "decide_by_s": decide_by_s,
                "expect": expect,
                "legs": legs,
            }
        )
        return self

    def position(self, participant: str, instrument: str, amount: str) -> Self:
        """Give a participant another opening position."""
        positions = [
            row
            for row in self._document.get("positions", [])
            if (row["participant"], row["instrument"]) != (participant, instrument)
        ]
        row = {"participant": participant, "instrument": instrument, "amount": amount}
        self._document["positions"] = [*positions, row]
        return self

    def set(self, key: str, value: object) -> Self:
        """Change one setting, named by its dotted key: ``participants.thames.policy``."""
        *path, last = key.split(".")
        table = self._document
        for part in path:
            table = table.setdefault(part, {})
        table[last] = value
        return self

    def scenario(self) -> Scenario:
        """What will run. Raises ScenarioError, or Faults with everything that is wrong."""
        content = tomli_w.dumps(self._document).encode()
        return parse_scenario(content, self._file.name, self._file.parent)

    def start(self) -> Testbed:
        """A testbed at virtual time zero, to be stepped by hand."""
        testbed = Testbed.from_scenario(self.scenario(), self._seed, self._engine)
        self._begun(testbed)
        return testbed

    def run(self) -> Outcome:
        """Run to the end."""
        testbed = self.start()
        testbed.run()
        return Outcome(testbed)

    def _leg(self, move: Move) -> dict[str, str]:
        amount, instrument, sender, receiver = move
        chain = self._chain_of(instrument)
        return {
            "chain": chain,
            "instrument": instrument,
            "from": sender,
            "to": receiver,
            "amount": amount,
        }

    def _chain_of(self, instrument: str) -> str:
        known = {**self._document.get("cash", {}), **self._document.get("securities", {})}
        if instrument not in known:
            raise UsageError(
                "E-USAGE-INSTRUMENT",
                f"{self._file.stem} has no instrument {instrument!r}",
                hint=did_you_mean(instrument, known),
            )
        return str(known[instrument]["chain"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run and what can be asserted of it."""

    testbed: Testbed

    @property
    def model(self) -> ReadModel:
        """Everything the journal says."""
        return self.testbed.query()

    def assert_expectations_met(self) -> None:
        """Every trade ended as it says, assets are conserved, no invariant is broken."""
        for check in self.model.expectations:
            if not check.met:
                self._fail(check.reference, check.expected)
        self.assert_no_violations()

    def assert_settled(self, name: str = "") -> None:
        """The trade is committed and every leg is delivered; all trades without a name."""
        for trade in self._named(name):
            if trade.verdict != "settled":
                self._fail(trade.instruction.reference, "settled")

    def assert_aborted(self, name: str = "", because: str = "") -> None:
        """The trade is aborted and nothing is held; ``because`` is a cause or its ISO code."""
        for trade in self._named(name):
            if trade.verdict != "aborted":
                self._fail(trade.instruction.reference, "aborted")
            found = self.model.explain(trade.instruction.trade_id)
            if because and (found is None or because not in (found.reason_code, found.cause)):
                self._fail(trade.instruction.reference, f"aborted because {because}")

    def assert_conserved(self) -> None:
        """No instrument was created or lost."""
        lost = [row.instrument for row in self.model.conservation() if not row.is_conserved]
        if lost:
            raise AssertionError(f"not conserved: {', '.join(lost)}")

    def assert_no_violations(self) -> None:
        """The auditor found nothing."""
        if self.model.violations:
            told = "\n  ".join(f"{found.name}: {found.detail}" for found in self.model.violations)
            raise AssertionError(f"{len(self.model.violations)} violations\n  {told}")

    def _named(self, name: str) -> list[TradeView]:
        trades = list(self.model.trades.values())
        found = [
            trade for trade in trades if name in ("", trade.label, trade.instruction.reference)
        ]
        if not found:
            labels = [trade.label for trade in trades]
            hint = did_you_mean(name, labels)
            raise UsageError("E-USAGE-TRADE", f"the run has no trade {name!r}", hint=hint)
        return found

    def _fail(self, reference: str, expected: str) -> None:
        try:
            trade = self.model.trade(reference)
        except KeyError:
            raise AssertionError(f"expected {expected}, which is not so") from None
        found = self.model.explain(trade.instruction.trade_id)
        why = ""
        if found is not None:
            code = f"[{found.reason_code}] " if found.reason_code else ""
            why = f"\n  why: {code}{found.sentence}"
        steps = "\n".join(
            f"  {step.at_ms / 1000:7.1f} s  {step.chain:<10} {step.milestone.value}"
            + (f": {step.detail}" if step.detail else "")
            for step in trade.timeline
        )
        raise AssertionError(
            f"trade {trade.label}: expected {expected}, it is {trade.state.value}{why}\n{steps}"
        )
