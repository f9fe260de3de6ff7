"""What an ABI's entries say: types, topics, and the values in a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import decode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from contracts.artifacts import Abi


def constructor_inputs(abi: Abi) -> list[dict[str, Any]]:
    """The constructor's parameters; none without a constructor."""
    found: list[list[dict[str, Any]]] = [e["inputs"] for e in abi if e["type"] == "constructor"]
    return found[0] if found else []


def types_of(inputs: Sequence[dict[str, Any]]) -> list[str]:
    """Canonical type names, tuples written out."""
    return [collapse_if_tuple(item) for item in inputs]


def topic_of(event: dict[str, Any]) -> bytes:
    """The hash that a log of this event starts with."""
    return keccak(f"{event['name']}({','.join(types_of(event['inputs']))})".encode())


def event_fields(event: dict[str, Any], topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
    """Indexed fields come from topics, the rest from the data."""
    indexed = [item for item in event["inputs"] if item["indexed"]]
    others = [item for item in event["inputs"] if not item["indexed"]]
    decoded = decode(types_of(others), data)
    values = dict(zip((item["name"] for item in others), decoded, strict=True))
    for item, topic in zip(indexed, topics[1:], strict=True):
        (values[item["name"]],) = decode([collapse_if_tuple(item)], topic)
    return values


def single(values: Sequence[Any]) -> Any:
    """None, the only value, or all of them."""
    match len(values):
        case 0:
            return None
        case 1:
            return values[0]
        case _:
            return tuple(values)
