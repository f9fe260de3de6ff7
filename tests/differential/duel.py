"""Two engines fed the same transactions, and everything that must come out the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from chains import rlp
from chains.config import ChainConfig, Fees
from chains.engine import Block, Call, CallReverted, ChainError, Height
from chains.keys import address_of, keccak, sign_digest
from chains.ledger import Ledger
from chains.pyevm import PyEvmEngine
from chains.revm import RevmEngine

T = TypeVar("T")

KEPT = Path(__file__).parent / "kept"
CHAIN_ID = 1337
ETHER = 10**18
GENESIS_S = 1_700_000_000
VALIDATORS = tuple(number.to_bytes(32, "big") for number in (101, 102, 103))
KEYS = tuple(number.to_bytes(32, "big") for number in (1, 2, 3))
RICH, POOR, PENNILESS = (address_of(key) for key in KEYS)
BALANCES = {RICH: 1000 * ETHER, POOR: 3 * 10**15}


@dataclass(frozen=True)
class Tx:
    """A transaction to be signed with the sender's next nonce."""

    to: bytes | None
    data: bytes = b""
    value: int = 0
    gas_limit: int = 200_000
    sender: int = 0  # which of the keys
    tx_type: int = 2
    max_fee: int = 0
    tip: int = 0
    access_list: tuple[tuple[bytes, tuple[int, ...]], ...] = ()

    def sign(self, nonce: int) -> bytes:
        """The signed bytes."""
        listed = [(a, [s.to_bytes(32, "big") for s in slots]) for a, slots in self.access_list]
        fees = (self.max_fee,) if self.tx_type < 2 else (self.tip, self.max_fee)
        body: list[rlp.Item] = [
            *map(rlp.integer, (nonce, *fees, self.gas_limit)),
            self.to or b"",
            rlp.integer(self.value),
            self.data,
        ]
        key = KEYS[self.sender]
        chain_id = rlp.integer(CHAIN_ID)
        if self.tx_type == 0:
            parity, r, s = _signed(key, rlp.encode([*body, chain_id, b"", b""]))
            return rlp.encode([*body, rlp.integer(35 + 2 * CHAIN_ID + parity), r, s])
        body = [chain_id, *body, listed]
        kind = bytes((self.tx_type,))
        parity, r, s = _signed(key, kind + rlp.encode(body))
        return kind + rlp.encode([*body, rlp.integer(parity), r, s])


@dataclass
class Duel:
    """The engine under test beside the reference; raises AssertionError where they differ."""

    fees: Fees = Fees.ZERO
    lag: int = 0
    steps: list[dict[str, object]] = field(default_factory=list)  # what has been done
    accounts: set[bytes] = field(default_factory=set)  # those mentioned

    def __post_init__(self) -> None:
        config = ChainConfig(
            CHAIN_ID,
            VALIDATORS,
            balances=BALANCES,
            genesis_timestamp_s=GENESIS_S,
            fees=self.fees,
            finality_lag_blocks=self.lag,
        )
        self.fast: Ledger = RevmEngine(config)
        self.reference: Ledger = PyEvmEngine(config)
        self.now_s = GENESIS_S
        self.accounts |= {RICH, POOR, PENNILESS, *self.reference.validators}

    def block(self, transactions: Sequence[Tx]) -> Block:
        """Send what can be sent, and compare the block that follows."""
        raws = []
        for tx in transactions:
            sender = address_of(KEYS[tx.sender])
            raws.append(tx.sign(self.reference.nonce(sender, pending=True)))
            self.submit(raws[-1])
        return self.produce()

    def submit(self, raw: bytes) -> None:
        """Both accept it, or both refuse it for the same reason."""
        self.steps.append({"send": raw.hex()})
        self._same(lambda engine: engine.submit(raw))

    def produce(self) -> Block:
        """The next block: header, receipts, gas, logs and outputs alike, and the state behind."""
        self.now_s += 1
        self.steps.append({"block": self.now_s})
        block = self._same(lambda engine: engine.produce_block(self.now_s))
        assert isinstance(block, Block)
        for receipt in block.receipts:
            self.accounts |= {log.address for log in receipt.logs}
            if receipt.contract_address is not None:
                self.accounts.add(receipt.contract_address)
        self._same(lambda engine: self._accounts(engine, block.height))
        return block

    def reorganise(self, depth: int) -> None:
        """Both lose their last blocks, which wait again."""
        self.steps.append({"reorganise": depth})
        self._same(lambda engine: engine.reorganise(depth))

    def call(self, call: Call, at: int) -> object:
        """Ask both what a call would do after some block."""
        self._same(lambda engine: engine.estimate_gas(call))
        return self._same(lambda engine: engine.call(call, Height(at)))

    def replay(self, kept: Sequence[dict[str, object]]) -> None:
        """Do again what was kept."""
        for step in kept:
            match step:
                case {"send": str() as raw}:
                    self.submit(bytes.fromhex(raw))
                case {"block": _}:
                    self.produce()
                case {"reorganise": int() as depth}:
                    self.reorganise(depth)

    @contextmanager
    def kept_if_it_fails(self, place: Path = KEPT) -> Iterator[None]:
        """Keep what was done, where ``test_kept.py`` finds it: hypothesis fails last with least."""
        has_failed = True
        try:
            yield
            has_failed = False
        finally:
            if has_failed:
                kept = {"fees": self.fees.value, "lag": self.lag, "steps": self.steps}
                (place / "found.json").write_text(json.dumps(kept, indent=1) + "\n")

    def _accounts(self, engine: Ledger, height: Height) -> list[object]:
        return [
            (
                engine.nonce(account, at=height),
                engine.balance(account, height),
                engine.code(account, height),
                [engine.storage(account, slot, height) for slot in range(4)],
            )
            for account in sorted(self.accounts)
        ]

    def _same(self, ask: Callable[[Ledger], T]) -> T | str:
        fast, reference = _answer(ask, self.fast), _answer(ask, self.reference)
        assert fast == reference
        return reference


def load(path: Path) -> Duel:
    """Replay a kept file."""
    kept = json.loads(path.read_text())
    duel = Duel(Fees(kept["fees"]), kept["lag"])
    duel.replay(kept["steps"])
    return duel


def _answer(ask: Callable[[Ledger], T], engine: Ledger) -> T | str:
    try:
        return ask(engine)
    except CallReverted as error:
        return f"{error}: 0x{error.data.hex()}"
    except ChainError as error:
        return f"{error.code}: {error}"


def _signed(key: bytes, payload: bytes) -> tuple[int, bytes, bytes]:
    signature = sign_digest(key, keccak(payload))
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:64]))
    return signature[64], rlp.integer(r), rlp.integer(s)
