"""Whose address, contract, call or trade this is, in the words of one recorded run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bridge import abi, contract_calls, contract_logs
from bridge.events import TransactionSubmitted
from bridge.model import Status
from bridge.readmodel import ReadModel
from bridge.testbed.rerun import Rerun
from chains.engine import Log, Transaction

CALLS: Final = {
    abi.selector(signature): signature.partition("(")[0]
    for signature in (
        *contract_calls.SETTLEMENT_CALLS,
        *contract_calls.TOKEN_CALLS,
        contract_calls.UPDATE,
        contract_calls.REGISTER,
        contract_calls.SET_FROZEN,
        contract_calls.FORCED_TRANSFER,
    )
}
OTHER_LOGS: Final = {
    abi.topic("Approval(address,address,uint256)"): "Approval",
    abi.topic("Duplicate(bytes32)"): "Duplicate",
}


@dataclass(frozen=True, slots=True)
class RunNames:
    """The names of one chain's addresses and of the run's trades."""

    accounts: Mapping[bytes, str]
    contracts: Mapping[bytes, str]
    chains: Mapping[int, str]
    trades: Mapping[bytes, str]
    submitted: Mapping[bytes, TransactionSubmitted]

    @classmethod
    def of(cls, again: Rerun, chain: str) -> RunNames:
        """The names as they are used on a chain."""
        model = ReadModel.of(again.recorded)
        accounts = again.testbed.world.accounts
        deployed = again.testbed.deployment.chains
        submitted = (entry.event for entry in again.recorded)
        return cls(
            accounts={account.address: name for name, account in accounts.items()},
            contracts={c.address: c.name for c in model.contracts if c.chain == chain},
            chains={item.chain_id: name for name, item in deployed.items()},
            trades={trade_id: view.label for trade_id, view in model.trades.items()},
            submitted={s.tx_hash: s for s in submitted if isinstance(s, TransactionSubmitted)},
        )

    def address(self, address: bytes) -> str:
        """A contract's or an account's name; the address itself when it is a stranger's."""
        if not any(address):
            return "nobody"
        return self.contracts.get(address) or self.accounts.get(address) or f"0x{address.hex()}"

    def trade(self, trade_id: bytes) -> str:
        """A trade's label; its id when the run does not know it."""
        return self.trades.get(trade_id, f"0x{trade_id.hex()}")

    def call(self, sent: Transaction) -> str:
        """What a transaction calls, and why its sender said it was sent."""
        if sent.to is None:
            called = "deploys a contract"
        else:
            name = CALLS.get(sent.data[:4], f"0x{sent.data[:4].hex()}")
            called = f"{self.address(sent.to)}.{name}"
        noted = self.submitted.get(sent.hash)
        if noted is None:
            return called
        about = ", ".join(self.trade(trade_id) for trade_id in noted.trade_ids)
        return f"{called}, to {noted.purpose.value}{f' {about}' if about else ''}"

    def log(self, log: Log) -> str:
        """What a log says."""
        found = contract_logs.decode(log) if log.address in self.contracts else None
        if found is None:
            topic = log.topics[0] if log.topics else b""
            return OTHER_LOGS.get(topic, f"topic 0x{topic.hex()}, {len(log.data)} bytes")
        return self._said(found)

    def _said(self, said: contract_logs.ContractLog) -> str:
        kind = type(said).__name__
        match said:
            case contract_logs.Announced(chain_id, ids, statuses):
                chain = self.chains.get(chain_id, str(chain_id))
                return f"{kind} on {chain}: {self.statuses(ids, statuses)}"
            case contract_logs.Opened(trade_id) | contract_logs.Held(trade_id):
                return f"{kind} {self.trade(trade_id)}"
            case contract_logs.Executed(trade_id, mask) | contract_logs.Released(trade_id, mask):
                left = f", legs left behind: {mask:b}" if mask else ""
                return f"{kind} {self.trade(trade_id)}{left}"
            case contract_logs.Delivered(trade_id, leg):
                return f"{kind} {self.trade(trade_id)} leg {leg}"
            case contract_logs.Skipped(trade_id, reason):
                return f"{kind} {self.trade(trade_id)}: {reason}"
            case contract_logs.HeaderAccepted(height, block_hash):
                return f"{kind} at {height}: 0x{block_hash.hex()}"
            case contract_logs.ValidatorsChanged(height) | contract_logs.Frozen(height):
                return f"{kind} at {height}"
            case _:
                who = f"{self.address(said.sender)} > {self.address(said.receiver)}"
                return f"{kind} {who}: {said.amount_minor} minor units"

    def statuses(self, ids: tuple[bytes, ...], statuses: tuple[Status, ...]) -> str:
        """What is announced of which trade."""
        pairs = zip(ids, statuses, strict=False)
        return ", ".join(f"{self.trade(one)} {status.name}" for one, status in pairs)
