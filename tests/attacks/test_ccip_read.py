"""A contract that answers with OffchainLookup (EIP-3668) sends nobody anywhere."""

from __future__ import annotations

import socket

import pytest
from eth_typing import HexStr
from web3 import Web3
from web3.exceptions import OffchainLookup, Web3Exception

from chains.engine import CallReverted
from chains.provider import EngineProvider
from tests.support.engine_chain import Clock, EngineChain, calldata
from tests.support.engine_hostile import attacker
from tests.support.engine_world import SHANGHAI
from tests.support.people import EVE


class SocketOpened(AssertionError):
    """Somebody tried to reach the network."""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to open a socket is noted and fails."""
    attempts: list[object] = []

    def refuse(*arguments: object, **_: object) -> object:
        attempts.append(arguments)
        raise SocketOpened

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


@pytest.fixture
def chain() -> EngineChain:
    return EngineChain(SHANGHAI, Clock())


def test_an_offchain_lookup_opens_no_socket_and_raises(
    chain: EngineChain, no_network: list[object]
) -> None:
    oracle = chain.deploy(attacker("oracle"), who=EVE)
    web3 = Web3(EngineProvider(chain.engine))
    contract = web3.eth.contract(
        address=web3.to_checksum_address(oracle), abi=attacker("oracle").abi
    )
    with pytest.raises(OffchainLookup):
        contract.functions.price().call()
    question = HexStr("0xa035b1fe")
    with pytest.raises(Web3Exception):
        web3.eth.call({"to": web3.to_checksum_address(oracle), "data": question})
    assert no_network == []


def test_with_ccip_read_switched_on_the_asker_would_have_gone(
    chain: EngineChain, no_network: list[object]
) -> None:
    """The twin: it is the provider that keeps web3.py at home."""
    oracle = chain.deploy(attacker("oracle"), who=EVE)
    provider = EngineProvider(chain.engine)
    provider.global_ccip_read_enabled = True
    contract = Web3(provider).eth.contract(
        address=Web3.to_checksum_address(oracle), abi=attacker("oracle").abi
    )
    with pytest.raises(SocketOpened):
        contract.functions.price().call()
    assert no_network != []


def test_the_engine_itself_says_that_it_reverted(chain: EngineChain) -> None:
    oracle = chain.deploy(attacker("oracle"), who=EVE)
    with pytest.raises(CallReverted):
        chain.read(oracle, calldata(attacker("oracle"), "price"))
