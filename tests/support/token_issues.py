"""Tokens without a settlement contract: the notary is a person, so each call stands alone."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.artifacts import Optimize, load
from tests.support.bare_evm import BareEvm, Contract, Outcome
from tests.support.people import (
    ALICE,
    AUTHORITY,
    BOB,
    CAROL,
    ISSUER,
    REGISTRAR,
    account,
    caller,
)

NOTARY = "notary"
SUPPLY = 1_000  # Alice has all of it
CHINA = 156


@dataclass(frozen=True, slots=True)
class Issue:
    """One token and what people do with it."""

    token: Contract
    registry: Contract
    amount_max: int

    def mint(self, name: str, amount: int) -> Outcome:
        return self.token.transact("mint", account(name), amount, sender=caller(ISSUER))

    def transfer(self, sender: str, receiver: str, amount: int) -> Outcome:
        return self.token.transact("transfer", account(receiver), amount, sender=caller(sender))

    def hold(self, sender: str, receiver: str, amount: int) -> bool:
        """Whether the notary's hold was placed."""
        return bool(self._notarised("hold", sender, receiver, amount).output)

    def execute(self, sender: str, receiver: str, amount: int) -> Outcome:
        return self._notarised("execute", sender, receiver, amount)

    def release(self, sender: str, receiver: str, amount: int) -> Outcome:
        return self._notarised("release", sender, receiver, amount)

    def verify(self, *names: str) -> None:
        for name in names:
            self.registry.transact("register", account(name), CHINA, sender=caller(REGISTRAR))

    def unverify(self, name: str) -> None:
        self.registry.transact("remove", account(name), sender=caller(REGISTRAR))

    def issuer(self, function: str, *arguments: object) -> Outcome:
        """Something that only the issuer may do."""
        return self.token.transact(function, *arguments, sender=caller(ISSUER))

    def balance(self, name: str) -> int:
        return int(self.token.call("balanceOf", account(name)))

    def held(self, name: str) -> int:
        return int(self.token.call("held_of", account(name)))

    def available(self, name: str) -> int:
        return int(self.token.call("available_of", account(name)))

    def incoming(self, name: str) -> int:
        return int(self.token.call("incoming_of", account(name)))

    @property
    def supply(self) -> int:
        return int(self.token.call("totalSupply"))

    def _notarised(self, function: str, sender: str, receiver: str, amount: int) -> Outcome:
        return self.token.transact(
            function, account(sender), account(receiver), amount, sender=caller(NOTARY)
        )


def blank_cash(build: Optimize) -> Issue:
    """A cash token with nothing minted and no notary named."""
    evm = BareEvm()
    registry = evm.deploy(load("identity_registry", build), caller(REGISTRAR))
    token = evm.deploy(
        load("cash_token", build), "e-CNY", "CNY", 2, caller(ISSUER), caller(AUTHORITY)
    )
    return Issue(token, registry, 2**128 - 1)


def blank_security(build: Optimize, holding_limit: int = 0) -> Issue:
    """A security with nothing minted and no notary named; Alice, Bob and Carol are verified."""
    evm = BareEvm()
    registry = evm.deploy(load("identity_registry", build), caller(REGISTRAR))
    token = evm.deploy(
        load("security_token", build),
        "Bond 2030",
        "BND",
        "CND100000000",
        registry.address,
        caller(ISSUER),
        caller(AUTHORITY),
        holding_limit,
    )
    issue = Issue(token, registry, 2**84 - 1)
    issue.verify(ALICE, BOB, CAROL)
    return issue


def issued(issue: Issue) -> Issue:
    """The same, with its notary named and the supply in Alice's hands."""
    issue.issuer("set_notary", account(NOTARY))
    issue.mint(ALICE, SUPPLY)
    return issue
