"""Whether revm does here what it must: a few transactions whose block hash is known.

The hash covers state, receipts, logs and gas to the unit. It was made by py-evm; a test makes it
again. The contract writes and clears storage, hashes through a precompile, creates a child whose
code reverts, calls it, logs, stores how much gas is left, and reverts when told more than a word.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from chains.config import ChainConfig
from chains.engine import ChainError, Engine
from chains.transactions import contract_address, sign_transaction

PINNED = "0.3.7"
CONFIG = ChainConfig(chain_id=1, validators=((2).to_bytes(32, "big"),))
EXPECTED = bytes.fromhex("97b2b81b57db132dffcfe4271adf6f5182078116aed33e3876b8f5900fdd44b4")

KEY = (1).to_bytes(32, "big")
SENDER = bytes.fromhex("7e5f4552091a69125d5dfcb7b8c2659029395bdf")
RUNTIME = bytes.fromhex(
    "5f355f55"  # storage[0] = word
    "5f355f52"  # memory[0] = word
    "6020602060205f60025afa50"  # memory[32] = sha256(word)
    "602051600155"  # storage[1] = it
    "6a625f5ffd5f526003601df35f52"  # memory[21:32] = initcode of a child that always reverts
    "5f35600b60155ff5"  # create2 it, salted with the word
    "5f5f5f5f5f855af1"  # call it
    "600101600255"  # storage[2] = 1 + whether the call succeeded
    "5f359060206020a2"  # log memory[32:64], the child, the word
    "5a600355"  # storage[3] = gas left
    "36602010605257005b60205ffd"  # given more than a word: revert with the hash
)
DEPLOYMENT = b"\x60" + bytes((len(RUNTIME),)) + bytes.fromhex("8060095f395ff3") + RUNTIME
CONTRACT = contract_address(SENDER, 0)

# receiver, data, gas limit
WORKOUT = (
    (None, DEPLOYMENT, 200_000),
    (CONTRACT, (7).to_bytes(32, "big"), 300_000),
    (CONTRACT, bytes(32), 300_000),  # clears a slot: a refund
    (CONTRACT, (7).to_bytes(32, "big"), 3_000_000),  # the child is there already
    (CONTRACT, (8).to_bytes(32, "big") + b"!", 300_000),  # reverts
    (CONTRACT, bytes(32), 40_000),  # runs out of gas
    (bytes.fromhex("00" * 19 + "09"), b"", 50_000),  # fails in a precompile
)


class RevmUnavailable(ChainError):
    """revm cannot be used here; the sentence says why."""

    code = "E-CHAIN-REVM-UNAVAILABLE"


@cache
def check_revm() -> None:
    """Run the self-test, once in a process. Raises RevmUnavailable."""
    try:
        installed = version("pyrevm")
    except PackageNotFoundError:
        raise RevmUnavailable(f"pyrevm {PINNED} is not installed") from None
    if installed != PINNED:
        raise RevmUnavailable(f"pyrevm {installed} is installed, Lockstep is written for {PINNED}")
    try:
        from chains.revm import RevmEngine

        found = workout(RevmEngine(CONFIG))
    except (ImportError, RuntimeError, ChainError) as error:
        raise RevmUnavailable(f"pyrevm {PINNED} does not work here: {error}") from error
    if found != EXPECTED:
        raise RevmUnavailable(f"pyrevm {PINNED} fails its self-test: 0x{found.hex()}")


def workout(engine: Engine) -> bytes:
    """The hash of the block in which everything happens."""
    for nonce, (to, data, gas_limit) in enumerate(WORKOUT):
        engine.submit(
            sign_transaction(
                KEY, chain_id=CONFIG.chain_id, nonce=nonce, to=to, data=data, gas_limit=gas_limit
            )
        )
    return engine.produce_block(CONFIG.genesis_timestamp_s + 1).hash
