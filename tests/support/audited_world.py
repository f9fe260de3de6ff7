"""Two chains on which trades are settled by hand, with an auditor that sees every block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from unittest.mock import patch

from bridge import abi, contract_calls, proofs
from bridge.account import Account
from bridge.auditor import Auditor, Violation
from bridge.deployed import DeployedChain
from bridge.eip712 import Domain, cancel_digest, resolve_digest, trade_id
from bridge.identifiers import uti, uti_word
from bridge.model import Address, ChainId, Leg, Outcome, Packet, Signature, Status, Trade, TradeId
from bridge.signatures import sign_all
from bridge.testbed import deployment as setup
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.world import RELAYER, World, validator_keys
from chains.consensus import seal
from chains.engine import Block, Call, Engine, Height, Receipt
from chains.headers import Header
from chains.keys import keccak
from contracts import artifacts
from contracts.artifacts import Artifact, Optimize

HUB, FAR = "london", "shanghai"
SECURITY, CASH = "SHGB29", "tGBP"
LEI = "LOCK00HUANGPU0000060"  # illustrative
GAS, BATCH_GAS = 3_000_000, 9_000_000
LIFE_S = 1_000
ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")
VALIDATORS = 4

Doctor = Callable[[str, Block], Block]


def as_it_is(chain: str, block: Block) -> Block:
    """The doctor who does nothing."""
    return block


class AuditedWorld:
    """A seller of a security on one chain, a buyer with cash on the other, where the hub is."""

    def __init__(self, contracts: Mapping[str, Artifact] | None = None, lag: int = 0) -> None:
        scenario = load_scenario("dvp")
        chains = {n: c.model_copy(update={"finality_lag": lag}) for n, c in scenario.chains.items()}
        self.world = World.build(
            scenario.model_copy(update={"chains": chains}), scenario.seed, "pyevm"
        )
        self.deployment = setup.plan(self.world)
        self.auditor = Auditor()
        self.history: list[tuple[Violation, ...]] = []
        self.now_s = scenario.start_s - 500
        self.relayer = self.world.accounts[RELAYER]
        self.issuer = self.world.accounts["issuer"]
        self.seller = self.world.accounts["huangpu"]
        self.buyer = self.world.accounts["thames"]
        self._count = 0
        for chain in self.deployment.chains.values():
            self._watch(chain)
        self._set_up(contracts or {})

    # --- places ---------------------------------------------------------------------------------

    def at(self, chain: str) -> DeployedChain:
        return self.deployment.chains[chain]

    def engine(self, chain: str) -> Engine:
        return self.world.engines[chain]

    @property
    def cash(self) -> Address:
        return self.at(HUB).tokens[CASH]

    @property
    def found(self) -> tuple[Violation, ...]:
        """Everything the auditor has found so far."""
        return tuple(violation for found in self.history for violation in found)

    # --- blocks ---------------------------------------------------------------------------------

    def mine(self, doctor: Doctor = as_it_is) -> tuple[Violation, ...]:
        """A block on every chain, shown to the auditor as the doctor leaves it."""
        self.now_s += 1
        found: list[Violation] = []
        for name, engine in self.world.engines.items():
            block = doctor(name, engine.produce_block(self.now_s))
            found += self.auditor.after_block(engine.chain_id, block, engine.finalized)
        self.history.append(tuple(found))
        return self.history[-1]

    def send(
        self,
        chain: str,
        to: bytes | None,
        data: bytes,
        by: Account | None = None,
        gas_limit: int = GAS,
    ) -> bytes:
        """Queue a transaction and return its hash."""
        account = by or self.relayer
        engine = self.engine(chain)
        nonce = engine.nonce(account.address, pending=True)
        chain_id = self.at(chain).chain_id
        return engine.submit(account.sign(chain_id, nonce, to, data, gas_limit))

    def settle(self, chain: str, data: bytes, by: Account | None = None) -> bytes:
        """Queue a call of the chain's settlement contract."""
        return self.send(chain, self.at(chain).settlement, data, by, BATCH_GAS)

    def receipt(self, chain: str, tx_hash: bytes) -> Receipt:
        receipt = self.engine(chain).receipt(tx_hash)
        assert receipt is not None
        return receipt

    # --- trades ---------------------------------------------------------------------------------

    def trade(self, units: int, cash: int | None = None, hub: Address | None = None) -> Trade:
        """The seller's units against the buyer's cash."""
        self._count += 1
        far, near = self.at(FAR), self.at(HUB)
        seller, buyer = self.seller.address, self.buyer.address
        pay = units if cash is None else cash
        return Trade(
            (
                Leg(far.chain_id, far.settlement, far.tokens[SECURITY], seller, buyer, units),
                Leg(near.chain_id, near.settlement, self.cash, buyer, seller, pay),
            ),
            near.chain_id,
            near.settlement if hub is None else hub,
            self.now_s + LIFE_S,
            self.now_s + LIFE_S,
            uti_word(uti(f"{LEI}AUDIT{self._count:04}")),
        )

    def id(self, trade: Trade) -> TradeId:
        return trade_id(trade, self.deployment.salt)

    def signed(self, trade: Trade, chain_id: ChainId | None = None) -> tuple[Signature, ...]:
        """The signatures of all parties, or of the senders on one chain."""
        parties = trade.parties if chain_id is None else trade.parties_on(chain_id)
        return self._sign(self.id(trade), parties)

    def open(self, trade: Trade) -> bytes:
        return self.settle(HUB, contract_calls.open_trade(trade, self.signed(trade)))

    def hold(self, trade: Trade) -> bytes:
        signed = self.signed(trade, self.at(FAR).chain_id)
        return self.settle(FAR, contract_calls.hold(trade, signed))

    def status(self, chain: str, trade: Trade) -> Status:
        call = Call(to=self.at(chain).settlement, data=contract_calls.status_of(self.id(trade)))
        return Status(int.from_bytes(self.engine(chain).call(call)))

    def prepare(self, *trades: Trade) -> tuple[Violation, ...]:
        """Open and hold, in one block on each chain."""
        for trade in trades:
            self.open(trade)
            self.hold(trade)
        return self.mine()

    def cancel(self, trade: Trade) -> bytes:
        digest = cancel_digest(Domain.of(trade, self.deployment.salt), self.id(trade))
        return self.settle(HUB, contract_calls.cancel(trade, self._sign(digest, trade.parties)))

    def resolve(self, trade: Trade, outcome: Outcome) -> bytes:
        digest = resolve_digest(Domain.of(trade, self.deployment.salt), self.id(trade), outcome)
        signed = self._sign(digest, trade.parties)
        return self.settle(FAR, contract_calls.resolve(trade, outcome, signed))

    # --- what a relayer does --------------------------------------------------------------------

    def relay(
        self, source: str, target: str, trade: Trade, said: bytes | None = None
    ) -> tuple[Violation, ...]:
        """Carry what the source says of a trade, now or in the transaction ``said``."""
        if said is None:
            said = self.settle(source, contract_calls.announce([self.id(trade)]))
            self.mine()
        packet = self.packet(source, said)
        self.believe(target, packet)
        self.settle(target, contract_calls.prove(packet, packet.ids.index(self.id(trade)), trade))
        return self.mine()

    def packet(self, source: str, said: bytes) -> Packet:
        """The proof of the one announcement in a transaction, once its block is sealed."""
        receipt = self.receipt(source, said)
        while self.engine(source).finalized < receipt.height:
            self.mine()
        (log,) = [log for log in receipt.logs if log.topics[0] == ANNOUNCED]
        words = [log.data[i : i + 32] for i in range(0, len(log.data), 32)]
        count = int.from_bytes(words[3])
        header = self.engine(source).sealed_header(receipt.height)
        return proofs.packet(
            proofs.header_packet(self.at(source).chain_id, header),
            receipt.tx_index,
            log.receipt_log_index,
            [TradeId(word) for word in words[4 : 4 + count]],
            [Status(int.from_bytes(word)) for word in words[5 + count :]],
            self.engine(source).receipt_proof(receipt.height, receipt.tx_index),
        )

    def believe(self, target: str, packet: Packet) -> tuple[Violation, ...]:
        """Show a header to the target's light client."""
        client = self.at(target).clients[packet.header.chain_id]
        self.send(target, client, contract_calls.update(packet.header))
        return self.mine()

    def forge(self, source: str, target: str, header: Header) -> tuple[Violation, ...]:
        """Have a quorum of the source's validators seal a header of their own."""
        keys = validator_keys(self.world.seed, source, VALIDATORS)
        sealed = seal(header, keys).encode()
        chain_id = self.at(source).chain_id
        update = contract_calls.update(proofs.header_packet(chain_id, sealed))
        self.send(target, self.at(target).clients[chain_id], update)
        return self.mine()

    def stranger(self) -> Address:
        """Deploy, on the hub's chain, a contract that announces whatever it is given."""
        runtime = bytes.fromhex("3660006000377f") + ANNOUNCED + bytes.fromhex("366000a100")
        deploy = bytes.fromhex(f"60{len(runtime):02x}80600b6000396000f3") + runtime
        deployed = self.send(HUB, None, deploy)
        self.mine()
        address = self.receipt(HUB, deployed).contract_address
        assert address is not None
        return Address(address)

    def announce_as(self, stranger: Address, trade_id: TradeId, status: Status) -> bytes:
        """Have the stranger announce one trade."""
        chain_id = abi.word(self.at(HUB).chain_id)
        said = self.send(
            HUB,
            stranger,
            abi.join((chain_id, abi.words([trade_id]), abi.words([abi.word(status)]))),
        )
        self.mine()
        return said

    def header(self, chain: str, height: int) -> Header:
        return Header.decode(self.engine(chain).block(Height(height)).header_rlp)

    # --- the beginning --------------------------------------------------------------------------

    def _watch(self, chain: DeployedChain) -> None:
        self.auditor.watch(
            chain.name,
            chain.chain_id,
            chain.settlement,
            {address: code for code, address in chain.tokens.items()},
            chain.clients,
            self.engine(chain.name),
        )

    def _set_up(self, contracts: Mapping[str, Artifact]) -> None:
        load = artifacts.load

        def replaced(name: str, optimize: Optimize = "gas") -> Artifact:
            return (
                replace(contracts[name], name=name) if name in contracts else load(name, optimize)
            )

        with patch.object(artifacts, "load", replaced):
            steps = {
                chain: list(setup.steps(self.world, self.deployment, chain))
                for chain in self.world.engines
            }
        for chain, its_steps in steps.items():
            for step in its_steps:
                self.send(chain, step.to, step.data, step.account, step.gas_limit)
        while any(engine.pending_transactions() for engine in self.world.engines.values()):
            self.mine()

    def _sign(self, digest: bytes, parties: Sequence[Address]) -> tuple[Signature, ...]:
        keys = {account.address: account.key for account in (self.seller, self.buyer)}
        return sign_all(keys, parties, digest)
