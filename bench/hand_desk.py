"""Settle trades by hand, without relayer and testbed: what the benchmarks measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bridge import contract_calls, proofs
from bridge.account import Account
from bridge.deployed import DeployedChain, Deployment
from bridge.eip712 import trade_id
from bridge.identifiers import uti, uti_word
from bridge.model import Address, Leg, Packet, Signature, Status, Trade, TradeId
from bridge.signatures import sign_all
from bridge.testbed import deployment as setup
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.world import RELAYER, World
from chains.engine import Engine, Receipt
from chains.keys import keccak
from contracts import artifacts

LEI = "LOCK00HUANGPU0000060"  # illustrative
BATCH = 20
CALL_GAS = 2_000_000
BATCH_GAS = 9_000_000
DEADLINE_S = 2**40
ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")

Figures = dict[str, int]


class HandDesk:
    """A world in which trades are settled by hand, one block after the other.

    ``seconds`` collects how long header updates and proofs took, from calldata to receipt.
    """

    def __init__(self, engine: str = "pyevm") -> None:
        scenario = load_scenario("dvp")
        self._world = World.build(scenario, scenario.seed, engine)
        self._deployment: Deployment = setup.plan(self._world)
        self._now_s = scenario.start_s - 500
        self.seconds: dict[str, list[float]] = {}
        for chain in self._world.engines:
            for step in setup.steps(self._world, self._deployment, chain):
                self._submit(chain, step.account, step.to, step.data, step.gas_limit)
        for _ in range(3):
            self._mine()
        # Both parties own both assets already, as firms that trade every day do.
        self._relayer = self._world.accounts[RELAYER]
        self._seller = self._world.accounts["huangpu"]
        self._buyer = self._world.accounts["thames"]
        self._deal_out()

    def settle_alone(self, reference: str) -> Figures:
        """One trade, step by step."""
        trade = self._trade(reference, self._buyer, self._seller)
        trade_id = self._id(trade)
        hub, far = self._hub, self._far
        open_data = contract_calls.open_trade(trade, self._sign(trade_id, trade.parties))
        senders = trade.parties_on(far.chain_id)
        hold_data = contract_calls.hold(trade, self._sign(trade_id, senders))
        figures = {}
        opened = self._submit(hub.name, self._relayer, hub.settlement, open_data, CALL_GAS)
        held = self._submit(far.name, self._relayer, far.settlement, hold_data, CALL_GAS)
        self._mine()
        figures["open"] = self._done(hub.name, opened).gas_used
        figures["hold"] = self._done(far.name, held).gas_used
        packet = self._packet(far, held)
        figures["header to the hub"] = self._update(hub, packet)
        figures["prove to the hub"] = self._prove(hub, packet, trade, trade_id)
        decided = self._last
        packet = self._packet(hub, decided)
        figures["header to the agent"] = self._update(far, packet)
        figures["prove to the agent"] = self._prove(far, packet, trade, trade_id)
        return figures

    def settle_batch(self, prefix: str) -> Figures:
        """Twenty trades between the two parties, announces included."""
        trades = [
            self._trade(f"{prefix}{i:04}", self._buyer, self._seller) for i in range(1, BATCH + 1)
        ]
        ids = [self._id(trade) for trade in trades]
        hub, far = self._hub, self._far
        signed = [self._sign(i, t.parties) for i, t in zip(ids, trades, strict=True)]
        held = [self._sign(i, t.parties_on(far.chain_id)) for i, t in zip(ids, trades, strict=True)]
        figures = {}
        opening = self._submit(
            hub.name,
            self._relayer,
            hub.settlement,
            contract_calls.open_batch(trades, signed),
            BATCH_GAS,
        )
        holding = self._submit(
            far.name,
            self._relayer,
            far.settlement,
            contract_calls.hold_batch(trades, held),
            BATCH_GAS,
        )
        self._mine()
        figures["open"] = self._done(hub.name, opening).gas_used
        figures["hold"] = self._done(far.name, holding).gas_used
        for here, there, what in ((far, hub, "the hub"), (hub, far, "the agent")):
            said = self._submit(
                here.name,
                self._relayer,
                here.settlement,
                contract_calls.announce(ids),
                CALL_GAS,
            )
            self._mine()
            figures[f"announce to {what}"] = self._done(here.name, said).gas_used
            packet = self._packet(here, said, ids)
            figures[f"header to {what}"] = self._update(there, packet)
            proof = contract_calls.prove_batch(packet, list(enumerate(trades)))
            figures[f"prove to {what}"] = self._send(there, there.settlement, proof, BATCH_GAS)
        return figures

    def code_size(self, name: str) -> int:
        """Bytes of a contract as deployed, immutables included."""
        deployed = self._hub
        places = {
            "settlement": deployed.settlement,
            "receipt_verifier": deployed.verifier,
            "identity_registry": deployed.registry,
            "light_client": next(iter(deployed.clients.values())),
        }
        if name in places:
            return len(self._engine(deployed).code(places[name]))
        return len(artifacts.load(name).runtime)

    # --- single transactions ----------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The chain on which transfers are measured."""
        return self._engine(self._hub)

    def signed_transfer(self) -> bytes:
        """The buyer's next transfer of cash, one minor unit."""
        to, data = self._hub.tokens["tGBP"], contract_calls.transfer(self._seller.address, 1)
        nonce = self.engine.nonce(self._buyer.address, pending=True)
        return self._buyer.sign(self._hub.chain_id, nonce, to, data, CALL_GAS)

    def transfer(self) -> Receipt:
        """Send one transfer and wait for its receipt."""
        tx_hash = self.engine.submit(self.signed_transfer())
        self.mine_one()
        return self._done(self._hub.name, tx_hash)

    def transfers(self, count: int) -> Callable[[], None]:
        """An action that puts many transfers into one block."""

        def send() -> None:
            for _ in range(count):
                self.engine.submit(self.signed_transfer())
            self.mine_one()

        return send

    def mine_one(self) -> None:
        """A block on the chain of the transfers; the other chains catch up with the next."""
        self._now_s += 1
        self.engine.produce_block(self._now_s)

    def grow_old(self, blocks: int) -> None:
        """Let every chain age."""
        for _ in range(blocks):
            self._mine()

    # --- steps ----------------------------------------------------------------------------------

    @property
    def _hub(self) -> DeployedChain:
        return self._deployment.chains["london"]

    @property
    def _far(self) -> DeployedChain:
        return self._deployment.chains["shanghai"]

    def _engine(self, deployed: DeployedChain) -> Engine:
        return self._world.engines[deployed.name]

    def _deal_out(self) -> None:
        """A little of everything for both parties, so that no account word is written first."""
        for deployed, token, giver, taker in (
            (self._far, "SHGB29", self._seller, self._buyer),
            (self._hub, "tGBP", self._buyer, self._seller),
        ):
            data = contract_calls.transfer(taker.address, 1_000)
            self._send(deployed, deployed.tokens[token], data, CALL_GAS, giver)

    def _trade(self, reference: str, buyer: Account, seller: Account) -> Trade:
        hub, far = self._hub, self._far
        delivery = Leg(
            far.chain_id, far.settlement, far.tokens["SHGB29"], seller.address, buyer.address, 50
        )
        payment = Leg(
            hub.chain_id, hub.settlement, hub.tokens["tGBP"], buyer.address, seller.address, 5_000
        )
        return Trade(
            (delivery, payment),
            hub.chain_id,
            hub.settlement,
            DEADLINE_S,
            DEADLINE_S,
            uti_word(uti(LEI + reference)),
        )

    def _id(self, trade: Trade) -> TradeId:
        return trade_id(trade, self._deployment.salt)

    def _sign(self, digest: bytes, parties: Sequence[Address]) -> tuple[Signature, ...]:
        keys = {a.address: a.key for a in (self._seller, self._buyer)}
        return sign_all(keys, parties, digest)

    def _update(self, there: DeployedChain, packet: Packet) -> int:
        client = there.clients[packet.header.chain_id]
        with self._timed("a header update"):
            return self._send(there, client, contract_calls.update(packet.header), CALL_GAS)

    def _prove(self, there: DeployedChain, packet: Packet, trade: Trade, trade_id: TradeId) -> int:
        with self._timed("a proof"):
            data = contract_calls.prove(packet, packet.ids.index(trade_id), trade)
            return self._send(there, there.settlement, data, CALL_GAS)

    def _packet(
        self, here: DeployedChain, tx_hash: bytes, ids: Sequence[TradeId] | None = None
    ) -> Packet:
        engine = self._engine(here)
        receipt = self._done(here.name, tx_hash)
        (log,) = [x for x in receipt.logs if x.topics[0] == ANNOUNCED]
        words = [log.data[i : i + 32] for i in range(0, len(log.data), 32)]
        count = int.from_bytes(words[3])
        said = tuple(TradeId(word) for word in words[4 : 4 + count])
        statuses = tuple(Status(int.from_bytes(word)) for word in words[5 + count :])
        assert ids is None or tuple(ids) == said
        header = proofs.header_packet(here.chain_id, engine.sealed_header(receipt.height))
        nodes = engine.receipt_proof(receipt.height, receipt.tx_index)
        return proofs.packet(header, receipt.tx_index, log.receipt_log_index, said, statuses, nodes)

    def _send(
        self,
        there: DeployedChain,
        to: bytes,
        data: bytes,
        gas_limit: int,
        account: Account | None = None,
    ) -> int:
        self._last = self._submit(there.name, account or self._relayer, to, data, gas_limit)
        self._mine()
        return self._done(there.name, self._last).gas_used

    def _submit(
        self, chain: str, account: Account, to: bytes | None, data: bytes, gas_limit: int
    ) -> bytes:
        engine = self._world.engines[chain]
        nonce = engine.nonce(account.address, pending=True)
        return engine.submit(account.sign(self._world.chain_id(chain), nonce, to, data, gas_limit))

    def _done(self, chain: str, tx_hash: bytes) -> Receipt:
        receipt = self._world.engines[chain].receipt(tx_hash)
        assert receipt is not None
        assert receipt.is_success, receipt.output
        return receipt

    def _mine(self) -> None:
        self._now_s += 1
        for engine in self._world.engines.values():
            engine.produce_block(self._now_s)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds.setdefault(what, []).append(time.process_time() - start)
