"""Accounts that a provider signs for, as a development node does for its unlocked accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eth_account import Account

from chains.engine import Call, Engine
from chains.feehistory import suggested_priority_fee
from chains.jsonrpc import BadParams, data, to_call, to_int, to_object
from chains.keys import address_of

GAS_BUFFER_SHARE = 4  # a transaction may use a quarter more gas than estimated


class UnlockedAccounts:
    """Fills in what a request leaves open, and signs it."""

    def __init__(self, engine: Engine, keys: Sequence[bytes]) -> None:
        self._engine = engine
        self._keys = {address_of(key): key for key in keys}

    @property
    def addresses(self) -> tuple[bytes, ...]:
        return tuple(self._keys)

    def sign(self, given: object) -> bytes:
        """The signed bytes of an eth_sendTransaction request.

        Raises BadParams for what cannot be read, or when there is no key for the sender.
        """
        request, call = to_object(given), to_call(given)
        key = self._keys.get(call.sender)
        if key is None:
            raise BadParams(f"no key for the account {data(call.sender)}")
        nonce = request.get("nonce", self._engine.nonce(call.sender, pending=True))
        fields: dict[str, object] = {
            "chainId": self._engine.chain_id,
            "nonce": to_int(nonce),
            "value": call.value,
            "data": call.data,
            "gas": call.gas or self._generous_gas(call),
            **self._fees(request),
        }
        if call.to is not None:
            fields["to"] = call.to
        if "accessList" in request:
            fields["accessList"] = request["accessList"]
        try:
            return bytes(Account.sign_transaction(fields, key).raw_transaction)
        except (TypeError, ValueError) as error:
            raise BadParams(f"not a transaction: {error!s:.80}") from error

    def _generous_gas(self, call: Call) -> int:
        estimate = self._engine.estimate_gas(call)
        ceiling = self._engine.block(self._engine.latest).gas_limit
        return min(estimate + estimate // GAS_BUFFER_SHARE, ceiling)

    def _fees(self, request: Mapping[str, object]) -> dict[str, object]:
        if "gasPrice" in request:
            return {"gasPrice": to_int(request["gasPrice"])}
        tip = to_int(request.get("maxPriorityFeePerGas", suggested_priority_fee(self._engine)))
        price = 2 * self._engine.block(self._engine.latest).base_fee_per_gas + tip
        return {
            "maxPriorityFeePerGas": tip,
            "maxFeePerGas": to_int(request.get("maxFeePerGas", price)),
        }
