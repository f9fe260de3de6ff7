"""A receipt is read in its one canonical form; every other one is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chains import rlp
from chains.keys import keccak
from tests.support.proof_contracts import Verifier
from tests.support.receipts import DATA, TOPIC, Proven, claim_about, log, receipt

HONEST = log()


@pytest.mark.parametrize("tx_type", [0, 1, 2], ids=["legacy", "type 1", "type 2"])
def test_known_types_are_accepted(verifier: Verifier, tx_type: int) -> None:
    claim = claim_about(receipt([HONEST], tx_type=tx_type))
    assert verifier.verify(claim) == Proven.of(HONEST)


@pytest.mark.parametrize("tx_type", [3, 4, 5, 0x7F])
def test_other_types_are_refused(verifier: Verifier, tx_type: int) -> None:
    claim = claim_about(receipt([HONEST], tx_type=tx_type))
    assert verifier.refusal(claim) == "receipt: unknown type"


def test_a_zero_type_byte_is_refused(verifier: Verifier) -> None:
    claim = claim_about(b"\x00" + receipt([HONEST]))
    assert verifier.refusal(claim) == "receipt: unknown type"


def test_two_type_bytes_are_refused(verifier: Verifier) -> None:
    claim = claim_about(b"\x02" + receipt([HONEST], tx_type=2))
    assert verifier.refusal(claim) == "receipt: not one list"


def test_a_receipt_wrapped_in_a_string_is_refused(verifier: Verifier) -> None:
    claim = claim_about(rlp.encode_bytes(receipt([HONEST])))
    assert verifier.refusal(claim) == "receipt: not one list"


def test_a_byte_behind_the_receipt_is_refused(verifier: Verifier) -> None:
    claim = claim_about(receipt([HONEST]) + b"\x00")
    assert verifier.refusal(claim) == "receipt: not one list"


@pytest.mark.parametrize(
    "status", [b"", b"\x02", keccak(b"a state root")], ids=["0", "2", "a state root"]
)
def test_a_receipt_without_status_1_is_refused(verifier: Verifier, status: bytes) -> None:
    claim = claim_about(receipt([HONEST], status=status))
    assert verifier.refusal(claim) == "receipt: not successful"


@pytest.mark.parametrize("tx_type", [0, 2])
def test_a_receipt_without_fields_is_refused(verifier: Verifier, tx_type: int) -> None:
    empty = (b"" if tx_type == 0 else bytes((tx_type,))) + rlp.EMPTY_LIST
    assert verifier.refusal(claim_about(empty)) == "receipt: not successful"


@pytest.mark.parametrize("gas_used", [b"", bytes(9), b"\x01" * 9], ids=["zero", "zeros", "long"])
def test_a_bad_gas_used_is_refused(verifier: Verifier, gas_used: bytes) -> None:
    claim = claim_about(receipt([HONEST], gas_used=gas_used))
    assert verifier.refusal(claim) == "receipt: bad gas used"


def test_a_gas_used_with_a_leading_zero_is_refused(verifier: Verifier) -> None:
    claim = claim_about(receipt([HONEST], gas_used=b"\x00\x52\x08"))
    assert verifier.refusal(claim) == "rlp: number not canonical"


@pytest.mark.parametrize("size", [0, 255, 257])
def test_a_bloom_of_another_size_is_refused(verifier: Verifier, size: int) -> None:
    claim = claim_about(receipt([HONEST], bloom=b"\x5b" * size))
    assert verifier.refusal(claim) == "receipt: bad bloom"


def test_an_extra_field_is_refused(verifier: Verifier) -> None:
    claim = claim_about(receipt([HONEST], extra=[b""]))
    assert verifier.refusal(claim) == "receipt: logs not the last field"


def test_logs_that_are_no_list_are_refused(verifier: Verifier) -> None:
    forged = rlp.encode([b"\x01", b"\x01", b"\x5b" * 256, rlp.encode([HONEST])])
    assert verifier.refusal(claim_about(forged)) == "receipt: logs not the last field"


@pytest.mark.parametrize("index", range(3))
def test_each_log_is_proven_at_its_index(verifier: Verifier, index: int) -> None:
    logs = [log(data=bytes((place,)) * 40) for place in range(3)]
    claim = claim_about(receipt(logs), index)
    assert verifier.verify(claim) == Proven.of(logs[index])


@pytest.mark.parametrize("index", [3, 255, 256, 2**256 - 1])
def test_a_log_index_out_of_range_is_refused(verifier: Verifier, index: int) -> None:
    claim = claim_about(receipt([HONEST] * 3), index)
    assert verifier.refusal(claim) == "log: no such index"


def test_a_receipt_without_logs_proves_none(verifier: Verifier) -> None:
    assert verifier.refusal(claim_about(receipt([]))) == "log: no such index"


def test_log_shaped_bytes_inside_data_are_data(verifier: Verifier) -> None:
    carrier = log(address=b"\xbb" * 20, data=rlp.encode(HONEST))
    claim = claim_about(receipt([carrier]))
    assert verifier.verify(claim) == Proven.of(carrier)
    assert verifier.refusal(claim_about(receipt([carrier]), 1)) == "log: no such index"


def test_a_log_that_is_no_list_is_refused(verifier: Verifier) -> None:
    claim = claim_about(receipt([rlp.encode(HONEST)]))
    assert verifier.refusal(claim) == "log: not a list"


@pytest.mark.parametrize("count", range(5))
def test_up_to_four_topics_are_counted(verifier: Verifier, count: int) -> None:
    fields = log(topics=[keccak(bytes((place,))) for place in range(count)])
    assert verifier.verify(claim_about(receipt([fields]))) == Proven.of(fields)


FIVE_TOPICS = log(topics=[TOPIC] * 5)
TOPIC_OF_31_BYTES = log(topics=[TOPIC[:31]])
TOPICS_OF_31_AND_33_BYTES = log(topics=[TOPIC[:31], TOPIC + b"\x00"])
TOPICS_NO_LIST: list[rlp.Item] = [b"\x5e" * 20, b"\xa0" + TOPIC, DATA]
TOPIC_A_LIST: list[rlp.Item] = [b"\x5e" * 20, [[TOPIC[:31]], TOPIC], DATA]


@pytest.mark.parametrize(
    "fields",
    [FIVE_TOPICS, TOPIC_OF_31_BYTES, TOPICS_OF_31_AND_33_BYTES, TOPICS_NO_LIST, TOPIC_A_LIST],
    ids=["five", "31 bytes", "31 and 33 bytes", "no list", "a list in the list"],
)
def test_bad_topics_are_refused(verifier: Verifier, fields: Sequence[rlp.Item]) -> None:
    assert verifier.refusal(claim_about(receipt([fields]))) == "log: bad topics"


@pytest.mark.parametrize("size", [0, 19, 21, 32])
def test_an_address_of_another_size_is_refused(verifier: Verifier, size: int) -> None:
    claim = claim_about(receipt([log(address=b"\x5e" * size)]))
    assert verifier.refusal(claim) == "log: bad address"


def test_an_empty_log_is_refused(verifier: Verifier) -> None:
    assert verifier.refusal(claim_about(receipt([[]]))) == "log: bad address"


@pytest.mark.parametrize(
    "fields",
    [[*HONEST, b""], log(data=[DATA])],
    ids=["extra field", "a list"],
)
def test_bad_data_is_refused(verifier: Verifier, fields: Sequence[rlp.Item]) -> None:
    assert verifier.refusal(claim_about(receipt([fields]))) == "log: bad data"


@pytest.mark.parametrize("size", [0, 1, 31, 32, 55, 56, 255, 256, 3000])
def test_data_of_any_size_is_hashed(verifier: Verifier, size: int) -> None:
    fields = log(data=b"\x7f" * size)
    assert verifier.verify(claim_about(receipt([fields]))) == Proven.of(fields)
