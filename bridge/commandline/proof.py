"""``proof show`` and ``proof verify``: what a chain was shown of another, down to every node."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.commandline.options import EngineName, EngineOption
from bridge.commandline.replay import RunArgument
from bridge.commandline.terminal import progress
from bridge.commandline.trade import TradeArgument, found_trade
from bridge.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from bridge.evidence import Evidence, EvidenceFile

app = typer.Typer(rich_markup_mode=None, help="Look into the proofs of a recorded run.")


@app.command()
def show(
    run: RunArgument,
    trade: TradeArgument,
    json: Annotated[
        Path | None,
        typer.Option(
            help="Write the packets here, for proof verify.", metavar="FILE", readable=False
        ),
    ] = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Print every seal, trie node and log of what crossed about a trade; the run is made again."""
    evidence = _gathered(run, trade, engine)
    if json is not None:
        from bridge.testbed.atomic_file import AtomicFile

        with AtomicFile(json) as file:
            file.commit(evidence.as_json())
    print(f"{evidence.trade} {evidence.trade_id}: {len(evidence.packets)} packets")
    for packet in evidence.packets:
        for line in _lines(packet):
            print(line)
    return ExitCode.OK


@app.command()
def verify(
    target: Annotated[
        Path,
        typer.Argument(
            help="A run's directory, or a file of proof show --json.",
            metavar="RUN_OR_FILE",
            readable=False,
        ),
    ],
    trade: Annotated[
        str | None,
        typer.Argument(help="The trade's reference; only with a run.", metavar="TRADE"),
    ] = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Check every step of a trade's proofs in plain Python; exit 1 at the first that fails."""
    from bridge.evidence import read_evidence
    from bridge.proof_check import StepFailed, check

    if trade is None and target.is_dir():
        message = "a run has many proofs: name a trade"
        raise UsageError("E-USAGE-PROOF", message, hint="main.py proof verify RUN TRADE")
    evidence = read_evidence(target) if trade is None else _gathered(target, trade, engine)
    count = 0
    for packet in evidence.packets:
        print(f"block {packet.height} of {packet.source}, shown to {packet.destination}")
        print(f"  given {packet.source} is chain {packet.source_chain_id}")
        print(f"  given settlement contract {packet.settlement}")
        for account in packet.trusted_validators:
            print(f"  given trusted validator {account}")
        try:
            for step in check(packet):
                count += 1
                print(f"  OK    {step.name}: {step.detail}")
            _check_subject(evidence, packet)
        except StepFailed as error:
            print(f"  FAIL  {error.step}: {error.detail}")
            return ExitCode.FAILED
    print(f"{count} steps hold for the trade {evidence.trade_id}")
    print("what is given has to be known from elsewhere: all else follows from it")
    return ExitCode.OK


def _gathered(run: Path, wanted: str, engine: EngineName) -> EvidenceFile:
    from bridge.testbed.evidence_of import evidence_of
    from bridge.testbed.rerun import rerun

    _, trade = found_trade(run, wanted)
    with progress() as tell:
        again = rerun(
            run, engine.value, lambda _: False, lambda bed: tell(f"to {bed.now_ms // 1000} s again")
        )
    return evidence_of(again, trade)


def _check_subject(evidence: EvidenceFile, packet: Evidence) -> None:
    from bridge.proof_check import StepFailed

    if evidence.trade_id not in packet.trade_ids:
        raise StepFailed("trade", f"the packet does not speak of {evidence.trade_id}")


def _lines(packet: Evidence) -> Iterator[str]:
    from bridge.model import Status
    from bridge.proof_check import ANNOUNCED, descend, read_receipt, signers

    yield f"block {packet.height} of {packet.source}, shown to {packet.destination}"
    yield f"  block hash     {packet.block_hash}"
    yield f"  receipts root  {packet.receipts_root}"
    yield f"  header         {len(packet.header) // 2 - 1} bytes, chain {packet.source_chain_id}"
    yield f"  seals          {len(packet.seals)}, trusted are {len(packet.trusted_validators)}"
    for (position, account), seal in zip(signers(packet), packet.seals, strict=True):
        yield f"    validator {position} 0x{account.hex()}"
        yield f"      {seal}"
    nodes, value = descend(packet)
    size = sum(node.size for node in nodes)
    yield f"  trie           {len(nodes)} nodes, {size} bytes, to transaction {packet.tx_index}"
    for node, encoded in zip(nodes, packet.nodes, strict=True):
        yield f"    {node.index} {node.kind:9} 0x{node.hash.hex()} nibbles {node.nibbles or '-'}"
        yield f"      {encoded}"
    receipt = read_receipt(value)
    ended = "succeeded" if receipt.is_success else "failed"
    gas = f"cumulative gas {receipt.cumulative_gas}"
    yield f"  receipt        type {receipt.tx_type}, {ended}, {gas}, {len(receipt.logs)} logs"
    log = receipt.logs[packet.log_index]
    yield f"  log {packet.log_index}          Announced by 0x{log.address.hex()}"
    yield f"    topic 0x{ANNOUNCED.hex()}"
    for trade_id, status in zip(packet.trade_ids, packet.statuses, strict=True):
        yield f"    {trade_id} is {Status(status).name}"
