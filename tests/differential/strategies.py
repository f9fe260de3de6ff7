"""Random blocks: what hypothesis draws and shrinks."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chains.config import Fees
from chains.keys import address_of
from chains.transactions import contract_address
from tests.differential.assembly import (
    Call,
    Copy,
    Crash,
    Create,
    Destroy,
    Give,
    Install,
    Log,
    Program,
    Sense,
    Statement,
    Store,
    deployment,
)
from tests.differential.duel import POOR, RICH, VALIDATORS, Tx

GWEI = 10**9
BLOCKS_PER_STORY = 2
CONTRACTS = tuple(contract_address(RICH, nonce) for nonce in range(6))
NOBODY = b"\x77" * 20
PRECOMPILES = tuple(number.to_bytes(20, "big") for number in range(1, 10))
TARGETS = (*CONTRACTS, RICH, POOR, NOBODY, address_of(VALIDATORS[0]), *PRECOMPILES)
SIMPLE_OPCODES = (
    *("ADDRESS", "CALLER", "CALLVALUE", "CALLDATASIZE", "CODESIZE", "ORIGIN", "SELFBALANCE"),
    *("CHAINID", "COINBASE", "GASLIMIT", "NUMBER", "PREVRANDAO", "TIMESTAMP"),
    *("GAS", "MSIZE", "RETURNDATASIZE"),
)
ACCOUNT_OPCODES = ("BALANCE", "EXTCODEHASH", "EXTCODESIZE")

slots = st.integers(0, 3)
values = st.sampled_from((0, 0, 1, 2, 2**256 - 1))
amounts = st.sampled_from((0, 0, 0, 1, 1000))
targets = st.one_of(st.sampled_from(CONTRACTS[:4]), st.sampled_from(TARGETS))
addresses = targets.map(lambda address: int.from_bytes(address, "big"))
payloads = st.one_of(
    st.just(b""), st.binary(max_size=40), st.integers(0, 3).map(lambda n: n.to_bytes(32, "big"))
)

senses = st.one_of(
    st.builds(Sense, st.sampled_from(SIMPLE_OPCODES), slots),
    st.builds(Sense, st.sampled_from(ACCOUNT_OPCODES), slots, addresses),
    st.builds(Sense, st.just("SLOAD"), slots, slots),
)
calls = st.builds(
    Call,
    kind=st.sampled_from(("CALL", "CALL", "DELEGATECALL", "STATICCALL", "CALLCODE")),
    target=targets,
    slot=slots,
    data=payloads,
    value=amounts,
    gas=st.sampled_from((None, None, 0, 700, 2_600, 30_000)),
)
ends = st.one_of(
    st.just(()),
    st.just(()),
    st.builds(Give, payloads, st.booleans()).map(lambda end: (end,)),
    st.sampled_from(("INVALID", "UNDERFLOW", "BAD_JUMP", "HUGE_MEMORY", "RETURN_TOO_MUCH")).map(
        lambda how: (Crash(how),)
    ),
    st.builds(Destroy, targets).map(lambda end: (end,)),
)
plain: SearchStrategy[Statement] = st.one_of(
    st.builds(Store, slots, values),
    st.builds(Store, slots, values),
    senses,
    st.builds(Log, st.integers(0, 4), st.integers(0, 70)),
    st.builds(Copy, targets, st.integers(0, 40)),
    calls,
)


def _programs(statements: SearchStrategy[Statement]) -> SearchStrategy[Program]:
    body = st.lists(statements, min_size=1, max_size=6).map(tuple)
    return st.builds(lambda first, last: Program((*first, *last)), body, ends)


def _initcodes(runtimes: SearchStrategy[Program]) -> SearchStrategy[Program]:
    installing = st.builds(
        lambda first, runtime: Program((*first, Install(runtime))),
        st.lists(plain, max_size=3).map(tuple),
        runtimes,
    )
    return st.one_of(installing, installing, _programs(plain))


children = _initcodes(_programs(plain))
creations = st.builds(Create, children, slots, amounts, st.one_of(st.none(), st.integers(0, 1)))
programs = _programs(st.one_of(plain, plain, creations))
deployments = st.one_of(
    st.builds(lambda program: deployment(program.statements), programs),
    st.builds(lambda program: deployment(program.statements), programs),
    _initcodes(programs).map(Program.code),
    st.binary(max_size=20),
)
access_lists = st.lists(st.tuples(targets, st.lists(slots, max_size=3).map(tuple)), max_size=3).map(
    tuple
)


@dataclass(frozen=True)
class Story:
    """Some contracts, some blocks, and how many of them are reorganised away before the last."""

    fees: Fees
    contracts: tuple[Program, ...]
    blocks: tuple[tuple[Tx, ...], ...]
    reorganised: int = 0


@st.composite
def transactions(draw: st.DrawFn, fees: Fees) -> Tx:
    """One transaction that the ledger may or may not take."""
    deploys = draw(st.integers(0, 5)) == 5
    tip = draw(st.sampled_from((0, 0, 1, GWEI)))
    tx_type = draw(st.sampled_from((2, 2, 0, 1)))
    return Tx(
        to=None if deploys else draw(st.one_of(st.sampled_from(CONTRACTS[:3]), targets)),
        data=draw(deployments if deploys else payloads),
        value=draw(st.sampled_from((0, 0, 0, 1, 10**15))),
        gas_limit=draw(st.sampled_from((500_000, 500_000, 200_000, 60_000, 21_000, 1_500_000))),
        sender=draw(st.sampled_from((0, 0, 0, 1, 2))),
        tx_type=tx_type,
        max_fee=tip + (2 * GWEI if fees is Fees.EIP1559 else 0),
        tip=tip,
        access_list=draw(access_lists) if tx_type and draw(st.booleans()) else (),
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story."""
    fees = draw(st.sampled_from(Fees))
    block = st.lists(transactions(fees), min_size=2, max_size=7).map(tuple)
    blocks = tuple(draw(block) for _ in range(BLOCKS_PER_STORY))
    contracts = draw(st.lists(programs, min_size=2, max_size=4).map(tuple))
    return Story(fees, contracts, blocks, draw(st.sampled_from((0, 0, 1))))
