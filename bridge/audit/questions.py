"""Questions to contracts, as many in one message as fit: a message costs far more than a question.

The message is the initcode of a contract that is never created: it asks each contract by
STATICCALL and reverts with the answers, one word each. Unless every contract has answered with
exactly one word, it reverts with nothing and each question is put alone, so that a contract that
fails or eats gas spoils no answer of another. Source: EVM, Shanghai.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from bridge.audit.words import WORD
from chains.engine import Call, CallReverted, ChainError, Height

AT_ONCE = 256  # initcode may have 49,152 bytes (EIP-3860), a question takes 81 of them at most
ASKED_MAX = 4096  # the same accounts are asked about again and again
SELECTOR = 4
SELECTOR_AT = WORD - SELECTOR  # in memory, at the end of the first word; an argument is the second
ANSWERS_AT = 2 * WORD  # behind them

PUSH0, PUSH1, DUP6, SWAP1, MSIZE = b"\x5f", b"\x60", b"\x85", b"\x90", b"\x59"
MUL, EQ, AND, RETURNDATASIZE, MSTORE, GAS = b"\x02", b"\x14", b"\x16", b"\x3d", b"\x52", b"\x5a"
STATICCALL, REVERT = b"\xfa", b"\xfd"
ONE_WORD = PUSH1 + bytes((WORD,))
TWO_WORDS_OF_MEMORY = PUSH0 + ONE_WORD + MSTORE
ALL_ANSWERED = PUSH1 + b"\x01"
TO_THE_END = ONE_WORD + MSIZE
IS_ONE_WORD = RETURNDATASIZE + ONE_WORD + EQ + AND + AND  # and all before it
REVERT_WITH_ANSWERS = MUL + PUSH1 + bytes((ANSWERS_AT,)) + REVERT  # of no bytes unless all are


class Question(NamedTuple):
    """A call whose answer is one number; its calldata is a selector and a word at most."""

    contract: bytes
    calldata: bytes


NOTHING = Question(b"", b"")
"""What is asked before the first question: memory is empty."""


class Reader(Protocol):
    """What can ask a contract; every Engine can."""

    def call(self, call: Call, at: Height | None = None) -> bytes: ...


def ask(reader: Reader, questions: Sequence[Question], at: Height) -> list[int | None]:
    """The answers after block ``at``, None where a contract has none."""
    answers: list[int | None] = []
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        found = _together(reader, some, at) if len(some) > 1 else None
        answers += [_alone(reader, question, at) for question in some] if found is None else found
    return answers


def _together(reader: Reader, questions: Sequence[Question], at: Height) -> list[int] | None:
    try:
        reader.call(Call(to=None, data=_initcode(questions)), at=at)
    except CallReverted as reverted:
        words = reverted.data
    except ChainError:
        return None
    else:
        return None  # whoever let it end otherwise has not run it
    if len(words) != len(questions) * WORD:
        return None
    return [int.from_bytes(words[i : i + WORD], "big") for i in range(0, len(words), WORD)]


def _alone(reader: Reader, question: Question, at: Height) -> int | None:
    try:
        answer = reader.call(Call(to=question.contract, data=question.calldata), at=at)
    except ChainError:
        return None
    return int.from_bytes(answer, "big") if len(answer) == WORD else None


def _initcode(questions: Sequence[Question]) -> bytes:
    """Short, for an engine may take it byte by byte: what questions share is not said again."""
    asked = map(_asking, questions, (NOTHING, *questions))
    size = _push((len(questions) * WORD).to_bytes(2, "big"))
    return b"".join((TWO_WORDS_OF_MEMORY, ALL_ANSWERED, *asked, size, REVERT_WITH_ANSWERS))


@lru_cache(maxsize=ASKED_MAX)
def _asking(question: Question, before: Question) -> bytes:
    """Code that puts one question after another; its answer goes to the end of memory.

    On the stack is whether all are answered so far, and under it the contract.
    """
    code = b""
    if question.contract != before.contract:
        code += _push(question.contract) + SWAP1
    (selector, argument), remembered = _words(question), _words(before)
    if selector != remembered[0]:
        code += _push(selector) + PUSH0 + MSTORE
    if argument != remembered[1]:
        code += _push(argument) + ONE_WORD + MSTORE
    size = PUSH1 + bytes((len(question.calldata),))
    asked = TO_THE_END + size + PUSH1 + bytes((SELECTOR_AT,))
    return b"".join((code, asked, DUP6, GAS, STATICCALL, IS_ONE_WORD))


def _words(question: Question) -> tuple[bytes, bytes]:
    """What is put into memory: the selector and the argument, each a number."""
    words = question.calldata.ljust(SELECTOR + WORD, b"\x00")
    return words[:SELECTOR], words[SELECTOR:]


def _push(number: bytes) -> bytes:
    """Code that puts a number on the stack."""
    digits = number.lstrip(b"\x00")
    return bytes((PUSH0[0] + len(digits),)) + digits
