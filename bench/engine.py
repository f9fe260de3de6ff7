"""How fast the engine is: blocks, transfers of our own cash token, calls and proofs.

Wall time of this machine, best of a few rounds; for comparing before and after a change.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from eth_abi.abi import encode
from rich.console import Console
from rich.table import Table

from chains.config import ChainConfig
from chains.engine import Call, Engine, Height
from chains.keys import address_of, keccak
from chains.pyevm import PyEvmEngine
from chains.transactions import sign_transaction
from contracts.artifacts import load

CHAIN_ID = 1337
ISSUER = (1).to_bytes(32, "big")
VALIDATORS = tuple(number.to_bytes(32, "big") for number in range(101, 105))
TRANSFERS = 100
ROUNDS = 3


class CashChain:
    """One chain with a cash token whose issuer pays everybody."""

    def __init__(self) -> None:
        self.engine: Engine = PyEvmEngine(ChainConfig(CHAIN_ID, VALIDATORS))
        self.issuer = address_of(ISSUER)
        self._nonce = 0
        self._second = self.engine.block(Height(0)).timestamp_s
        artifact = load("cash_token")
        types = ["string", "string", "uint8", "address", "address"]
        arguments = encode(types, ["Cash", "CASH", 2, self.issuer, self.issuer])
        created = self.engine.submit(self.signed(None, artifact.bytecode + arguments))
        self.seal()
        receipt = self.engine.receipt(created)
        if receipt is None or receipt.contract_address is None:
            raise SystemExit("the cash token could not be deployed")
        self.token = receipt.contract_address
        self.engine.submit(self.signed(self.token, calldata("mint", self.issuer, 10**18)))
        self.seal()

    def signed(self, to: bytes | None, data: bytes) -> bytes:
        """The issuer's next transaction."""
        nonce, self._nonce = self._nonce, self._nonce + 1
        return sign_transaction(
            ISSUER, chain_id=CHAIN_ID, nonce=nonce, to=to, data=data, gas_limit=3_000_000
        )

    def seal(self) -> Height:
        """The next block."""
        self._second += 1
        return self.engine.produce_block(self._second).height


def calldata(function: str, account: bytes, amount: int) -> bytes:
    """A call of a function that takes an account and an amount."""
    selector = keccak(f"{function}(address,uint256)".encode())[:4]
    return selector + encode(["address", "uint256"], [account, amount])


def best_ms(action: Callable[[], object], times: int) -> float:
    """Milliseconds for one of ``times`` calls, in the best round."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            action()
        rounds.append((time.perf_counter() - start) * 1000 / times)
    return min(rounds)


def main() -> None:
    """Measure and print."""
    chain = CashChain()
    payees = iter(range(1, 10_000))

    def transfer() -> None:
        payee = next(payees).to_bytes(20, "big")
        chain.engine.submit(chain.signed(chain.token, calldata("transfer", payee, 1)))

    def full_block() -> None:
        for _ in range(TRANSFERS):
            transfer()
        chain.seal()

    table = Table(title=f"engine {chain.engine.name}", title_justify="left")
    table.add_column("what")
    table.add_column("ms", justify="right")
    measured: dict[str, float] = {
        "an empty block, sealed": best_ms(chain.seal, 20),
        "a cash transfer, signed, sealed": best_ms(full_block, 1) / TRANSFERS,
    }
    full = chain.engine.latest
    balance = Call(chain.token, keccak(b"totalSupply()")[:4])
    measured |= {
        "a call": best_ms(lambda: chain.engine.call(balance), 20),
        f"a receipt proof of {TRANSFERS}": best_ms(
            lambda: chain.engine.receipt_proof(full, TRANSFERS // 2), 20
        ),
        "a sealed header": best_ms(lambda: chain.engine.sealed_header(full), 20),
    }
    for what, figure in measured.items():
        table.add_row(what, f"{figure:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
