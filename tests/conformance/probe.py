"""A small contract that shows from outside what an engine did inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import vyper
from eth_abi.abi import encode
from eth_hash.auto import keccak

from chains.config import ChainConfig, Fees
from chains.engine import Block, Engine
from chains.keys import address_of
from chains.transactions import sign_transaction

SOURCE = """
#pragma version ==0.4.3
#pragma evm-version shanghai

event Stored:
    sender: indexed(address)
    number: indexed(uint256)
    note: uint256

FORBIDDEN: constant(String[32]) = "probe: forbidden"
stored: public(uint256)
words: HashMap[uint256, uint256]

@external
@payable
def store(number: uint256):
    self.stored = number
    log Stored(sender=msg.sender, number=number, note=block.timestamp)

@external
def fill(count: uint256):
    for i: uint256 in range(count, bound=1024):
        self.words[i] = block.number
        log Stored(sender=msg.sender, number=i, note=block.number)

@external
def clear(count: uint256):
    for i: uint256 in range(count, bound=1024):
        self.words[i] = 0

@external
def refuse():
    self.stored = 99
    raise FORBIDDEN

@external
def refuse_silently():
    assert block.timestamp == 0, UNREACHABLE

@external
def refuse_bare():
    assert block.timestamp == 0

@external
@view
def now() -> uint256:
    return block.timestamp

@external
@view
def height() -> uint256:
    return block.number

@external
@view
def chain() -> uint256:
    return chain.id

@external
@view
def parent() -> bytes32:
    return blockhash(block.number - 1)

@external
def relay(target: address, number: uint256):
    extcall Probe(target).store(number)

interface Probe:
    def store(number: uint256): payable
"""

GENESIS_S = 1_700_000_000
VALIDATORS = tuple((100 + i).to_bytes(32, "big") for i in range(4))
OTHERS = tuple((200 + i).to_bytes(32, "big") for i in range(4))
ALICE_KEY, BOB_KEY = (1).to_bytes(32, "big"), (2).to_bytes(32, "big")
ALICE, BOB = address_of(ALICE_KEY), address_of(BOB_KEY)
STRANGER = b"\x77" * 20
ETHER = 10**18
STORED_SLOT = 1  # before Cancun, slot 0 is kept for the reentrancy lock
STORED_TOPIC = keccak(b"Stored(address,uint256,uint256)")


@cache
def probe_code() -> bytes:
    """The deployment code of the probe."""
    output = vyper.compile_code(SOURCE, output_formats=["bytecode"])
    return bytes.fromhex(output["bytecode"][2:])


def config(**changes: object) -> ChainConfig:
    """A chain on which Alice and Bob own ether."""
    fields: dict[str, object] = {
        "chain_id": 1337,
        "validators": VALIDATORS,
        "balances": {ALICE: 100 * ETHER, BOB: 100 * ETHER},
        "genesis_timestamp_s": GENESIS_S,
        "fees": Fees.ZERO,
    }
    return ChainConfig(**{**fields, **changes})  # type: ignore[arg-type]


def calldata(signature: str, *values: object) -> bytes:
    """The ABI encoding of a call."""
    kinds = signature[signature.index("(") + 1 : -1]
    return keccak(signature.encode())[:4] + encode(kinds.split(",") if kinds else [], values)


@dataclass
class Driver:
    """An engine with a clock and somebody who signs."""

    engine: Engine
    key: bytes = ALICE_KEY
    price: int = 0
    now_s: int = GENESIS_S

    def block(self, seconds: int = 1) -> Block:
        """Produce the next block."""
        self.now_s += seconds
        return self.engine.produce_block(self.now_s)

    def send(self, to: bytes | None, data: bytes = b"", **fields: int) -> bytes:
        """Submit a transaction with the next nonce and return its hash."""
        return self.engine.submit(self.sign(to, data, **fields))

    def sign(self, to: bytes | None, data: bytes = b"", **fields: int) -> bytes:
        """Sign a transaction with the next nonce."""
        nonce = fields.pop("nonce", None)
        if nonce is None:
            nonce = self.engine.nonce(address_of(self.key), pending=True)
        defaults = {"max_fee_per_gas": self.price, "gas_limit": 2_000_000}
        return sign_transaction(
            self.key,
            chain_id=self.engine.chain_id,
            nonce=nonce,
            to=to,
            data=data,
            **{**defaults, **fields},
        )

    def deploy(self, code: bytes | None = None) -> bytes:
        """Deploy the probe in a block of its own and return its address."""
        tx_hash = self.send(None, probe_code() if code is None else code)
        self.block()
        receipt = self.engine.receipt(tx_hash)
        assert receipt is not None
        assert receipt.contract_address is not None
        return receipt.contract_address
