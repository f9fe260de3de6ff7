"""Signed transactions: legacy with EIP-155, type 1 (EIP-2930) and type 2 (EIP-1559).

Decoding checks all that can be checked without a state: canonical encoding, ranges, low s, sender.
The sender is recovered once; the same bytes decoded again come from a cache.
"""

from __future__ import annotations

from collections.abc import Sequence

from chains import rlp
from chains.engine import Transaction, TransactionRejected
from chains.keys import ORDER, BadSignature, address_of, keccak, recover, sign_digest

LEGACY, ACCESS_LIST, DYNAMIC_FEE = 0, 1, 2
MAX_NONCE = 2**64 - 2  # EIP-2681
_UINT256 = 2**256
_UINT64 = 2**64

BASE_GAS = 21_000
CREATE_GAS = 32_000
ZERO_BYTE_GAS = 4
NONZERO_BYTE_GAS = 16  # EIP-2028
ACCESS_ADDRESS_GAS = 2_400  # EIP-2930
ACCESS_SLOT_GAS = 1_900
INITCODE_WORD_GAS = 2  # EIP-3860


KNOWN_AT_MOST = 8192
_known: dict[bytes, Transaction] = {}  # decoded or signed here before, oldest first


def decode_transaction(raw: bytes) -> Transaction:
    """Decode a signed transaction. Raises TransactionRejected."""
    return _known.get(raw) or _remember(_decode(raw))


def forget_known() -> None:
    """Decode everything anew, as another process would."""
    _known.clear()


def _remember(transaction: Transaction) -> Transaction:
    if len(_known) >= KNOWN_AT_MOST:
        del _known[next(iter(_known))]
    _known[transaction.raw] = transaction
    return transaction


def _decode(raw: bytes) -> Transaction:
    try:
        if raw[:1] == b"\x01":
            return _decode_typed(raw, ACCESS_LIST)
        if raw[:1] == b"\x02":
            return _decode_typed(raw, DYNAMIC_FEE)
        return _decode_legacy(raw)
    except (rlp.RlpError, BadSignature) as error:
        raise TransactionRejected(f"not a signed transaction: {error}") from error


def sign_transaction(
    private_key: bytes,
    *,
    chain_id: int,
    nonce: int,
    to: bytes | None,
    data: bytes = b"",
    value: int = 0,
    gas_limit: int = 1_000_000,
    max_fee_per_gas: int = 0,
    max_priority_fee_per_gas: int = 0,
) -> bytes:
    """The bytes of a signed type 2 transaction without access list; ``to`` is None to deploy."""
    body = (
        rlp.encode_int(chain_id),
        rlp.encode_int(nonce),
        rlp.encode_int(max_priority_fee_per_gas),
        rlp.encode_int(max_fee_per_gas),
        rlp.encode_int(gas_limit),
        rlp.encode_bytes(to or b""),
        rlp.encode_int(value),
        rlp.encode_bytes(data),
        rlp.EMPTY_LIST,
    )
    signature = sign_digest(private_key, keccak(b"\x02" + rlp.join(body)))
    parity, r, s = (
        signature[64],
        int.from_bytes(signature[:32], "big"),
        int.from_bytes(signature[32:64], "big"),
    )
    signed = b"".join(map(rlp.encode_int, (parity, r, s)))
    raw = b"\x02" + rlp.join((*body, signed))
    end = len(raw) - len(signed) - len(rlp.EMPTY_LIST)
    transaction = Transaction(
        raw=raw,
        hash=keccak(raw),
        tx_type=DYNAMIC_FEE,
        chain_id=chain_id,
        sender=address_of(private_key),
        nonce=nonce,
        to=to or None,
        value=value,
        data_start=end - len(data),
        data_end=end,
        gas_limit=gas_limit,
        max_fee_per_gas=max_fee_per_gas,
        max_priority_fee_per_gas=max_priority_fee_per_gas,
        v=parity,
        r=r,
        s=s,
    )
    if _would_decode(transaction):  # and then to this, so who signed need not be recovered
        _remember(transaction)
    return raw


def intrinsic_gas(transaction: Transaction) -> int:
    """What a transaction costs before its first instruction."""
    gas = intrinsic_gas_of(transaction.to, transaction.data)
    for _, slots in transaction.access_list:
        gas += ACCESS_ADDRESS_GAS + ACCESS_SLOT_GAS * len(slots)
    return gas


def intrinsic_gas_of(to: bytes | None, data: bytes) -> int:
    """The same for a call that lists no access."""
    zeros = data.count(0)
    gas = BASE_GAS + zeros * ZERO_BYTE_GAS + (len(data) - zeros) * NONZERO_BYTE_GAS
    if to is None:
        gas += CREATE_GAS + INITCODE_WORD_GAS * (-(-len(data) // 32))
    return gas


def effective_gas_price(transaction: Transaction, base_fee: int) -> int:
    """What the sender pays for a unit of gas in a block with that base fee."""
    return min(transaction.max_fee_per_gas, base_fee + transaction.max_priority_fee_per_gas)


def contract_address(creator: bytes, nonce: int) -> bytes:
    """Where a deployment at that nonce puts its contract."""
    return keccak(rlp.join((rlp.encode_bytes(creator), rlp.encode_int(nonce))))[12:]


def _would_decode(transaction: Transaction) -> bool:
    return (
        (transaction.chain_id or 0) < _UINT256
        and transaction.nonce <= MAX_NONCE
        and transaction.gas_limit < _UINT64
        and transaction.value < _UINT256
        and transaction.max_priority_fee_per_gas <= transaction.max_fee_per_gas < _UINT256
        and (transaction.to is None or len(transaction.to) == 20)
    )


def _decode_legacy(raw: bytes) -> Transaction:
    fields = _fields(raw, 9)
    v = rlp.as_int(fields[6])
    if v < 35 and v not in (27, 28):
        raise TransactionRejected(f"v is {v}, neither EIP-155 nor 27 or 28")
    chain_id = _within((v - 35) // 2, _UINT256, "chain id") if v >= 35 else None
    protected = () if chain_id is None else (rlp.integer(chain_id), b"", b"")
    price = _bounded(fields[1], _UINT256, "gas price")
    data = rlp.as_bytes(fields[5])
    end = len(raw) - len(b"".join(map(rlp.encode, fields[6:])))
    r, s = _signature(fields[7], fields[8])
    digest = keccak(rlp.encode((*fields[:6], *protected)))
    return Transaction(
        raw=raw,
        hash=keccak(raw),
        tx_type=LEGACY,
        chain_id=chain_id,
        sender=_sender(digest, r, s, (v - 35) % 2 if v >= 35 else v - 27),
        nonce=_bounded(fields[0], MAX_NONCE + 1, "nonce"),
        gas_limit=_bounded(fields[2], _UINT64, "gas limit"),
        to=_receiver(fields[3]),
        value=_bounded(fields[4], _UINT256, "value"),
        data_start=end - len(data),
        data_end=end,
        max_fee_per_gas=price,
        max_priority_fee_per_gas=price,
        v=v,
        r=r,
        s=s,
    )


def _decode_typed(raw: bytes, tx_type: int) -> Transaction:
    # type 1: chain, nonce, price; type 2: chain, nonce, priority, maximum; then both alike
    head = 3 if tx_type == ACCESS_LIST else 4
    fields = _fields(raw[1:], head + 8)
    chain_id, nonce, *fees = fields[:head]
    gas_limit, to, value, data_item, access_list, y_parity, *signature = fields[head:]
    data = rlp.as_bytes(data_item)
    end = len(raw) - len(b"".join(map(rlp.encode, fields[head + 4 :])))
    priority, maximum = (_bounded(fee, _UINT256, "fee") for fee in (fees[0], fees[-1]))
    if priority > maximum:
        raise TransactionRejected("the priority fee exceeds the maximum fee")
    parity = _bounded(y_parity, 2, "y parity")
    r, s = _signature(*signature)
    digest = keccak(raw[:1] + rlp.encode(fields[:-3]))
    return Transaction(
        raw=raw,
        hash=keccak(raw),
        tx_type=tx_type,
        chain_id=_bounded(chain_id, _UINT256, "chain id"),
        sender=_sender(digest, r, s, parity),
        nonce=_bounded(nonce, MAX_NONCE + 1, "nonce"),
        gas_limit=_bounded(gas_limit, _UINT64, "gas limit"),
        to=_receiver(to),
        value=_bounded(value, _UINT256, "value"),
        data_start=end - len(data),
        data_end=end,
        max_fee_per_gas=maximum,
        max_priority_fee_per_gas=priority,
        access_list=_access_list(access_list),
        v=parity,
        r=r,
        s=s,
    )


def _sender(digest: bytes, r: int, s: int, parity: int) -> bytes:
    return recover(digest, r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes((parity,)))


def _signature(r_item: rlp.Item, s_item: rlp.Item) -> tuple[int, int]:
    r, s = rlp.as_int(r_item), rlp.as_int(s_item)
    if not (0 < r < ORDER and 0 < s <= ORDER // 2):  # EIP-2: low s only
        raise TransactionRejected("the signature is out of range or has a high s")
    return r, s


def _receiver(item: rlp.Item) -> bytes | None:
    to = rlp.as_bytes(item)
    if len(to) not in (0, 20):
        raise TransactionRejected(f"the receiver has {len(to)} bytes, not 20")
    return to or None


def _access_list(item: rlp.Item) -> tuple[tuple[bytes, tuple[bytes, ...]], ...]:
    entries = []
    for entry in rlp.as_list(item):
        pair = rlp.as_list(entry)
        if len(pair) != 2:
            raise TransactionRejected("an access list entry is an address and its slots")
        address = rlp.as_bytes(pair[0])
        slots = tuple(rlp.as_bytes(slot) for slot in rlp.as_list(pair[1]))
        if len(address) != 20 or any(len(slot) != 32 for slot in slots):
            raise TransactionRejected("an access list holds addresses and 32-byte slots")
        entries.append((address, slots))
    return tuple(entries)


def _fields(encoded: bytes, count: int) -> Sequence[rlp.Item]:
    fields = rlp.as_list(rlp.decode(encoded))
    if len(fields) != count:
        raise TransactionRejected(f"expected {count} fields, found {len(fields)}")
    return fields


def _bounded(item: rlp.Item, limit: int, what: str) -> int:
    return _within(rlp.as_int(item), limit, what)


def _within(value: int, limit: int, what: str) -> int:
    if value >= limit:
        raise TransactionRejected(f"the {what} is out of range")
    return value
