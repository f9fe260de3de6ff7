"""Settlements by a pair of hash time locks, signed beforehand: what every engine is given alike.

Alice sells on chain A, Bob pays on chain B: lock, lock, claim on B with the secret, claim on A with
the secret that everybody has seen by then. Nothing of the other chain is verified by anybody, and
signing counts for nobody: what is measured is how fast an engine takes four finished transactions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bridge import abi, contract_calls
from bridge.account import Account
from bridge.model import ChainId
from chains.keys import keccak
from chains.transactions import contract_address
from contracts.artifacts import load, load_file

SOURCE = Path(__file__).resolve().parent / "htlc.vy"
CHAIN_A, CHAIN_B = ChainId(8_101), ChainId(8_102)

FIRMS = 32  # on either side: they take turns, so that neighbours in a block are strangers
SUPPLY = 2**64
AMOUNT = 5
KEPT = 1
"""What the locks own from the start: a first unit takes more gas than a program has estimated while
they owned others' money, so what they own must never fall to nothing within a block."""

EXPIRY_S = 2**40
LOCK = "lock(bytes32,address,address,uint256,uint256)"
CLAIM = "claim(bytes32)"
REFUND = "refund(bytes32)"
APPROVE = "approve(address,uint256)"

DEPLOY_GAS = 3_000_000
LOCK_GAS = 260_000
CALL_GAS = 120_000


@dataclass(frozen=True, slots=True)
class HtlcSettlement:
    """The four transactions of one settlement; the claims need the locks, and A's follows B's."""

    lock_a: bytes
    lock_b: bytes
    claim_b: bytes
    claim_a: bytes


@dataclass(frozen=True, slots=True)
class HtlcPair:
    """Everything to send: first what sets either chain up, in order, then the settlements."""

    setup_a: tuple[bytes, ...]
    setup_b: tuple[bytes, ...]
    settlements: tuple[HtlcSettlement, ...]
    keys: tuple[bytes, ...]  # of all who lock and claim, for those who sign by themselves


def htlc_pair(count: int) -> HtlcPair:
    """``count`` settlements to be sent in their order, each of them by the next pair of firms."""
    chain_a, chain_b = _Desk(CHAIN_A), _Desk(CHAIN_B)
    alices, bobs = ([_account(f"{name}{i}") for i in range(FIRMS)] for name in ("alice", "bob"))
    return HtlcPair(
        setup_a=tuple(chain_a.setup(alices)),
        setup_b=tuple(chain_b.setup(bobs)),
        settlements=tuple(
            _settlement(chain_a, chain_b, alices[i % FIRMS], bobs[i % FIRMS], secret_of(i))
            for i in range(count)
        ),
        keys=tuple(account.key for account in (*alices, *bobs)),
    )


def hexed(data: bytes) -> str:
    """Bytes as JSON-RPC writes them."""
    return f"0x{data.hex()}"


def secret_of(index: int) -> bytes:
    """What Alice alone knows until she claims."""
    return keccak(b"secret %d" % index)


@dataclass(slots=True)
class _Desk:
    """Signs on one chain: it knows where the contracts will be, and the next nonce of everybody."""

    chain_id: ChainId
    nonces: Counter[bytes] = field(default_factory=Counter)
    issuer: Account = field(default_factory=lambda: _account("issuer"))

    @property
    def token(self) -> bytes:
        return contract_address(self.issuer.address, 0)

    @property
    def htlc(self) -> bytes:
        return contract_address(self.issuer.address, 1)

    def setup(self, senders: list[Account]) -> Iterator[bytes]:
        """Both contracts; money for those who lock on this chain, and their approval."""
        issuer = abi.address(self.issuer.address)
        arguments = (abi.blob(b"Cash"), abi.blob(b"CASH"), abi.word(2), issuer, issuer)
        token = load("cash_token").bytecode + abi.join(arguments)
        yield self.sign(self.issuer, None, token, DEPLOY_GAS)
        yield self.sign(self.issuer, None, load_file(SOURCE).bytecode, DEPLOY_GAS)
        yield self.sign(self.issuer, self.token, contract_calls.mint(self.htlc, KEPT), CALL_GAS)
        approve = abi.selector(APPROVE) + abi.address(self.htlc) + abi.word(SUPPLY)
        for sender in senders:
            mint = contract_calls.mint(sender.address, SUPPLY)
            yield self.sign(self.issuer, self.token, mint, CALL_GAS)
            yield self.sign(sender, self.token, approve, CALL_GAS)

    def lock(self, sender: Account, receiver: Account, secret: bytes) -> bytes:
        data = (
            abi.selector(LOCK)
            + keccak(secret)
            + abi.address(receiver.address)
            + abi.address(self.token)
            + abi.word(AMOUNT)
            + abi.word(EXPIRY_S)
        )
        return self.sign(sender, self.htlc, data, LOCK_GAS)

    def claim(self, receiver: Account, secret: bytes) -> bytes:
        return self.sign(receiver, self.htlc, abi.selector(CLAIM) + secret, CALL_GAS)

    def sign(self, account: Account, to: bytes | None, data: bytes, gas_limit: int) -> bytes:
        nonce = self.nonces[account.address]
        self.nonces[account.address] += 1
        return account.sign(self.chain_id, nonce, to, data, gas_limit)


def _settlement(
    chain_a: _Desk, chain_b: _Desk, alice: Account, bob: Account, secret: bytes
) -> HtlcSettlement:
    return HtlcSettlement(
        lock_a=chain_a.lock(alice, bob, secret),
        lock_b=chain_b.lock(bob, alice, secret),
        claim_b=chain_b.claim(alice, secret),
        claim_a=chain_a.claim(bob, secret),
    )


def _account(name: str) -> Account:
    return Account.derive(0, f"htlc/{name}")
