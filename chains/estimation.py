"""Calls that write nothing, and the gas that a transaction needs."""

from __future__ import annotations

from chains.engine import Call, CallReverted
from chains.execution import Executor, Outcome
from chains.old_states import Context
from chains.reverts import describe
from chains.transactions import BASE_GAS

TOLERANCE_SHARE = 64  # an estimate may exceed the need by a 64th; every step is a whole execution


def simulate(executor: Executor, call: Call, gas: int, context: Context) -> Outcome:
    """Execute after the block ``context``, with ``gas`` at most a block's. Raises CallReverted."""
    if call.value and call.value > context.state.balance(call.sender):
        raise CallReverted("insufficient funds for the value of the call")
    return executor.simulate(call, min(gas, context.header.gas_limit), context.header)


def estimate_gas(executor: Executor, call: Call, context: Context) -> int:
    """The gas limit that suffices; more than the gas used where a callee keeps a 64th back.

    Raises CallReverted when no block's worth of gas would do.
    """
    limit = context.header.gas_limit
    ceiling = min(call.gas or limit, limit)
    outcome = simulate(executor, call, ceiling, context)
    if not outcome.is_success:
        raise CallReverted(describe(outcome.output, is_revert=outcome.is_revert), outcome.output)
    floor = max(outcome.gas_used, BASE_GAS)
    if _suffices(executor, call, floor, context):
        return floor
    low, high = floor, ceiling
    guess = floor * 64 // 63 + 2_300  # one level of calls, one stipend
    while high - low > low // TOLERANCE_SHARE:
        if low < guess < high:
            probe, guess = guess, 0
        else:
            probe = min((low + high) // 2, 2 * low)
        if _suffices(executor, call, probe, context):
            high = probe
        else:
            low = probe
    return high


def _suffices(executor: Executor, call: Call, gas: int, context: Context) -> bool:
    return simulate(executor, call, gas, context).is_success
