"""Trades settled by hand on two chains, with an auditor that sees every block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bridge import abi, contract_calls, proofs
from bridge.auditor import Violation
from bridge.eip712 import Domain, cancel_digest, resolve_digest, trade_id
from bridge.identifiers import uti, uti_word
from bridge.model import Address, ChainId, Leg, Outcome, Packet, Signature, Status, Trade, TradeId
from bridge.signatures import sign_all
from bridge.testbed.world import validator_keys
from chains.consensus import seal
from chains.engine import Call
from chains.headers import Header
from chains.keys import keccak
from contracts.artifacts import Artifact
from tests.support.audited_chains import AuditedChains

HUB, FAR = "london", "shanghai"
SECURITY, CASH = "SHGB29", "tGBP"
LEI = "LOCK00HUANGPU0000060"  # illustrative
LIFE_S = 1_000
VALIDATORS = 4
ANNOUNCED = keccak(b"Announced(uint256,bytes32[],uint8[])")


class AuditedWorld(AuditedChains):
    """A seller of a security on one chain, a buyer with cash on the other, where the hub is."""

    def __init__(self, contracts: Mapping[str, Artifact] | None = None, lag: int = 0) -> None:
        super().__init__(contracts, lag)
        self.seller = self.world.accounts["huangpu"]
        self.buyer = self.world.accounts["thames"]
        self._count = 0

    @property
    def cash(self) -> Address:
        return self.at(HUB).tokens[CASH]

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
        height = self.receipt(source, said).height
        while self.engine(source).finalized < height:
            self.mine()
        return self.packet_in(source, said, self.engine(source).sealed_header(height))

    def packet_in(self, source: str, said: bytes, header: bytes) -> Packet:
        """The same with a header of somebody's choice."""
        receipt = self.receipt(source, said)
        (log,) = [log for log in receipt.logs if log.topics[0] == ANNOUNCED]
        words = [log.data[i : i + 32] for i in range(0, len(log.data), 32)]
        count = int.from_bytes(words[3])
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
        chain_id = self.at(source).chain_id
        sealed = proofs.header_packet(chain_id, self.sealed(source, header))
        update = contract_calls.update(sealed)
        self.send(target, self.at(target).clients[chain_id], update)
        return self.mine()

    def sealed(self, source: str, header: Header) -> bytes:
        """A header with seals that its chain has not given."""
        return seal(header, validator_keys(self.world.seed, source, VALIDATORS)).encode()

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

    def _sign(self, digest: bytes, parties: Sequence[Address]) -> tuple[Signature, ...]:
        keys = {account.address: account.key for account in (self.seller, self.buyer)}
        return sign_all(keys, parties, digest)
