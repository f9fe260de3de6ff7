"""Engines whose every block is shown to an auditor, in the order of production."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.auditor import Auditor, Violation
from bridge.model import ChainId
from chains.engine import Block, Height
from tests.support.engine_trades import EngineTrades


@dataclass(slots=True)
class AuditedEngines(EngineTrades):
    """All chains, and who audits them; nobody does until it is asked for."""

    auditor: Auditor | None = None
    violations: list[Violation] = field(default_factory=list)

    def audit_from_the_start(self) -> None:
        """A new auditor, who is shown every block so far in the order of production."""
        self.auditor = Auditor()
        self.violations.clear()
        blocks: list[tuple[int, ChainId, Block]] = []
        for name, chain in self.chains.items():
            tokens: dict[bytes, str] = {chain.cash: "cash", chain.security: "security"}
            clients: dict[int, bytes] = dict(chain.clients.items())
            self.auditor.watch(str(name), name, chain.settlement, tokens, clients, chain.engine)
            heights = range(1, chain.engine.latest + 1)
            found = (chain.engine.block(Height(height)) for height in heights)
            blocks += [(block.timestamp_s, name, block) for block in found]
            chain.watch = self._show
        for _, name, block in sorted(blocks, key=lambda each: each[0]):
            self._show(name, block)

    def check(self) -> None:
        """No rule was ever broken, and the tokens agree with their logs."""
        assert self.auditor is not None
        self.violations += self.auditor.recount()
        assert self.violations == []

    def alarms(self) -> list[str]:
        """What the auditor found worth an alarm, by name."""
        assert self.auditor is not None
        return [alarm.name.value for alarm in self.auditor.alarms]

    def _show(self, chain: ChainId, block: Block) -> None:
        assert self.auditor is not None
        self.violations += self.auditor.after_block(chain, block, block.height)
