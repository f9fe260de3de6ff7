"""Requests that no web3.py would make: answered with an error, never with an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from web3.types import RPCEndpoint

from chains.jsonrpc import data
from chains.provider import EngineProvider
from chains.selection import EngineName, choose
from tests.conformance.probe import ALICE, ALICE_KEY, BOB, Driver, config

ME, YOU = data(ALICE), data(BOB)
HUGE = 10**5_000  # more digits than Python writes out
STRANGE: tuple[object, ...] = (
    -1,
    2**256,
    HUGE,
    "0x" + "f" * 65,
    "0x-1",
    "0x",
    True,
    1.5,
    [1],
    {},
    "latest",
    None,
)

REQUESTS: Mapping[str, Callable[[Any], tuple[str, list[Any]]]] = {
    "a slot": lambda v: ("eth_getStorageAt", [ME, v, "latest"]),
    "an account": lambda v: ("eth_getBalance", [v, "latest"]),
    "a tag": lambda v: ("eth_getBalance", [ME, v]),
    "a call": lambda v: ("eth_call", [v, "latest"]),
    "a call's receiver": lambda v: ("eth_call", [{"to": v}, "latest"]),
    "a call's value": lambda v: ("eth_call", [{"to": YOU, "value": v}, "latest"]),
    "a call's gas": lambda v: ("eth_estimateGas", [{"to": YOU, "gas": v}]),
    "an index": lambda v: ("eth_getTransactionByBlockNumberAndIndex", ["0x0", v]),
    "a count": lambda v: ("eth_feeHistory", [v, "latest", []]),
    "percentiles": lambda v: ("eth_feeHistory", ["0x1", "latest", v]),
    "a filter": lambda v: ("eth_getLogs", [v]),
    "a filter's topic": lambda v: ("eth_getLogs", [{"topics": [v]}]),
    "a new filter": lambda v: ("eth_newFilter", [v]),
    "a filter's number": lambda v: ("eth_getFilterChanges", [v]),
    "a hash": lambda v: ("eth_getTransactionReceipt", [v]),
    "raw bytes": lambda v: ("eth_sendRawTransaction", [v]),
    "a transaction": lambda v: ("eth_sendTransaction", [v]),
    "a value": lambda v: ("eth_sendTransaction", [{"from": ME, "to": YOU, "value": v}]),
    "a nonce": lambda v: ("eth_sendTransaction", [{"from": ME, "to": YOU, "nonce": v}]),
    "a price": lambda v: ("eth_sendTransaction", [{"from": ME, "to": YOU, "gasPrice": v}]),
    "an access list": lambda v: ("eth_sendTransaction", [{"from": ME, "to": YOU, "accessList": v}]),
}


def provider(engine: EngineName) -> EngineProvider:
    chain = choose(engine).make(config())
    Driver(chain).block()
    return EngineProvider(chain, keys=[ALICE_KEY])


@pytest.mark.parametrize("what", REQUESTS)
@pytest.mark.parametrize("engine", [EngineName.REVM, EngineName.PYEVM])
def test_a_strange_value_is_answered(engine: EngineName, what: str) -> None:
    asked = provider(engine)
    for value in STRANGE:
        method, params = REQUESTS[what](value)
        answer = asked.make_request(RPCEndpoint(method), params)
        assert ("error" in answer) != ("result" in answer)


@pytest.mark.parametrize("value", [0, 5, "0x5", 2**256 - 1])
def test_a_number_of_256_bits_is_read(value: object) -> None:
    asked = provider(EngineName.AUTO)
    answer = asked.make_request(RPCEndpoint("eth_getStorageAt"), [ME, value, "latest"])
    assert answer["result"] == data(bytes(32))
