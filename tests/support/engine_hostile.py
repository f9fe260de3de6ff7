"""Contracts that do harm, on a real engine: the moody token, the impostor and their like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from eth_abi.abi import encode

from bridge.model import Address, Status, TradeId
from chains.engine import Receipt
from contracts.artifacts import Artifact, load_file
from tests.support.engine_chain import EngineChain, calldata
from tests.support.people import AUTHORITY, EVE, PEOPLE, account

TESTS = Path(__file__).resolve().parents[1]
RICH = 1_000
SCRIPT_SIZE = 3072  # as in the contract: bytes that follow a call's arguments do no harm


class Mood(IntEnum):
    """What the moody token does when it is called; the contract knows some more."""

    HONEST = 0
    REVERTS = 1
    BURNS_ALL_GAS = 2
    SAYS_NO = 3
    CALLS_BACK = 7


def hostile(name: str) -> Artifact:
    """A contract of tests/contracts/hostile."""
    return load_file(TESTS / "contracts" / "hostile" / f"{name}.vy")


def attacker(name: str) -> Artifact:
    """A contract of tests/attacks/contracts."""
    return load_file(TESTS / "attacks" / "contracts" / f"{name}.vy")


@dataclass(frozen=True, slots=True)
class MoodyToken:
    """A token that does what it is told, harm included; everybody is rich in it."""

    chain: EngineChain
    address: Address

    @classmethod
    def on(cls, chain: EngineChain) -> MoodyToken:
        token = cls(chain, chain.deploy(hostile("moody_token"), account(AUTHORITY), who=EVE))
        for name in PEOPLE:
            token._tell("mint", account(name), RICH)
        return token

    def behave(
        self,
        hold: Mood = Mood.HONEST,
        execute: Mood = Mood.HONEST,
        release: Mood = Mood.HONEST,
    ) -> None:
        """Its moods from now on."""
        self._tell("behave", hold, execute, release)

    def call_back(self, target: Address, call: bytes) -> None:
        """When it is held, it calls the target, as the authority that it is."""
        script = deploy_raw(self.chain, call.ljust(SCRIPT_SIZE, b"\0"))
        self._tell("set_authority", self.address)
        self._tell("plan", target, script)
        self.behave(hold=Mood.CALLS_BACK)

    def balance(self, name: str) -> int:
        return self.chain.balance(self.address, name)

    def held(self, name: str) -> int:
        return self.chain.held(self.address, name)

    def _tell(self, function: str, *arguments: object) -> None:
        self.chain.do(EVE, self.address, calldata(hostile("moody_token"), function, *arguments))


def deploy_raw(chain: EngineChain, code: bytes) -> Address:
    """Bytes that stand at an address as code."""
    size = len(code).to_bytes(2, "big")
    # PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: the code follows
    creation = b"\x61" + size + b"\x80\x60\x0a\x5f\x39\x5f\xf3" + code
    receipt = chain.do(EVE, None, creation)
    assert receipt.contract_address is not None
    return Address(receipt.contract_address)


def impersonate(
    chain: EngineChain, impostor: Address, ids: Sequence[TradeId], statuses: Sequence[Status]
) -> Receipt:
    """The impostor announces; the receipt."""
    types = ["uint256", "bytes32[]", "uint8[]"]
    selector = calldata(attacker("impostor"), "announce", 0, [], [])[:4]
    return chain.do(EVE, impostor, selector + encode(types, [chain.chain_id, ids, statuses]))
