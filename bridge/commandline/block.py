"""``block show``: everything in one block of a recorded run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.commandline.options import EngineName, EngineOption
from bridge.commandline.replay import RunArgument
from bridge.commandline.terminal import progress
from bridge.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bridge.commandline.run_names import RunNames
    from bridge.testbed.testbed import Testbed
    from chains.engine import Block, Engine, Receipt, Transaction

app = typer.Typer(rich_markup_mode=None, help="Look into one block of a recorded run.")


@app.callback()
def _group() -> None:
    """Keep ``show`` a command of its own although it is the only one."""


@app.command()
def show(
    run: RunArgument,
    chain: Annotated[str, typer.Argument(help="The chain's name.", metavar="CHAIN")],
    height: Annotated[int, typer.Argument(help="The block's number.", min=0, metavar="HEIGHT")],
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Print a block's header, seals, transactions, receipts and logs; the run is made again."""
    from bridge.commandline.run_names import RunNames
    from bridge.testbed.rerun import rerun
    from chains.engine import Height

    def has_it(testbed: Testbed) -> bool:
        found = testbed.world.engines.get(chain)
        return found is not None and found.finalized >= height

    with progress() as tell:
        again = rerun(
            run, engine.value, has_it, lambda bed: tell(f"to {bed.now_ms / 1000:.0f} s again")
        )
    ledger = again.engine(chain)
    if height > ledger.latest:
        message = f"{chain} has no block {height}: its newest in this run is {ledger.latest}"
        raise UsageError("E-USAGE-HEIGHT", message)
    names = RunNames.of(again, chain)
    for line in _lines(chain, ledger, ledger.block(Height(height)), names):
        print(line)
    return ExitCode.OK


def _lines(chain: str, ledger: Engine, block: Block, names: RunNames) -> Iterator[str]:
    state = "sealed" if block.is_sealed else "not sealed yet"
    yield f"block {block.height} of {chain} (chain id {ledger.chain_id}), {state}"
    yield from _header(block)
    yield from _seals(block)
    yield f"transactions: {len(block.transactions)}"
    for sent, receipt in zip(block.transactions, block.receipts, strict=True):
        yield from _transaction(sent, receipt, names)


def _header(block: Block) -> Iterator[str]:
    from chains import headers

    header = headers.Header.decode(block.header_rlp)
    extra = header.extra
    named = {
        "hash": block.hash,
        "seal hash": headers.seal_hash(header),
        "parent hash": header.parent_hash,
        "ommers hash": header.ommers_hash,
        "proposer": header.coinbase,
        "state root": header.state_root,
        "transactions root": header.transactions_root,
        "receipts root": header.receipts_root,
        "logs bloom": f"{int.from_bytes(header.logs_bloom, 'big').bit_count()} of 2048 bits",
        "difficulty": header.difficulty,
        "number": header.height,
        "gas limit": header.gas_limit,
        "gas used": header.gas_used,
        "timestamp": header.timestamp_s,
        "mix hash": header.mix_hash,
        "nonce": header.nonce,
        "base fee": "-" if header.base_fee_per_gas is None else header.base_fee_per_gas,
        "withdrawals root": header.withdrawals_root or b"",
        "extra data": f"{len(header.extra_data)} bytes: vanity 0x{extra.vanity.hex()}",
        "round": extra.round_number,
        "validators": len(extra.validators),
    }
    for name, value in named.items():
        shown = f"0x{value.hex()}" if isinstance(value, bytes) else value
        yield f"  {name:18} {shown}"


def _seals(block: Block) -> Iterator[str]:
    from chains import headers
    from chains.consensus import quorum

    header = headers.Header.decode(block.header_rlp)
    extra = header.extra
    if not extra.seals:
        yield "seals: none" + (", a genesis needs none" if block.height == 0 else " yet")
        return
    needed = quorum(len(extra.validators))
    yield f"seals: {len(extra.seals)} of {len(extra.validators)}, {needed} make it final"
    for signer, seal in zip(headers.signers(header), extra.seals, strict=True):
        who = f"validator {extra.validators.index(signer)}"
        yield f"  {who} 0x{signer.hex()}"
        yield f"    r 0x{seal[:32].hex()} s 0x{seal[32:64].hex()} v {seal[64]}"


def _transaction(sent: Transaction, receipt: Receipt, names: RunNames) -> Iterator[str]:
    from bridge.abi import revert_reason

    yield f"  {receipt.tx_index}: 0x{sent.hash.hex()}"
    yield f"    {names.address(sent.sender)}, nonce {sent.nonce}: {names.call(sent)}"
    created = receipt.contract_address
    if created is not None:
        yield f"    creates {names.address(created)} at 0x{created.hex()}"
    ended = "succeeded" if receipt.is_success else f"reverted: {revert_reason(receipt.output)}"
    yield (
        f"    {ended}; gas {receipt.gas_used} of {sent.gas_limit}, {len(sent.data)} bytes of data"
    )
    for log in receipt.logs:
        yield f"    log {log.receipt_log_index} of {names.address(log.address)}: {names.log(log)}"
