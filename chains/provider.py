"""A web3 provider over an engine, in process: ordinary web3.py code runs unchanged.

Requests are answered from the engine's own objects; nothing is sent anywhere. Blocks come when
whoever drives the chain produces them, or after each transaction when ``automine`` says how.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from hexbytes import HexBytes
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCError, RPCResponse

from chains.engine import CallReverted, ChainError, Engine
from chains.filters import Filters
from chains.jsonrpc import BadParams, Json, data, to_bytes
from chains.reads import Method, Reads
from chains.unlocked import UnlockedAccounts

METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000
EXECUTION_REVERTED = 3

Answer = Callable[..., object]
BLOCK_METHODS = ("eth_getBlockByNumber", "eth_getBlockByHash")


class EngineProvider(JSONBaseProvider):
    """Answers JSON-RPC from an engine; ``keys`` are the accounts that it signs for."""

    global_ccip_read_enabled = False  # a contract must not send us anywhere

    def __init__(
        self,
        engine: Engine,
        *,
        keys: Sequence[bytes] = (),
        automine: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._accounts = UnlockedAccounts(engine, keys)
        self._automine = automine
        reads = Reads(engine)
        by_name = reads.table()
        self._methods: dict[str, Answer] = {
            **by_name,
            **{name: _for_web3(by_name[name]) for name in BLOCK_METHODS},
            **Filters(engine, reads.log_filter).table(),
            "eth_accounts": lambda: [data(account) for account in self._accounts.addresses],
            "eth_sendRawTransaction": lambda raw: self._send(to_bytes(raw)),
            "eth_sendTransaction": self._send_unlocked,
        }
        self._signatures = {name: inspect.signature(call) for name, call in self._methods.items()}

    def is_connected(self, show_traceback: bool = False) -> bool:
        """An engine in the same process always is."""
        return True

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Answer one request; refusals are JSON-RPC errors, never exceptions."""
        if method not in self._methods:
            return _error(METHOD_NOT_FOUND, f"the method {method} does not exist")
        try:
            return _result(self._answer(method, params or ()))
        except CallReverted as error:
            code = EXECUTION_REVERTED if error.data else SERVER_ERROR
            return _error(code, str(error), data(error.data))
        except BadParams as error:
            return _error(INVALID_PARAMS, str(error))
        except ChainError as error:
            return _error(SERVER_ERROR, str(error))

    def make_batch_request(self, requests: list[tuple[RPCEndpoint, Any]]) -> list[RPCResponse]:
        """Answer each in turn."""
        return [self.make_request(method, params) for method, params in requests]

    def _answer(self, method: RPCEndpoint, params: Sequence[object]) -> object:
        try:
            bound = self._signatures[method].bind(*params)
        except TypeError as error:
            raise BadParams(f"{method}: {error}") from error
        return self._methods[method](*bound.args)

    def _send(self, raw: bytes) -> Json:
        tx_hash = self._engine.submit(raw)
        if self._automine is not None:
            self._automine()
        return data(tx_hash)

    def _send_unlocked(self, request: object) -> Json:
        return self._send(self._accounts.sign(request))


def _for_web3(read_block: Method) -> Answer:
    """The block as web3.py's proof-of-authority middleware would leave it.

    web3.py refuses an extraData of more than 32 bytes, so the same content takes its other name.
    """

    def read(tag: object, is_full: bool = False) -> object:
        block = read_block(tag, is_full)
        if not isinstance(block, dict):
            return block
        extra_data = HexBytes(str(block.pop("extraData")))
        return {**block, "proofOfAuthorityData": extra_data}

    return read


def _result(result: object) -> RPCResponse:
    return {"jsonrpc": "2.0", "id": 1, "result": result}


def _error(code: int, message: str, payload: str | None = None) -> RPCResponse:
    fault: RPCError = {"code": code, "message": message}
    if payload is not None:
        fault["data"] = payload
    return {"jsonrpc": "2.0", "id": 1, "error": fault}
