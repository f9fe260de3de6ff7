"""An account follows from a seed and a name, and signs what an engine takes."""

from __future__ import annotations

from eth_account import Account as Oracle

from bridge.account import Account
from bridge.model import ChainId
from chains.transactions import decode_transaction

CHAIN = ChainId(310_000)


def test_the_same_seed_and_name_give_the_same_account() -> None:
    assert Account.derive(1, "alice") == Account.derive(1, "alice")


def test_another_seed_or_name_gives_another_account() -> None:
    keys = {Account.derive(seed, name).key for seed in (1, 2) for name in ("alice", "bob")}
    assert len(keys) == 4


def test_its_address_is_the_one_eth_account_finds() -> None:
    account = Account.derive(1, "alice")
    assert account.address == bytes.fromhex(Oracle.from_key(account.key).address[2:])


def test_it_signs_a_transaction_without_a_tip() -> None:
    account = Account.derive(1, "alice")
    sent = decode_transaction(account.sign(CHAIN, 7, b"\x09" * 20, b"\x01\x02", 90_000))
    assert (sent.sender, sent.nonce, sent.to, sent.data, sent.gas_limit) == (
        *(account.address, 7, b"\x09" * 20, b"\x01\x02", 90_000),
    )
    assert (sent.max_fee_per_gas, sent.max_priority_fee_per_gas) == (0, 0)


def test_it_offers_a_fee_where_there_is_one() -> None:
    raw = Account.derive(1, "alice").sign(CHAIN, 0, None, b"", 90_000, max_fee_per_gas=5)
    assert decode_transaction(raw).max_fee_per_gas == 5
