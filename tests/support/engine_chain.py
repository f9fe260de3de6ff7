"""One chain on the reference engine: our contracts on it, and people who send transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eth_abi.abi import decode, encode

from bridge import contract_calls
from bridge.model import Address, ChainId, Status, TradeId
from chains.config import ChainConfig
from chains.engine import Block, Call, Receipt
from chains.keys import keccak
from chains.ledger import Ledger
from chains.reverts import reason_of
from chains.selection import EngineName, choose
from chains.transactions import sign_transaction
from contracts.artifacts import Artifact, Optimize, load
from tests.support.abi_entries import constructor_inputs, types_of
from tests.support.people import ISSUER, account, key

GAS, DEPLOY_GAS = 4_000_000, 12_000_000
GENESIS_S = 1_799_990_000


@dataclass(slots=True)
class Clock:
    """The one clock of all chains: every block has a second of its own."""

    now_s: int = GENESIS_S

    def tick(self) -> int:
        """The next second."""
        self.now_s += 1
        return self.now_s


def validator_keys(chain_id: int, generation: int = 0, count: int = 4) -> tuple[bytes, ...]:
    """Who seals a chain; each generation has one new validator and has lost the oldest."""
    names = (b"validator %d/%d" % (chain_id, i) for i in range(generation, generation + count))
    return tuple(map(keccak, names))


@dataclass(slots=True)
class EngineChain:
    """One chain; transactions get a block each unless they are queued."""

    chain_id: ChainId
    clock: Clock
    engine_name: EngineName = EngineName.AUTO
    build: Optimize = "gas"
    engine: Ledger = field(init=False, repr=False)
    verifier: Address = field(init=False, repr=False)
    registry: Address = field(init=False, repr=False)
    settlement: Address = field(init=False, repr=False)
    cash: Address = field(init=False, repr=False)
    security: Address = field(init=False, repr=False)
    clients: dict[ChainId, Address] = field(default_factory=dict)
    watch: Callable[[ChainId, Block], None] | None = None

    def __post_init__(self) -> None:
        config = ChainConfig(
            self.chain_id,
            validator_keys(self.chain_id),
            genesis_timestamp_s=GENESIS_S,
            limit_contract_code=self.build == "gas",
        )
        self.engine = choose(self.engine_name).make(config)

    # --- transactions

    def queue(self, who: str, to: bytes | None, data: bytes, gas: int = GAS) -> bytes:
        """Sign and submit, for the next block; the transaction's hash."""
        nonce = self.engine.nonce(account(who), pending=True)
        return self.engine.submit(
            sign_transaction(
                key(who), chain_id=self.chain_id, nonce=nonce, to=to, data=data, gas_limit=gas
            )
        )

    def mine(self) -> Block:
        """The next block, one second later."""
        block = self.engine.produce_block(self.clock.tick())
        if self.watch is not None:
            self.watch(self.chain_id, block)
        return block

    def send(self, who: str, to: bytes | None, data: bytes, gas: int = GAS) -> Receipt:
        """A transaction in the next block, whatever comes of it."""
        tx_hash = self.queue(who, to, data, gas)
        self.mine()
        return self.receipt(tx_hash)

    def do(self, who: str, to: bytes | None, data: bytes, gas: int = GAS) -> Receipt:
        """A transaction that must succeed."""
        receipt = self.send(who, to, data, gas)
        assert receipt.is_success, reason(receipt)
        return receipt

    def receipt(self, tx_hash: bytes) -> Receipt:
        found = self.engine.receipt(tx_hash)
        assert found is not None
        return found

    def deploy(self, artifact: Artifact, *arguments: Any, who: str = ISSUER) -> Address:
        """A new contract."""
        receipt = self.do(who, None, creation(artifact, *arguments), DEPLOY_GAS)
        assert receipt.contract_address is not None
        return Address(receipt.contract_address)

    # --- readings

    def read(self, to: bytes, data: bytes) -> bytes:
        return self.engine.call(Call(to=to, data=data))

    def status(self, trade_id: TradeId) -> Status:
        return Status(self._number(self.settlement, contract_calls.status_of(trade_id)))

    def pending(self, trade_id: TradeId) -> int:
        return self._number(self.settlement, calldata("settlement", "pending_of", trade_id))

    def balance(self, token: bytes, who: str) -> int:
        return self._number(token, contract_calls.balance_of(account(who)))

    def held(self, token: bytes, who: str) -> int:
        return self._number(token, contract_calls.held_of(account(who)))

    def is_frozen(self, source: ChainId) -> bool:
        """Whether the client of another chain proves nothing any more."""
        return bool(self._number(self.clients[source], calldata("light_client", "frozen")))

    def trusted_since(self, source: ChainId) -> int:
        """The first height that the client of another chain still accepts."""
        return self._number(self.clients[source], calldata("light_client", "trusted_since"))

    def _number(self, to: bytes, data: bytes) -> int:
        return int.from_bytes(self.read(to, data), "big")


def creation(artifact: Artifact, *arguments: Any) -> bytes:
    """The data of the transaction that deploys a contract."""
    return artifact.bytecode + encode(types_of(constructor_inputs(artifact.abi)), arguments)


def calldata(contract: str | Artifact, function: str, *arguments: Any) -> bytes:
    """A call by the ABI of one of our contracts, or of any other."""
    artifact = load(contract) if isinstance(contract, str) else contract
    (entry,) = [e for e in artifact.abi if e["type"] == "function" and e["name"] == function]
    types = types_of(entry["inputs"])
    return keccak(f"{function}({','.join(types)})".encode())[:4] + encode(types, arguments)


def reason(receipt: Receipt) -> str:
    """Why a transaction failed; empty without a sentence."""
    return reason_of(receipt.output) or ""


def words_of(data: bytes, *types: str) -> tuple[Any, ...]:
    """What a log's data or an answer says."""
    return decode(types, data)
