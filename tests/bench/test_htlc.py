"""The hash time lock that others are measured with does what such a contract should."""

from __future__ import annotations

from typing import get_args

import pytest
from pyrevm import AccountInfo

from bench.peers.htlc_pair import SOURCE, secret_of
from chains.keys import keccak
from contracts.artifacts import Optimize, load, load_file
from contracts.lint import Exceptions, lint
from tests.support.bare_evm import BareEvm, Contract, Outcome
from tests.support.people import ALICE, AUTHORITY, BOB, EVE, ISSUER, account, caller
from tests.support.refusals import refused

SUPPLY, AMOUNT = 1_000, 30
NOW_S, EXPIRY_S = 1_800_000_000, 1_800_000_600
SECRET = secret_of(0)
HASH_LOCK = keccak(SECRET)
NOBODY, REFUSING = "0x" + "00" * 20, "0x" + "fa" * 20
SAYS_FALSE = bytes.fromhex("60205ff3")  # returns a word of zeros


class Swap:
    """Alice owns all of a token and allows the contract to take it."""

    def __init__(self, build: Optimize) -> None:
        self.evm = BareEvm()
        self.evm.set_block(NOW_S)
        parties = caller(ISSUER), caller(AUTHORITY)
        self.token = self.evm.deploy(load("cash_token", build), "Cash", "CASH", 2, *parties)
        self.htlc: Contract = self.evm.deploy(load_file(SOURCE, build))
        self.token.transact("mint", account(ALICE), SUPPLY, sender=caller(ISSUER))
        self.token.transact("approve", self.htlc.address, SUPPLY, sender=caller(ALICE))

    def lock(
        self, receiver: object = account(BOB), amount: int = AMOUNT, expiry_s: int = EXPIRY_S
    ) -> Outcome:
        arguments = HASH_LOCK, receiver, self.token.address, amount, expiry_s
        return self.htlc.transact("lock", *arguments, sender=caller(ALICE))

    def claim(self, secret: bytes = SECRET, who: str = BOB) -> Outcome:
        return self.htlc.transact("claim", secret, sender=caller(who))

    def refund(self, who: str = ALICE) -> Outcome:
        return self.htlc.transact("refund", HASH_LOCK, sender=caller(who))

    @property
    def balances(self) -> tuple[int, int, int]:
        """Alice's, Bob's and what is locked."""
        owners = account(ALICE), account(BOB), self.htlc.address
        alice, bob, locked = (int(self.token.call("balanceOf", owner)) for owner in owners)
        return alice, bob, locked


@pytest.fixture(params=get_args(Optimize))
def swap(request: pytest.FixtureRequest) -> Swap:
    return Swap(request.param)


def test_a_locked_amount_belongs_to_nobody(swap: Swap) -> None:
    (locked,) = [event for event in swap.lock().events if event.name == "Locked"]
    assert (locked.fields["hash_lock"], locked.fields["amount"]) == (HASH_LOCK, AMOUNT)
    assert swap.balances == (SUPPLY - AMOUNT, 0, AMOUNT)


@pytest.mark.parametrize("who", [BOB, EVE])
def test_whoever_knows_the_secret_delivers_to_the_receiver(swap: Swap, who: str) -> None:
    swap.lock()
    (claimed,) = [event for event in swap.claim(who=who).events if event.name == "Claimed"]
    assert claimed.fields == {"hash_lock": HASH_LOCK, "preimage": SECRET}
    assert swap.balances == (SUPPLY - AMOUNT, AMOUNT, 0)


def test_another_secret_delivers_nothing(swap: Swap) -> None:
    swap.lock()
    with refused("htlc: nothing locked"):
        swap.claim(secret_of(1))
    assert swap.balances == (SUPPLY - AMOUNT, 0, AMOUNT)


def test_nothing_is_claimed_twice(swap: Swap) -> None:
    swap.lock()
    swap.claim()
    with refused("htlc: nothing locked"):
        swap.claim()


def test_nothing_is_claimed_from_the_expiry_on(swap: Swap) -> None:
    swap.lock()
    swap.evm.set_block(EXPIRY_S)
    with refused("htlc: expired"):
        swap.claim()
    swap.evm.set_block(EXPIRY_S - 1)
    swap.claim()


def test_nothing_is_refunded_before_the_expiry(swap: Swap) -> None:
    swap.lock()
    swap.evm.set_block(EXPIRY_S - 1)
    with refused("htlc: not expired"):
        swap.refund()
    swap.evm.set_block(EXPIRY_S)
    swap.refund(EVE)
    assert swap.balances == (SUPPLY, 0, 0)


def test_what_was_claimed_is_not_refunded(swap: Swap) -> None:
    swap.lock()
    swap.claim()
    swap.evm.set_block(EXPIRY_S)
    with refused("htlc: nothing locked"):
        swap.refund()


def test_nothing_is_refunded_twice(swap: Swap) -> None:
    swap.lock()
    swap.evm.set_block(EXPIRY_S)
    swap.refund()
    with refused("htlc: nothing locked"):
        swap.refund()


def test_a_hash_whose_secret_is_known_serves_no_second_time(swap: Swap) -> None:
    swap.lock()
    with refused("htlc: the hash was used"):
        swap.lock()
    swap.claim()
    with refused("htlc: the hash was used"):
        swap.lock()


def test_a_lock_needs_a_receiver_an_amount_and_a_time_ahead(swap: Swap) -> None:
    with refused("htlc: zero account or amount"):
        swap.lock(receiver=NOBODY)
    with refused("htlc: zero account or amount"):
        swap.lock(amount=0)
    with refused("htlc: expiry is not ahead"):
        swap.lock(expiry_s=NOW_S)
    swap.lock(expiry_s=NOW_S + 1)


def test_more_than_was_allowed_is_not_locked(swap: Swap) -> None:
    with refused("cash: not enough allowed"):
        swap.lock(amount=SUPPLY + 1)


def test_a_token_that_says_no_locks_nothing(swap: Swap) -> None:
    swap.evm.evm.insert_account_info(REFUSING, AccountInfo(code=SAYS_FALSE))
    arguments = HASH_LOCK, account(BOB), REFUSING, AMOUNT, EXPIRY_S
    with refused("htlc: the token said no"):
        swap.htlc.transact("lock", *arguments, sender=caller(ALICE))


def test_the_source_passes_our_lint() -> None:
    assert [str(finding) for finding in lint(SOURCE.parent, Exceptions())] == []
