"""Tokens that do harm on command, admitted to a world's settlement contracts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from pyrevm import AccountInfo

from contracts.artifacts import Optimize
from tests.support.bare_evm import Contract
from tests.support.people import AUTHORITY, PEOPLE, account, caller
from tests.support.settlement_chain import Chain, hostile

SCRIPT = "0x" + "5c" * 20
SCRIPT_SIZE = 3072  # as in the contract: bytes that follow a call's arguments do no harm
RICH = 1_000


class Mood(IntEnum):
    """What a moody token does when it is called."""

    HONEST = 0
    REVERTS = 1
    BURNS_ALL_GAS = 2
    SAYS_NO = 3
    ANSWERS_JUNK = 4
    LIES = 5
    REVERTS_AT_LENGTH = 6
    CALLS_BACK = 7
    TELLS_ITS_GAS = 8


DECLINING = (
    Mood.REVERTS,
    Mood.BURNS_ALL_GAS,
    Mood.SAYS_NO,
    Mood.ANSWERS_JUNK,
    Mood.REVERTS_AT_LENGTH,
)
FAILING = (Mood.REVERTS, Mood.BURNS_ALL_GAS, Mood.REVERTS_AT_LENGTH)


@dataclass(frozen=True, slots=True)
class MoodyToken:
    """A deployed one; everybody is rich in it."""

    token: Contract

    @classmethod
    def on(cls, chain: Chain, build: Optimize) -> MoodyToken:
        token = chain.evm.deploy(hostile("moody_token", build), caller(AUTHORITY))
        for name in PEOPLE:
            token.transact("mint", account(name), RICH)
        return cls(token)

    def behave(
        self,
        hold: Mood = Mood.HONEST,
        execute: Mood = Mood.HONEST,
        release: Mood = Mood.HONEST,
    ) -> None:
        """Its moods from now on."""
        self.token.transact("behave", hold, execute, release)

    def plan(self, target: Contract, call: bytes) -> None:
        """What it calls, in the mood to call back. The message is code: reading it is cheap."""
        script = AccountInfo(code=call.ljust(SCRIPT_SIZE, b"\0"))
        self.token.evm.evm.insert_account_info(SCRIPT, script)
        self.token.transact("plan", target.address, SCRIPT)

    def be_its_own_authority(self) -> None:
        self.token.transact("set_authority", self.token.address)

    def balance(self, name: str) -> int:
        return int(self.token.call("balanceOf", account(name)))

    def held(self, name: str) -> int:
        return int(self.token.call("held_of", account(name)))
