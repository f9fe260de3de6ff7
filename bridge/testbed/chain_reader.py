"""Small reads of what the chains store now: statuses, positions, who is short of what."""

from __future__ import annotations

from bridge import abi, contract_calls
from bridge.amounts import grouped_text
from bridge.deployed import DeployedChain, Deployment
from bridge.model import Address, ChainId, Status, Trade, TradeId
from bridge.testbed.world import World
from chains.engine import Call, Height


class ChainReader:
    """Calls without a transaction, at the head of each chain unless a height is named."""

    def __init__(self, world: World, deployment: Deployment) -> None:
        self._world = world
        self._deployment = deployment

    def status(self, chain_id: ChainId, trade_id: TradeId) -> Status:
        """What the chain's settlement contract stores of a trade."""
        chain = self._deployment.by_id(chain_id)
        return Status(self._number(chain, chain.settlement, contract_calls.status_of(trade_id)))

    def position(
        self, chain: str, instrument: str, account: Address, at: Height | None = None
    ) -> tuple[int, int]:
        """Balance, held amounts included, and what is held of it."""
        deployed = self._deployment.chains[chain]
        token = deployed.tokens[instrument]
        balance = self._number(deployed, token, contract_calls.balance_of(account), at)
        return balance, self._number(deployed, token, contract_calls.held_of(account), at)

    def shortage(self, trade: Trade, chain_id: ChainId) -> str:
        """Which sender of legs on a chain lacks what; empty when nobody does."""
        chain = self._deployment.by_id(chain_id)
        needed: dict[tuple[Address, Address], int] = {}
        for leg in trade.legs:
            if leg.chain_id == chain_id:
                key = leg.sender, leg.token
                needed[key] = needed.get(key, 0) + leg.amount_minor
        for (sender, token), amount in needed.items():
            code = next((c for c, address in chain.tokens.items() if address == token), None)
            if code is None:
                continue
            balance, held = self.position(chain.name, code, sender)
            if balance - held < amount:
                needs, has = self._decimal(code, amount), self._decimal(code, balance - held)
                return f"short of {code}: needs {needs}, has {has}"
        return ""

    def _decimal(self, code: str, amount_minor: int) -> str:
        minor_units = self._world.scenario.instruments[code].minor_units
        return grouped_text(amount_minor, minor_units)

    def _number(
        self, chain: DeployedChain, to: Address, data: bytes, at: Height | None = None
    ) -> int:
        engine = self._world.engines[chain.name]
        return abi.Reader(engine.call(Call(to=to, data=data), at)).integer(0)
