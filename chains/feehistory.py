"""What recent blocks charged: the answer of eth_feeHistory and the prices suggested from it."""

from __future__ import annotations

from collections.abc import Sequence

from chains.engine import Block, Engine, Height
from chains.jsonrpc import BadParams, Json, quantity
from chains.transactions import effective_gas_price

MAX_BLOCKS = 1024
PRIORITY_FEE = 1_000_000_000  # what a sender adds where fees are charged at all


def suggested_priority_fee(engine: Engine) -> int:
    """Nothing where the base fee is pinned at 0."""
    return PRIORITY_FEE if engine.block(engine.latest).base_fee_per_gas else 0


def suggested_gas_price(engine: Engine) -> int:
    """A price that the next block accepts: the base fee grows by an eighth at most."""
    base_fee = engine.block(engine.latest).base_fee_per_gas
    return base_fee + base_fee // 8 + suggested_priority_fee(engine)


def fee_history(
    engine: Engine, count: int, newest: Height, percentiles: Sequence[float]
) -> dict[str, Json]:
    """Base fees, fullness and priority fees of the ``count`` blocks up to ``newest``.

    Raises BadParams.
    """
    if not 1 <= count <= MAX_BLOCKS:
        raise BadParams(f"a fee history has 1 to {MAX_BLOCKS} blocks, not {count}")
    oldest = max(0, newest - count + 1)
    blocks = [engine.block(Height(height)) for height in range(oldest, newest + 1)]
    base_fees = [block.base_fee_per_gas for block in blocks]
    history: dict[str, Json] = {
        "oldestBlock": quantity(oldest),
        "baseFeePerGas": [quantity(fee) for fee in (*base_fees, _next_base_fee(engine, newest))],
        "gasUsedRatio": [block.gas_used / block.gas_limit for block in blocks],
    }
    if percentiles:
        history["reward"] = [_rewards(block, percentiles) for block in blocks]
    return history


def _next_base_fee(engine: Engine, height: Height) -> int:
    if height < engine.latest:
        return engine.block(Height(height + 1)).base_fee_per_gas
    return engine.block(height).base_fee_per_gas


def _rewards(block: Block, percentiles: Sequence[float]) -> list[Json]:
    """The priority fee at each percentile of the gas used."""
    tips = sorted(
        (
            effective_gas_price(transaction, block.base_fee_per_gas) - block.base_fee_per_gas,
            receipt.gas_used,
        )
        for transaction, receipt in zip(block.transactions, block.receipts, strict=True)
    )
    return [quantity(_at_percentile(tips, block.gas_used, share)) for share in percentiles]


def _at_percentile(tips: Sequence[tuple[int, int]], gas_used: int, percentile: float) -> int:
    passed = 0
    for tip, gas in tips:
        passed += gas
        if passed * 100 >= gas_used * percentile:
            return tip
    return 0
